-- There are no sockets in the embedded VM.
local function silent_connections() return 0 end
