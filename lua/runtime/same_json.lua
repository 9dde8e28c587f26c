-- Whether a value of an answer is the one that a row of data has as JSON.
local function same_json(value, kind, cell)
  local wanted, of = json_at(cell, 1)
  return kind == of and (value == wanted or kind == "number" and tonumber(value) == tonumber(wanted))
end
