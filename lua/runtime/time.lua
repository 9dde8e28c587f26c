-- Times as text, in UTC: ${now(iso)}, ${now(+1h, iso)}, ${now(date)}. ms is since 1970.
local function time_text(pattern, ms)
  return os.date("!" .. pattern, math.floor(ms / 1000))
end

local function time_iso(ms)
  return time_text("%Y-%m-%dT%H:%M:%S", ms) .. string.format(".%03dZ", ms % 1000)
end

local days = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" }
local months = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" }

-- As HTTP writes it, in English whatever the machine speaks.
local function time_http(ms)
  local at = os.date("!*t", math.floor(ms / 1000))
  return string.format("%s, %02d %s %d %02d:%02d:%02d GMT", days[at.wday], at.day, months[at.month], at.year, at.hour, at.min, at.sec)
end
