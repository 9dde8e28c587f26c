-- Servers set several cookies in as many lines, of which wrk hands over the last:
-- the others are looked for in the head.
do
  local in_last = cookie

  function cookie(name)
    local last, start = in_last(name), name .. "="
    return function(headers)
      local value = last(headers)
      if value then return value end
      local lines = head_lines(headers, "set-cookie")
      for i = #lines, 1, -1 do
        if sub(lines[i], 1, #start) == start then return match(lines[i], '^"?([^;"]*)', #start + 1) end
      end
    end
  end
end
