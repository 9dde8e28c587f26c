-- bit: 32-bit, signed results, shift counts modulo 32.
local values = { 0, 1, -1, 255, 0x12345678, 2 ^ 31, 2 ^ 32 - 1, 2 ^ 32, -2 ^ 31, 1.5, 2.5, -1.5, 2 ^ 40 + 3 }
for _, v in ipairs(values) do
   print(v, bit.tobit(v), bit.bnot(v), bit.bswap(v), bit.tohex(v), bit.tohex(v, 4), bit.tohex(v, -3))
   for _, n in ipairs { 0, 1, 8, 31, 32, 33, -1 } do
      print(n, bit.lshift(v, n), bit.rshift(v, n), bit.arshift(v, n), bit.rol(v, n), bit.ror(v, n))
   end
   for _, w in ipairs(values) do
      print(bit.band(v, w), bit.bor(v, w), bit.bxor(v, w))
   end
end
print(bit.band(0xff, 0x3c, 0x18), bit.bor(1, 2, 4), bit.bxor(1, 2, 4), bit.band("12", 4))
print(pcall(bit.band, "x") == false, pcall(bit.band) == false, require "bit" == bit)
