-- Behind an answer that is as expected: whether repeat asks once more.
local function repeats(c)
  hand.times = hand.times + 1
  if c.met then met = c.met() end
  if c.ends == "until" and met or c.ends == "while" and not met or c.ends == "times" and hand.times >= c.times then return end
  if hand.times >= c.times then
    unmet(c.endless)
  else
    hand.again, hand.pause = true, c.wait
  end
end

local function controlled(k, c)
  control[k] = c
  inspects[k] = true
  local build, look = ask[k], judge[k]

  ask[k] = function()
    hand.asked = hand.follows or build()
    return hand.asked
  end

  judge[k] = function(status, headers, body)
    hand.passes, hand.again, hand.pause = nil, nil, nil
    if c.redirects and redirect(c, status, headers) then return end
    if c.tries and hand.tries < c.tries and c.busy(status) then
      hand.tries, hand.passes, hand.pause = hand.tries + 1, 2, c.retry_wait
      return
    end
    met = true
    look(status, headers, body)
    if c.ends and not failed then repeats(c) end
  end
end
