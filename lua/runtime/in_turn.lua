-- This server is measured alone: its virtual users wait for nobody else's turn.
local function await_turn() end
local function note_answer() end
local function takes_part() return true end
local function slots_json() end
