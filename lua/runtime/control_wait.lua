-- Pauses of repeat, retry and for_each, in place of what think says; a redirect is
-- followed at once.
do
  local think = delay

  function delay()
    local pause = hand.pause
    hand.pause = nil
    return pause or think and think() or 0
  end
end
