-- Steps that are sent more than once, in slots: an exchange does not take the time in
-- which it was another's turn, and belongs to the slot of its last request.
do
  local takes_part, leave_out = turn.takes_part, turn.leave_out

  function turn.takes_part(_, time, status)
    if not hand.passes then return takes_part(hand.sent, time, status) end
    local counts = place.counts
    if counts.first == 0 then counts.first = time end
    counts.last = time
    return true
  end

  function turn.leave_out(microseconds)
    leave_out(microseconds)
    if hand.sent ~= 0 then hand.sent = hand.sent + microseconds end
  end
end
