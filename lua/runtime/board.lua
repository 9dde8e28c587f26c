-- The board: memory that taskbench shares with the generators of all servers
-- which are measured in turns of a fraction of a second. It says whose turn is
-- when, on the clock that all processes of a machine share.
ffi.cdef([[
typedef struct {
  double go;
  double slot;
  double gap;
  double rounds;
  double begins[4097];
  uint8_t turn[65536];
} taskbench_phase;
typedef struct {
  double ready;
  double waited;
  uint32_t asked;
  uint32_t answered;
  uint32_t lost;
  uint32_t wrong;
  uint32_t late[32];
  uint32_t sent[4096];
} taskbench_place;
typedef struct {
  double places;
  double over;
  taskbench_phase phases[2];
  taskbench_place place[16];
} taskbench_board;
int open(const char *path, int flags);
int close(int file);
void *mmap(void *at, size_t length, int protection, int flags, int file, long from);
]])

-- What is counted by slot, one for each state.
ffi.cdef((string.gsub([[
typedef struct {
  double overlap;
  double left_out;
  double idled;
  double forgiven;
  double rests;
  double unsettled;
  double first;
  double last;
  uint32_t sent[ROUNDS];
  uint32_t counted[ROUNDS];
  uint32_t bad[ROUNDS];
  double span[ROUNDS];
} taskbench_slots;
]], "%u+", { ROUNDS = ROUNDS })))


-- What delay() gives where another wait of the same connection is on already: one
-- that the server closed meanwhile. wrk connects anew, asks again how long to
-- wait, and would send when either wait is over, twice in all.
local NEVER = 3600000 -- ms

-- Where this state is: its phase (0: warm-up, 1: measured), its round, and when
-- its slot begins and ends; there is none yet.
local place = { phase = 0, round = -1, begins = math.huge, ends = 0, measured = false, all = {} }

do
  local PLACE = tonumber(os.getenv("TASKBENCH_PLACE"))
  local READ_WRITE, SHARED = 3, 1
  local path = os.getenv("TASKBENCH_BOARD")
  local file = path and ffi.C.open(path, 2) or -1
  if ours.shared or ours.asked or ours.told_by then
    ours.refuse("servers that take turns are measured by one process each: TASKBENCH_SHARE and TASKBENCH_GO are not for them")
  end
  if file < 0 or not PLACE then error("this script is for a run of taskbench: TASKBENCH_BOARD and TASKBENCH_PLACE say whose turn is when") end
  local board = ffi.cast("taskbench_board*", ffi.C.mmap(nil, ffi.sizeof("taskbench_board"), READ_WRITE, SHARED, file, 0))
  ffi.C.close(file)
  local mine = board.place[PLACE]
  local counts -- this state's

  function place.share(thread)
    local all = place.all
    all[#all + 1] = ffi.new("taskbench_slots")
    thread:set("taskbench_slots", address("taskbench_slots*", all[#all]))
  end

  function place.take()
    counts = ffi.cast("taskbench_slots*", taskbench_slots)
    place.counts = counts
  end

  function place.ready() if mine.ready == 0 then mine.ready = 1 end end

  -- True for the first one who asks: who ends the run. A second signal would cut
  -- short the wait for answers that are still open.
  function place.ends_run()
    local first = mine.ready ~= 2
    mine.ready = 2
    return first
  end

  -- Connections that servers closed while they waited for their next slot. They
  -- may: nothing was asked of them.
  function place.idled() return place.sum("idled") end

  -- Most of what broke did so there: then the rest did, too, just when a slot
  -- began, and is no fault either.
  function place.closes_idle(broken) return 2 * place.idled() > broken end

  function place.sum(of)
    local all = 0
    for n = 1, #place.all do all = all + place.all[n][of] end
    return all
  end

  -- Requests that were lost right behind a wait, of a server that hardly ever loses
  -- any there: it does not close connections that wait, and they are lost as any.
  function place.not_forgiven()
    local forgiven = place.sum("forgiven")
    return 10 * forgiven <= place.sum("rests") and forgiven or 0
  end

  function place.given_up() return board.over ~= 0 end

  function place.schedule() return board.phases[place.phase] end
  function place.measured_schedule() return board.phases[1] end
  function place.places() return board.places end

  -- Every round has a slot for each place, in an order and of a length of its own.
  -- Answers that are still on their way when a slot ends have the gap behind it.
  -- Gives when a slot begins and ends.
  function place.slot_at(of, round)
    if round >= of.rounds then return place.phase_ends(of), math.huge end
    local each = (of.begins[round + 1] - of.begins[round]) / board.places
    local begins = of.go + of.begins[round] + of.turn[round * 16 + PLACE] * each
    return begins, begins + each - of.gap
  end

  -- How long all slots of a place before a round are, in µs.
  function place.slots_before(of, round) return of.begins[round] / board.places - round * of.gap end

  function place.phase_ends(of) return of.go + of.begins[of.rounds] end

  -- Goes on to the slot that a moment is in, or to the next one. False when none
  -- is known yet; true as the second value when there are no more.
  function place.move(time)
    local of = board.phases[place.phase]
    if board.over ~= 0 then return false, true end
    if of.go == 0 then return false end
    if of.rounds > ROUNDS then error("there are more slots than this script was written for: write it again") end
    repeat
      place.round = place.round + 1
      if place.round >= of.rounds then
        if place.phase == 1 then return false, true end
        place.phase, place.round, of = 1, -1, board.phases[1]
        if of.go == 0 then return false end
      else
        place.begins, place.ends = place.slot_at(of, place.round)
      end
    until place.round >= 0 and time < place.ends
    place.measured = place.phase == 1
    return true
  end

  -- Sleeps until the slot begins, and not a microsecond less: what is sent before
  -- it does belongs to no slot.
  function place.await()
    local left = place.begins - now()
    while left > 0 do
      sleep(left + 1)
      left = place.begins - now()
    end
  end

  -- How long after the end of its slot an answer came, for whoever chooses the
  -- gap: counted by powers of two. Several may count at once and miss one.
  function place.note_answer(time)
    mine.answered = mine.answered + 1
    if time <= place.ends or place.round < 0 then return end
    local late = time - place.ends
    if late > board.phases[place.phase].gap then counts.overlap = counts.overlap + 1 end
    local _, power = math.frexp(late)
    local at = math.min(math.max(power, 0), 31)
    mine.late[at] = mine.late[at] + 1
  end

  -- For whoever holds slots against load without pauses: what was not as expected,
  -- for how long answers were waited for, and requests whose connection broke.
  function place.note_wrong() mine.wrong = mine.wrong + 1 end
  function place.note_waited(microseconds) mine.waited = mine.waited + microseconds end
  function place.note_lost() mine.lost = mine.lost + 1 end

  -- What was sent last reached nobody, and is sent again.
  function place.unnote_sent()
    if place.measured then counts.sent[place.round] = counts.sent[place.round] - 1 end
  end

  function place.note_sent()
    mine.asked = mine.asked + 1
    if not place.measured then return end
    local round = place.round
    counts.sent[round] = counts.sent[round] + 1
    mine.sent[round] = mine.sent[round] + 1
  end
end
