-- JSON paths that say more than keys and indexes. A step of one is a key, or a table:
-- { back = n } is the nth element from the end, { each = true } all of them, and
-- { op = "==", field = { "name" }, value = "x", kind = "string" } the first of which
-- that holds, with all = true all of them.
local function json_elements(text, at)
  local starts = {}
  at = match(text, "^[ \t\r\n]*()", at + 1)
  while at <= #text and byte(text, at) ~= 93 do
    starts[#starts + 1] = at
    local last = json_value_end(text, at)
    if not last then break end
    at = match(text, "^[ \t\r\n]*,?[ \t\r\n]*()", last + 1)
  end
  return starts
end

local function json_member(text, at, key)
  local first = byte(text, at)
  if first ~= 123 and first ~= 91 then return nil end
  if first == 91 then
    local index = tonumber(key)
    if tostring(index) ~= key then return nil end
    key = index
  end
  return (json_each(text, at, function(found) return found == key end))
end

local compares = {
  ["=="] = function(a, b) return a == b end,
  ["!="] = function(a, b) return a ~= b end,
  ["<"] = function(a, b) return a < b end,
  ["<="] = function(a, b) return a <= b end,
  [">"] = function(a, b) return a > b end,
  [">="] = function(a, b) return a >= b end,
}

local function json_holds(text, at, step)
  for i = 1, #step.field do
    at = json_member(text, at, step.field[i])
    if not at then return false end
  end
  local value, kind = json_at(text, at)
  if not value then return false end
  if kind ~= step.kind then return step.op == "!=" end
  if kind == "number" then return compares[step.op](tonumber(value), tonumber(step.value)) end
  return compares[step.op](value, step.value)
end

-- The JSON text of what the steps from one on lead to.
local function json_text_of(text, at, steps, n)
  local step = steps[n]
  if not at then return nil end
  if not step then
    local last = json_value_end(text, at)
    return last and sub(text, at, last)
  end
  if type(step) == "string" then return json_text_of(text, json_member(text, at, step), steps, n + 1) end
  if byte(text, at) ~= 91 then -- of an object, "-1" is a key
    return step.back and json_text_of(text, json_member(text, at, "-" .. step.back), steps, n + 1)
  end
  local starts = json_elements(text, at)
  if step.count then return tostring(#starts) end
  if step.back then return json_text_of(text, starts[#starts - step.back + 1], steps, n + 1) end
  local found = {}
  for i = 1, #starts do
    if step.each or json_holds(text, starts[i], step) then
      if not step.each and not step.all then return json_text_of(text, starts[i], steps, n + 1) end
      found[#found + 1] = json_text_of(text, starts[i], steps, n + 1)
    end
  end
  return (step.each or step.all) and "[" .. table.concat(found, ",") .. "]" or nil
end

-- Like json_value: a function that gives the value and its kind, or nil.
local function json_query(...)
  local steps = { ... }
  return function(body)
    local found = json_text_of(body, find(body, "[^ \t\r\n]"), steps, 1)
    if found then return json_at(found, 1) end
  end
end
