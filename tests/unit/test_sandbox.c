/* sandbox: what it costs scripts to try what they can't do (spec: threats 1, by row). */
#include "sandbox.h"

#include <time.h>

#include "err.h"
#include "hsm.h"

enum { STOP_MS = 150, SLOW = 10 };	/* SLOW: of sanitizers and valgrind */

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Scripts, what they answer and what the log says of them. */
static const struct script {
	const char *name;
	const char *head;	/* at file level */
	const char *body;
	const char *want;	/* code */
	const char *log;	/* part of what is logged, or NULL */
} scripts[] = {
	{ "allowed functions work", "",
	    "assert(math.abs(-2) == 2 and math.floor(2.5) == 2 and math.max(1, 3) == 3 and "
	    "math.min(1, 3) == 1 and math.tointeger(3.0) == 3 and math.tointeger(0.5) == nil)\n"
	    "assert(string.byte('A') == 65 and string.char(66) == 'B' and string.len('ab') == 2 "
	    "and "
	    "string.lower('A') == 'a' and ('abc'):sub(2, 3) == 'bc' and ('a'):upper() == 'A')\n"
	    "local t = { 1, 2 } table.insert(t, 3) assert(table.remove(t, 1) == 1 and #t == 2)\n"
	    "assert(table.concat({ 'a', 1, 'b' }, '-') == 'a-1-b')\n"
	    "assert(select('#', table.unpack({ 1, 2, 3 })) == 3)\n"
	    "for i, v in ipairs({ 5 }) do assert(i == 1 and v == 5) end\n"
	    "for k, v in pairs({ a = 1 }) do assert(k == 'a' and v == 1) end\n"
	    "assert(next({}) == nil and type(1) == 'number' and tonumber('12') == 12)\n"
	    "assert(tostring(nil) == 'nil' and tostring(true) == 'true' and tostring('a') == 'a')",
	    "00", NULL },

	{ "a defect is traced to its lines", "local function inner(x) local y = x.y return y end\n"
	    "local function outer(x) local y = inner(x)\nreturn y end", "outer()", "41",
	    "trace=\"T1.lua:1 in inner; T1.lua:2 in outer; T1.lua:" },
	{ "a deadline is traced to its line", "local function loop()\nwhile true do end end",
	    "loop()", "41", "trace=\"T1.lua:2 in " },
	{ "a traceback has an end", "local function f(n) if n == 0 then local x = n.y end\n"
	    "local r = f(n - 1) return r end", "f(40)", "41",
	    "T1.lua:2 in f; T1.lua:2 in f; T1.lua:2 in f; T1.lua:2 in f\"" },

	{ "L3: a library can't be assigned to", "", "string.upper = nil", "41", "frozen" },
	{ "L3: nor one of ours", "", "key.open = nil", "41", "frozen" },
	{ "L3: nor a new name in one", "", "table.x = 1", "41", "frozen" },
	{ "L3: table.insert does not get round it", "", "table.insert(string, 'x')", "41", NULL },
	{ "L3: pairs does not open a library", "", "for k in pairs(string) do end", "41", NULL },
	{ "L3: next does not open a library", "", "next(key)", "41", NULL },
	{ "L3: nor the request", "", "next(q)", "41", NULL },
	{ "L3: ipairs does not open a library", "",
	    "for i, v in ipairs(string) do fail(99) end fail(98)", NULL, NULL },
	{ "L4: tostring prints no address", "",
	    "assert(tostring({}) == 'table' and tostring(fail) == 'function' and "
	    "tostring(q) == 'userdata' and tostring(key) == 'userdata')", "00", NULL },

	{ "L5: an endless loop", "", "while true do end", "41", "ran out of time" },
	{ "L5: an endless repeat", "", "repeat local x = 1 until false", "41", "ran out of time" },
	{ "L5: an endless for", "", "for i = 1, 1e300 do end", "41", "ran out of time" },
	{ "L5: an endless loop of calls of C", "", "while true do math.abs(1) end", "41",
	    "ran out of time" },
	{ "L5: an endless loop of primitives", "", "while true do authorised() end", "41",
	    "ran out of time" },
	{ "L16: endless tail calls", "local function f() return f() end", "f()", "41",
	    "ran out of time" },
	{ "L16: endless recursion", "local function f() return 1 + f() end", "f()", "41", NULL },
	{ "L16: recursion through a primitive", "local function f(x) f(tostring(x) .. 'a') end",
	    "f('')", "41", NULL },

	{ "L11: insert in front of a long table", "",
	    "local t = {} while true do table.insert(t, 1, 1) end", "41", NULL },
	{ "L12: concat of too many", "", "local t = {} for i = 1, 4097 do t[i] = '' end "
	    "table.concat(t)", "41", "more than 4096" },
	{ "L12: concat of too much", "",
	    "local t = {} for i = 1, 66 do t[i] = ('0123456789'):upper() "
	    "end local s = table.concat(t) s = s .. s s = s .. s s = s .. s s = s .. s "
	    "table.concat({ s, s, s, s, s, s, s })", "41", "longer than 65536" },
	{ "L12: concat with a long separator", "",
	    "local s = 'abcdefgh' for i = 1, 12 do s = s .. s "
	    "end table.concat({ 1, 2, 3, 4 }, s)", "41", "longer than 65536" },
	{ "L12: concat of tables", "", "table.concat({ {} })", "41", "can't be joined" },
	{ "L12: unpack of too many", "", "local t = {} for i = 1, 4097 do t[i] = 1 end "
	    "table.unpack(t)", "41", "more than 4096" },
	{ "L12: unpack with bounds", "", "table.unpack({}, 1, 1e7)", "41", "the table alone" },
	{ "L12: bytes of a long text", "", "local s = 'abcdefgh' for i = 1, 18 do s = s .. s end "
	    "local n = select('#', s:byte(1, -1))", "41", NULL },
	{ "L12: a number of two million digits", "", "local s = '12345678' for i = 1, 18 do "
	    "s = s .. s end local n = tonumber(s) while true do n = tonumber('0x' .. s) end",
	    "41", NULL },
	{ "L15: a table without end", "",
	    "local t, i = {}, 0 while true do i = i + 1 t[i] = {} end",
	    "41", NULL },
	{ "L15: a text without end", "", "local s = 'a' while true do s = s .. s end", "41",
	    "out of memory" },
	{ "L15: kept in an upvalue", "local keep = {}",
	    "while true do keep[#keep + 1] = 'x' .. #keep end", "41", NULL },
	{ "L15: garbage at the cap", "local keep = {}",
	    "for i = 1, 30000 do keep[i] = { i } end while true do local t = { {}, {}, {} } end",
	    "41", NULL },

	{ "L18: an error that is no text", "", "local x = nil + 1", "41", "arithmetic on a nil" },
	{ "L18: assert with a table", "", "assert(false, {})", "41", "assertion failed" },
	{ "L18: assert with a number is no code", "", "assert(false, 10)", "41",
	    "assertion failed" },
	{ "L18: assert with nothing", "", "assert()", "41", NULL },
	{ "L18: assert with nil", "", "assert(nil)", "41", "assertion failed" },
	{ "L18: assert with a function", "", "assert(false, tostring)", "41", "assertion failed" },
	{ "L18: a handler that returns a table", "", "return {}", "41", "not a code" },
	{ "L18: a handler that returns more", "", "return nil, {}, 7", "00", NULL },
	{ "L18: a handler that returns a value", "", "return q", "41", "not a code" },

	{ "L20: an element that a list has not", "", "local l = { 1 } local x = l[2].y", "41",
	    NULL },
	{ "L20: a value has no fields", "", "local x = random(4).x", "41", "has no fields" },
	{ "L20: a value can't be changed", "", "random(4).x = 1", "41", "can't be changed" },
	{ "L20: a value can't be called", "", "random(4)()", "41", NULL },
	{ "L20: an option that is none", "", "key.permit('ZPK', 'exporting')", "41",
	    "invalid option" },
	{ "L20: 33 values", "", "for i = 1, 33 do random(1) end", "41", "at most 32 values" },
	{ "L20: 32 values", "", "for i = 1, 32 do random(1) end", "00", NULL },
	{ "L20: more bytes than the arena has", "",
	    "for i = 1, 32 do random(4096) end random(4096)",
	    "41", NULL },
	{ "L20: too many keys", "", "for i = 1, 17 do key.random('ZPK', 'U') end", "41",
	    "at most 16 keys" },

	{ "L22: a global can't be set", "", "x = q", "41", "frozen" },
	{ "L22: nor in _ENV", "", "_ENV.x = q", "41", NULL },
	{ "L22: nor by table.insert into _ENV", "", "table.insert(_ENV, q)", "41", NULL },
};

