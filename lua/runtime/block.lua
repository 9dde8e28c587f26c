-- The report: one JSON document, written by the main state when wrk is done.
local function printable(text)
  text = string.gsub(text, "[%c\"\\]", function(c) return string.format("\\u%04x", byte(c)) end)
  return text
end

-- Cuts at most a partial character at the end, and replaces every byte that
-- is not part of well-formed UTF-8.
local function valid_utf8(text)
  local parts, i = {}, 1
  while i <= #text do
    local plain = match(text, "^[%z\001-\127]+", i) or match(text, "^[\194-\223][\128-\191]", i)
      or match(text, "^\224[\160-\191][\128-\191]", i) or match(text, "^[\225-\236\238\239][\128-\191][\128-\191]", i)
      or match(text, "^\237[\128-\159][\128-\191]", i) or match(text, "^\240[\144-\191][\128-\191][\128-\191]", i)
      or match(text, "^[\241-\243][\128-\191][\128-\191][\128-\191]", i)
      or match(text, "^\244[\128-\143][\128-\191][\128-\191]", i)
    parts[#parts + 1] = plain or "\239\191\189"
    i = i + #(plain or " ")
  end
  return table.concat(parts)
end

local function quoted(text)
  return '"' .. printable(valid_utf8(text)) .. '"'
end

local function whole(number)
  return string.format("%.0f", number)
end

local function decimal(number)
  return string.format("%.3f", number)
end

-- fields is a list of key, JSON text, key, JSON text, …; nil texts are left out.
local function object(fields, count)
  local parts = {}
  for i = 1, count, 2 do
    if fields[i + 1] then parts[#parts + 1] = quoted(fields[i]) .. ":" .. fields[i + 1] end
  end
  return "{" .. table.concat(parts, ",") .. "}"
end

local function counts_json(first, last, count_of, name_of)
  local fields = {}
  for i = first, last do
    if (count_of[i] or 0) > 0 then
      fields[#fields + 1] = name_of and name_of[i] or whole(i)
      fields[#fields + 1] = whole(count_of[i])
    end
  end
  return #fields > 0 and object(fields, #fields) or nil
end

local function write_block(text)
  local path = os.getenv("TASKBENCH_OUT")
  if not path or path == "" then
    io.write("--- taskbench block ---\n", text, "\n")
    return
  end
  local temporary = path .. ".tmp"
  local file, problem = io.open(temporary, "wb")
  if file then
    file:write(text, "\n")
    file:close()
    file, problem = os.rename(temporary, path)
  end
  if not file then io.stderr:write("cannot write ", path, ": ", tostring(problem), "\n") end
end

local function wrk_json(summary, threads, connections, latency)
  local errors = summary.errors
  return object({
    "threads", whole(threads),
    "connections", whole(connections),
    "duration_us", whole(summary.duration),
    "requests", whole(summary.requests),
    "bytes", whole(summary.bytes),
    "errors", object({
      "connect", whole(errors.connect), "read", whole(errors.read), "write", whole(errors.write),
      "status", whole(errors.status), "timeout", whole(errors.timeout),
    }, 10),
    "latency", latency,
  }, 14)
end

-- What all shares together are to do, in words: who has others ran another script.
function ours.load()
  return string.format("%d virtual users, %.9g s behind a warm-up of %.9g s, a timeout of %.9g s",
    USERS, DURATION / 1000000, WARMUP / 1000000, TIMEOUT / 1000000)
end

function ours.json()
  return ours.shared and object({
    "place", whole(ours.place),
    "places", whole(ours.places),
    "go_unix_us", whole(ours.asked or 0),
    "load", quoted(ours.load()),
  }, 8) or nil
end

-- A count, added up over all records.
local function total(field)
  local sum = 0
  for n = 1, #records do sum = sum + records[n][field] end
  return sum
end

-- Connections that could not be made, or broke while nobody waited for an
-- answer: closed without a word, or behind an answer that was longer than it
-- said. Where one breaks after every answer, that is how the server ends an
-- answer of unknown length, and no fault.
local function broken_between(count, summary)
  if count >= summary.requests - ours.users and summary.requests > ours.users then return 0 end
  return math.max(0, count)
end
