-- Latencies slot by slot, of all virtual users together: memory that all states
-- of this generator share, of which only what is used is ever taken. Two of them
-- may count at once, and miss one of thousands.
local slot_latency
do
  local ANONYMOUS, READ_WRITE = 34, 3
  local BUCKETS = 1728
  local buckets

  function place.share_latency(thread)
    if not slot_latency then
      slot_latency = ffi.C.mmap(nil, math.min(ROUNDS, 4096) * BUCKETS * 2, READ_WRITE, ANONYMOUS, -1, 0)
      buckets = ffi.cast("uint16_t*", slot_latency)
    end
    thread:set("taskbench_slot_latency", address("uint16_t*", buckets))
  end

  function place.take_latency() buckets = ffi.cast("uint16_t*", taskbench_slot_latency) end

  function place.note_latency(microseconds)
    local at = place.round * BUCKETS + bucket_of(microseconds)
    if buckets[at] < 65535 then buckets[at] = buckets[at] + 1 end
  end

  -- Percentiles of each slot, at once for all parts asked for; 0 where nothing
  -- was counted. Within a bucket of 1.6 % latencies are taken to be even.
  local function quantile(round, count, part)
    local rank, sum = part * count, 0
    for i = 0, BUCKETS - 1 do
      local n = buckets[round * BUCKETS + i]
      if n > 0 and sum + n >= rank then
        local octave = math.floor(i / 64)
        return math.ldexp(1 + (i % 64 + (rank - sum) / n) / 64, octave)
      end
      sum = sum + n
    end
    return 0
  end

  function place.quantiles(round, ...)
    local count, found = 0, {}
    for i = 0, BUCKETS - 1 do count = count + buckets[round * BUCKETS + i] end
    for i, part in ipairs({ ... }) do found[i] = count > 0 and quantile(round, count, part) or 0 end
    return found
  end
end
