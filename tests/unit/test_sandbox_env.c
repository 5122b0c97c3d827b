/* sandbox_env: what scripts see, and that it tells them nothing (spec: threats 1, by row). */
#include "sandbox_env.h"

#include "hsm.h"

/* L1, L2, L4, L6 to L12, L18: names that must be nil. */
static const struct absent {
	const char *name;
} absent[] = {
	{ "load" }, { "loadstring" }, { "loadfile" }, { "dofile" }, { "require" }, { "module" },
	{ "string.dump" }, { "pcall" }, { "xpcall" }, { "error" }, { "coroutine" }, { "debug" },
	{ "package" }, { "io" }, { "os" }, { "ffi" }, { "jit" }, { "bit" }, { "bit32" },
	{ "collectgarbage" }, { "newproxy" }, { "print" }, { "warn" }, { "setmetatable" },
	{ "getmetatable" }, { "rawget" }, { "rawset" }, { "rawequal" }, { "rawlen" },
	{ "getfenv" }, { "setfenv" }, { "_G" }, { "_VERSION" }, { "utf8" }, { "gcinfo" },
	{ "unpack" }, { "string.rep" }, { "string.format" }, { "string.find" },
	{ "string.match" }, { "string.gmatch" }, { "string.gsub" }, { "string.gfind" },
	{ "string.reverse" }, { "string.pack" }, { "string.unpack" }, { "string.packsize" },
	{ "table.move" }, { "table.sort" }, { "table.pack" }, { "table.getn" },
	{ "table.foreach" }, { "table.foreachi" }, { "table.maxn" }, { "math.random" },
	{ "math.randomseed" }, { "math.huge" }, { "math.fmod" }, { "math.pow" },
	{ "('').dump" }, { "('').rep" }, { "('').find" }, { "('').match" }, { "('').gmatch" },
	{ "('').gsub" }, { "('').format" }, { "('').pack" }, { "('').reverse" },
};

static void
test_absent(void **state)
{
	const struct absent *row = *state;
	char body[128];

	hsm_clear();
	snprintf(body, sizeof(body), "if %s ~= nil then fail(99) end", row->name);
	hsm_put_parts("T1", "", "", "", "", body);
	assert_int_equal(hsm_load(), 0);
	assert_string_equal(hsm_send("T1"), "T200");
}

/* L3: what one script does to its libraries, another does not see. */
static void
test_apart(void **state)
{
	(void)state;
	hsm_clear();
	hsm_put_parts("T1", "", "", "", "", "string.upper = nil");
	hsm_put_parts("T3", "", "{ 'r', A() }", "", "", "a.r = string.upper('a') .. ('b'):upper()");
	assert_int_equal(hsm_load(), 0);
	hsm_log_start();
	assert_string_equal(hsm_send("T1"), "T241");
	assert_string_equal(hsm_send("T3"), "T400AB");
	assert_string_equal(hsm_send("T1"), "T241");
	hsm_log_end();
}

/* L20: every function with every pair of odd arguments, the rest repeating them. */
static const char odd[] =
    "local function f(f, v, i, j) f(v[i], v[j], v[i], v[j], v[i], v[j]) end\n"
    "local kept\n"
    "local s = 'abcdefgh' for k = 1, 13 do s = s .. s end s = s .. 'x'\n";

static const char odd_body[] =
    "local v = { false, nil, {}, -1, 0/0, 1e308, -9007199254740992 * 1024, 1/0, s, q, a, key,\n"
    "  kept, q.k, q.b, q.s, q.n, random(8), key.random('ZPK', 'U'), '', 'U', '001', fail, 0.5,\n"
    "  q.l, q.l[1], 'ZPK', 0, 2147483647, 2147483648, 9007199254740992 * 1024 - 1, -2147483648 }\n"
    "kept = v[18]\n"
    "if num(q.i) == 99 then %s() else f(%s, v, num(q.i), num(q.j)) end";

enum { ODD = 32 };

static void
try_function(const char *name)
{
	char body[2048], message[128];

	hsm_clear();
	snprintf(body, sizeof(body), odd_body, name, name);
	hsm_put_parts("T1", "{ 'i', N(2) }, { 'j', N(2) }, { 'k', key 'TPK' }, { 'b', H(16) }, "
	    "{ 's', secret(N(4)) }, { 'n', N(2) }, { 'l', list('n', { 'e', N(1) }) }", "",
	    "[10] = 'x'",
	    odd, body);
	if (hsm_load() != 0)
		fail_msg("%s", hsm.err);
	for (int i = 1; i <= ODD; i++)
		for (int j = 1; j <= ODD; j++) {
			if ((i + 3 * j) % (under_valgrind() ? 64 : 8) != 0 &&
			    (i != j || under_valgrind()))
				continue;
			snprintf(message, sizeof(message), "T1%02d%02d" TPK "21B97251DB63358D"
			    "73910212", i, j);
			hsm_send(message);
			assert_int_equal(hsm.n, 4);
		}
	hsm_send("T19901" TPK "21B97251DB63358D" "73910212");
	assert_int_equal(hsm.n, 4);
}

