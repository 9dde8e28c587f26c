-- A pause is as long in one's own slots as it would be without the others.
do
  local pause = delay

  function delay()
    local thinks, time = pause() * 1000, now()
    if place.round < 0 then return 0 end
    local left = thinks
    local of, k, from, till = place.schedule(), place.round, math.max(time, place.begins), place.ends
    while from + left >= till and k < of.rounds do
      left = left - math.max(0, till - from)
      k = k + 1
      from, till = place.slot_at(of, k)
    end
    turn.resumes = from + left
    turn.leave_out(turn.resumes - time - thinks)
    return math.max(0, math.floor((turn.resumes - time) / 1000 + random()))
  end
end
