/*
 * config_file: run the Lua file and take its table apart.
 *
 * The state has no library at all, little memory and a budget of
 * instructions: the file is data that may compute a value, not a program.
 */
#include "config_table.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lua_compat.h"

enum {
	FILE_LIMIT   = 256 * 1024,
	MEMORY_LIMIT = 4 * 1024 * 1024,
	BUDGET       = 1000 * 1000,	/* VM instructions */
	NESTING      = 4
};

struct run {
	const char *path;
	char        source[FILE_LIMIT + 1];
	size_t      n;
	size_t      memory;
	config_each each;
	void       *arg;
	FILE       *err;
};

static void *
allocate(void *ud, void *p, size_t old, size_t size)
{
	struct run *run = ud;
	void *new;

	if (p == NULL)
		old = 0;	/* then Lua passes a type instead of a size */
	if (size == 0) {
		free(p);
		run->memory -= old;
		return NULL;
	}
	if (size > old && run->memory + (size - old) > MEMORY_LIMIT)
		return NULL;
	if ((new = realloc(p, size)) != NULL)
		run->memory += size - old;
	return new;
}

static void
over_budget(lua_State *L, lua_Debug *ar)
{
	lua_getinfo(L, "Sl", ar);
	lua_pushfstring(L, "%s:%d: runs for too long; a configuration is a table of data",
	    ar->source + 1, ar->currentline);
	lua_error(L);
}

/* Raise "path:line: what" for the setting of that name. */
static int
refuse(lua_State *L, struct run *run, const char *name, const char *what)
{
	unsigned line = config_line(run->source, run->n, name);

	if (line > 0)
		return luaL_error(L, "%s:%d: %s %s", run->path, (int)line, name, what);
	return luaL_error(L, "%s: %s %s", run->path, name, what);
}

/* Append the scalar on top of the stack to text, after a space when there is text. */
static void
add_scalar(lua_State *L, struct run *run, const char *name, char *text)
{
	size_t n = strlen(text), len = 0;
	const char *s = NULL;
	char number[32];

	switch (lua_type(L, -1)) {
	case LUA_TBOOLEAN:
		s = lua_toboolean(L, -1) ? "true" : "false";
		break;
	case LUA_TSTRING:
		s = lua_tolstring(L, -1, &len);
		if (strlen(s) != len)
			refuse(L, run, name, "holds a zero byte");
		break;
	case LUA_TNUMBER:
		if (lua_tonumber(L, -1) != floor(lua_tonumber(L, -1)) ||
		    fabs(lua_tonumber(L, -1)) > 1e15)
			refuse(L, run, name, "is not a whole number");
		snprintf(number, sizeof(number), "%.0f", lua_tonumber(L, -1));
		s = number;
		break;
	default:
		refuse(L, run, name, "is neither a text, a number nor true or false");
		return;
	}
	if (n + strlen(s) + 2 > SETTING_TEXT_MAX)
		refuse(L, run, name, "is too long");
	snprintf(text + n, SETTING_TEXT_MAX - n, "%s%s", n > 0 ? " " : "", s);
}

/* The value on top of the stack, a scalar or a list of scalars, as text. */
static void
as_text(lua_State *L, struct run *run, const char *name, char text[SETTING_TEXT_MAX])
{
	text[0] = '\0';
	if (lua_type(L, -1) != LUA_TTABLE) {
		add_scalar(L, run, name, text);
		return;
	}
	for (int i = 1;; i++) {
		lua_rawgeti(L, -1, i);
		if (lua_isnil(L, -1))
			break;
		add_scalar(L, run, name, text);
		lua_pop(L, 1);
	}
	lua_pop(L, 1);
}

static int
hand_over(lua_State *L, struct run *run, const char *name)
{
	char text[SETTING_TEXT_MAX], where[PATH_MAX + 16];
	unsigned line = config_line(run->source, run->n, name);

	as_text(L, run, name, text);
	if (line > 0)
		snprintf(where, sizeof(where), "%s:%u", run->path, line);
	else
		snprintf(where, sizeof(where), "%s", run->path);
	return run->each(run->arg, name, text, line, where);
}

