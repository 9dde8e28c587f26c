-- The board: memory that taskbench shares with the generators of all servers
-- which are measured in turns of a fraction of a second. It says whose turn is
-- when, on the clock that all processes of a machine share.
ffi.cdef([[
typedef struct {
  double go;
  double slot;
  double gap;
  double rounds;
  uint8_t turn[65536];
} taskbench_phase;
typedef struct {
  double ready;
  uint32_t asked;
  uint32_t late[31];
  uint32_t sent[4096];
} taskbench_place;
typedef struct {
  double places;
  taskbench_phase phases[2];
  taskbench_place place[16];
} taskbench_board;
int open(const char *path, int flags);
int close(int file);
void *mmap(void *at, size_t length, int protection, int flags, int file, long from);
]])

local PLACE = tonumber(os.getenv("TASKBENCH_PLACE"))
local board
do
  local READ_WRITE, SHARED = 3, 1
  local path = os.getenv("TASKBENCH_BOARD")
  local file = path and ffi.C.open(path, 2) or -1
  if file < 0 or not PLACE then error("this script is for a run of taskbench: TASKBENCH_BOARD and TASKBENCH_PLACE say whose turn is when") end
  board = ffi.cast("taskbench_board*", ffi.C.mmap(nil, ffi.sizeof("taskbench_board"), READ_WRITE, SHARED, file, 0))
  ffi.C.close(file)
end

-- Every round has a slot for each place, in an order of its own. Answers that
-- are still on their way when a slot ends have the gap behind it.
local function slot_begins(of, round)
  return of.go + (round * board.places + of.turn[round * 16 + PLACE]) * (of.slot + of.gap)
end

local function phase_ends(of)
  return of.go + of.rounds * board.places * (of.slot + of.gap)
end

-- What is counted by slot, one for each state.
ffi.cdef((string.gsub([[
typedef struct {
  double overlap;
  double left_out;
  double answered;
  uint32_t sent[ROUNDS];
  uint32_t counted[ROUNDS];
  uint32_t bad[ROUNDS];
  double span[ROUNDS];
} taskbench_slots;
]], "%u+", { ROUNDS = ROUNDS })))

local all_slots = {} -- main state: everybody's
local slots          -- a state's own

local function add_slots(thread)
  local n = #all_slots + 1
  all_slots[n] = ffi.new("taskbench_slots")
  thread:set("taskbench_slots", address("taskbench_slots*", all_slots[n]))
end

local function take_slots() slots = ffi.cast("taskbench_slots*", taskbench_slots) end

-- Where this state is. Phase 0 is the warm-up, phase 1 is measured.
local phase, round = 0, -1
local begins, ends = math.huge, 0 -- its slot; there is none yet
local measured = false            -- the slot counts

local PATIENCE_AT_END = 1000000 -- µs that answers which are still missing are waited for

-- Goes on to the slot that a moment is in, or to the next one. False when none
-- is known yet; true as the second value when there are no more.
local function take_slot(time)
  local of = board.phases[phase]
  if of.go == 0 then return false end
  repeat
    round = round + 1
    if round >= of.rounds then
      if phase == 1 then return false, true end
      phase, round, of = 1, -1, board.phases[1]
      if of.go == 0 then return false end
    else
      begins = slot_begins(of, round)
      ends = begins + of.slot
    end
  until round >= 0 and time < ends
  measured = phase == 1
  return true
end

-- How long after the end of its slot an answer came, for whoever chooses the
-- gap: counted by powers of two. Several may count at once and miss one.
local function note_late(late)
  if late > board.phases[phase].gap then slots.overlap = slots.overlap + 1 end
  local _, power = math.frexp(late)
  local at = math.min(math.max(power, 0), 30)
  board.place[PLACE].late[at] = board.place[PLACE].late[at] + 1
end

local function note_sent()
  board.place[PLACE].asked = board.place[PLACE].asked + 1
  if not measured then return end
  slots.sent[round] = slots.sent[round] + 1
  board.place[PLACE].sent[round] = board.place[PLACE].sent[round] + 1
end

-- For done().
local function slot_numbers(of, rounds, text)
  local parts = {}
  for k = 0, rounds - 1 do
    local sum = 0
    for n = 1, #all_slots do sum = sum + all_slots[n][of][k] end
    parts[#parts + 1] = text(sum)
  end
  return "[" .. table.concat(parts, ",") .. "]"
end

local function slot_total(of)
  local sum = 0
  for n = 1, #all_slots do sum = sum + all_slots[n][of] end
  return sum
end
