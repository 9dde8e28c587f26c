-- JSON: values are found in the text, never decoded as a whole.
local escapes = { b = "\008", f = "\012", n = "\010", r = "\013", t = "\009" }

local function utf8_text(code)
  local char, floor = string.char, math.floor
  if code < 128 then return char(code) end
  local last = char(128 + code % 64)
  if code < 2048 then return char(192 + floor(code / 64)) .. last end
  last = char(128 + floor(code / 64) % 64) .. last
  if code < 65536 then return char(224 + floor(code / 4096)) .. last end
  return char(240 + floor(code / 262144), 128 + floor(code / 4096) % 64) .. last
end

-- The text that the inside of a JSON string stands for.
local function json_unescape(raw)
  local parts, i = {}, 1
  while true do
    local slash = find(raw, "\\", i, true)
    if not slash then break end
    parts[#parts + 1] = sub(raw, i, slash - 1)
    local letter = sub(raw, slash + 1, slash + 1)
    i = slash + 2
    if letter == "u" then
      local code = tonumber(sub(raw, i, i + 3), 16) or 65533
      i = i + 4
      local low = match(raw, "^\\u([dD][c-fC-F]%x%x)", i)
      if code >= 55296 and code < 56320 and low then
        code = 65536 + (code - 55296) * 1024 + tonumber(low, 16) - 56320
        i = i + 6
      elseif code >= 55296 and code < 57344 then
        code = 65533
      end
      parts[#parts + 1] = utf8_text(code)
    else
      parts[#parts + 1] = escapes[letter] or letter
    end
  end
  parts[#parts + 1] = sub(raw, i)
  return table.concat(parts)
end

-- The position of a string's closing quote; i is behind the opening one.
local function json_string_end(text, i)
  while true do
    local at = find(text, '["\\]', i)
    if not at or byte(text, at) == 34 then return at end
    i = at + 2
  end
end

-- The position of the last character of the value that starts at i.
local function json_value_end(text, i)
  local first = byte(text, i)
  if first == 34 then return json_string_end(text, i + 1) end
  if first ~= 123 and first ~= 91 then
    local _, last = find(text, "^[%w%+%-%.]+", i)
    return last
  end
  local depth, at = 0, i
  while true do
    at = find(text, '["%[%]{}]', at)
    if not at then return nil end
    local c = byte(text, at)
    if c == 34 then
      at = json_string_end(text, at + 1)
      if not at then return nil end
    elseif c == 123 or c == 91 then
      depth = depth + 1
    else
      depth = depth - 1
      if depth == 0 then return at end
    end
    at = at + 1
  end
end

-- Calls visit(key or index, start of the value) for each member of the object
-- or array at i until it returns true; gives that value's start, or nil and
-- the number of members.
local function json_each(text, i, visit)
  local object, count = byte(text, i) == 123, 0
  local at = find(text, "[^ \t\r\n]", i + 1)
  while at and byte(text, at) ~= 93 and byte(text, at) ~= 125 do
    local key = count
    if object then
      local last = byte(text, at) == 34 and json_string_end(text, at + 1)
      if not last then return nil, count end
      key = sub(text, at + 1, last - 1)
      if find(key, "\\", 1, true) then key = json_unescape(key) end
      at = match(text, "^[ \t\r\n]*:[ \t\r\n]*()", last + 1)
      if not at then return nil, count end
    end
    if visit(key) then return at end
    local last = json_value_end(text, at)
    if not last then return nil, count end
    count = count + 1
    at = match(text, "^[ \t\r\n]*,?[ \t\r\n]*()", last + 1)
  end
  return nil, count
end

-- Where the value at a path starts: exact, by walking the text. A path that
-- ends in "#" gives nil and the number of members.
local function json_locate(text, path)
  local at = find(text, "[^ \t\r\n]")
  for depth = 1, #path do
    local want = path[depth]
    local first = at and byte(text, at)
    if first ~= 123 and first ~= 91 then return nil end
    if first == 91 and want == "#" and depth == #path then
      return nil, select(2, json_each(text, at, function() return false end))
    end
    local key = want
    if first == 91 then
      key = tonumber(want)
      if tostring(key) ~= want then return nil end -- 0x0 and 1e0 are no indexes
    end
    at = json_each(text, at, function(found) return found == key end)
  end
  return at
end

local kind_of = { [34] = "string", [123] = "object", [91] = "array", [116] = "boolean", [102] = "boolean",
  [110] = "null", [45] = "number" }
for digit = 48, 57 do kind_of[digit] = "number" end

-- The value that starts at a position, and its kind: a string's content, or
-- the text of any other value. nil where there is no whole value.
local function json_at(text, at)
  local kind = kind_of[byte(text, at)]
  if kind == "string" then
    local last = find(text, '"', at + 1, true)
    if not last then return nil end
    local value = sub(text, at + 1, last - 1)
    if not find(value, "\\", 1, true) then return value, kind end
    last = json_string_end(text, at + 1)
    if not last then return nil end
    return json_unescape(sub(text, at + 1, last - 1)), kind
  end
  local last
  if kind == "number" then
    last = at + 1
    local c = byte(text, last)
    while c and c >= 43 and c ~= 44 and c <= 101 and c ~= 93 do
      last = last + 1
      c = byte(text, last)
    end
    return sub(text, at, last - 1), kind
  end
  last = kind and json_value_end(text, at)
  if last then return sub(text, at, last), kind end
end

local function json_exact(text, path)
  local at, count = json_locate(text, path)
  if count then return tostring(count), "number" end
  if at then return json_at(text, at) end
end

-- Which occurrence of the needle starts at a position, and how many there are before it.
local function occurrence(text, needle, position)
  local n, at = 0, 0
  repeat
    at = find(text, needle, at + 1, true)
    n = n + 1
  until not at or at == position
  return at and n
end

-- json_value("user", "id") gives a function that reads the value at a path
-- from an answer: read(body) -> value, kind, or nil.
--
-- The first answers are walked exactly, and every 256th after them. From them
-- the function learns what to look for: the whole text before the value, if it
-- is the same in every answer (which is as good as walking), else which
-- occurrence of `,"id":` stands before the value. Where nothing plausible is
-- found it walks again; where the occurrence differs between answers, always.
local function json_value(...)
  local path = { ... }
  local key = path[#path]
  local lead, needle, nth, skip, kind_seen
  local answers = 0
  local varies = key == nil or key == "#" or tonumber(key) ~= nil or find(key, '[%c"\\\128-\255]') ~= nil

  local function learn_place(body, at)
    local from = math.max(1, at - #key - 20)
    local text = match(sub(body, from, at - 1), '([{,][ \t\r\n]*"[^"]*"[ \t\r\n]*:[ \t\r\n]*)$')
    local n = text and match(text, '"(.*)"') == key and occurrence(body, text, at - #text)
    local before = sub(body, 1, at - 1)
    if lead == nil and #before <= 200 then lead = before elseif lead ~= before then lead = false end
    kind_seen = kind_of[byte(body, at)]
    varies = not n or nth ~= nil and (n ~= nth or text ~= needle) or kind_seen == "object" or kind_seen == "array"
    needle, nth, skip = text, n, text and #text
  end

  local function learn(body)
    local at, count = json_locate(body, path)
    if count then return tostring(count), "number" end
    if not at then return nil end
    learn_place(body, at)
    return json_at(body, at)
  end

  return function(body)
    if varies then return json_exact(body, path) end
    answers = answers + 1
    if nth == nil or answers <= 4 or answers % 256 == 0 then return learn(body) end
    local at
    if lead then
      if sub(body, 1, #lead) ~= lead then return learn(body) end
      at = #lead + 1
    else
      at = find(body, needle, 1, true)
      for _ = 2, nth do
        if not at then break end
        at = find(body, needle, at + 1, true)
      end
      if not at then return learn(body) end
      at = at + skip
    end
    if kind_of[byte(body, at)] ~= kind_seen then return learn(body) end
    local value, kind = json_at(body, at)
    if value then return value, kind end
    return learn(body)
  end
end
