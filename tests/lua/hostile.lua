-- hostile: scripts that try to get out, to stay for ever or to eat the machine
-- (threats, section 5). tests/run/sandbox.py serves each as a plug-in of its own.
--
-- A line "--- ROW: what it does" starts a script, the body of a handler. With
-- "(file)" behind it, it stands at file level and must be refused; with
-- "(survives)" it may end in 00, since what it asks for is harmless here.

--- L5: an endless loop
while true do end
--- L5: an endless loop that counts
local i = 0 while true do i = i + 1 end
--- L5: an endless numeric for
for i = 1, 1e300 do end
--- L5: an endless goto (file)
::again:: goto again
--- L5: an endless loop of primitives
while true do authorised() end
--- L5: an endless loop at file level (file)
while true do end
--- L6: a loop that swallows its deadline
while true do pcall(function () while true do end end) end
--- L6: recursion that swallows its errors
local function f() local ok, e = pcall(f) return ok end f()
--- L7: a message handler that does not end
xpcall(function () while true do end end, function () while true do end end)
--- L8: a finaliser that does not end, collected
setmetatable({}, { __gc = function () while true do end end }); collectgarbage()
--- L8: a finaliser that does not end, at close
setmetatable({}, { __gc = function () while true do end end })
--- L8: a finaliser of a proxy
local p = newproxy(true)
getmetatable(p).__gc = function () while true do end end
p = nil; collectgarbage()
--- L9: a coroutine made at file level (file)
co = coroutine.create(function () while true do coroutine.yield() for i = 1, 1e9 do end end end)
coroutine.resume(co)
--- L9: a coroutine
coroutine.resume(co)
--- L9: a coroutine made here
local co = coroutine.wrap(function () while true do end end) co()
--- L10: a pattern with many stars
(("a"):rep(40)):find(("a*"):rep(12) .. "c")
--- L10: a lazy pattern
(("a"):rep(64000)):find(".-b")
--- L10: a pattern as long as a book
("x"):rep(300000):match((".-"):rep(200000) .. "y")
--- L10: gmatch
for w in ("aaa"):gmatch("a-") do end
--- L11: a repetition of nothing
local x = (""):rep(1e10)
--- L11: a move without end
table.move({}, 1, 1e12, 2)
--- L11: a table that lies of its length
table.insert(setmetatable({}, { __len = function () return 2^53 end }), 1, 0)
--- L11: insertions in front
local t = {} while true do table.insert(t, 1, 1) end
--- L12: concat of a table that lies
local meta = { __len = function () return 1e12 end, __index = function () return "" end }
table.concat(setmetatable({}, meta))
--- L12: concat again and again
local t = {} for i = 1, 4096 do t[i] = "0123456789012" end while true do table.concat(t) end
--- L12: a sort that never agrees
local t = {} for i = 1, 1000 do t[i] = i end table.sort(t, function () return true end)
--- L12: a wide format
string.format("%99999d", 1)
--- L12: unpack of ten million
table.unpack({}, 1, 1e7)
--- L12: unpack of what is there, again and again
local t = {} for i = 1, 4096 do t[i] = i end while true do select("#", table.unpack(t)) end
--- L12: a tostring that does not end
tostring(setmetatable({}, { __tostring = function () while true do end end }))
--- L12: numbers of a million digits
local s = "1" for i = 1, 20 do s = s .. s end while true do local n = tonumber(s) end
--- L12: texts of a megabyte, compared and changed
local s = "a" for i = 1, 19 do s = s .. s end
while true do local n = (s .. "a"):upper() < (s .. "b"):upper() end
--- L15: two gigabytes at once
local x = ("x"):rep(2147483647)
--- L15: a table of texts
local t = {} for i = 1, 1e9 do t[i] = ("x"):rep(1000) .. i end
--- L15: a table of texts that are allowed
local t, s = {}, "0123456789012345678901234567890123456789" for i = 1, 1e9 do t[i] = s .. i end
--- L15: a table of texts that swallows its errors
while true do
  pcall(function () local t = {} for i = 1, 1e9 do t[i] = ("x"):rep(1000) .. i end end)
end
--- L15: a text that doubles
local s = "x" while true do s = s .. s end
--- L15: a table that grows
local t, i = {}, 0 while true do i = i + 1 t[i] = i end
--- L15: a list that grows
local t while true do t = { t } end
--- L15: closures
local t while true do local u = t t = function () return u end end
--- L15: garbage near the cap
local t = {} for i = 1, 30000 do t[i] = { i } end while true do local u = { {}, {}, {} } end
--- L15: a file that fills its memory (file)
local t while true do t = { t } end
--- L16: recursion through gsub
local s = ("x"):rep(10) local function h() return (s:gsub("x", h)) end pcall(h)
--- L16: parentheses for load
load(("("):rep(100000))
--- L16: recursion
local function f() return 1 + f() end f()
--- L16: tail calls
local function f() return f() end f()
--- L16: two that call each other
local f, g function f(x) return g(x) .. "a" end function g(x) return f(x) .. "b" end f("")
--- L17: weak tables near the cap
while true do
  local mt = setmetatable({ __newindex = {} }, { __mode = "v" })
  local t = setmetatable({}, mt)
  for k = 1, 10 do t[k] = 1 end
end
--- L17: coroutines that close each other (file)
local c for i = 1, 100000 do local d = c c = coroutine.wrap(function () local x <close> = d end) end
--- L18: an error of nothing
error()
--- L18: an error that is a table
error({})
--- L18: an error that does not end
error(setmetatable({}, { __tostring = function () while true do end end }))
--- L18: an assertion that is a table
assert(false, {})
--- L1: bytecode from a text
load("\27Lua")()
--- L1: a dump
string.dump(function () end)
--- L1: a file
dofile("/etc/passwd")
--- L1: a module
require("os").execute("true")
--- L2: another string
getmetatable("").__index = function () return function () return "00" end end
--- L3: a function of strings
string.upper = nil
--- L3: a global
_G.key = nil
--- L3: rawset
rawset(key, "x", 1)
--- L3: insert
table.insert(key, 1)
--- L4: a command
os.execute("true")
--- L4: a file
io.open("/etc/passwd")
--- L4: the registry
debug.getregistry()
--- L4: the compiler
jit.on()
--- L4: memory
ffi.cast("char *", 0)[0] = 1
--- L20: odd arguments
key.random(0/0, 1e308)
--- L20: a text for a number
random("x")
--- L22: a value kept in a global
kept = q
--- L23: the environment
_ENV.kept = q
--- L3: an environment of its own (survives)
local _ENV = {} x = 1
