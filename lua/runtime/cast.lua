-- Types that captured values are asked to have: ${int(x)}, ${number(x)}, ${bool(x)}, ${json(x)}. nil where one is not.
local function as_int(text)
  local digits = match(text, "^%-?(%d+)$")
  return digits and not find(digits, "^0%d") and text
end

local function as_number(text)
  local digits, rest = match(text, "^%-?(%d+)(.*)$")
  if not digits or find(digits, "^0%d") then return nil end
  rest = match(rest, "^%.%d+(.*)$") or rest
  return (rest == "" or find(rest, "^[eE][%+%-]?%d+$")) and text or nil
end

local function as_bool(text)
  return (text == "true" or text == "false") and text or nil
end

local function as_any(text)
  local first = byte(text, 1)
  if first == 34 or first == 91 or first == 123 then return json_value_end(text, 1) == #text and text or nil end
  return as_number(text) or as_bool(text) or text == "null" and text or nil
end
