-- The state machine of a virtual user.

local function count_second(answers, time)
  local second = (time - opens) / 1000000
  second = second - second % 1
  answers[second] = answers[second] + 1
end

-- What should have been answered before the window closed, and was not in
-- time, is not forgotten because its answer, or its end, came after.
local function window_over(sent)
  if closes - sent > TIMEOUT then record.overdue = record.overdue + 1 end
  finish()
end

-- A request was repeated without an answer between: the connection broke,
-- and the iteration with it. A new one begins.
local function lose_iteration()
  local time = now()
  trusted = false
  if time >= closes then
    window_over(record.sent)
  elseif time >= opens then
    count_second(record.failed_at, time)
    record.lost = record.lost + 1
    record.failed = record.failed + 1
  end
  next_iteration()
end

local function next_request()
  if record.sent ~= 0 then lose_iteration() end
  local text = ask[current]()
  record.sent = now()
  return text
end

local function count_measured(status, body, elapsed, time)
  local into = step_record[current]
  local late = elapsed > TIMEOUT
  count_answer(into, status, body)
  add_latency(into.latency, elapsed)
  if late then
    into.late = into.late + 1
    if not failed then into.bad = into.bad + 1 end
  end
  count_second((failed or late) and record.failed_at or record.good_at, time)
  record.last = time
end

-- The state machine moves here and nowhere else.
local function measured_response(status, headers, body)
  local time, sent = now(), record.sent
  if sent == 0 then return end -- nobody waits for this answer
  record.sent = 0
  counting = time >= opens and time < closes
  failed = false
  answered = current
  if trusted or not inspects[current] then
    judge[current](status, headers, body)
  else
    unmet(#unmet_name[current])
  end
  trusted = true
  if counting then
    count_measured(status, body, time - sent, time)
  elseif time >= closes then
    window_over(sent)
  end
  advance(not failed and time - sent <= TIMEOUT, sent, time)
end
