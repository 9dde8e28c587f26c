-- The state machine of a virtual user.

local function count_second(answers, time)
  local second = (time - opens) / 1000000
  second = second - second % 1
  answers[second] = answers[second] + 1
end

-- A request was repeated without an answer between: the connection broke,
-- and the iteration with it. A new one begins.
local function lose_iteration()
  local time = now()
  trusted = false
  record.repeated = record.repeated + 1
  if turn.is_over(time) then
    turn.over(record.sent)
  elseif turn.in_window(record.sent, time) then
    count_second(record.failed_at, time)
    record.lost = record.lost + 1
    count_unmet(#unmet_name[current])
    record.failed = record.failed + 1
  end
  next_iteration()
end

local function next_request()
  if record.sent ~= 0 then
    if interim then
      interim = false
      return "" -- wrk took what was not the answer for it: the answer is still to come
    end
    if turn.forgives() then record.repeated = record.repeated + 1 else lose_iteration() end
  end
  if turn.await() then return "" end
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

-- After a lost request body and headers may begin with the remains of the
-- broken answer: the status alone says whether the answer is right.
local function judge_status(status, headers, body)
  local in_window = counting
  counting = false
  judge[current](status, headers, body)
  counting = in_window
  local wrong = failed == 1
  failed = false
  if wrong then unmet(1) end
end

-- More answers than requests: an interim one (100, 103) comes before the
-- answer, a second one after it, when nobody waits.
local function beyond(status, sent, time)
  if sent ~= 0 and not is_interim(status) then return false end
  interim = sent ~= 0
  if turn.in_window(sent, time) then record.surplus = record.surplus + 1 end
  return true
end

local function named(headers, wanted)
  for name in pairs(headers) do
    if name:lower() == wanted then return true end
  end
  return false
end

-- An answer that does not say how long it is ends with its connection. wrk
-- counts that as an error of the connection, and it is none.
local function count_unframed(status, headers)
  if headers["Content-Length"] or headers["content-length"] or headers["Transfer-Encoding"] or headers["transfer-encoding"]
    or status < 200 or status == 204 or status == 304 then
    return
  end
  if named(headers, "content-length") or named(headers, "transfer-encoding") then return end
  record.unframed = record.unframed + 1
end

-- The state machine moves here and nowhere else. An iteration whose values
-- cannot be trusted is given up: what was lost has been counted.
local function measured_response(status, headers, body)
  local time, sent = now(), record.sent
  if beyond(status, sent, time) then return end
  turn.note_answer(time)
  count_unframed(status, headers)
  local believed = trusted or not inspects[current]
  record.sent, trusted, interim = 0, true, false
  counting = turn.in_window(sent, time)
  failed = false
  answered = current
  local look = believed and judge[current] or judge_status
  look(status, headers, body)
  counting = counting and turn.takes_part(sent, time, status)
  if counting then
    count_measured(status, body, time - sent, time)
  elseif turn.is_over(time) then
    turn.over(sent)
  end
  local good = not failed and time - sent <= TIMEOUT
  if not good then turn.note_wrong() end
  if good and not believed then
    next_iteration()
  else
    advance(good, sent, time)
  end
end
