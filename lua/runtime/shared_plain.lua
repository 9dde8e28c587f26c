-- What all virtual users share, as a table.
host.memory.shared = host.memory.shared or struct({ ready_at = counters, setup_sent = counters })
local shared = host.memory.shared

local function share() end
local function take_shared() end
