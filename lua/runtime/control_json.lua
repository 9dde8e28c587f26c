-- Answers that were followed by another request of the same exchange are none of the step's.
do
  local step_text = step_json

  local function passed(k, of, what)
    local sum = 0
    for n = 1, #of do sum = sum + of[n].unmet[control[k].slot + what - 1] end
    return sum
  end

  step_json = function(k, of, latency, count)
    if not control[k] then return step_text(k, of, latency, count) end
    local redirected, retried = passed(k, of, 1), passed(k, of, 2)
    local text = step_text(k, of, latency, {
      late = count.late, lost = count.lost, surplus = count.surplus + redirected + retried, interim = count.interim,
    })
    if redirected > 0 then text = sub(text, 1, -2) .. ',"redirected":' .. whole(redirected) .. "}" end
    if retried > 0 then text = sub(text, 1, -2) .. ',"retried":' .. whole(retried) .. "}" end
    return text
  end
end
