-- flow: Projects
-- Create, list and delete a project.
--
-- Made by taskbench from testdata/flow.yaml for rust; edit that file, not this one. By hand:
--   wrk -t 3 -c 3 -d 10s -T 11s -s flow.lua http://localhost:3001/base/
-- One thread a connection: each is one virtual user (wrk does not say to which connection an answer belongs).
-- The script ends the run itself; -d is only an upper limit.
-- It writes one JSON document: to the file named by TASKBENCH_OUT, or to standard output after a marker line.
-- TASKBENCH_RUN sets ${run}, TASKBENCH_SEED the seed of what is drawn.
-- TASKBENCH_SHARE=1/2 makes it the first of two processes with half of the virtual users each, TASKBENCH_GO (µs since 1970) says when they begin.
-- TASKBENCH_LIVE names a file that gets a line each second: its number, good answers, failed ones.

local SCENARIO = "flow"
local SCENARIO_HASH = "723b0f0c709ead53c7bea986bd45ff7a4e2713fa1a3ed6325cb253c294e44d01"
local TARGET = "rust"
local MODE = "flow"
local SEED = "42"
local USERS = 3 -- virtual users
local DURATION = 1000000 -- µs that are measured
local WARMUP = 200000 -- µs before that
local TIMEOUT = 2000000 -- µs: a longer answer is late, and not good
local FINISH = 2000000 -- µs behind the end in which iterations may be finished
local SETUP_STEPS = 1
local AT_ONCE = 4 -- virtual users in their setup
local STEPS = 3
local UNMET_SLOTS = 11 -- kinds of disappointment, over all steps
local SECONDS = 2

-- … runtime/clock.lua …

-- … runtime/run.lua …

-- … runtime/share.lua …

-- … runtime/host.lua …

-- … runtime/steps.lua …

-- … runtime/record.lua …

-- … runtime/count.lua …

local function seed_random() end -- nothing is drawn

local function draw_rows() end -- no data

-- … runtime/flow.lua …

-- … runtime/shared.lua …

-- … runtime/window.lua …

-- … runtime/live.lua …

-- … runtime/in_turn.lua …

-- … runtime/users.lua …

-- … runtime/users_live.lua …

-- … runtime/setup.lua …

-- … runtime/start.lua …

-- … runtime/escape.lua …

-- … runtime/json.lua …

-- What was captured, written the way its places need it.
local got_header = {
  ["token"] = "",
}
local got_url = {
  ["project_id"] = "",
}

local made = { got_header = got_header, got_url = got_url, }

-- … runtime/handover.lua …

-- setup step 1 of 1, register: POST /register
step(1, "register", { "status", "capture:token" })
do
  local body_part = '{"username":"'
  local body_part_2 = "-"
  local body_part_3 = '"}'
  local head = "POST /base/register HTTP/1.1" .. EOL
    .. "Host: " .. HOST .. EOL
    .. "Content-Type: application/json" .. EOL
    .. "Content-Length: "
  local head_2 = EOL
    .. EOL
  local read_token = json_value("token")
  ask[1] = function()
    local body = body_part .. json_text(run) .. body_part_2 .. vu .. body_part_3
    return head .. #body .. head_2 .. body
  end
  judge[1] = function(status, headers, body)
    if status ~= 201 then return unmet(1) end
    do
      local value, kind = read_token(body)
      if value and kind ~= "null" then
        got_header.token = line(value)
      else
        unmet(2)
      end
    end
  end
end

-- step 1 of 3, create: POST /projects
step(2, "create", { "status", "json:owner_id", "capture:project_id" })
do
  local body_part = '{"name":"bench '
  local body_part_2 = "-"
  local body_part_3 = '","description":"from taskbench"}'
  local head = "POST /base/projects HTTP/1.1" .. EOL
    .. "Host: " .. HOST .. EOL
    .. "Authorization: Bearer "
  local head_2 = EOL
    .. "Content-Type: application/json" .. EOL
    .. "Content-Length: "
  local head_3 = EOL
    .. EOL
  local json_owner_id = json_value("owner_id")
  local read_project_id = json_value("id")
  ask[2] = function()
    local body = body_part .. vu .. body_part_2 .. iteration .. body_part_3
    return head .. got_header.token .. head_2 .. #body .. head_3 .. body
  end
  judge[2] = function(status, headers, body)
    if status ~= 201 then return unmet(1) end
    do
      local value, kind = json_owner_id(body)
      if not value then unmet(2) end
    end
    do
      local value, kind = read_project_id(body)
      if value and kind ~= "null" then
        got_url.project_id = url(value)
      else
        unmet(3)
      end
    end
  end
end

-- step 2 of 3, list: GET /projects?limit=20
step(3, "list", { "status" })
do
  local head = "GET /base/projects?limit=20 HTTP/1.1" .. EOL
    .. "Host: " .. HOST .. EOL
    .. "Authorization: Bearer "
  local head_2 = EOL
    .. EOL
  ask[3] = function()
    return head .. got_header.token .. head_2
  end
  judge[3] = function(status, headers, body)
    if status ~= 200 then return unmet(1) end
  end
end

-- step 3 of 3, delete: DELETE /projects/${project_id}
step(4, "delete", { "status" })
do
  local head = "DELETE /base/projects/"
  local head_2 = " HTTP/1.1" .. EOL
    .. "Host: " .. HOST .. EOL
    .. "Authorization: Bearer "
  local head_3 = EOL
    .. EOL
  ask[4] = function()
    return head .. got_url.project_id .. head_2 .. got_header.token .. head_3
  end
  judge[4] = function(status, headers, body)
    if status ~= 200 and status ~= 204 then return unmet(1) end
  end
end

-- … runtime/block.lua …

-- … runtime/sockets.lua …

-- … runtime/steps_json.lua …

-- … runtime/users_json.lua …
