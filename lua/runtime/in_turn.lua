-- What is different where servers take turns of a fraction of a second. This one
-- is measured alone: nobody waits for another's turn.
local turn = {}
function turn.await() end
function turn.note_answer() end
function turn.takes_part() return true end
function turn.slots_json() end
function turn.in_window(_, time) return time >= opens and time < closes end
function turn.is_over(time) return time >= closes end

-- What should have been answered before the window closed, and was not in
-- time, is not forgotten because its answer, or its end, came after.
function turn.over(sent)
  if closes - sent > TIMEOUT then record.overdue = record.overdue + 1 end
  finish()
end
