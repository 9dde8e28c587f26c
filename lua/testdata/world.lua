-- A world in which time is simulated: one generator, as wrk runs the scripts of
-- slots, and one server whose truth is known. world(files, w) runs it, and gives
-- how many answers were counted, and the time that they were counted in, in µs
-- for one connection.
--
-- w: connections, flows (a thread for each connection, or one for all), phase
-- (begins, turns, gap, rounds, places), and answer(time, connection), which says
-- when an answer comes to what is sent now; nil: never. thinks: ms that users pause
-- behind each answer, if they do. warmup: a phase before, if there is one.
local BEHIND = 0.001 -- µs that steps of one moment are apart

local function zeros(of)
  return setmetatable(of or {}, { __index = function() return 0 end })
end

local function new_counts()
  local c = zeros()
  for _, list in ipairs({ "sent", "counted", "bad", "span" }) do c[list] = zeros() end
  return c
end

local function new_board(w)
  local place = zeros({ sent = zeros(), late = zeros() })
  local warmup = w.warmup or { go = 1 }
  for _, phase in ipairs({ warmup, w.phase }) do
    phase.turn, phase.begins = zeros(phase.turn), zeros(phase.begins)
  end
  return { places = w.phase.places, over = 0, phases = { [0] = zeros(warmup), [1] = w.phase }, place = { [0] = place } }
end

-- The events that are to come, the soonest first.
local function new_queue()
  local heap, made = {}, 0
  local function before(a, b) return a.at < b.at or a.at == b.at and a.number < b.number end
  local queue = {}
  function queue.add(at, what)
    made = made + 1
    local i = #heap + 1
    heap[i] = { at = at, number = made, what = what }
    while i > 1 and before(heap[i], heap[math.floor(i / 2)]) do
      local up = math.floor(i / 2)
      heap[i], heap[up], i = heap[up], heap[i], up
    end
  end
  function queue.take()
    local top, last = heap[1], table.remove(heap)
    if #heap == 0 then return top end
    heap[1] = last
    local i = 1
    while true do
      local least = i
      for child = 2 * i, 2 * i + 1 do
        if heap[child] and before(heap[child], heap[least]) then least = child end
      end
      if least == i then return top end
      heap[i], heap[least], i = heap[least], heap[i], least
    end
  end
  function queue.empty() return #heap == 0 end
  return queue
end

-- What the scripts find around them, each state its own.
local function surroundings(w, all)
  local env = setmetatable({}, { __index = _G })
  env.USERS, env.THREADS, env.ROUNDS = w.connections, w.flows and w.connections or 1, w.phase.rounds
  env.ours = { users = w.connections }
  env.THINKS, env.TIMEOUT, env.FINISH, env.FIRST, env.current = w.thinks ~= nil, math.huge, 0, 1, 1
  env.pause_ms, env.SPREAD, env.user = w.thinks, (w.thinks or 0) * 1000, #all.records + 1
  env.ffi = {
    cdef = function() end, sizeof = function() return 0 end,
    C = { open = function() return 3 end, mmap = function() end, close = function() end },
    cast = function(what, of) return what == "taskbench_board*" and all.board or of end,
    new = new_counts,
  }
  env.os = { getenv = function() return "0" end }
  env.address = function(_, of) return of end
  env.now = function() return all.time end
  env.sleep = function(us) coroutine.yield(all.time + math.max(us, BEHIND)) end
  env.interrupt = function() all.over = true end
  env.whole, env.decimal = function(n) return n end, function(n) return n end
  env.object = function(of) return of end
  env.shared, env.records, env.finished = all.shared, all.records, false
  env.finish = env.interrupt
  env.each_record = function(f) for _, r in ipairs(all.records) do f(r) end end
  env.count_status, env.add_latency = function() end, function() end
  env.beginning = function() return 0, 0, 0, 0 end
  env.answered = 1
  env.step_record = { zeros() }
  return env
end

