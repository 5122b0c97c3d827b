#include "sandbox.h"

#include <stdio.h>
#include <stdlib.h>

#include <sodium.h>

#include "chain.h"
#include "deadline.h"
#include "err.h"
#include "sandbox_env.h"

enum {
	GARBAGE_SLACK = 64 * 1024,	/* bytes of garbage worth a collection */
	SPARE_MAX     = 128,		/* bytes of a block that is kept */
	STACK_ROOM    = 200		/* slots kept, or errors would shrink the stack */
};

/*
 * Lua 5.4 gives a call record back each time an error is raised, and takes it
 * again at the next call. A few small blocks are therefore kept, wiped, so that
 * a request that ends in an error code allocates no more than any other.
 */
static void *
take_block(struct sandbox *sb, size_t size)
{
	for (unsigned i = 0; i < SANDBOX_SPARES; i++) {
		void *p = sb->spare[i].p;

		if (p != NULL && sb->spare[i].size == size) {
			sb->spare[i].p = NULL;
			return p;
		}
	}
	sb->allocations++;
	return malloc(size);
}

static void
put_block(struct sandbox *sb, void *p, size_t size)
{
	sodium_memzero(p, size);
	for (unsigned i = 0; size <= SPARE_MAX && i < SANDBOX_SPARES; i++) {
		if (sb->spare[i].p == NULL) {
			sb->spare[i].p = p;
			sb->spare[i].size = size;
			return;
		}
	}
	free(p);
}

static void *
allocate(void *ud, void *p, size_t old, size_t size)
{
	struct sandbox *sb = ud;
	void *new = NULL;

	if (p == NULL)
		old = 0;
	if (size > old && size - old > sb->cap - sb->used)
		return NULL;
	if (size != 0 && (new = take_block(sb, size)) == NULL) {
		if (size > old)
			return NULL;
		/* Lua relies on it that a block can shrink: it shrinks in place. */
		sodium_memzero((uint8_t *)p + size, old - size);
		new = p;
	} else {
		if (p != NULL && size != 0)
			memcpy(new, p, old < size ? old : size);
		if (p != NULL)
			put_block(sb, p, old);
	}
	sb->used = sb->used - old + size;
	return new;
}

/* What sandbox_run calls: a function of the state, made with it. */
static int
l_run(lua_State *L)
{
	struct sandbox *sb = sandbox_of(L);

	lua_pushlightuserdata(L, sb->run_ud);
	lua_insert(L, 1);
	return sb->run(L);
}

/* Note one function of a traceback. */
static void
note_level(lua_State *L, lua_Debug *ar, char *out, size_t room)
{
	const char *name;

	if (lua_getinfo(L, "nSl", ar) == 0)
		return;
	name = ar->name != NULL ? ar->name : ar->what[0] == 'm' ? "the file" : "a function";
	if (ar->currentline > 0)
		snprintf(out, room, "%s:%d in %s; ", ar->short_src, ar->currentline, name);
	else
		snprintf(out, room, "%s; ", name);
}

/* Called where an error is raised, with what was raised: a code passes untouched. */
static int
l_trace(lua_State *L)
{
	struct sandbox *sb = sandbox_of(L);
	lua_Debug ar;
	size_t n = 0;

	if (lua_type(L, 1) == LUA_TNUMBER)
		return 1;
	sb->trace[0] = '\0';
	for (int i = 1; i <= SANDBOX_LEVELS && lua_getstack(L, i, &ar) == 1; i++) {
		note_level(L, &ar, sb->trace + n, sizeof(sb->trace) - n);
		n += strlen(sb->trace + n);
	}
	if (n >= 2 && sb->trace[n - 2] == ';')
		sb->trace[n - 2] = '\0';
	return 1;
}

/* Everything that allocates while a state is made: runs protected. */
static int
open_state(lua_State *L)
{
	struct sandbox *sb = sandbox_of(L);

	lua_pushcfunction(L, l_run);
	sb->run_ref = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_pushcfunction(L, l_trace);
	sb->trace_ref = luaL_ref(L, LUA_REGISTRYINDEX);
	sandbox_env_open(L, sb);
	lua_value_open(L, sb);
	return 0;
}

/* Make room on the stack that stays: LuaJIT grows it as needed. */
static bool
keep_stack(lua_State *L)
{
#ifdef LUAHSM_LUAJIT
	luaJIT_setmode(L, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);
	return true;
#else
	return lua_checkstack(L, STACK_ROOM) != 0;
#endif
}

