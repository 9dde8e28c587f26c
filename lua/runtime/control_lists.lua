-- Lists that for_each goes through: each element is cut into the values that its
-- step sends, written the way their places need them.
local each_of = {} -- each_of[NAME](text): the elements, or nil where one has not all values

local function list_of(values)
  local known, elements

  local function element(text)
    local out = {}
    for i = 1, #values do
      local value, kind = values[i].read(text)
      if not value or kind == "null" and values[i].text then return nil end
      out[i] = values[i].write(value, kind)
      if not out[i] then return nil end
    end
    return out
  end

  local function cut(text)
    local out = {}
    local at = find(text, "^[ \t\r\n]*%[()") and match(text, "^[ \t\r\n]*%[[ \t\r\n]*()")
    while at and byte(text, at) ~= 93 do
      local last = json_value_end(text, at)
      local values = last and element(sub(text, at, last))
      if not values then return nil end
      out[#out + 1] = values
      at = match(text, "^[ \t\r\n]*,?[ \t\r\n]*()", last + 1)
    end
    return at and out
  end

  return function(text)
    if text ~= known then known, elements = text, cut(text) end
    return elements
  end
end
