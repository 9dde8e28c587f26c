-- everything: everything
--
-- Made by taskbench from testdata/everything.yaml for rust; edit that file, not this one. By hand:
--   wrk -t 2 -c 2 -d 25s -T 26s -s everything.lua http://localhost:3001/base/
-- One thread a connection: each is one virtual user (wrk does not say to which connection an answer belongs).
-- The script ends the run itself; -d is only an upper limit.
-- It writes one JSON document: to the file named by TASKBENCH_OUT, or to standard output after a marker line.
-- TASKBENCH_RUN sets ${run}, TASKBENCH_SEED the seed of what is drawn.
-- TASKBENCH_SHARE=1/2 makes it the first of two processes with half of the virtual users each, TASKBENCH_GO (µs since 1970) says when they begin.
-- TASKBENCH_LIVE names a file that gets a line each second: its number, good answers, failed ones.

local SCENARIO = "everything"
local SCENARIO_HASH = "b618e848691abadf1ff403032f0d49dfefd31b30756453fffc0d387f1e27f141"
local TARGET = "rust"
local MODE = "flow"
local SEED = "42"
local USERS = 2 -- virtual users
local DURATION = 1000000 -- µs that are measured
local WARMUP = 0 -- µs before that
local TIMEOUT = 10000000 -- µs: a longer answer is late, and not good
local FINISH = 10000000 -- µs behind the end in which iterations may be finished
local SETUP_STEPS = 1
local AT_ONCE = 4 -- virtual users in their setup
local STEPS = 3
local UNMET_SLOTS = 25 -- kinds of disappointment, over all steps
local SECONDS = 2

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
data.own = {}
data.own.email = {}
append(data.own.email, function() return {
  "ada@example.org",
  "\195\188n\195\175@example.org",
  "x+y@example.org",
} end)
data.own.name = {}
append(data.own.name, function() return {
  'Ada "the first"',
  "\195\156n\195\175",
  "",
} end)
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
  row.own = (user - 1) % 3 + 1
  row.people = (user - 1 + math.max(iteration - 1, 0)) % 3 + 1
end

-- … runtime/flow.lua …

-- … runtime/shared.lua …

-- … runtime/window.lua …

-- … runtime/live.lua …

-- … runtime/in_turn.lua …

-- … runtime/users.lua …

-- … runtime/users_live.lua …

-- … runtime/setup.lua …

-- … runtime/start.lua …

-- … runtime/values.lua …

-- … runtime/escape.lua …

-- … runtime/json.lua …

-- … runtime/header.lua …

-- … runtime/head.lua …

-- … runtime/cookies.lua …

-- … runtime/regexp.lua …

-- What was captured, written the way its places need it.
local got = {
  ["quoted"] = "",
}
local got_header = {
  ["csrf"] = "",
  ["quoted"] = "",
  ["session"] = "",
}
local got_json = {
  ["id"] = "",
  ["quoted"] = "",
}
local got_url = {
  ["csrf"] = "",
  ["location"] = "",
  ["quoted"] = "",
}
local got_value = {
  ["csrf"] = "",
  ["id"] = "",
  ["quoted"] = "",
}

local made = { drawn = drawn, got = got, got_header = got_header, got_json = got_json, got_url = got_url, got_value = got_value, }

-- … runtime/handover.lua …