static void
test_script(void **state)
{
	const struct script *row = *state;
	struct plugin *p;
	double from;

	hsm_clear();
	hsm_put_parts("T1", "", "", "", row->head, row->body);
	if (hsm_load() != 0)
		fail_msg("%s", hsm.err);
	p = hsm_plugin("T1");
	/* Twice: the state that is lost is made again. */
	for (int i = 0; i < 2; i++) {
		hsm_log_start();
		from = now_ms();
		hsm_send("T1");
		from = now_ms() - from;
		hsm_log_end();
		if (row->want != NULL && strcmp((char *)hsm.out + 2, row->want) != 0)
			fail_msg("got %s: %s", hsm.out, hsm.log);
		if (row->log != NULL && strstr(hsm.log, row->log) == NULL)
			fail_msg("logged %s", hsm.log);
		assert_true(row->want == NULL || strcmp(row->want, "41") == 0 || p->lost ||
		    p->sb->trace[0] == '\0');
		if (row->want != NULL)
			assert_int_equal(p->lost, strcmp(row->want, "41") == 0);
		assert_true(from < STOP_MS * SLOW);
		assert_true(p->lost || p->sb->used <= p->sb->cap);
	}
}

/* L1: a compiled chunk, and L16, L17: what the parser is given. */
static void
test_compiled(void **state)
{
	(void)state;
	hsm_clear();
	hsm_put_bytes("T1", "\033Lua\124\0\31\223\r\n\032\n\4\10\10", 15);
	assert_int_not_equal(hsm_load(), 0);
	assert_non_null(strstr(hsm.err, "is a compiled chunk"));
	hsm_put_bytes("T1", "\033LJ\2\0", 5);
	assert_int_not_equal(hsm_load(), 0);
	hsm_put_bytes("T1", "#!/bin/lua\n\033LJ\2\0", 16);
	assert_int_not_equal(hsm_load(), 0);
}

