/* deadline: scripts that run too long are stopped in time, others never. */
#include "deadline.h"

#include <signal.h>
#include <sys/time.h>
#include <time.h>

#include "rows.h"

enum { SLOW = 10 };	/* of sanitizers, valgrind and busy machines */

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static lua_State *
new_state(const char *text)
{
	lua_State *L = luaL_newstate();

	assert_non_null(L);
#ifdef LUAHSM_LUAJIT
	luaJIT_setmode(L, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);
#endif
	assert_int_equal(luaL_loadstring(L, text), LUA_OK);
	return L;
}

/* Run the function on the stack's top, which stays; the time it took. */
static double
run(lua_State *L, bool slow, int *status)
{
	double from = now_ms();

	lua_pushvalue(L, 1);
	deadline_enter(L, slow);
	*status = lua_pcall(L, 0, 0, 0);
	deadline_leave(L);
	return now_ms() - from;
}

static const struct row {
	const char *name;
	unsigned ms, slow_ms;
	bool slow;
	const char *text;
} rows[] = {
	{ "a loop, 20 ms", 20, 60000, false, "while true do end" },
	{ "a loop, 100 ms", 100, 60000, false, "while true do end" },
	{ "a loop, 1 ms", 1, 60000, false, "while true do end" },
	{ "a numeric loop", 20, 60000, false, "for i = 1, 1e300 do end" },
	{ "recursion in the tail", 20, 60000, false, "local function f() return f() end f()" },
	{ "a slow script has longer", 5, 60, true, "while true do end" },
	{ "or less", 60000, 20, true, "while true do end" },
};

static void
test_stopped(void **state)
{
	const struct row *row = *state;
	unsigned ms = row->slow ? row->slow_ms : row->ms;
	lua_State *L = new_state(row->text);
	double took;
	int status;

	assert_int_equal(deadline_init(row->ms, row->slow_ms), 0);
	for (int i = 0; i < 3; i++) {
		took = run(L, row->slow, &status);
		assert_int_not_equal(status, LUA_OK);
		assert_true(deadline_passed());
		assert_non_null(strstr(lua_tostring(L, -1), "deadline"));
		assert_int_equal(lua_gethookmask(L), 0);
		/* A tick early at most; late by two, and by what the machine adds. */
		assert_true(took >= ms * 0.9 - 2);
		assert_true(took <= (ms * 1.2 + 10) * SLOW);
		lua_settop(L, 1);
	}
	lua_close(L);
}

/* One short script after the other is never stopped, however long it goes on. */
static void
test_short(void **state)
{
	lua_State *L = new_state("local n = 0 for i = 1, 1000 do n = n + i end");
	double from = now_ms();
	int status;

	(void)state;
	assert_int_equal(deadline_init(20, 60000), 0);
	while (now_ms() - from < 200) {
		run(L, false, &status);
		assert_int_equal(status, LUA_OK);
		assert_false(deadline_passed());
	}
	lua_close(L);
}

static bool
timer_runs(void)
{
	struct itimerval it;

	assert_int_equal(getitimer(ITIMER_REAL, &it), 0);
	return it.it_value.tv_sec != 0 || it.it_value.tv_usec != 0;
}

/* The timer stops by itself, and starts again. */
static void
test_idle(void **state)
{
	lua_State *L = new_state("return");
	double from;
	int status;

	(void)state;
	assert_int_equal(deadline_init(40, 60000), 0);
	run(L, false, &status);
	assert_true(timer_runs());
	for (from = now_ms(); timer_runs() && now_ms() - from < 1000 * SLOW;)
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	assert_false(timer_runs());
	run(L, false, &status);
	assert_true(timer_runs());
	lua_close(L);
	L = new_state("while true do end");
	run(L, false, &status);
	assert_true(deadline_passed());
	lua_close(L);
}

/* A tick that comes when the script has just ended leaves no hook behind. */
static void
test_late(void **state)
{
	lua_State *L = new_state("return");
	int status;

	(void)state;
	assert_int_equal(deadline_init(2, 60000), 0);
	for (int i = 0; i < 20; i++) {
		lua_pushvalue(L, 1);
		deadline_enter(L, false);
		assert_int_equal(lua_pcall(L, 0, 0, 0), LUA_OK);
		/* The script is over, but nobody has said so yet. */
		for (double from = now_ms(); now_ms() - from < 8;)
			;
		deadline_leave(L);
		assert_int_equal(lua_gethookmask(L), 0);
		run(L, false, &status);
		assert_int_equal(status, LUA_OK);
	}
	lua_close(L);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_stopped);
	rows_add(&r, "short scripts are never stopped", test_short, NULL);
	rows_add(&r, "the timer stops when nothing runs", test_idle, NULL);
	rows_add(&r, "a tick behind the end", test_late, NULL);
	return rows_run(&r, "deadline", NULL, NULL);
}