-- setup step 1 of 1, start: POST /start
step(1, "start", { "status", "json:data.id", "json:data.gone", "json:data.kind", "json:data.list.#", "capture:id", "capture:quoted", "capture:location", "capture:session", "capture:csrf" })
do
  local body_part = '{"user":"u-'
  local body_part_2 = "-"
  local body_part_3 = '","email":'
  local body_part_4 = ',"name":'
  local body_part_5 = ',"odd":"a\092"b\092\092c]]--\092u0001\195\169\092n"}'
  local head = "POST /base/start HTTP/1.1" .. EOL
    .. "Host: " .. HOST .. EOL
    .. "Content-Type: application/json" .. EOL
    .. "Content-Length: "
  local head_2 = EOL
    .. EOL
  local json_data_id = json_value("data", "id")
  local json_data_gone = json_value("data", "gone")
  local json_data_kind = json_value("data", "kind")
  local json_data_list__ = json_value("data", "list", "#")
  local read_id = json_value("data", "id")
  local read_quoted = json_value("data", "text")
  local read_location = header("Location")
  local read_session = cookie("session")
  local read_csrf = regexp({ -- csrf="([^"]+)"
    start = 2, prefix = 'csrf="',
    { 5, 0, {} }, { 5, 3, { 99, 99 } }, { 5, 4, { 115, 115 } }, { 5, 5, { 114, 114 } }, { 5, 6, { 102, 102 } }, { 5, 7, { 61, 61 } }, { 5, 8, { 34, 34 } }, { 2, 9, 1 },
    { 5, 10, { 0, 33, 35, 1114111 } }, { 1, 9, 11 }, { 2, 12, 2 }, { 5, 13, { 34, 34 } }, { 4 }
  })
  ask[1] = function()
    local body = body_part .. json_text(run) .. body_part_2 .. vu .. body_part_3 .. json_literal(data.own.email[row.own], "string") .. body_part_4 .. json_literal(data.own.name[row.own], "string") .. body_part_5
    return head .. #body .. head_2 .. body
  end
  judge[1] = function(status, headers, body)
    if status < 200 or status > 299 then return unmet(1) end
    do
      local value, kind = json_data_id(body)
      if not value then unmet(2) end
    end
    do
      local value, kind = json_data_gone(body)
      if value then unmet(3) end
    end
    do
      local value, kind = json_data_kind(body)
      if kind ~= "string" then unmet(4) end
    end
    do
      local value, kind = json_data_list__(body)
      if kind ~= "number" or (value ~= "2" and tonumber(value) ~= 2) then unmet(5) end
    end
    do
      local value, kind = read_id(body)
      if value and kind ~= "null" then
        got_value.id = json_literal(value, kind)
        got_json.id = json_text(value)
      else
        unmet(6)
      end
    end
    do
      local value, kind = read_quoted(body)
      if value and kind ~= "null" then
        got_json.quoted = json_text(value)
        got_value.quoted = json_literal(value, kind)
        got_url.quoted = url(value)
        got_header.quoted = line(value)
        got.quoted = value
      else
        unmet(7)
      end
    end
    do
      local value = read_location(headers)
      if value then
        got_url.location = url(value)
      else
        unmet(8)
      end
    end
    do
      local value = read_session(headers)
      if value then
        got_header.session = line(value)
      else
        unmet(9)
      end
    end
    do
      local _, value = read_csrf(body)
      if value then
        got_value.csrf = json_literal(value, "string")
        got_header.csrf = line(value)
        got_url.csrf = url(value)
      else
        unmet(10)
      end
    end
  end
end

