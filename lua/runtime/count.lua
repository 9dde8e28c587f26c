-- An interim answer (100, 103) comes before the answer; wrk takes it for one.
local function is_interim(status)
  return status >= 100 and status < 200 and status ~= 101
end

-- What the answer at hand has shown so far.
local counting = false -- it falls into the window
local failed = false   -- the first expectation it did not meet, or false
local step_record = {} -- its parts, by step

local function count_unmet(i)
  local slot = unmet_slot[current] + i - 1
  record.unmet[slot] = record.unmet[slot] + 1
end

local told = {}        -- of which answer expectation i was counted last: it may be asked for twice
local failed_answers = 0

local function unmet(i)
  if not failed then failed, failed_answers = i, failed_answers + 1 end
  if counting and told[i] ~= failed_answers then
    told[i] = failed_answers
    count_unmet(i)
  end
end

-- Keeps the first answer that was not as expected, for the report.
local function keep_example(into, status, body)
  if into.unmet ~= 0 then return end
  into.unmet = failed
  into.status = status
  into.length = math.min(#body, 500)
  keep_text(into, body, into.length)
end

local function count_status(into, status)
  local slot = status < 600 and status or 0
  into.statuses[slot] = into.statuses[slot] + 1
end

local function count_answer(into, status, body)
  count_status(into, status)
  if failed then
    into.bad = into.bad + 1
    keep_example(into.example, status, body)
  end
end
