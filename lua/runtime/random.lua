-- Random numbers: two linear congruential generators combined (L'Ecuyer,
-- Communications of the ACM 31, 1988), seeded by the run's seed and the
-- virtual user's number, so that a run can be repeated exactly.
local random_1, random_2 = 1, 1

local function random()
  random_1 = random_1 * 40014 % 2147483563
  random_2 = random_2 * 40692 % 2147483399
  return ((random_1 - random_2) % 2147483562) / 2147483562
end

local function seed_random(number)
  local a, b = 12345 + number, 67890
  for i = 1, #SEED do
    a = (a * 31 + byte(SEED, i)) % 2147483562
    b = (b * 37 + byte(SEED, i) + number) % 2147483398
  end
  random_1, random_2 = a + 1, b + 1
  for _ = 1, 20 do random() end
end
