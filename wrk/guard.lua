-- Runs a script that nobody has looked at in wrk's own Lua, for
-- `taskbench check`. Lines above set SCRIPT, its path; MARK, which begins each
-- line that is told on stderr; PORT, of the listener; DIR, of files that are
-- written; GUARD, whether what would reach beyond this process is kept from the
-- script.
--
-- What is guarded keeps to locals: the script may change any global.
local tostring, type, pairs, error, xpcall, collectgarbage = tostring, type, pairs, error, xpcall, collectgarbage
local find, gsub, sub, byte, match = string.find, string.gsub, string.sub, string.byte, string.match
local open, output, input, lines, stderr = io.open, io.output, io.input, io.lines, io.stderr
local exit, remove, rename = os.exit, os.remove, os.rename
local getinfo, loadfile, load, loadstring = debug.getinfo, loadfile, load, loadstring
local searchpath, package = package.searchpath, package
local lookup, globals = wrk.lookup, _G

local phase = "load"

-- The line of the script that is being run, as far in as it is on the stack.
local function line()
  local level = 2
  while true do
    local info = getinfo(level, "Sl")
    if not info then return 0 end
    if info.source == "@" .. SCRIPT and info.currentline > 0 then return info.currentline end
    level = level + 1
  end
end

local function tell(kind, at, text)
  text = gsub(gsub(tostring(text), "\\", "\\\\"), "\n", "\\n")
  stderr:write(MARK .. kind .. " " .. phase .. " " .. at .. " " .. text .. "\n")
end

local function failed(message)
  local at = line()
  if type(message) ~= "string" then message = "error object is not a string" end
  tell("failed", at, message)
  exit(3)
end

-- Only an error that left no room to handle it, out of memory say, returns.
local function finish(ok, ...)
  if ok then return ... end
  collectgarbage()
  failed(...)
end

-- Calls of a callback in its phase; an error ends wrk, as it would without us.
local function watched(name, callback)
  return function(...)
    phase = name
    return finish(xpcall(callback, failed, ...))
  end
end

-- What had no effect, though the script goes on as if it had.
local function dropped(what) tell("dropped", line(), what) end

-- What is not there: past this the script cannot be judged.
local function kept(what) tell("kept", line(), what) end
local function missing(what)
  return function()
    kept(what)
    error(what .. " is kept from a script that is checked", 2)
  end
end

-- Files are written to a directory of our own, in which all Lua states look
-- first when they read.
local function copy_of(path)
  return DIR .. "/" .. sub(gsub(tostring(path), "%W", function(c) return "_" .. byte(c) end), -200)
end

local function is_there(path)
  local file = open(path)
  return file and file:close()
end

local function found(path)
  local copy = copy_of(path)
  return is_there(copy) and copy or path
end

-- Why nothing could be written to a file where it is meant to be; nil if there
-- is a directory to hold it, or one of that name was asked for before.
local function unwritable(path)
  if is_there(copy_of(path)) then return nil end
  if is_there(path .. "/.") then return path .. ": Is a directory", 21 end
  local directory = match(path, "^(.*/)") or "./"
  if not is_there(directory .. ".") then return path .. ": No such file or directory", 2 end
end

local function guard()
  os.execute = function() kept("os.execute") return 0 end
  os.remove = function(path)
    if type(path) ~= "string" then return remove(path) end -- which says what is wrong
    if not is_there(found(path)) then return remove(DIR .. "/none") end
    dropped("os.remove")
    remove(copy_of(path))
    return true
  end
  os.rename = function(from, to)
    if type(from) ~= "string" or type(to) ~= "string" then return rename(from, to) end
    if not is_there(found(from)) then return rename(DIR .. "/none", DIR) end
    dropped("os.rename")
    rename(copy_of(from), copy_of(to))
    return true
  end
  os.tmpname = function() return "/tmp/lua_" .. tostring({}) end
  os.exit = function(code)
    tell("exit", line(), code == nil and 0 or code)
    exit(phase == "done" and 0 or 3)
  end
  io.popen = function() kept("io.popen") return open("/dev/null") end
  io.tmpfile = function() return open(copy_of("a temporary file"), "w+") end
  io.open = function(path, mode)
    if type(path) ~= "string" or type(mode) ~= "string" and mode ~= nil then return open(path, mode) end
    if mode == nil or find(mode, "^rb?$") then return open(found(path), mode) end
    local problem, number = unwritable(path)
    if problem then return nil, problem, number end
    dropped("io.open to write")
    return open(copy_of(path), mode)
  end
  io.output = function(file)
    if type(file) ~= "string" then return output(file) end
    local problem = unwritable(file)
    if problem then error("bad argument #1 to 'output' (" .. problem .. ")", 2) end
    dropped("io.output")
    return output(copy_of(file))
  end
  io.input = function(file)
    return input(type(file) == "string" and found(file) or file)
  end
  io.lines = function(path)
    if path == nil then return lines() end
    return lines(found(path))
  end

  -- Text only: bytecode can be made to reach any memory.
  globals.loadfile = function(path, _, ...) return loadfile(path and found(path), "t", ...) end
  globals.load = function(chunk, name, _, ...) return load(chunk, name, "t", ...) end
  globals.loadstring = function(chunk, name, _, ...) return loadstring(chunk, name, "t", ...) end
  globals.dofile = function(path)
    local chunk, problem = loadfile(path and found(path), "t")
    if not chunk then error(problem, 0) end
    return chunk()
  end

  local traceback = debug.traceback
  for name in pairs(debug) do debug[name] = missing("debug." .. name) end
  debug.traceback = traceback
  debug.getinfo = function(of, what)
    if type(of) == "number" then of = of + 1 end
    local info = getinfo(of, what or "nSlu")
    if info then info.func = nil end
    return info
  end

  -- A literal such as 1LL would load ffi behind our back, were it not loaded.
  require("ffi")
  for _, name in pairs({ "ffi", "jit.util", "jit.profile", "string.buffer" }) do
    package.loaded[name] = nil
    package.preload[name] = missing(name)
  end
  jit.attach, jit.util, jit.profile = nil, nil, nil
  jit.opt = { start = function() end } -- of no effect on what a script does
  package.loaded["jit.opt"] = jit.opt
  package.loadlib = missing("package.loadlib")
  package.loaders[2] = function(name)
    local path, problem = searchpath(name, package.path)
    if not path then return problem end
    local chunk, broken = loadfile(path, "t")
    if not chunk then error(broken, 0) end
    return chunk
  end
  package.loaders[3] = function(name)
    local path, problem = searchpath(name, package.cpath)
    return path and missing("the native module " .. name) or problem
  end
  package.loaders[4] = nil

  wrk.lookup = function() return lookup("127.0.0.1", PORT) end
end

if GUARD then guard() end

local chunk, problem = loadfile(SCRIPT, "t")
if not chunk then
  phase = "compile"
  tell("failed", 0, problem)
  exit(3)
end
finish(xpcall(chunk, failed))
for _, name in pairs({ "setup", "init", "delay", "request", "response", "done" }) do
  local callback = globals[name]
  if type(callback) == "function" then globals[name] = watched(name, callback) end
end