static void
try_library(const char *library, const luaL_Reg *functions)
{
	char name[64];

	for (; functions->name != NULL; functions++) {
		snprintf(name, sizeof(name), "%s%s%s", library, library[0] != '\0' ? "." : "",
		    functions->name);
		try_function(name);
	}
}

/* Whatever is there now or comes later. */
static void
test_libraries(void **state)
{
	(void)state;
	hsm_log_start();
	try_library("", lua_base_functions);
	try_library("table", lua_table_functions);
	try_library("math", lua_math_functions);
	for (const struct sandbox_library *l = sandbox_libraries; l->functions != NULL; l++)
		try_library(l->name != NULL ? l->name : "", l->functions);
	hsm_log_end();
}

/* L24: a PIN and a key are in no log and no reply, whatever a script tries. */
static const struct leak {
	const char *name;
	const char *body;
} leaks[] = {
	{ "L24: log", "log(q.s, q.k, 'pin', q.s)" },
	{ "L24: tostring", "log(tostring(q.s) .. tostring(q.k)) a.r = tostring(q.s)" },
	{ "L24: an error's text", "assert(false, tostring(q.s))" },
	{ "L24: an error with it", "local x = q.s + 1" },
	{ "L24: joined", "local x = q.s .. ''" },
	{ "L24: compared", "local x = q.s < q.s" },
	{ "L24: called", "q.s()" },
	{ "L24: indexed", "local x = q.s[1]" },
	{ "L24: as an index", "local x = q[q.s]" },
	{ "L24: text", "a.r = text(q.s)" },
	{ "L24: num", "a.r = num(q.s)" },
	{ "L24: assigned", "a.r = q.s" },
	{ "L24: as a code", "fail(q.s)" },
	{ "L24: as a global's name", "_ENV[tostring(q.s)] = 1" },
	{ "L24: returned", "return q.s" },
	{ "L24: concat", "a.r = table.concat({ q.s })" },
	{ "L24: string functions", "a.r = string.sub(q.s, 1, 4)" },
	{ "L24: a key", "a.r = q.k" },
	{ "L24: a key's text", "a.r = text(q.k)" },
	{ "L24: an unfit reply", "a.r = 'ok' a.n = 'PIN'" },
	{ "L24: nothing wrong", "a.r = 'ok' a.n = 1" },
};

static void
test_leak(void **state)
{
	const struct leak *row = *state;

	hsm_clear();
	hsm.config.trace = true;
	hsm_put_parts("T1", "{ 's', secret(N(4)) }, { 'k', key 'TPK' }",
	    "{ 'r', A() }, { 'n', optional(N(1)) }", "[10] = 'x'", "", row->body);
	if (hsm_load() != 0)
		fail_msg("%s", hsm.err);
	hsm_log_start();
	hsm_send("T17391" TPK);
	hsm_log_end();
	hsm.config.trace = false;
	assert_null(strstr((char *)hsm.out, "7391"));
	assert_null(strstr(hsm.log, "7391"));
	assert_null(memmem(hsm.message, 2 + 4 + strlen(TPK), "7391", 4));
}

static unsigned
count_text(const char *s, const char *what)
{
	unsigned n = 0;

	while ((s = strstr(s, what)) != NULL) {
		s += strlen(what);
		n++;
	}
	return n;
}

/* A loop must not fill the disk: so many lines a request, and one that says so. */
static void
test_log_lines(void **state)
{
	(void)state;
	hsm_clear();
	hsm_put_parts("T1", "", "", "", "", "for i = 1, 1000 do log('line') end");
	assert_int_equal(hsm_load(), 0);
	for (int i = 0; i < 2; i++) {
		hsm_log_start();
		assert_string_equal(hsm_send("T1"), "T200");
		hsm_log_end();
		assert_int_equal(count_text(hsm.log, "text=line"), 16);
		assert_int_equal(count_text(hsm.log, "left out"), 1);
	}
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, absent, test_absent);
	rows_add(&r, "L3: states are apart", test_apart, NULL);
	rows_add(&r, "L20: every primitive with odd arguments", test_libraries, NULL);
	ROWS(&r, leaks, test_leak);
	rows_add(&r, "log: lines of a request", test_log_lines, NULL);
	return rows_run(&r, "sandbox_env", hsm_setup, hsm_teardown);
}
