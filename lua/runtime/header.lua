-- Headers by any letter case: the spelling seen last is tried first. Of
-- headers that came twice wrk keeps the last.
local function header(name)
  local seen, wanted = name, string.lower(name)
  return function(headers)
    local value = headers[seen]
    if value then return value end
    for key, text in pairs(headers) do
      if string.lower(key) == wanted then
        seen = key
        return text
      end
    end
  end
end

local function cookie(name)
  local set_cookie = header("Set-Cookie")
  return function(headers)
    local text = set_cookie(headers)
    if text and sub(text, 1, #name + 1) == name .. "=" then
      return match(text, '^"?([^;"]*)', #name + 2)
    end
  end
end
