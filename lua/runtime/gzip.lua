-- Answers in gzip or deflate (RFC 1950 to 1952), for those that are looked into.
local plain_body
do
  local bit = require("bit")
  local band, bor, lshift, rshift = bit.band, bit.bor, bit.lshift, bit.rshift
  local content_encoding = header("Content-Encoding")

  local chars = {}
  for i = 0, 255 do chars[i] = string.char(i) end

  local text, at, held, bits -- where the next byte is, and bits that were read and not used

  local function fill(n)
    while bits < n do
      local c = byte(text, at)
      if not c then error("cut off") end
      held, bits, at = bor(held, lshift(c, bits)), bits + 8, at + 1
    end
  end

  local function take(n)
    if n == 0 then return 0 end
    fill(n)
    local value = band(held, lshift(1, n) - 1)
    held, bits = rshift(held, n), bits - n
    return value
  end

  -- A code by the lengths of its symbols: those of 9 bits and fewer are found at once,
  -- by their bits as they come, the others bit by bit.
  local function code_of(lengths, n)
    local count, first, symbols, quick = {}, {}, {}, {}
    for length = 0, 15 do count[length] = 0 end
    for i = 0, n - 1 do count[lengths[i]] = count[lengths[i]] + 1 end
    count[0] = 0
    local code, index, next_code, place = 0, 0, {}, {}
    for length = 1, 15 do
      code = (code + count[length - 1]) * 2
      next_code[length], place[length], first[length] = code, index, code
      index = index + count[length]
    end
    local start = {}
    for length = 1, 15 do start[length] = place[length] end
    for i = 0, n - 1 do
      local length = lengths[i]
      if length > 0 then
        symbols[place[length]] = i
        place[length] = place[length] + 1
        if length <= 9 then
          local from, to = next_code[length], 0
          for _ = 1, length do
            to = to * 2 + from % 2
            from = math.floor(from / 2)
          end
          for k = to, 511, 2 ^ length do quick[k] = i * 16 + length end
        end
        next_code[length] = next_code[length] + 1
      end
    end
    return { count = count, first = first, start = start, symbols = symbols, quick = quick }
  end

  local function symbol(code)
    while bits < 9 do
      local c = byte(text, at)
      if not c then break end
      held, bits, at = bor(held, lshift(c, bits)), bits + 8, at + 1
    end
    local found = code.quick[band(held, 511)]
    if found and found % 16 <= bits then
      held, bits = rshift(held, found % 16), bits - found % 16
      return rshift(found, 4)
    end
    local value = 0
    for length = 1, 15 do
      value = value * 2 + take(1)
      local index = value - code.first[length]
      if index >= 0 and index < code.count[length] then return code.symbols[code.start[length] + index] end
    end
    error("no code")
  end

  local length_base, length_extra, distance_base, distance_extra = {}, {}, {}, {}
  do
    local base = 3
    for i = 0, 27 do
      length_extra[i] = math.max(0, math.floor(i / 4) - 1)
      length_base[i] = base
      base = base + 2 ^ length_extra[i]
    end
    length_base[28], length_extra[28] = 258, 0
    base = 1
    for i = 0, 29 do
      distance_extra[i] = math.max(0, math.floor(i / 2) - 1)
      distance_base[i] = base
      base = base + 2 ^ distance_extra[i]
    end
  end

  local fixed, fixed_distances
  local function fixed_codes()
    if not fixed then
      local lengths, distances = {}, {}
      for i = 0, 287 do lengths[i] = i < 144 and 8 or i < 256 and 9 or i < 280 and 7 or 8 end
      for i = 0, 29 do distances[i] = 5 end
      fixed, fixed_distances = code_of(lengths, 288), code_of(distances, 30)
    end
    return fixed, fixed_distances
  end

  local order = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 }
  local function own_codes()
    local literals, distances, n = take(5) + 257, take(5) + 1, take(4) + 4
    local lengths = {}
    for i = 0, 18 do lengths[i] = 0 end
    for i = 1, n do lengths[order[i]] = take(3) end
    local code, i, all = code_of(lengths, 19), 0, {}
    while i < literals + distances do
      local s = symbol(code)
      local times, value = 1, s
      if s == 16 then
        times, value = 3 + take(2), all[i - 1] or error("nothing before")
      elseif s == 17 then
        times, value = 3 + take(3), 0
      elseif s == 18 then
        times, value = 11 + take(7), 0
      end
      for _ = 1, times do
        all[i] = value
        i = i + 1
      end
    end
    local rest = {}
    for k = 0, distances - 1 do rest[k] = all[literals + k] end
    return code_of(all, literals), code_of(rest, distances)
  end

  local function stored(out, n)
    held, bits = 0, 0 -- the rest of the byte is not used
    local length = byte(text, at) + byte(text, at + 1) * 256
    local from = at + 4
    at = from + length
    for i = from, at - 1 do
      n = n + 1
      out[n] = chars[byte(text, i)]
    end
    return n
  end

  local function compressed(out, n, codes, distances)
    while true do
      local s = symbol(codes)
      if s < 256 then
        n = n + 1
        out[n] = chars[s]
      elseif s == 256 then
        return n
      else
        local length = length_base[s - 257] + take(length_extra[s - 257])
        local d = symbol(distances)
        local back = distance_base[d] + take(distance_extra[d])
        if back > n then error("too far back") end
        for _ = 1, length do
          n = n + 1
          out[n] = out[n - back]
        end
      end
    end
  end

  local function inflate(of, from)
    text, at, held, bits = of, from, 0, 0
    local out, n, last = {}, 0, 0
    while last == 0 do
      last = take(1)
      local kind = take(2)
      if kind == 0 then
        at = at - math.floor(bits / 8) -- whole bytes that were read ahead
        n = stored(out, n)
      elseif kind == 1 then
        n = compressed(out, n, fixed_codes())
      elseif kind == 2 then
        n = compressed(out, n, own_codes())
      else
        error("no such block")
      end
    end
    return table.concat(out)
  end

  -- Where what was compressed begins, behind the head of gzip.
  local function behind_head(body)
    local flags, i = byte(body, 4), 11
    if band(flags, 4) ~= 0 then i = i + 2 + byte(body, i) + byte(body, i + 1) * 256 end
    for _, flag in ipairs({ 8, 16 }) do
      if band(flags, flag) ~= 0 then i = find(body, "\0", i, true) + 1 end
    end
    return band(flags, 2) ~= 0 and i + 2 or i
  end

  -- How long it was, as the end of gzip says.
  local function length_at(body, i)
    local a, b, c, d = byte(body, i, i + 3)
    return a + b * 256 + c * 65536 + d * 16777216
  end

  -- The body as it was before it was compressed; as it came where that cannot be read.
  function plain_body(headers, body)
    local encoding = content_encoding(headers)
    if not encoding or #body == 0 then return body end
    encoding = string.lower(encoding)
    local ok, whole
    if (encoding == "gzip" or encoding == "x-gzip") and sub(body, 1, 3) == "\031\139\008" then
      ok, whole = pcall(function() return inflate(body, behind_head(body)) end)
      ok = ok and #body >= 18 and #whole == length_at(body, #body - 3)
    elseif encoding == "deflate" then
      local a, b = byte(body, 1, 2)
      ok, whole = pcall(inflate, body, a % 16 == 8 and b and (a * 256 + b) % 31 == 0 and 3 or 1)
    end
    return ok and whole or body
  end
end
