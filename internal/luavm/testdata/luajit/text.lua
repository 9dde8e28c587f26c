-- Numbers and strings as text.
for _, v in ipairs { 0, 1, -1, 0.1, 0.1 + 0.2, 1 / 3, 100000, 1e14, 1e15, 123456789012345, 2 ^ 53, 1e100, 1.5e-7, 1 / 0, -1 / 0, 3.0, 1e-5, 12345.678, 2.25, -0.125, 0.5 } do
   print(v, tostring(v), v .. "", "x" .. v .. "y", table.concat({ v, v }, ";"))
   print(string.format("%d|%i|%5d|%-5d|%05d|%+d|% d", v, v, v, v, v, v, v) ~= nil)
   print(string.format("%g|%.3g|%.14g|%10g|%-10g|%+g", v, v, v, v, v, v))
   print(string.format("%f|%.0f|%.2f|%10.3f|%e|%.2e|%E|%G", v, v, v, v, v, v, v, v))
end
for _, v in ipairs { 0, 1, 42, 255, 65535, 2 ^ 31, 2 ^ 40 } do
   print(string.format("%d %5d %-5d| %05d %+d %x %X %#x %o %u %c", v, v, v, v, v, v, v, v, v, v, v % 128))
end
print(string.format("%d %d %x %s %s %s", 3.7, -3.7, -1, nil, true, "s"))
print(string.format("%5s|%-5s|%.2s|%5.1s|%%|%s", "ab", "ab", "abcd", "xyz", "a\0b"))
print(string.format("%q", 'quote " back \\ line \n nul \0 nul0 \0001 tab \t del \127 end'))
print(string.format("%d", "12"), string.format("%s", setmetatable({}, { __tostring = function() return "meta" end })))
print(string.format("%a", 1), string.format("%a", 0.5), string.format("%5.1f|%-8.2f|%08.3f", 3.14159, 3.14159, 3.14159))
print((pcall(string.format, "%d", "x")), (pcall(string.format, "%d")), (pcall(string.format, "%y", 1)), (pcall(string.format, "%")))
for _, s in ipairs { "10", "0x10", " 12 ", "1e2", "1e", "", " ", "0x", "12abc", "0x1p4", ".5", "5.", "-7", "- 7", "1_000", "1e999" } do
   print(s, tonumber(s))
end
print(tonumber("z", 36), tonumber("ff", 16), tonumber("0xff", 16), tonumber("-101", 2), tonumber("9", 8), tonumber(nil), tonumber({}))
print("\x41\x7a", "\u{20ac}", "a\z
       b", "\065\10x", '\'', "tab\tq", [[long
bracket]], [==[ ]] ]==], "--not a comment") -- "not a string
print(#"\x00\xff", ("x"):rep(3), ("x"):rep(3, ","), ("x"):rep(0), ("x"):rep(-1))
print(type(print), type(nil), type({}), type("x"), type(2), math.huge, -math.huge)
print(10 == "10", "a" < "b", "10" + 5, 10 .. 20, -2 ^ 2, 7 % -3, -7 % 3, 2 ^ 0.5, 5 / 2)
print(select("#", table.unpack and 1 or 2), unpack({ 1, 2, 3 }), select(-1, 1, 2, 3))
goto done
print("never")
::done::
print(pcall(error, { code = 1 }), (select(2, pcall(error, "plain", 0))))
print(table.concat({}, ","), table.concat({ 1, "b", 2.5 }, ", ", 2, 3), (pcall(table.concat, { {} })))
print(loadstring("return 1 .. 2")(), loadstring("return +"), load("return ...")(7))
print(next({}), rawequal("a", "a"), rawlen == nil, tostring(nil), tostring(true))
