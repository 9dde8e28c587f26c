-- The Host header follows from the URL that wrk was given.
local HOST = find(wrk.host, ":", 1, true) and "[" .. wrk.host .. "]" or wrk.host
if wrk.port then HOST = HOST .. ":" .. wrk.port end
