-- Pauses between requests: wrk asks before each one how many milliseconds to
-- wait. The mean is kept by rounding up or down at random.
local pause_mean = {}  -- milliseconds after step k
local pause_draw = {}  -- times the mean: its distribution
local function fixed() return 1 end
local function uniform() return 2 * random() end
local function exponential() return -math.log(1 - random()) end

function delay()
  local mean = pause_mean[answered]
  if not mean then return 0 end
  return math.floor(mean * pause_draw[answered]() + random())
end
