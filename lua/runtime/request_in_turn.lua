-- What is different where servers take turns of a fraction of a second. This one
-- is measured alone: every connection has a request open at the end.
local turn = { open_at_end = ours.users }
function turn.slots_json() end
function turn.opened(summary) return now() - summary.duration end
function turn.idled() return 0 end
function turn.closes_idle() return false end
function turn.forgiven() return 0 end
