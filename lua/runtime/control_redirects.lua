-- Redirects: the request that follows one is made of the one before it.
local redirect
do
  local location = header("Location")

  -- A path without its "." and ".." (RFC 3986, section 5.2.4).
  local function without_dots(path)
    local out = {}
    for part in string.gmatch(path, "/([^/]*)") do
      if part == ".." then out[#out] = nil
      elseif part ~= "." then out[#out + 1] = part
      end
    end
    local open = find(path, "/%.%.?$") and "/" or ""
    return "/" .. table.concat(out, "/") .. (#out > 0 and open or "")
  end

  -- Where a Location leads from a path: a path with its query, or nil where that is
  -- another server's.
  local function leads(to, from)
    to = string.gsub(match(to, "^%s*(.-)%s*$"), "#.*$", "")
    local scheme, rest = match(to, "^(%a[%w+.-]*):(.*)$")
    if scheme then
      if string.lower(scheme) ~= wrk.scheme then return nil end
      to = rest
    end
    if sub(to, 1, 2) == "//" then
      local host, path = match(to, "^//([^/?]*)(.*)$")
      local standard = wrk.scheme == "https" and ":443" or ":80"
      if string.lower((string.gsub(host, standard .. "$", ""))) ~= string.lower((string.gsub(HOST, standard .. "$", ""))) then return nil end
      to = find(path, "^/") and path or "/" .. path
    end
    local path, query = match(to, "^([^?]*)(.*)$")
    if path == "" then
      path = match(from, "^[^?]*")
      if query == "" then query = match(from, "%?.*$") or "" end
    elseif sub(path, 1, 1) ~= "/" then
      path = match(from, "^([^?]*/)") .. path
    end
    return (string.gsub(without_dots(path) .. query, "[%c %z\128-\255]", function(c) return string.format("%%%02X", byte(c)) end))
  end

  local function without_body(head)
    head = string.gsub(head, "\r\n[Cc][Oo][Nn][Tt][Ee][Nn][Tt]%-[^\r]*", "")
    return head .. EOL .. EOL
  end

  -- As clients do: 307 and 308 are asked with the same method and body, others with GET.
  local function following_request(status, to)
    local method, from, rest = match(hand.asked, "^(%S+) (%S+)(.*)$")
    local path = leads(to, from)
    if not path then return nil end
    if status == 307 or status == 308 or method == "GET" then return method .. " " .. path .. rest end
    return "GET " .. path .. without_body(sub(rest, 1, find(rest, EOL .. EOL, 1, true) - 1))
  end

  -- Whether a redirect is followed, or should have been and cannot.
  redirect = function(c, status, headers)
    if status < 301 or status > 308 or status > 303 and status < 307 then return false end
    local to = location(headers)
    if not to then return false end
    local text = hand.hops < c.redirects and following_request(status, to)
    if not text then
      unmet(c.astray)
      return true
    end
    hand.hops, hand.follows, hand.passes, hand.pause = hand.hops + 1, text, 1, 0
    return true
  end
end
