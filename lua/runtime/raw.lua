-- What is put into a path as it is: its fragment is not sent, and what a request
-- line cannot hold is percent-encoded.
local function as_raw(text)
  text = match(text, "^[^#]*")
  if not find(text, "[^!-~]") then return text end
  return (string.gsub(text, "[^!-~]", function(c) return string.format("%%%02X", byte(c)) end))
end

local own_hosts = {} -- by which the server knows itself, besides its address

local function host_of(text)
  return (string.gsub(string.gsub(string.lower(text), ":80$", ""), ":443$", ""))
end

-- A whole path: one from the root of the server, or the URL of one. nil where it is
-- neither, or of another server, unless any will do.
local function as_path(text, any)
  local host, path = match(text, "^[Hh][Tt][Tt][Pp][Ss]?://([^/?#]*)(.*)$")
  if not host then host, path = match(text, "^//([^/?#]*)(.*)$") end
  if host then
    if not any and host_of(host) ~= host_of(HOST) and not own_hosts[string.lower(host)] then return nil end
    text = byte(path, 1) == 47 and path or "/" .. path
  end
  return byte(text, 1) == 47 and as_raw(text) or nil
end