struct sandbox *
sandbox_new(size_t cap, struct request *rq, const char *name)
{
	struct sandbox *sb = calloc(1, sizeof(*sb));

	if (sb == NULL)
		return NULL;
	/* LuaJIT crashes when it can't finish a bare state: the cap holds from then on. */
	sb->cap = SIZE_MAX;
	sb->rq = rq;
	sb->name = name;
	sb->L = lua_newstate(allocate, sb);
	sb->cap = cap;
	if (sb->L != NULL && sb->used <= cap) {
		lua_set_owner(sb->L, sb);
		lua_gc(sb->L, LUA_GCSTOP, 0);
		if (keep_stack(sb->L) && lua_cpcall(sb->L, open_state, NULL) == LUA_OK) {
			lua_rawgeti(sb->L, LUA_REGISTRYINDEX, sb->trace_ref);
			return sb;
		}
	}
	sandbox_free(sb);
	return NULL;
}

void
sandbox_free(struct sandbox *sb)
{
	if (sb == NULL)
		return;
	if (sb->L != NULL)
		lua_close(sb->L);
	for (unsigned i = 0; i < SANDBOX_SPARES; i++)
		free(sb->spare[i].p);
	free(sb);
}

int
sandbox_defect(struct sandbox *sb, const char *text)
{
	sb->defect = text;
	return ERR_SCRIPT;
}

/* What a failed call means; the message or code is on top. */
static int
failure(struct sandbox *sb, int status)
{
	if (deadline_passed())
		return ERR_DEADLINE;
	if (status == LUA_ERRMEM)
		return ERR_NO_MEMORY;
	if (lua_type(sb->L, -1) == LUA_TNUMBER)
		return (int)-lua_tointeger(sb->L, -1);
	return ERR_SCRIPT;
}

int
sandbox_call(struct sandbox *sb, int n, int n_results)
{
	int status;

	sb->results = 0;
	sb->defect = NULL;
	sb->trace[0] = '\0';
	deadline_enter(sb->L, sb->slow || (sb->may_be_slow && !sb->rq->leaves_slow));
	status = lua_pcall(sb->L, n, n_results, SANDBOX_BOTTOM);
	deadline_leave(sb->L);
	return status == LUA_OK ? 0 : failure(sb, status);
}

int
sandbox_run(struct sandbox *sb, lua_CFunction f, void *ud, int n, int n_results)
{
	sb->run = f;
	sb->run_ud = ud;
	lua_rawgeti(sb->L, LUA_REGISTRYINDEX, sb->run_ref);
	lua_insert(sb->L, -1 - n);
	return sandbox_call(sb, n, n_results);
}

/* (bytes) -> what the chunk returns */
static int
load_chunk(lua_State *L)
{
	const struct span *bytes = lua_touserdata(L, 1);
	struct sandbox *sb = sandbox_of(L);
	char chunk[FILENAME_MAX];
	unsigned line;

	if (bytes->n != 0 && bytes->p[0] == 0x1B)
		return luaL_error(L, "is a compiled chunk: only Lua source is loaded");
	if ((line = chain_find(*bytes)) != 0)
		return luaL_error(L, "%s:%d: a chain of more than %d fields and calls",
		    sb->name, (int)line, CHAIN_MAX);
	snprintf(chunk, sizeof(chunk), "@%s", sb->name);
	if (luaL_loadbufferx(L, (const char *)bytes->p, bytes->n, chunk, "t") != LUA_OK)
		return lua_error(L);
	sandbox_env_enter(L, sb);
	lua_call(L, 0, 1);
	return 1;
}

int
sandbox_load(struct sandbox *sb, struct span bytes)
{
	return sandbox_run(sb, load_chunk, &bytes, 0, 1);
}

const char *
sandbox_message(struct sandbox *sb)
{
	if (sb->defect != NULL)
		return sb->defect;
	/* lua_tostring would convert a number in place: harmless here, but
	 * anything else must not be asked for its text. */
	if (lua_gettop(sb->L) > 0 && lua_type(sb->L, -1) == LUA_TSTRING)
		return lua_tostring(sb->L, -1);
	return "an error value that is not a text";
}

static int
collect(lua_State *L)
{
	lua_gc(L, LUA_GCCOLLECT, 0);
	lua_gc(L, LUA_GCSTOP, 0);
	return 0;
}

void
sandbox_idle(struct sandbox *sb)
{
	int top = lua_gettop(sb->L);

	/* LuaJIT takes memory to shrink its table of strings, and may find none. */
	(void)sandbox_run(sb, collect, NULL, 0, 0);
	lua_settop(sb->L, top);
	sb->rest = sb->used + GARBAGE_SLACK;
}

bool
sandbox_crowded(const struct sandbox *sb)
{
	return sb->used > sb->rest && sb->used - sb->rest > (sb->cap - sb->used) / 2;
}
