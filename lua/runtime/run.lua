-- What makes this run different from every other: the value of ${run}, and
-- the seed of everything that is drawn.
local RUN = os.getenv("TASKBENCH_RUN")
if not RUN or RUN == "" then
  RUN = string.format("%x", os.time() * 1000 + math.floor(now() / 1000) % 1000)
end
local seed_asked = os.getenv("TASKBENCH_SEED")
if seed_asked == "0" or seed_asked and #seed_asked < 20 and match(seed_asked, "^%-?[1-9]%d*$") then SEED = seed_asked end
