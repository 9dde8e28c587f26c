-- Values that are drawn: ${uuid}, ${random(1,100)}, ${pick(a,b)}, ${seq}, ${now}.
local function between(low, high)
  local width = high - low + 1
  if width <= 2147483562 then return low + math.floor(random() * width) end
  return low + math.floor((random() + math.floor(random() * 4194304)) / 4194304 * width)
end

local function pick(choices)
  return choices[between(1, #choices)]
end

local function uuid()
  return string.format("%04x%04x-%04x-4%03x-%04x-%04x%04x%04x", between(0, 65535), between(0, 65535),
    between(0, 65535), between(0, 4095), between(32768, 49151), between(0, 65535), between(0, 65535), between(0, 65535))
end

-- A number never handed out twice in a run: virtual users take turns.
local function next_number()
  drawn.numbers = drawn.numbers + 1
  return (drawn.numbers - 1) * USERS + user
end
