-- mix: mix
--
-- Made by taskbench from testdata/mix.yaml for rust; edit that file, not this one. By hand:
--   wrk -t 3 -c 3 -d 4s -T 5s -s mix.lua http://localhost:3001/base/
-- One thread a connection: each is one virtual user (wrk does not say to which connection an answer belongs).
-- The script ends the run itself; -d is only an upper limit.
-- It writes one JSON document: to the file named by TASKBENCH_OUT, or to standard output after a marker line.
-- TASKBENCH_RUN sets ${run}, TASKBENCH_SEED the seed of what is drawn.
-- TASKBENCH_SHARE=1/2 makes it the first of two processes with half of the virtual users each, TASKBENCH_GO (µs since 1970) says when they begin.
-- TASKBENCH_LIVE names a file that gets a line each second: its number, good answers, failed ones.

local SCENARIO = "mix"
local SCENARIO_HASH = "8a251230414ff95fe3cea5a948cdcf581b2eaa0990e158163bceebe6e9483f6e"
local TARGET = "rust"
local MODE = "mix"
local SEED = "42"
local USERS = 3 -- virtual users
local DURATION = 1000000 -- µs that are measured
local WARMUP = 0 -- µs before that
local TIMEOUT = 10000000 -- µs: a longer answer is late, and not good
local FINISH = 0 -- µs behind the end in which iterations may be finished
local SETUP_STEPS = 0
local STEPS = 2
local UNMET_SLOTS = 4 -- kinds of disappointment, over all steps
local SECONDS = 2
local SPREAD = 4600 -- µs in which virtual users begin, one after the other

-- … runtime/clock.lua …

-- … runtime/run.lua …

-- … runtime/share.lua …

-- … runtime/host.lua …

-- … runtime/steps.lua …

-- … runtime/record.lua …

-- … runtime/count.lua …

-- … runtime/random.lua …

-- Data, by column. A virtual user keeps its row for a whole iteration.
local data, row = {}, {}
local function append(to, chunk)
  for _, value in ipairs(chunk()) do to[#to + 1] = value end
end
data.people = {}
data.people.email = {}
append(data.people.email, function() return {
  "ada@example.org",
  "\195\188n\195\175@example.org",
  "x+y@example.org",
} end)
data.people.name = {}
append(data.people.name, function() return {
  'Ada "the first"',
  "\195\156n\195\175",
  "",
} end)

local function draw_rows()
  row.people = math.floor(random() * 3) + 1
end

-- … runtime/mix.lua …

-- … runtime/shared.lua …

-- … runtime/window.lua …

-- … runtime/live.lua …

-- … runtime/in_turn.lua …

-- … runtime/users.lua …

-- … runtime/users_live.lua …

-- … runtime/start.lua …

-- … runtime/think.lua …

-- … runtime/values.lua …

-- … runtime/escape.lua …

-- step 1 of 2, read: GET /people?email=${people.email}
step(1, "read", { "status" })
do
  local head = "GET /base/people?email="
  local head_2 = " HTTP/1.1" .. EOL
    .. "Host: " .. HOST .. EOL
    .. EOL
  ask[1] = function()
    return head .. url(data.people.email[row.people]) .. head_2
  end
  judge[1] = function(status, headers, body)
    if status >= 400 then return unmet(1) end
  end
end

-- step 2 of 2, write: PUT /people
step(2, "write", { "status" })
do
  local choices = { url("admin"), url("a & b") }
  local body_part = "name="
  local body_part_2 = "&role="
  local head = "PUT /base/people HTTP/1.1" .. EOL
    .. "Host: " .. HOST .. EOL
    .. "Content-Type: application/x-www-form-urlencoded" .. EOL
    .. "Content-Length: "
  local head_2 = EOL
    .. EOL
  ask[2] = function()
    local body = body_part .. url(data.people.name[row.people]) .. body_part_2 .. pick(choices)
    return head .. #body .. head_2 .. body
  end
  judge[2] = function(status, headers, body)
    if status >= 400 then return unmet(1) end
  end
end

weigh({ 9, 1 })

pause_mean[1], pause_draw[1] = 5, exponential
pause_mean[2], pause_draw[2] = 1, fixed

-- … runtime/block.lua …

-- … runtime/sockets.lua …

-- … runtime/steps_json.lua …

-- … runtime/users_pauses.lua …

-- … runtime/users_interim.lua …

-- … runtime/users_json.lua …
