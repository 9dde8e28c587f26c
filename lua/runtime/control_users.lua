-- What becomes of the answers of steps that are sent more than once. An answer that
-- is followed by another request of the same exchange is counted by itself, and is
-- neither good nor bad; the one behind which there is none has the time of all.
do
  local respond, count = measured_response, count_measured

  measured_response = function(status, headers, body)
    if hand.sent == 0 then hand.sent = record.sent end
    hand.passes, hand.again, hand.pause = nil, nil, nil
    respond(status, headers, body)
  end

  count_measured = function(status, body, elapsed, time)
    if not hand.passes then return count(status, body, time - hand.sent, time) end
    local slot = control[current].slot + hand.passes - 1
    record.unmet[slot] = record.unmet[slot] + 1
    count_status(step_record[current], status)
    record.last = time
  end
end

function turn.within_exchange() return hand.sent ~= 0 end
