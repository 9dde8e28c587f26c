-- The steps, filled in below: setup steps first, then the measured ones.
local ask = {}        -- ask[k]() builds the request of step k
local judge = {}      -- judge[k](status, headers, body) calls unmet() for each thing that is not as expected
local inspects = {}   -- inspects[k]: judge looks at more than the status
local step_name = {}
local unmet_name = {} -- unmet_name[k][i]: how reports name expectation i; the last one is "lost"
local unmet_slot = {} -- unmet_slot[k] + i - 1: its counter in the record

local function step(k, name, expectations)
  step_name[k] = name
  inspects[k] = #expectations > 1
  unmet_name[k] = expectations
  unmet_slot[k] = k == 1 and 0 or unmet_slot[k - 1] + #unmet_name[k - 1]
  expectations[#expectations + 1] = "lost"
end

-- Where this virtual user is.
local user = 0         -- its number among all, from 1, whatever process they are in
local seat = 0         -- its place in the memory of this process, from 1
local vu, run = "", "" -- ${vu} and ${run}
local iteration = 0    -- ${iteration}; 0 during setup
local current = 1      -- the step that is asked next, or waits for its answer
local drawn = { numbers = 0 } -- of ${seq}, so many
local began = 0        -- when this iteration sent its first request
local answered = 0     -- the step of the last answer, or 0
local interim = false  -- an answer like 100 or 103 came before the one that is waited for
local trusted = true   -- false after a lost request: wrk may hand us remains of the broken answer
