-- Regular expressions (RE2 syntax), compiled into small programs when the
-- script was made and run here by backtracking over bytes. No pair of
-- instruction and position is tried twice, so time stays linear in the
-- length of the text.
local regexp
do
  local ALT, CAPTURE, EMPTY, MATCH, RUNE = 1, 2, 3, 4, 5

  -- The character at i and its length; a byte that is not UTF-8 counts as U+FFFD.
  local function rune_at(text, i)
    local c = byte(text, i)
    if not c or c < 128 then return c, 1 end
    local whole = match(text, "^[\194-\223][\128-\191]", i) or match(text, "^[\224-\239][\128-\191][\128-\191]", i)
      or match(text, "^[\240-\244][\128-\191][\128-\191][\128-\191]", i)
    if not whole then return 65533, 1 end
    local code = c % (#whole == 2 and 32 or #whole == 3 and 16 or 8)
    for k = 2, #whole do code = code * 64 + byte(whole, k) % 64 end
    return code, #whole
  end

  local function is_word(c)
    return c ~= nil and (c == 95 or c >= 48 and c <= 57 or c >= 65 and c <= 90 or c >= 97 and c <= 122)
  end

  -- What an empty-width instruction asks for; several must hold at once.
  local assertions = {
    function(text, i) return i == 1 or byte(text, i - 1) == 10 end,
    function(text, i) return i == #text + 1 or byte(text, i) == 10 end,
    function(_, i) return i == 1 end,
    function(text, i) return i == #text + 1 end,
    function(text, i) return is_word(byte(text, i - 1)) ~= is_word(byte(text, i)) end,
    function(text, i) return is_word(byte(text, i - 1)) == is_word(byte(text, i)) end,
  }

  local function holds(asked, text, i)
    for k = 1, #asked do
      if not assertions[asked[k]](text, i) then return false end
    end
    return true
  end

  local function in_ranges(ranges, code)
    for k = 1, #ranges, 2 do
      if code >= ranges[k] and code <= ranges[k + 1] then return true end
    end
    return false
  end

  -- Runs a program from one position. visited is kept between the positions of
  -- one search. Captures are kept in slots; a stack holds what is still to be
  -- tried: an instruction and position, or a slot and its value before.
  local function run_from(program, text, start, visited, slots)
    local stack, top = { program.start, start }, 2
    local width = #text + 2
    while top > 0 do
      local pc, i = stack[top - 1], stack[top]
      top = top - 2
      if pc < 0 then
        slots[-pc] = i or nil
        pc = nil
      end
      while pc do
        local key = pc * width + i
        if visited[key] then break end
        visited[key] = true
        local instruction = program[pc]
        local op = instruction[1]
        if op == MATCH then return true, i end
        if op == RUNE then
          local code, length = rune_at(text, i)
          if not code or not in_ranges(instruction[3], code) then break end
          i = i + length
        elseif op == ALT then
          stack[top + 1], stack[top + 2] = instruction[3], i
          top = top + 2
        elseif op == CAPTURE then
          local slot = instruction[3]
          stack[top + 1], stack[top + 2] = -slot, slots[slot] or false
          top = top + 2
          slots[slot] = i
        elseif not holds(instruction[3], text, i) then
          break
        end
        pc = instruction[2]
      end
    end
    return false
  end

  -- regexp(program) gives a function that searches a text: find(text) gives
  -- whether it matches, the content of the first group, and the position behind
  -- the match. It may begin elsewhere than at the start.
  function regexp(program)
    return function(text, from)
      local visited, i = {}, from or 1
      while i <= #text + 1 do
        if program.prefix then
          i = find(text, program.prefix, i, true)
          if not i then return false end
        end
        local slots = {}
        local matched, behind = run_from(program, text, i, visited, slots)
        if matched then
          return true, slots[1] and slots[2] and sub(text, slots[1], slots[2] - 1), behind
        end
        if program.anchored then return false end
        local _, length = rune_at(text, i)
        i = i + length
      end
      return false
    end
  end
end
