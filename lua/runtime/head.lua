-- The head of an answer with all its lines. wrk puts headers into a table by their
-- names, where the last of several equal ones is left; the text that it read them
-- from is still in its memory then. Where that is differs between builds of wrk, so
-- it is looked for once, among what can be read safely, and taken only where it says
-- what wrk does.
local head_lines
do
  local ffi = require("ffi")

  ffi.cdef([[
typedef struct { const char *text; size_t size; const char *cursor; } taskbench_buffer;
int open(const char *path, int flags);
int close(int file);
long pread(int file, void *into, size_t size, int64_t at);
]])

  local MOST = 1048576

  -- Names and values, each with a NUL behind it, as a list; nil where they are not
  -- those of the table.
  local function decode(text, headers)
    local lines, last = {}, {}
    for name, value in string.gmatch(text, "([^%z]*)%z([^%z]*)%z") do
      lines[#lines + 1] = { name, value }
      last[name] = value
    end
    for name, value in pairs(headers) do
      if last[name] ~= value then return nil end
      last[name] = nil
    end
    return next(last) == nil and #lines > 0 and lines or nil
  end

  local file = -1
  local function words_at(address, most)
    local words = ffi.new("uint64_t[?]", most)
    local size = tonumber(ffi.C.pread(file, words, most * 8, ffi.cast("int64_t", address)))
    return words, math.floor(math.max(size, 0) / 8)
  end

  -- A connection of wrk begins with the address of its thread, and has a buffer of
  -- the head: its start, its size and its end so far.
  local function buffer_in(connection, headers)
    local words, n = words_at(connection, 96)
    for i = 0, n - 3 do
      local text, size, cursor = words[i], words[i + 1], words[i + 2]
      if text > 4096 and size <= MOST and cursor > text and cursor - text <= size then
        local length = tonumber(cursor - text)
        local copy = ffi.new("char[?]", length)
        if tonumber(ffi.C.pread(file, copy, length, ffi.cast("int64_t", text))) == length and decode(ffi.string(copy, length), headers) then
          return ffi.cast("taskbench_buffer *", connection + i * 8)
        end
      end
    end
  end

  local function find_buffer(headers)
    local thread = ffi.cast("uint64_t *", wrk.thread)[0]
    local words, n = words_at(thread, 64)
    for i = 0, n - 1 do
      local first, known = words_at(words[i], 1)
      local found = words[i] > 4096 and known == 1 and first[0] == thread and buffer_in(words[i], headers)
      if found then return found end
    end
  end

  local buffer, tries = nil, 0

  -- All values of a header, by its name in small letters, in their order. Where the
  -- head is not found, it is wrk's own.
  function head_lines(headers, wanted)
    if not buffer and tries < 3 and next(headers) then
      tries = tries + 1
      file = ffi.C.open("/proc/self/mem", 0)
      if file >= 0 then
        buffer = find_buffer(headers)
        ffi.C.close(file)
      end
    end
    local length = buffer and buffer.cursor - buffer.text or 0
    local lines = length > 0 and length <= MOST and decode(ffi.string(buffer.text, length), headers)
    local values = {}
    if lines then
      for i = 1, #lines do
        if string.lower(lines[i][1]) == wanted then values[#values + 1] = lines[i][2] end
      end
    else
      for name, value in pairs(headers) do
        if string.lower(name) == wanted then values[#values + 1] = value end
      end
    end
    return values
  end
end
