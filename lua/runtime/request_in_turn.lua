-- What is different where servers take turns of a fraction of a second. This one
-- is measured alone: every connection has a request open at the end.
local turn = { open_at_end = USERS }
function turn.slots_json() end