static char long_text[FOLDER_FILE_MAX];

static void
repeat(const char *head, const char *unit, const char *tail, size_t n)
{
	size_t at = strlen(head), len = strlen(unit);

	memcpy(long_text, head, at);
	for (size_t i = 0; i < n && at + len + strlen(tail) < sizeof(long_text); i++, at += len)
		memcpy(long_text + at, unit, len);
	memcpy(long_text + at, tail, strlen(tail) + 1);
	hsm_clear();
	hsm_put("T1", long_text);
}

static void
test_nesting(void **state)
{
	static const struct {
		const char *head, *unit, *tail;
	} rows[] = {
		{ "return ", "(", "" },
		{ "return ", "{", "" },
		{ "return ", "-", "1" },
		{ "return ", "not ", "1" },
		{ "", "do ", "" },
		{ "", "while 1 do ", "" },
		{ "", "local function f() ", "" },
		{ "local x = ", "function() return ", "" },
		{ "local x = ", "1 ..", "1 return {}" },
		{ "local x = ", "1 ^", "1 return {}" },
		{ "local x = ", "a.", "b return {}" },
		{ "local x = {} x", ".y", " = 1 return {}" },
		{ "local x = {} return x", ".y", "" },
		{ "return ''", ":upper()", "" },
		{ "return {", "{},", "}" },
		{ "local x = '", "\\z ", "' return {}" },
		{ "", "::a:: ", "" },
		{ "local x = [", "=", "[" },
		{ "--[", "=", "[" },
		{ "return 1", "0", "" },
		{ "return 0x", "f", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		repeat(rows[i].head, rows[i].unit, rows[i].tail, sizeof(long_text));
		assert_int_not_equal(hsm_load(), 0);
		assert_non_null(strstr(hsm.err, "T1.lua:"));
	}
	repeat("return ", "(", "1", 30000);
	assert_int_not_equal(hsm_load(), 0);
}

/* L17: chains of fields that end in nil: long ones are refused, others end at once. */
static void
test_chain(void **state)
{
	const char head[] = "return { command = 'T1', title = 'x', request = {}, response = {},\n"
	    "handler = function (q, a) local x = {} x.x = x local y = x";

	(void)state;
	repeat(head, ".x", ".y.z end }", sizeof(long_text));
	assert_int_not_equal(hsm_load(), 0);
	assert_non_null(strstr(hsm.err, "T1.lua:2: a chain of more than 200"));
	repeat(head, ".x", ".y.z end }", 190);
	if (hsm_load() != 0)
		fail_msg("%s", hsm.err);
	hsm_log_start();
	hsm_send("T1");
	hsm_log_end();
	assert_string_equal(hsm.out, "T241");
}

#ifdef LUAHSM_LUAJIT
static void
test_ffi(void **state)
{
	(void)state;
	hsm_clear();
	hsm_put("T1", "local x = 1LL return {}");
	assert_int_not_equal(hsm_load(), 0);
	assert_non_null(strstr(hsm.err, "LL"));
}
#endif

/* L15, L16: a request at each distance from the cap ends in a reply, on either engine. */
static void
test_every_cap(void **state)
{
	struct plugin *p;
	unsigned lost = 0;

	(void)state;
	hsm_clear();
	hsm_put_parts("T1", "{ 'n', N(1) }, { 'l', list('n', { 'e', N(1) }) }", "{ 'r', A() }",
	    "[10] = 'x'", "", "local t = {} for i = 1, 20 do t[i] = 'x' .. i end\n"
	    "local s = table.concat(t) .. text(random(4)) .. num(q.l[1].e)\n"
	    "if #s > 500 then fail(10) end a.r = 'ok' if #s == 1 then return 1 end");
	assert_int_equal(hsm_load(), 0);
	p = hsm_plugin("T1");
	hsm_log_start();
	for (size_t more = 0; more < 8192; more += under_valgrind() ? 256 : 8) {
		commands_idle(hsm.c);
		assert_false(p->lost);
		sandbox_idle(p->sb);
		p->sb->cap = p->sb->used + more;
		hsm_send("T1212");
		if (strcmp((char *)hsm.out, "T200ok") != 0)
			assert_string_equal(hsm.out, "T241");
		lost += p->lost;
	}
	hsm_log_end();
	assert_true(lost > 0);
	assert_false(p->lost);
}

/* A handler that ends at its cap, in ways that the caller has a word to say about. */
static void
test_full(void **state)
{
	static const char *const ends[] = { "return {}", "return 100", "return 'x'", "fail(10)",
		"a.r = 'x'", "a.q = 1", "log('x')" };
	char body[256];
	size_t cap;

	(void)state;
	hsm_log_start();
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		hsm_clear();
		snprintf(body, sizeof(body), "for i = 1, num(q.n) do keep = { keep, keep } end %s",
		    ends[i]);
		hsm_put_parts("T1", "{ 'n', N(4) }", "{ 'r', A() }", "[10] = 'x'", "local keep",
		    body);
		assert_int_equal(hsm_load(), 0);
		cap = hsm_plugin("T1")->sb->used + 24 * 1024;
		for (int n = 0; n < 1000; n += under_valgrind() ? 100 : 1) {
			snprintf(body, sizeof(body), "T1%04d", n);
			hsm_plugin("T1")->lost = true;
			hsm.config.plugin_memory = cap;
			hsm_send(body);
			assert_true(hsm.n >= 4);
		}
		hsm.config.plugin_memory = 4 << 20;
	}
	hsm_log_end();
}

