-- Nobody keeps the time here, so the first thread looks at the clock with every
-- answer, and once a second at what all threads have counted. After a pause in
-- which nothing was answered, one line stands for all its seconds.
local began, look_at = 0, 0
local told_good, told_failed = 0, 0

local function tell_seconds(time)
  if began == 0 then began = time end
  local begun = math.floor((time - began) / 1000000)
  look_at = began + (begun + 1) * 1000000
  if begun == 0 then return end
  local answers, failed = 0, 0
  each_record(function(of)
    local statuses = of.steps[0].statuses
    for status = 0, 599 do answers = answers + statuses[status] end
    failed = failed + of.steps[0].bad
  end)
  local good = math.max(told_good, answers - failed)
  write_second(begun - 1, good - told_good, failed - told_failed)
  told_good, told_failed = good, failed
end

if LIVE then
  local inspect, start = response, init
  local function watched(status, headers, body)
    inspect(status, headers, body)
    local time = now()
    if time >= look_at then tell_seconds(time) end
  end

  function init()
    start()
    if seat == 1 then response = watched end
  end
end