/* prefix, a dot and the key just below the top of the stack. */
static void
make_name(lua_State *L, struct run *run, const char *prefix, char out[SETTING_ENV_MAX])
{
	const char *dot = prefix[0] != '\0' ? "." : "";
	int n;

	if (lua_type(L, -2) == LUA_TNUMBER)	/* lmk = { [0] = ... } */
		n = snprintf(out, SETTING_ENV_MAX, "%s%s%02.0f", prefix, dot,
		    lua_tonumber(L, -2));
	else if (lua_type(L, -2) == LUA_TSTRING)
		n = snprintf(out, SETTING_ENV_MAX, "%s%s%s", prefix, dot, lua_tostring(L, -2));
	else
		n = SETTING_ENV_MAX;
	if (n < 0 || n >= SETTING_ENV_MAX)
		luaL_error(L, "%s: %s holds a name that no setting has", run->path,
		    prefix[0] != '\0' ? prefix : "the table");
}

/* Every setting of the table on top of the stack. 0 or -1. */
static int
walk(lua_State *L, struct run *run, const char *prefix, int depth)
{
	char name[SETTING_ENV_MAX] = "";
	int r = 0;

	luaL_checkstack(L, 4, NULL);
	lua_pushnil(L);
	while (r == 0 && lua_next(L, -2) != 0) {
		make_name(L, run, prefix, name);
		if (lua_type(L, -1) == LUA_TTABLE && config_find(name) == NULL) {
			if (depth == NESTING)
				refuse(L, run, name, "is nested too deeply");
			r = walk(L, run, name, depth + 1);
		} else {
			r = hand_over(L, run, name);
		}
		lua_pop(L, 1);
	}
	if (r != 0)
		lua_pop(L, 1);	/* the key that lua_next would take */
	return r;
}

static int
run_protected(lua_State *L)
{
	struct run *run = lua_touserdata(L, 1);
	char chunk[PATH_MAX + 2];

	snprintf(chunk, sizeof(chunk), "@%s", run->path);
	if (luaL_loadbufferx(L, run->source, run->n, chunk, "t") != LUA_OK)
		return lua_error(L);
	lua_sethook(L, over_budget, LUA_MASKCOUNT, BUDGET);
	lua_call(L, 0, 1);
	lua_sethook(L, NULL, 0, 0);
	if (run->n == 0) {		/* /dev/null sets nothing */
		lua_pushinteger(L, 0);
		return 1;
	}
	if (!lua_istable(L, -1))
		return luaL_error(L, "%s: must be one table: return { ... }", run->path);
	lua_pushinteger(L, walk(L, run, "", 1));
	return 1;
}

/* Fill run->source. 0, 1: no such file, -1 after a line on err. */
static int
read_source(struct run *run)
{
	int fd = open(run->path, O_RDONLY | O_CLOEXEC);
	ssize_t got = 0;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 1;
	while (fd >= 0 && run->n < sizeof(run->source) && (got = read(fd,
	    run->source + run->n, sizeof(run->source) - run->n)) > 0)
		run->n += (size_t)got;
	if (fd < 0 || got < 0) {
		fprintf(run->err, "%s: %s\n", run->path, strerror(errno));
	} else if (run->n > FILE_LIMIT) {
		fprintf(run->err, "%s: is larger than 256 KiB\n", run->path);
		got = -1;
	}
	if (fd >= 0)
		close(fd);
	return fd < 0 || got < 0 ? -1 : 0;
}

static int
run_lua(struct run *run)
{
	lua_State *L = lua_newstate(allocate, run);
	const char *why;
	int r = -1;

	if (L == NULL) {
		fprintf(run->err, "%s: no memory to read it\n", run->path);
		return -1;
	}
	lua_pushcfunction(L, run_protected);
	lua_pushlightuserdata(L, run);
	if (lua_pcall(L, 1, 1, 0) == LUA_OK) {
		r = (int)lua_tointeger(L, -1);
	} else {
		why = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
		fprintf(run->err, "%s\n", why != NULL ? why : "the configuration has an error");
	}
	lua_close(L);
	return r;
}

int
config_file(const char *path, config_each each, void *arg, FILE *err)
{
	struct run *run = calloc(1, sizeof(*run));
	int r;

	if (run == NULL) {
		fprintf(err, "%s: no memory to read it\n", path);
		return -1;
	}
	run->path = path;
	run->each = each;
	run->arg = arg;
	run->err = err;
	if ((r = read_source(run)) == 0)
		r = run_lua(run);
	free(run);
	return r;
}
