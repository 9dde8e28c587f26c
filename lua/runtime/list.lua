-- Arrays, kept as JSON text, and their elements. Those of a name are found once
-- for as long as its array stays the same.
local lists = {}

local function elements(name, text)
  local list = lists[name]
  if not list then
    list = {}
    lists[name] = list
  end
  if list.text ~= text then
    list.text, list.values, list.kinds = text, {}, {}
    local starts = byte(text, 1) == 91 and json_elements(text, 1) or {}
    for i = 1, #starts do
      local value, kind = json_at(text, starts[i])
      list.values[i], list.kinds[i] = value or "", kind
    end
  end
  return list
end

-- An element and its kind; which is its index, or draws one.
local function item(name, text, which)
  local list = elements(name, text)
  local n = #list.values
  if type(which) == "function" then
    which = which(1, n)
  else
    which = which < 0 and n + 1 + which or which + 1
  end
  return list.values[which], list.kinds[which]
end

local function item_as_text(text, kind) return kind ~= "null" and text end

-- The array, if it has so many elements and each of them is fit for its uses.
local function as_list(name, text, kind, least, fits)
  if kind ~= "array" then return nil end
  local list = elements(name, text)
  if #list.values < least then return nil end
  for k = 1, #fits do
    for i = 1, #list.values do
      if not fits[k](list.values[i], list.kinds[i]) then return nil end
    end
  end
  return text
end