-- step 1 of 3, json: POST /json/${quoted}?at=${location}
step(2, "json", { "status", "header:content-type", "header:X-Gone", "json:count", "json:ratio", "json:ok", "json:none", "json:name" })
do
  local choices = { json_literal("1"), json_literal("two"), json_literal("true") }
  local body_part = '{"number":'
  local body_part_2 = ',"text":"'
  local body_part_3 = '","inside":"<'
  local body_part_4 = '>","whole":'
  local body_part_5 = ',"csrf":'
  local body_part_6 = ',"seq":'
  local body_part_7 = ',"uuid":"'
  local body_part_8 = '","random":'
  local body_part_9 = ',"big":'
  local body_part_10 = ',"pick":'
  local body_part_11 = ',"now":'
  local body_part_12 = ',"ms":'
  local body_part_13 = ',"env":' .. json_literal((os.getenv("TASKBENCH_TEST_VALUE") or "")) .. ',"email":'
  local body_part_14 = "}"
  local head = "POST /base/json/"
  local head_2 = "?at="
  local head_3 = " HTTP/1.1" .. EOL
    .. "Host: " .. HOST .. EOL
    .. "Cookie: session="
  local head_4 = EOL
    .. "X-CSRF: "
  local head_5 = EOL
    .. "X-Odd: "
  local head_6 = EOL
    .. "Content-Type: application/json" .. EOL
    .. "Content-Length: "
  local head_7 = EOL
    .. EOL
  local header_content_type = header("content-type")
  local matches = regexp({ -- ^application/(\w+)
    start = 2, anchored = true,
    { 5, 0, {} }, { 3, 3, { 3 } }, { 5, 4, { 97, 97 } }, { 5, 5, { 112, 112 } }, { 5, 6, { 112, 112 } }, { 5, 7, { 108, 108 } }, { 5, 8, { 105, 105 } }, { 5, 9, { 99, 99 } },
    { 5, 10, { 97, 97 } }, { 5, 11, { 116, 116 } }, { 5, 12, { 105, 105 } }, { 5, 13, { 111, 111 } }, { 5, 14, { 110, 110 } }, { 5, 15, { 47, 47 } }, { 2, 16, 1 }, { 5, 17, { 48, 57, 65, 90, 95, 95, 97, 122 } },
    { 1, 16, 18 }, { 2, 19, 2 }, { 4 }
  })
  local header_X_Gone = header("X-Gone")
  local json_count = json_value("count")
  local json_ratio = json_value("ratio")
  local json_ok = json_value("ok")
  local json_none = json_value("none")
  local json_name = json_value("name")
  local json_name_2 = json_value("name")
  local matches_2 = regexp({ -- ^.é
    start = 2, anchored = true,
    { 5, 0, {} }, { 3, 3, { 3 } }, { 5, 4, { 0, 9, 11, 1114111 } }, { 5, 5, { 233, 233 } }, { 4 }
  })
  ask[2] = function()
    local body = body_part .. got_value.id .. body_part_2 .. got_json.id .. body_part_3 .. got_json.quoted .. body_part_4 .. got_value.quoted .. body_part_5 .. got_value.csrf .. body_part_6 .. next_number() .. body_part_7 .. uuid() .. body_part_8 .. between(1, 6) .. body_part_9 .. string.format("%.0f", between(900000000000000, 900000000000009)) .. body_part_10 .. pick(choices) .. body_part_11 .. os.time() .. body_part_12 .. unix_ms() .. body_part_13 .. json_literal(data.people.email[row.people], "string") .. body_part_14
    return head .. got_url.quoted .. head_2 .. got_url.location .. head_3 .. got_header.session .. head_4 .. got_header.csrf .. head_5 .. got_header.quoted .. head_6 .. #body .. head_7 .. body
  end
  judge[2] = function(status, headers, body)
    if status < 200 or status > 204 then return unmet(1) end
    do
      local value = header_content_type(headers)
      if not value or not matches(value) then unmet(2) end
    end
    do
      local value = header_X_Gone(headers)
      if value then unmet(3) end
    end
    do
      local value, kind = json_count(body)
      if kind ~= "number" or (value ~= "5" and tonumber(value) ~= 5) then unmet(4) end
    end
    do
      local value, kind = json_ratio(body)
      if kind ~= "number" or tonumber(value) ~= 0.5 then unmet(5) end
    end
    do
      local value, kind = json_ok(body)
      if kind ~= "boolean" or value ~= "true" then unmet(6) end
    end
    do
      local value, kind = json_none(body)
      if kind ~= "null" then unmet(7) end
    end
    do
      local value, kind = json_name(body)
      if not value or not find(value, '"x', 1, true) then unmet(8) end
    end
    do
      local value, kind = json_name_2(body)
      if not value or not matches_2(value) then unmet(8) end
    end
  end
end

-- step 2 of 3, form: POST /form
step(3, "form", { "status" })
do
  local body_part = "vu="
  local body_part_2 = "&name="
  local body_part_3 = "&csrf="
  local body_part_4 = "&tag=x&tag=y"
  local head = "POST /base/form HTTP/1.1" .. EOL
    .. "Host: " .. HOST .. EOL
    .. "Content-Type: application/x-www-form-urlencoded" .. EOL
    .. "Content-Length: "
  local head_2 = EOL
    .. EOL
  ask[3] = function()
    local body = body_part .. vu .. body_part_2 .. url(data.people.name[row.people]) .. body_part_3 .. got_url.csrf .. body_part_4
    return head .. #body .. head_2 .. body
  end
  judge[3] = function(status, headers, body)
    if status >= 400 then return unmet(1) end
  end
end

-- step 3 of 3, raw: PUT /raw
step(4, "raw", { "status", "body" })
do
  local body_part = "|"
  local body_part_2 = "|${x}\000"
  local head = "PUT /base/raw HTTP/1.1" .. EOL
    .. "Host: other.example" .. EOL
    .. "Content-Type: text/plain" .. EOL
    .. "Content-Length: "
  local head_2 = EOL
    .. EOL
  ask[4] = function()
    local body = got.quoted .. body_part .. iteration .. body_part_2
    return head .. #body .. head_2 .. body
  end
  judge[4] = function(status, headers, body)
    if status >= 400 then return unmet(1) end
    do
      local value = body
      if value ~= "" then unmet(2) end
    end
    do
      local value = body
      if value ~= "" then unmet(2) end
    end
  end
end

-- … runtime/block.lua …

-- … runtime/sockets.lua …

-- … runtime/steps_json.lua …

-- … runtime/users_json.lua …
