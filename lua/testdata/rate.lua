-- rate: On a schedule
--
-- Made by taskbench from testdata/rate.yaml for rust; edit that file, not this one. By hand:
--   wrk -t 8 -c 8 -d 21s -T 22s -s rate.lua http://localhost:3001/base/
-- One thread a connection: each is one virtual user (wrk does not say to which connection an answer belongs).
-- The script ends the run itself; -d is only an upper limit.
-- It writes one JSON document: to the file named by TASKBENCH_OUT, or to standard output after a marker line.
-- TASKBENCH_RUN sets ${run}, TASKBENCH_SEED the seed of what is drawn.
-- TASKBENCH_SHARE=1/2 makes it the first of two processes with half of the virtual users each, TASKBENCH_GO (µs since 1970) says when they begin.
-- TASKBENCH_LIVE names a file that gets a line each second: its number, good answers, failed ones.

local SCENARIO = "rate"
local SCENARIO_HASH = "89b3f0bbae69ec6a0b4bd3fa161ab0454bd7a15ed6f5af925e84c516f6dd92bd"
local TARGET = "rust"
local MODE = "flow"
local SEED = "42"
local USERS = 8 -- virtual users
local DURATION = 5000000 -- µs that are measured
local WARMUP = 2000000 -- µs before that
local TIMEOUT = 10000000 -- µs: a longer answer is late, and not good
local FINISH = 10000000 -- µs behind the end in which iterations may be finished
local OVERTIME = 1000000 -- µs behind the end in which what was due before may be sent
local STAGES = 2 -- of the rate, with figures of their own
local ARRIVAL = "poisson"
local SETUP_STEPS = 0
local STEPS = 2
local UNMET_SLOTS = 4 -- kinds of disappointment, over all steps
local SECONDS = 6

-- … runtime/clock.lua …

-- … runtime/run.lua …

-- … runtime/share.lua …

-- … runtime/host.lua …

-- … runtime/steps.lua …

-- … runtime/record.lua …

-- … runtime/count.lua …

-- … runtime/random.lua …

local function draw_rows() end -- no data

-- … runtime/flow.lua …

-- … runtime/shared.lua …

-- … runtime/window.lua …

-- … runtime/live.lua …

-- … runtime/in_turn.lua …

-- … runtime/users.lua …

-- … runtime/think.lua …

-- … runtime/pace.lua …

-- … runtime/poisson.lua …

-- … runtime/rate.lua …

-- … runtime/rate_in_turn.lua …

lay_out({
  { 2000000, 0.0001, 0.0001 },
  { 2000000, 0.0001, 0.0001 },
  { 3000000, 0.0001, 0.0004 },
})

-- … runtime/rate_stages.lua …

-- … runtime/users_live.lua …

-- … runtime/start.lua …

-- step 1 of 2, look: GET /items
step(1, "look", { "status" })
do
  local head = "GET /base/items HTTP/1.1" .. EOL
    .. "Host: " .. HOST .. EOL
    .. EOL
  ask[1] = function()
    return head
  end
  judge[1] = function(status, headers, body)
    if status >= 400 then return unmet(1) end
  end
end

-- step 2 of 2, buy: POST /cart
step(2, "buy", { "status" })
do
  local head = "POST /base/cart HTTP/1.1" .. EOL
    .. "Host: " .. HOST .. EOL
    .. "Content-Type: application/json" .. EOL
    .. "Content-Length: 10" .. EOL
    .. EOL
    .. '{"item":1}'
  ask[2] = function()
    return head
  end
  judge[2] = function(status, headers, body)
    if status ~= 201 then return unmet(1) end
  end
end

pause_mean[1], pause_draw[1] = 5, fixed

-- … runtime/block.lua …

-- … runtime/sockets.lua …

-- … runtime/steps_json.lua …

-- … runtime/users_interim.lua …

-- … runtime/users_json.lua …

-- … runtime/rate_json.lua …
