-- inspected: inspected
--
-- Made by taskbench from testdata/inspected.yaml for rust; edit that file, not this one. By hand:
--   wrk -t 1 -c 9 -d 2s -T 3s -s inspected.lua http://localhost:3001/base/
-- Run it once before for 2 s to warm up, and throw that away.
-- It writes one JSON document: to the file named by TASKBENCH_OUT, or to standard output after a marker line.
-- TASKBENCH_RUN sets ${run}, TASKBENCH_SEED the seed of what is drawn.
-- TASKBENCH_SHARE=1/2 makes it the first of two processes with half of the virtual users each, TASKBENCH_GO (µs since 1970) says when they begin.
-- TASKBENCH_LIVE names a file that gets a line each second: its number, good answers, failed ones.

local SCENARIO = "inspected"
local SCENARIO_HASH = "6cb79a78fe0676bd19352365ea114ff4b4485874dca77174810ef28469dae1d5"
local TARGET = "rust"
local MODE = "request"
local SEED = "42"
local USERS = 9 -- virtual users
local DURATION = 1500000 -- µs that are measured
local WARMUP = 2000000 -- µs before that
local TIMEOUT = 10000000 -- µs: a longer answer is late, and not good
local SETUP_STEPS = 0
local STEPS = 1
local UNMET_SLOTS = 4 -- kinds of disappointment, over all steps
local SECONDS = 3

-- … runtime/clock.lua …

-- … runtime/run.lua …

-- … runtime/share.lua …

-- … runtime/host.lua …

-- … runtime/steps.lua …

-- … runtime/record.lua …

-- … runtime/count.lua …

-- … runtime/random.lua …

local function draw_rows() end -- no data

-- … runtime/request.lua …

-- … runtime/request_dynamic.lua …

-- … runtime/header.lua …

-- … runtime/request_inspect.lua …

-- … runtime/live.lua …

-- … runtime/request_live.lua …

-- … runtime/values.lua …

-- … runtime/regexp.lua …

-- step 1 of 1, inspected: POST /search?n=${seq}
step(1, "inspected", { "status", "header:Content-Type", "body" })
do
  local head = "POST /base/search?n="
  local head_2 = " HTTP/1.1" .. EOL
    .. "Host: " .. HOST .. EOL
    .. "X-Request-Id: "
  local head_3 = EOL
    .. "Content-Length: 3" .. EOL
    .. EOL
    .. "q" .. EOL
  local header_Content_Type = header("Content-Type")
  local matches = regexp({ -- "total":\s*(\d+)
    start = 2, prefix = '"total":',
    { 5, 0, {} }, { 5, 3, { 34, 34 } }, { 5, 4, { 116, 116 } }, { 5, 5, { 111, 111 } }, { 5, 6, { 116, 116 } }, { 5, 7, { 97, 97 } }, { 5, 8, { 108, 108 } }, { 5, 9, { 34, 34 } },
    { 5, 11, { 58, 58 } }, { 5, 11, { 9, 10, 12, 13, 32, 32 } }, { 1, 10, 12 }, { 2, 13, 1 }, { 5, 14, { 48, 57 } }, { 1, 13, 15 }, { 2, 16, 2 }, { 4 }
  })
  ask[1] = function()
    return head .. next_number() .. head_2 .. uuid() .. head_3
  end
  judge[1] = function(status, headers, body)
    if (status < 200 or status > 299) and status ~= 304 then return unmet(1) end
    do
      local value = header_Content_Type(headers)
      if not value or not find(value, "json", 1, true) then unmet(2) end
    end
    do
      local value = body
      if not value or not matches(value) then unmet(3) end
    end
  end
end

-- … runtime/request_in_turn.lua …

-- … runtime/block.lua …

-- … runtime/sockets.lua …

-- … runtime/steps_json.lua …

-- … runtime/request_inspected.lua …

-- … runtime/request_json.lua …