-- A single request counts what it asks for; virtual users have a state each.
local REQUEST = [[
  record = { asked = 0 }
  function setup() end
  function init() end
  function request() record.asked = record.asked + 1; return "GET" end
  function response() end
]]
local USERS = [[
  record = setmetatable({ sent = 0, resting = 0, started = 1 }, { __index = function() return 0 end })
  records[#records + 1] = record
  turn = {}
  interim = false
  function setup() end
  function take_shared() end
  function init() take_shared() end
]]
local STATE_MACHINE = [[
  function request()
    if turn.await() then return "" end
    record.sent = now()
    return "GET"
  end
  function response()
    local time, sent = now(), record.sent
    turn.note_answer(time)
    record.sent = 0
    if turn.in_window(sent, time) then turn.takes_part(sent, time, 200) end
  end
]]
-- Users who pause, as long as the world says.
local THINKS = [[
  function total(of)
    local sum = 0
    for _, r in ipairs(records) do sum = sum + r[of] end
    return sum
  end
  function delay() return pause_ms end
  function random() return 0.5 end
  next_request = request
]]
local ENDS = [[
  place.json = function() end
  return { place = place, turn = turn, setup = setup, init = init, request = request, response = response, delay = delay, env = getfenv(1) }
]]

local function load_state(files, w, all)
  local text = REQUEST .. files.board .. files.request_slots .. ENDS
  if w.flows then
    local thinks = w.thinks and THINKS .. files.users_slots_think .. files.users_pauses or ""
    text = USERS .. files.board .. files.users_slots .. STATE_MACHINE .. thinks .. files.users_slots_json .. ENDS
  end
  local chunk = assert(loadstring(text, "state"))
  setfenv(chunk, surroundings(w, all))
  return chunk()
end

-- A thread does one thing after another, and nothing while it sleeps.
local function new_thread(all, state)
  local thread, waiting, asleep = {}, {}, false
  local works = coroutine.create(function(f)
    while true do
      f()
      f = coroutine.yield()
    end
  end)
  local function go_on(f)
    local ok, wakes = coroutine.resume(works, f)
    if not ok then error(wakes, 0) end
    asleep = wakes ~= nil
    if asleep then all.queue.add(wakes, go_on) end
    if not asleep and #waiting > 0 then
      local next = table.remove(waiting, 1)
      all.queue.add(all.time, function() thread.run(next) end)
    end
  end
  function thread.run(f)
    if asleep then
      waiting[#waiting + 1] = f
      return
    end
    go_on(f)
  end
  thread.state = state
  return thread
end

-- A connection asks how long to wait, sends, and gets its answer, as wrk has it.
local function connect(all, w, thread, connection)
  local state = thread.state
  local ask, send, answer
  function ask()
    if not state.delay then return send() end
    -- wrk's clock for this counts whole milliseconds: up to one of them is over already.
    local wakes = 1000 * (math.floor(all.time / 1000) + state.delay())
    all.queue.add(math.max(all.time, wakes), function() thread.run(send) end)
  end
  function send()
    if state.request() == "" then return end
    local comes = w.answer(all.time, connection)
    if comes then all.queue.add(comes, function() thread.run(answer) end) end
  end
  function answer()
    state.response(200)
    ask()
  end
  thread.run(ask)
end

function world(files, w)
  local all = { time = 0, queue = new_queue(), records = {}, shared = zeros(), board = new_board(w) }
  local main = load_state(files, w, all)
  all.records[1] = nil
  local threads = {}
  for n = 1, w.flows and w.connections or 1 do
    local state = load_state(files, w, all)
    main.setup({ set = function(_, name, value) state.env[name] = value end })
    threads[n] = new_thread(all, state)
    state.init()
  end
  for c = 1, w.connections do connect(all, w, threads[w.flows and c or 1], c) end
  local ends = w.phase.go + w.phase.begins[w.phase.rounds] + 3000000
  while not all.over and not all.queue.empty() do
    local event = all.queue.take()
    if event.at > ends then break end
    all.time = math.max(all.time, event.at)
    event.what()
  end
  local length
  if main.turn.window then _, length = main.turn.window() end
  main.turn.slots_json()
  local counted, span = 0, 0
  for _, of in ipairs(main.place.all) do
    for k = 0, w.phase.rounds - 1 do counted, span = counted + of.counted[k], span + of.span[k] end
  end
  return counted, w.thinks and length or span / w.connections
end
