-- The default sequence, then seeded ones.
for i = 1, 20 do print(math.random(), math.random(100), math.random(-5, 5)) end
for _, seed in ipairs { 0, 1, 42, 123456789, 0.5, -1, 1e300 } do
   math.randomseed(seed)
   print(seed, math.random(), math.random(1000), math.random(1, 6))
end
print((pcall(math.random, 0)), (pcall(math.random, 2, 1)))
