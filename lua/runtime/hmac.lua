-- HMAC (RFC 2104) with SHA-256 (FIPS 180-4), as raw bytes.
local hmac_sha256
do
  local bit = require("bit")
  local band, bnot, bxor, ror, rshift = bit.band, bit.bnot, bit.bxor, bit.ror, bit.rshift

  -- The first 32 bits of the fractional parts of the roots of the first primes.
  local function fraction(x) return bit.tobit(math.floor((x % 1) * 4294967296)) end

  local first, rounds = {}, {}
  do
    local n = 2
    while #rounds < 64 do
      local prime = true
      for d = 2, math.floor(math.sqrt(n)) do
        if n % d == 0 then prime = false end
      end
      if prime then
        if #first < 8 then first[#first + 1] = fraction(math.sqrt(n)) end
        rounds[#rounds + 1] = fraction(n ^ (1 / 3))
      end
      n = n + 1
    end
  end

  local function word(text, i)
    local a, b, c, d = byte(text, i, i + 3)
    return bit.tobit(a * 16777216 + b * 65536 + c * 256 + d)
  end

  local function bytes(n)
    return string.char(band(rshift(n, 24), 255), band(rshift(n, 16), 255), band(rshift(n, 8), 255), band(n, 255))
  end

  local w = {}
  local function block(state, text, at)
    for i = 1, 16 do w[i] = word(text, at + 4 * i - 4) end
    for i = 17, 64 do
      local x, y = w[i - 15], w[i - 2]
      w[i] = bit.tobit(w[i - 16] + bxor(ror(x, 7), ror(x, 18), rshift(x, 3)) + w[i - 7] + bxor(ror(y, 17), ror(y, 19), rshift(y, 10)))
    end
    local a, b, c, d, e, f, g, h = state[1], state[2], state[3], state[4], state[5], state[6], state[7], state[8]
    for i = 1, 64 do
      local s = h + bxor(ror(e, 6), ror(e, 11), ror(e, 25)) + bxor(band(e, f), band(bnot(e), g)) + rounds[i] + w[i]
      local t = bxor(ror(a, 2), ror(a, 13), ror(a, 22)) + bxor(band(a, b), band(a, c), band(b, c))
      h, g, f = g, f, e
      e = bit.tobit(d + s)
      d, c, b = c, b, a
      a = bit.tobit(s + t)
    end
    state[1], state[2], state[3], state[4] = bit.tobit(state[1] + a), bit.tobit(state[2] + b), bit.tobit(state[3] + c), bit.tobit(state[4] + d)
    state[5], state[6], state[7], state[8] = bit.tobit(state[5] + e), bit.tobit(state[6] + f), bit.tobit(state[7] + g), bit.tobit(state[8] + h)
  end

  local function sha256(text)
    local length = #text
    text = text .. "\128" .. string.rep("\0", (55 - length) % 64) .. bytes(math.floor(length / 536870912)) .. bytes(bit.tobit(length * 8))
    local state = {}
    for i = 1, 8 do state[i] = first[i] end
    for at = 1, #text, 64 do block(state, text, at) end
    for i = 1, 8 do state[i] = bytes(state[i]) end
    return table.concat(state)
  end

  local function mixed(key, with)
    return (string.gsub(key, ".", function(c) return string.char(bxor(byte(c), with)) end))
  end

  local inner, outer = {}, {} -- by key: there are few
  local keys = 0

  function hmac_sha256(key, text)
    key = tostring(key)
    if not inner[key] then
      if keys > 1000 then inner, outer, keys = {}, {}, 0 end
      local padded = #key > 64 and sha256(key) or key
      padded = padded .. string.rep("\0", 64 - #padded)
      inner[key], outer[key], keys = mixed(padded, 54), mixed(padded, 92), keys + 1
    end
    return sha256(outer[key] .. sha256(inner[key] .. tostring(text)))
  end
end

local function hex(text)
  return (string.gsub(text, ".", function(c) return string.format("%02x", byte(c)) end))
end
