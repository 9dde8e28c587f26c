-- request: request
--
-- Made by taskbench from testdata/request.yaml for rust; edit that file, not this one. By hand:
--   wrk -t 2 -c 10 -d 1s -T 2s -s request.lua http://localhost:3001/base/
-- Run it once before for 1 s to warm up, and throw that away.
-- It writes one JSON document: to the file named by TASKBENCH_OUT, or to standard output after a marker line.
-- TASKBENCH_RUN sets ${run}, TASKBENCH_SEED the seed of what is drawn.
-- TASKBENCH_SHARE=1/2 makes it the first of two processes with half of the virtual users each, TASKBENCH_GO (µs since 1970) says when they begin.

local SCENARIO = "request"
local SCENARIO_HASH = "39cb0e5b6ce992d803ef23c20ebb451c47936ad6549c260048fa4dc2bec2c5a3"
local TARGET = "rust"
local MODE = "request"
local SEED = "42"
local USERS = 10 -- virtual users
local DURATION = 1000000 -- µs that are measured
local WARMUP = 1000000 -- µs before that
local TIMEOUT = 10000000 -- µs: a longer answer is late, and not good
local SETUP_STEPS = 0
local STEPS = 1
local UNMET_SLOTS = 2 -- kinds of disappointment, over all steps
local SECONDS = 2

-- … runtime/clock.lua …

-- … runtime/run.lua …

-- … runtime/share.lua …

-- … runtime/host.lua …

-- … runtime/steps.lua …

-- … runtime/record.lua …

local function seed_random() end -- nothing is drawn

local function draw_rows() end -- no data

-- … runtime/request.lua …

-- … runtime/request_static.lua …

-- step 1 of 1, request: GET /health
step(1, "request", { "status" })
do
  local head = "GET /base/health HTTP/1.1" .. EOL
    .. "Host: " .. HOST .. EOL
    .. EOL
  ask[1] = function()
    return head
  end
end

-- … runtime/request_in_turn.lua …

-- … runtime/block.lua …

-- … runtime/sockets.lua …

-- … runtime/request_uninspected.lua …

-- … runtime/request_json.lua …
