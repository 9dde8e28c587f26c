-- Setup may be done elsewhere and handed over, in the file that TASKBENCH_USERS
-- names: a line for each virtual user, with how many iterations it has had, and
-- what its setup left behind: TABLE.KEY=VALUE …, percent-encoded.
do
  local function encode(text)
    return (string.gsub(text, "[^%w_-]", function(c) return string.format("%%%02X", byte(c)) end))
  end

  local function decode(text)
    return (string.gsub(text, "%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end))
  end

  function turn.made()
    local parts = {}
    for name, of in pairs(made) do
      for key, value in pairs(of) do
        parts[#parts + 1] = name .. "." .. encode(key) .. "=" .. encode(tostring(value))
      end
    end
    table.sort(parts)
    return iteration .. " " .. table.concat(parts, " ")
  end

  local function take(line)
    iteration = tonumber(match(line, "^%d+"))
    for name, key, value in string.gmatch(line, "([%w_]+)%.(%S-)=(%S*)") do
      if made[name] then made[name][decode(key)] = decode(value) end
    end
  end
  turn.take = take

  local set_up, begin, lines = setup, init, nil

  local function read_lines()
    lines = {}
    local path = os.getenv("TASKBENCH_USERS")
    if not path or path == "" then return end
    for line in io.lines(path) do lines[#lines + 1] = line end
    if #lines > 0 then ours.preparing = 0 end
  end

  -- Main state: the threads get a line each, by the numbers of their users.
  function setup(thread)
    if not lines then read_lines() end
    set_up(thread)
    thread:set("taskbench_line", lines[ours.before + #records])
  end

  function init()
    begin()
    if not taskbench_line then return end
    ours.preparing = 0
    take(taskbench_line)
  end
end
