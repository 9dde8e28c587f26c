-- Setup: every virtual user runs these steps once. They are never measured. Few
-- do so at once: where passwords are hashed, servers give up on a crowd. An answer
-- may take longer than a measured one.

-- Goes on to the next step behind an answer that is as expected; false behind the last.
local function next_setup_step()
  if current >= SETUP_STEPS then return false end
  current = current + 1
  return true
end

do
  local PATIENCE = TIMEOUT + 300000 * USERS -- those of all shares are set up
  local AT_ONCE = math.max(1, math.floor(AT_ONCE / ours.places))
  local resent = 0     -- how often a broken connection made us send a step again
  local seen_ready = 0 -- virtual users known to be ready, counted from the first
  local last_ready = 0 -- when the last of them got ready

  ours.preparing = SETUP_STEPS * PATIENCE

  -- A setup that fails ends the run at once: done() reports the step.
  local function end_setup()
    finish()
    request = function()
      sleep(50000)
      finish()
      return ask[current]()
    end
    response = function() end
  end

  local function lose_setup()
    counting, failed = true, false
    unmet(#unmet_name[current])
    keep_example(step_record[current].example, 0, "the connection broke again and again")
    end_setup()
  end

  local function all_ready(time)
    while seen_ready < shared.users do
      local at = shared.ready_at[seen_ready]
      if at == 0 then
        local before = seen_ready >= AT_ONCE and shared.ready_at[seen_ready - AT_ONCE] or 0
        local since = math.max(shared.setup_sent[seen_ready], before, common_start())
        if time - since > PATIENCE then finish() end
        return false
      end
      last_ready = math.max(last_ready, at)
      seen_ready = seen_ready + 1
    end
    return true
  end

  -- Waits for the others, so that all enter the flow together. wrk cannot stop
  -- while we sleep, and servers close idle connections: one request a second
  -- goes out meanwhile.
  local function await_others()
    local patience = now() + 1000000
    repeat
      local time = now()
      local ready = all_ready(time)
      if ready and time >= shared.told_to then
        if ours.misses(last_ready) then finish() end
        open_window(math.max(last_ready, shared.told_to))
        request = next_request
        break
      end
      sleep(ready and math.min(5000, shared.told_to - time + 1) or 5000)
    until time > patience or shared.over ~= 0
    if shared.over ~= 0 then finish() end
    return next_request()
  end

  local function get_ready(time)
    next_iteration()
    shared.ready_at[seat - 1] = time
    request, response = await_others, measured_response
  end

  -- Each begins when the one so many places before it is ready.
  local function await_place()
    while seat > AT_ONCE and shared.ready_at[seat - AT_ONCE - 1] == 0 and shared.over == 0 do sleep(2000) end
    if shared.over ~= 0 then finish() end
  end

  function setup_request()
    if current == 1 and record.sent == 0 then await_place() end
    if record.sent ~= 0 then
      if interim then
        interim = false
        return ""
      end
      trusted = false
      record.repeated = record.repeated + 1
      resent = resent + 1
      if resent > 3 then lose_setup() end
    end
    local text = ask[current]()
    record.sent = now()
    shared.setup_sent[seat - 1] = record.sent
    return text
  end

  function setup_response(status, headers, body)
    local time = now()
    local elapsed = time - record.sent
    if beyond(status, record.sent, time) then return end
    count_unframed(status, headers)
    record.sent, interim = 0, false
    if not trusted and inspects[current] then
      trusted = true
      return -- the same step once more
    end
    trusted, counting, failed = true, true, false
    judge[current](status, headers, body)
    count_answer(step_record[current], status, body)
    add_latency(step_record[current].latency, elapsed)
    counting = false
    if failed then end_setup()
    elseif not next_setup_step() then get_ready(time)
    end
  end
end
