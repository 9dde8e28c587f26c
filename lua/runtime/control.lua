-- Steps that are sent more than once, or not at all: if, for_each, repeat, retry,
-- redirects. In place of flow.lua where a scenario has any. What a step takes until
-- it has its answer is one exchange: redirects that are followed and answers that are
-- retried belong to it. FIRST is the step that a new iteration begins with, and 0
-- within one.
local FIRST = 0
local control = {} -- control[k]: how step k is sent, where that is not once
local there = {}   -- there[NAME]: "yes" where a capture found something
local each = {}    -- the element that for_each is at, written the way its places need it
local met = true   -- the answer at hand is what until or while asks for
local forget = {}  -- functions that forget what an iteration before captured
local hand = {     -- what is at hand
  sent = 0,        -- when the exchange began; 0: nothing is asked
  times = 0,       -- answers of repeat
  tries = 0,       -- answers that were retried
  hops = 0,        -- redirects that were followed
  at = 0,          -- the place in list, of for_each
  last = 0,        -- the last one
  -- list: the elements of for_each
  -- asked: the request, as it was sent
  -- follows: the request that follows a redirect
  -- passes: the last answer was none of the step's: 1 a redirect, 2 retried
  -- again: repeat asks once more
  -- pause: ms until the next request, in place of what think says
}

local function number_of(text)
  return tonumber(text) or 0 / 0 -- which compares with nothing
end

local function next_element(c)
  while hand.at <= hand.last do
    each = hand.list[hand.at]
    if not c.when or c.when() then return true end
    hand.at = hand.at + 1
  end
  return false
end

-- Gets a step ready; false where it is not sent.
local function enter(k)
  local c = control[k]
  hand.sent, hand.times, hand.tries, hand.hops = 0, 0, 0, 0
  hand.follows, hand.passes, hand.again, hand.list = nil, nil, nil, nil
  if not c then return true end
  if not c.list then return not c.when or c.when() end
  hand.list, hand.at = c.list() or {}, 1
  hand.last = math.min(#hand.list, c.most or #hand.list)
  return next_element(c)
end

-- The next step that is sent, from k on; nil where there is none.
local function following(k, last)
  while k <= last do
    if enter(k) then return k end
    k = k + 1
  end
end

-- Whether the step that was answered is asked once more.
local function once_more(good)
  if hand.passes then return true end
  local c = control[current]
  hand.sent, hand.tries, hand.hops, hand.follows = 0, 0, 0, nil
  if not c or not good then return false end
  if hand.again then return true end
  if not hand.list then return false end
  hand.at, hand.times, hand.pause = hand.at + 1, 0, c.each_wait
  return next_element(c)
end

-- Goes on behind an answer: with the same step once more, or with the next one up to
-- last. false where the iteration is over, and whether it was good. A step that took
-- longer than the timeout, with all that belongs to it, is late.
local function goes_on(good, sent, time, last)
  if FIRST ~= 0 then began, FIRST = sent, 0 end
  good = good and time - hand.sent <= TIMEOUT
  if once_more(good) then return true end
  local k = good and following(current + 1, last)
  if not k then return false, good end
  current = k
  return true
end

local function begin_iteration()
  iteration = iteration + 1
  draw_rows()
  for i = 1, #forget do forget[i]() end
end

local function count_iteration(good, elapsed)
  if not counting then
  elseif good then
    record.completed = record.completed + 1
    add_latency(record.iterations, elapsed)
  else
    record.failed = record.failed + 1
  end
end
