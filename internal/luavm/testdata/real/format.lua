-- Every way to build a request, and what the callbacks are given.
local n, last = 0, "none"
local words = {}

function setup(thread)
   thread:set("name", "vu\0cut")
   thread:set("limits", { low = 1, [2] = "b" })
   print("setup", wrk.thread == nil, type(thread), tostring(thread.addr), thread:get("name"), thread.unknown)
   print(pcall(function() thread.other = 1 end))
   print(pcall(function() thread:set("f", print) end))
end

function init(args)
   for i = 0, #args do words[#words + 1] = args[i]:gsub("%d+", "N") end
   print("init", table.concat(words, "|"), name, limits.low, limits[2], type(wrk.thread), wrk.addrs == nil)
   local keys = {}
   for k in pairs(wrk) do keys[#keys + 1] = k end
   table.sort(keys)
   print(table.concat(keys, ","))
   print(wrk.scheme, wrk.host, type(wrk.port), wrk.method, wrk.path, wrk.body, wrk.headers["X-Cmd"], wrk.headers["X-Lost"])
end

local own = { ["X-Own"] = 1.5, Host = "example.org" }

function request()
   n = n + 1
   local case = n % 8
   if case == 0 then return wrk.format() end
   if case == 1 then return wrk.format("PUT", "/put/" .. n, nil, "body" .. n) end
   if case == 2 then return wrk.format(nil, "/own?n=" .. 0.1 * n, own, "x") end
   if case == 3 then return wrk.format("DELETE", nil, own) end
   if case == 4 then
      wrk.body = "kept \0 body"
      local s = wrk.format("POST")
      wrk.body = nil
      return s
   end
   if case == 5 then return wrk.request() end
   if case == 6 then return wrk.format("GET", "/last/" .. last, { ["X-True"] = true, host = "lower" }) end
   return wrk.format("GET", "/random/" .. math.random(1000) .. "/" .. math.random())
end

function response(status, headers, body)
   local keys = {}
   for k, v in pairs(headers) do keys[#keys + 1] = k .. "=" .. v end
   table.sort(keys)
   last = status .. ";" .. table.concat(keys, ";"):gsub(" ", "_") .. ";" .. #body
end
