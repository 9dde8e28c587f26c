-- Layout, access and conversions of ffi: printed by LuaJIT and by the embedded VM alike.
local ffi = require "ffi"
ffi.cdef [[
typedef struct { /* padding in every place */
   uint8_t tag; uint64_t count; int x; double d; float f;
   struct { int p, q; } n; uint8_t arr[4]; char s[8]; bool on;
} record_t;
union bits { double d; uint32_t w[2]; uint64_t u; };
struct list { struct list *next; int value; };
struct grid { struct { int16_t x, y; } cell[2][3]; int matrix[2][3]; };
struct anon { int a; union { int b; float c; }; struct { int d; }; };
enum { RED, GREEN = 5, BLUE };
typedef unsigned long int ulong_t;
typedef int (*callback_t)(int, const char *);
static const int LIMIT = 3 * (4 + RED) - 2;
struct sized { char text[LIMIT + BLUE]; };
int printf(const char *format, ...);
]]
local r = ffi.new("record_t")
print(ffi.sizeof("record_t"), ffi.alignof("record_t"), ffi.sizeof(r), ffi.sizeof("union bits"))
for _, name in ipairs { "tag", "count", "x", "d", "f", "n", "arr", "s", "on" } do
   print(name, ffi.offsetof("record_t", name))
end
print(ffi.offsetof("record_t", "nope"), ffi.offsetof("struct anon", "d"), ffi.sizeof("struct anon"))
print(ffi.sizeof("struct list"), ffi.sizeof("struct grid"), ffi.sizeof("struct sized"), ffi.sizeof("int[7]"),
      ffi.sizeof("int[?]", 5), ffi.sizeof("ulong_t"), ffi.sizeof("char *"), ffi.sizeof("callback_t"))
print(ffi.C.RED, ffi.C.GREEN, ffi.C.BLUE, ffi.C.LIMIT)

print(type(r), type(r.count), type(r.x), type(r.d), type(r.on), type(r.n), type(r.arr))
print(tostring(r.count), r.x, r.d, r.on, r.n.p, r.arr[0])
r.x, r.d, r.f, r.count, r.on, r.tag = -7.9, 0.1, 0.1, 2 ^ 53, true, 300
print(r.x, r.d, r.f, tostring(r.count), r.on, r.tag)
r.s = "hello"
print(ffi.string(r.s), ffi.string(r.s, 2), #ffi.string(r.s, 8))
r.arr = { 1, 2, 3 }
r.n = { q = 5 }
print(r.arr[0], r.arr[2], r.arr[3], r.n.p, r.n.q)
local copy = ffi.new("record_t", r)
copy.x = 1
print(r.x, copy.x, copy.n.q)

local p = ffi.cast("record_t *", ffi.cast("void *", r))
p.x = 99
p[0].n.p = 4
print(r.x, r.n.p, p == r, p == nil, ffi.cast("record_t *", nil) == nil, nil == ffi.cast("void *", 0))
print(p - p, (p + 2) - p, ffi.cast("char *", p + 1) - ffi.cast("char *", p), p < p + 1, p <= p, p > p + 1)
local address = tonumber(ffi.cast("uintptr_t", ffi.cast("void *", r)))
print(type(address), address == math.floor(address), ffi.cast("record_t *", address).x)
print(tonumber(p), tonumber(r.count), tonumber(ffi.new("int8_t", 200)))

local u = ffi.new("union bits")
u.d = 1.5
print(u.w[0], u.w[1], tostring(u.u))
local head
for i = 1, 3 do
   local node = ffi.new("struct list", { value = i })
   node.next = head
   anchor = { anchor, node }
   head = node
end
print(head.value, head.next.value, head.next.next.value, head.next.next.next == nil)
local g = ffi.new("struct grid")
g.cell[1][2].y = 7
g.matrix[1][0] = 8
print(g.cell[1][2].y, g.matrix[1][0], g.matrix[0][2], ffi.sizeof(g.cell[0]), ffi.sizeof(g.matrix))
local a = ffi.new("struct anon", 1, 2)
a.d = 9
print(a.a, a.b, a.d)

print(ffi.new("int[3]", 7)[2], ffi.new("int[3]", { 7, 8 })[2], ffi.new("int[3]", 1, 2)[1], ffi.new("int[?]", 3, 9)[2])
print(ffi.string(ffi.new("char[?]", 6, "abc")), ffi.string(ffi.new("char[3]", "abcdef"), 3))
print(ffi.new("double[2]", { 1.25, -2.5 })[1], ffi.new("struct { int a; int b; }", { 3, 4 }).b)
local buffer = ffi.new("uint8_t[16]")
ffi.copy(buffer, "wrk")
ffi.fill(buffer + 4, 4, 65)
print(ffi.string(buffer), ffi.string(buffer + 4), buffer[3], buffer[8])
ffi.copy(buffer + 8, buffer, 3)
print(ffi.string(buffer + 8))
print(tonumber(ffi.cast("int32_t", 2 ^ 32 + 5)), tonumber(ffi.cast("uint8_t", -1)), tonumber(ffi.cast("int16_t", 40000)),
      tonumber(ffi.cast("uint32_t", 2 ^ 32 + 7)), tostring(ffi.cast("uint64_t", 2 ^ 63)), tostring(ffi.cast("int64_t", -2 ^ 40)), tonumber(ffi.cast("int", 3.99)))

local big = ffi.new("uint64_t", 7)
print(tostring(big + 1), tostring(2 - big), tostring(big * big), tostring(big / 2), tostring(big % 4), tostring(big ^ 3), tostring(-big))
local neg = ffi.new("int64_t", -7)
print(tostring(neg / 2), tostring(neg % 3), tostring(neg + 0.9), neg < 0, neg == -7, neg ~= -7, 0 > neg, neg <= neg)
print(big == 7, 7 == big, big < 8, 8 <= big, big ~= 7, big == "7", big == nil)
print(ffi.istype("record_t", r), ffi.istype("record_t", p), ffi.istype("uint64_t", big), ffi.istype("int", 5))
print(tostring(ffi.typeof("union bits")), tostring(ffi.typeof("struct list *")), tostring(ffi.typeof("struct list[4]")))
local make = ffi.typeof("struct list")
print(make(nil, 5).value, ffi.sizeof(make))
print(pcall(function() return r.nope end) == false, pcall(function() r.x = "a" end), pcall(function() r.x = nil end) == false)
print(pcall(ffi.new, "nonsense") == false, pcall(ffi.cdef, "struct {") == false, pcall(function() return ffi.C.undeclared end) == false)
print(pcall(ffi.new, "int *", 5) == false, pcall(function() return "" .. big end), (pcall(function() return r() end)))