/* A script that makes garbage lives on under a load that leaves no idle moment. */
static void
test_garbage(void **state)
{
	(void)state;
	hsm_clear();
	hsm_put_parts("T1", "", "{ 'r', A() }", "", "",
	    "local t = {} for i = 1, 100 do t[i] = { i } end a.r = 'ok'");
	assert_int_equal(hsm_load(), 0);
	for (int i = 0; i < (under_valgrind() ? 500 : 5000); i++)
		assert_string_equal(hsm_send("T1"), "T200ok");
	assert_int_not_equal(hsm_plugin("T1")->sb->allocations, 0);
}

/* A thousand requests, good and bad, without one allocation. */
static void
test_still(void **state)
{
	struct plugin *p;
	uint64_t before;

	(void)state;
	hsm_clear();
	hsm_put_parts("T1", "{ 'k', key 'TPK' }, { 'n', N(2) }, { 's', secret(N(4)) }",
	    "{ 'r', H(6) }, { 'l', N(2) }", "[10] = 'x'", "",
	    "if num(q.n) == 7 then fail(10) end a.r = key.kcv(q.k, 6) a.l = #q.s");
	assert_int_equal(hsm_load(), 0);
	p = hsm_plugin("T1");
	hsm_send("T1" TPK "017391");
	hsm_send("T1" TPK "077391");
	before = p->sb->allocations;
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(strlen(hsm_send("T1" TPK "017391")), 12);
		assert_string_equal(hsm_send("T1" TPK "077391"), "T210");
		assert_string_equal(hsm_send("T1" TPK "0X7391"), "T215");
	}
	assert_int_equal(p->sb->allocations, before);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, scripts, test_script);
	rows_add(&r, "L1: a compiled chunk is refused", test_compiled, NULL);
	rows_add(&r, "L16: nesting is refused with a message", test_nesting, NULL);
	rows_add(&r, "L17: a chain of fields as long as a file", test_chain, NULL);
#ifdef LUAHSM_LUAJIT
	rows_add(&r, "L14: no 64-bit numbers, no ffi", test_ffi, NULL);
#endif
	rows_add(&r, "L15: every distance from the cap", test_every_cap, NULL);
	rows_add(&r, "L15: a handler that ends at its cap", test_full, NULL);
	rows_add(&r, "garbage under load is collected", test_garbage, NULL);
	rows_add(&r, "a thousand requests without an allocation", test_still, NULL);
	return rows_run(&r, "sandbox", hsm_setup, hsm_teardown);
}
