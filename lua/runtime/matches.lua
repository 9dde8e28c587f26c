-- All matches of an expression, as a JSON array of what is in its group.
local function all_matches(search)
  return function(text)
    local found, at = {}, 1
    while at <= #text + 1 do
      local matched, group, behind = search(text, at)
      if not matched then break end
      if group then found[#found + 1] = '"' .. json_text(group) .. '"' end
      at = math.max(behind, at + 1)
    end
    return "[" .. table.concat(found, ",") .. "]", "array"
  end
end
