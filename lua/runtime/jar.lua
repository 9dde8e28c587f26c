-- The cookies of a virtual user: what servers set is sent back. A cookie is kept by its
-- name and path, as text: when it expires (seconds since 1970, or 0), its value.
local jar = {}
local forget_cookies, keeps_cookies
do
  local set_cookie = header("Set-Cookie")
  local months = { jan = 1, feb = 2, mar = 3, apr = 4, may = 5, jun = 6, jul = 7, aug = 8, sep = 9, oct = 10, nov = 11, dec = 12 }
  local sorted        -- cookies in the order in which they are sent; nil: the jar has changed
  local asked_at = "" -- the path of the request that waits for its answer

  function forget_cookies()
    for key in pairs(jar) do jar[key] = nil end
    sorted = nil
  end

  -- Days since 1970 of a date (Howard Hinnant, days_from_civil).
  local function days(year, month, day)
    if month <= 2 then year, month = year - 1, month + 12 end
    local era, floor = math.floor(year / 400), math.floor
    local of_era = year - era * 400
    local of_year = floor((153 * (month - 3) + 2) / 5) + day - 1
    return era * 146097 + of_era * 365 + floor(of_era / 4) - floor(of_era / 100) + of_year - 719468
  end

  -- The three ways in which HTTP has dates; nil for any other.
  local function time_of_date(text)
    local day, month, year, hour, minute, second = match(text, "(%d%d?)[ -](%a%a%a)%a*[ -](%d+) (%d%d?):(%d%d):(%d%d)")
    if not day then
      month, day, hour, minute, second, year = match(text, "(%a%a%a) +(%d%d?) (%d%d?):(%d%d):(%d%d) (%d+)")
    end
    month, year = month and months[string.lower(month)], tonumber(year)
    if not month or not year then return nil end
    if year < 100 then year = year + (year < 70 and 2000 or 1900) end
    return ((days(year, month, tonumber(day)) * 24 + tonumber(hour)) * 60 + tonumber(minute)) * 60 + tonumber(second)
  end

  local function expiry(attributes)
    local age = match(attributes, "; *[Mm][Aa][Xx]%-[Aa][Gg][Ee] *= *(%-?%d+)")
    if age then return tonumber(age) > 0 and os.time() + tonumber(age) or 1 end
    local date = match(attributes, "; *[Ee][Xx][Pp][Ii][Rr][Ee][Ss] *= *([^;]*)")
    local at = date and time_of_date(date)
    return at and math.max(1, at) or 0
  end

  local function keep(line)
    local pair, attributes = match(line, "^([^;]*)(.*)$")
    local name, value = match(pair, "^%s*([^=]-)%s*=%s*(.-)%s*$")
    if not name or name == "" then return end
    local own = match(attributes, "; *[Pp][Aa][Tt][Hh] *= *(/[^;]*)")
    local path = own and match(own, "^(.-)%s*$") or match(asked_at, "^(/.*)/") or "/"
    local key, expires = name .. ";" .. path, expiry(attributes)
    if expires ~= 0 and expires <= os.time() then jar[key] = nil else jar[key] = expires .. ";" .. value end
    sorted = nil
  end

  -- Longer paths first, as browsers do; of equal ones by name, so that a run is repeated exactly.
  local function sort()
    sorted = {}
    for key, text in pairs(jar) do
      local name, path = match(key, "^(.-);(.*)$")
      local expires, value = match(text, "^(%d+);(.*)$")
      sorted[#sorted + 1] = { path = path, expires = tonumber(expires), text = name .. "=" .. value }
    end
    table.sort(sorted, function(a, b)
      if #a.path ~= #b.path then return #a.path > #b.path end
      return a.path .. a.text < b.path .. b.text
    end)
  end

  local function within(path, of)
    return path == of or sub(path, 1, #of) == of and (sub(of, -1) == "/" or sub(path, #of + 1, #of + 1) == "/")
  end

  local function cookies_for(path)
    if not sorted then sort() end
    local parts = {}
    for i = 1, #sorted do
      local c = sorted[i]
      if within(path, c.path) and (c.expires == 0 or c.expires > os.time()) then parts[#parts + 1] = c.text end
    end
    return table.concat(parts, "; ")
  end

  -- A request with what is in the jar; own is how it begins its own header of cookies.
  local function with_cookies(text, own)
    asked_at = match(text, "^%S+ ([^ ?]*)")
    local cookies = cookies_for(asked_at)
    if cookies == "" then return text end
    local _, last = find(text, own or EOL, 1, true)
    if own then return sub(text, 1, last) .. cookies .. "; " .. sub(text, last + 1) end
    return sub(text, 1, last) .. "Cookie: " .. cookies .. EOL .. sub(text, last + 1)
  end

  function keeps_cookies(k, own)
    local build, look = ask[k], judge[k]
    inspects[k] = true
    ask[k] = function() return with_cookies(build(), own) end
    judge[k] = function(status, headers, body)
      if set_cookie(headers) then
        local lines = head_lines(headers, "set-cookie")
        for i = 1, #lines do keep(lines[i]) end
      end
      return look(status, headers, body)
    end
  end
end
