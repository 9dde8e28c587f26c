-- How a value is written at its place. Most need nothing, so look first.
local function percent(c)
  return string.format("%%%02X", byte(c))
end

-- In paths, queries and forms (RFC 3986).
local function url(text)
  if not find(text, "[^%w%-%._~]") then return text end
  return (string.gsub(text, "[^%w%-%._~]", percent))
end

-- In a header: no line may end early.
local function line(text)
  if not find(text, "[%z\013\010]") then return text end
  return (string.gsub(text, "[%z\013\010]", ""))
end

-- Inside a JSON string.
local json_escapes = { ['"'] = '\\"', ["\\"] = "\\\\" }
local function json_escape(c)
  return json_escapes[c] or string.format("\\u%04x", byte(c))
end

local function json_text(text)
  if not find(text, '[%c"\\]') then return text end
  return (string.gsub(text, '[%c"\\]', json_escape))
end

-- As a whole JSON value: numbers, booleans and null stay what they are.
-- kind is known for values that came out of JSON.
local function json_literal(text, kind)
  if kind == nil then
    local number = match(text, "^%-?(%d+)$") or match(text, "^%-?(%d+)%.%d+$") or match(text, "^%-?(%d+)[eE][%+%-]?%d+$")
      or match(text, "^%-?(%d+)%.%d+[eE][%+%-]?%d+$")
    if number and not match(number, "^0%d") or text == "true" or text == "false" or text == "null" then return text end
  elseif kind ~= "string" then
    return text
  end
  return '"' .. json_text(text) .. '"'
end
