#include "sandbox.h"

#include <stdio.h>
#include <stdlib.h>

#include <sodium.h>

#include "deadline.h"
#include "err.h"
#include "prelude.h"

enum {
	GARBAGE_SLACK = 64 * 1024,	/* bytes of garbage worth a collection */
	SPARE_MAX     = 128,		/* bytes of a block that is kept */
	STACK_ROOM    = 200		/* slots kept, or errors would shrink the stack */
};

/* What scripts get of the engine's own libraries. */
static const char *const base_names[] = {
	"ipairs", "next", "pairs", "select", "tonumber", "type", NULL
};
static const char *const string_names[] = {
	"byte", "char", "len", "lower", "sub", "upper", NULL
};
static const char *const table_names[] = { "insert", "remove", NULL };
static const char *const math_names[] = { "abs", "floor", "max", "min", NULL };

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
	if (size != 0) {
		if ((new = take_block(sb, size)) == NULL)
			return NULL;
		if (p != NULL)
			memcpy(new, p, old < size ? old : size);
	}
	if (p != NULL)
		put_block(sb, p, old);
	sb->used = sb->used - old + size;
	return new;
}

struct sandbox *
sandbox_of(lua_State *L)
{
	void *ud;

	lua_getallocf(L, &ud);
	return ud;
}

static int
l_frozen(lua_State *L)
{
	const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";

	return luaL_error(L, "'%s' can't be assigned: globals and libraries are "
	    "frozen; use local", name);
}

/* key "TPK": a field type, made when the plug-in is loaded. */
static int
l_call_type(lua_State *L)
{
	lua_createtable(L, 1, 1);
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_setfield(L, -2, "kind");
	lua_pushvalue(L, 2);
	lua_rawseti(L, -2, 1);
	return 1;
}

/* Lock the table on the stack's top behind a metatable pushed in its place. */
static void
push_freeze(lua_State *L)
{
	lua_createtable(L, 0, 4);
	lua_insert(L, -2);
	lua_setfield(L, -2, "__index");
	lua_pushcfunction(L, l_frozen);
	lua_setfield(L, -2, "__newindex");
	lua_pushboolean(L, 0);
	lua_setfield(L, -2, "__metatable");
}

/* The library whose functions are in the table on top becomes a frozen userdata. */
static void
freeze_library(lua_State *L, const char *call)
{
	struct value *tag;

	push_freeze(L);
	if (call != NULL) {
		lua_pushstring(L, call);
		lua_pushcclosure(L, l_call_type, 1);
		lua_setfield(L, -2, "__call");
	}
	tag = lua_newuserdata(L, sizeof(tag->tag));
	*(uint8_t *)tag = 0;	/* no value: value_check refuses it */
	lua_insert(L, -2);
	lua_setmetatable(L, -2);
}

static void
set_functions(lua_State *L, const luaL_Reg *f)
{
	for (; f->name != NULL; f++) {
		lua_pushcfunction(L, f->func);
		lua_setfield(L, -2, f->name);
	}
}

void
sandbox_push_library(lua_State *L, const luaL_Reg *functions, const char *call)
{
	lua_newtable(L);
	set_functions(L, functions);
	freeze_library(L, call);
}

/* Copy the named fields of the table at from into the table on top. */
static void
pick(lua_State *L, int from, const char *const *names)
{
	for (; *names != NULL; names++) {
		lua_getfield(L, from, *names);
		lua_setfield(L, -2, *names);
	}
}

/* Open a library of the engine and leave its table on the stack. */
static void
push_engine(lua_State *L, const char *name, lua_CFunction open)
{
#ifdef LUAHSM_LUAJIT
	lua_pushcfunction(L, open);
	lua_pushstring(L, name);
	lua_call(L, 1, 0);
	if (name[0] == '\0')
		lua_pushvalue(L, LUA_GLOBALSINDEX);
	else
		lua_getglobal(L, name);
#else
	luaL_requiref(L, name[0] == '\0' ? LUA_GNAME : name, open, 1);
#endif
}

/* Strings carry methods whatever the environment says: trim what they point to. */
static void
trim_strings(lua_State *L)
{
	lua_pushliteral(L, "");
	if (lua_getmetatable(L, -1) == 0)
		lua_createtable(L, 0, 2);
	lua_newtable(L);
	push_engine(L, LUA_STRLIBNAME, luaopen_string);
	lua_insert(L, -2);
	pick(L, lua_gettop(L) - 1, string_names);
	lua_remove(L, -2);
	lua_setfield(L, -2, "__index");
	lua_pushboolean(L, 0);
	lua_setfield(L, -2, "__metatable");
	lua_setmetatable(L, -2);
	lua_pop(L, 1);
}

static void
add_engine_library(lua_State *L, int env, const char *name, lua_CFunction open,
    const char *const *names, const luaL_Reg *ours)
{
	push_engine(L, name, open);
	lua_newtable(L);
	pick(L, lua_gettop(L) - 1, names);
	if (ours != NULL)
		set_functions(L, ours);
	freeze_library(L, NULL);
	lua_setfield(L, env, name);
	lua_pop(L, 1);
}

static void
add_primitives(lua_State *L, int env)
{
	static const struct {
		const char *name;
		const luaL_Reg *functions;
		const char *call;
	} library[] = {
		{ "key",      lua_key_functions,      "key" },
		{ "pinblock", lua_pinblock_functions, NULL },
		{ "pin",      lua_pin_functions,      NULL },
		{ "cvv",      lua_cvv_functions,      NULL },
		{ "emv",      lua_emv_functions,      NULL },
	};

	lua_pushvalue(L, env);
	set_functions(L, lua_hsm_functions);
	lua_pop(L, 1);
	for (size_t i = 0; i < sizeof(library) / sizeof(library[0]); i++) {
		sandbox_push_library(L, library[i].functions, library[i].call);
		lua_setfield(L, env, library[i].name);
	}
}

/* Run the prelude, which adds the field types to the table at env. */
static void
add_types(lua_State *L, int env)
{
	if (luaL_loadbufferx(L, (const char *)prelude, sizeof(prelude), "@prelude.lua",
	    "t") != LUA_OK)
		lua_error(L);
	lua_pushvalue(L, env);
#ifdef LUAHSM_LUAJIT
	lua_setfenv(L, -2);
#else
	lua_setupvalue(L, -2, 1);
#endif
	lua_pushvalue(L, env);
	lua_call(L, 1, 0);
}

/* Everything that allocates while a state is made: runs protected. */
static int
open_state(lua_State *L)
{
	struct sandbox *sb = lua_touserdata(L, 1);
	int env;

	lua_newtable(L);
	env = lua_gettop(L);
	push_engine(L, "", luaopen_base);
	lua_pushvalue(L, env);
	pick(L, lua_gettop(L) - 1, base_names);
	set_functions(L, lua_base_functions);
	lua_pop(L, 2);
	add_engine_library(L, env, LUA_STRLIBNAME, luaopen_string, string_names, NULL);
	add_engine_library(L, env, LUA_TABLIBNAME, luaopen_table, table_names,
	    lua_table_functions);
	add_engine_library(L, env, LUA_MATHLIBNAME, luaopen_math, math_names,
	    lua_math_functions);
	trim_strings(L);
	add_primitives(L, env);
	add_types(L, env);
	lua_value_open(L, sb);

	/* What chunks get for an environment: empty, reading from env, frozen. */
	lua_newtable(L);
	lua_pushvalue(L, env);
	push_freeze(L);
	lua_setmetatable(L, -2);
	sb->env_ref = luaL_ref(L, LUA_REGISTRYINDEX);
	return 0;
}

struct sandbox *
sandbox_new(size_t cap, struct request *rq, const char *name)
{
	struct sandbox *sb = calloc(1, sizeof(*sb));

	if (sb == NULL)
		return NULL;
	sb->cap = cap;
	sb->rq = rq;
	sb->name = name;
	if ((sb->L = lua_newstate(allocate, sb)) == NULL) {
		free(sb);
		return NULL;
	}
#ifdef LUAHSM_LUAJIT
	luaJIT_setmode(sb->L, 0, LUAJIT_MODE_ENGINE | LUAJIT_MODE_OFF);
#endif
	lua_gc(sb->L, LUA_GCSTOP, 0);
	lua_pushcfunction(sb->L, open_state);
	lua_pushlightuserdata(sb->L, sb);
	if (lua_checkstack(sb->L, STACK_ROOM) == 0 || lua_pcall(sb->L, 1, 0, 0) != LUA_OK) {
		sandbox_free(sb);
		return NULL;
	}
	return sb;
}

void
sandbox_free(struct sandbox *sb)
{
	if (sb == NULL)
		return;
	lua_close(sb->L);
	for (unsigned i = 0; i < SANDBOX_SPARES; i++)
		free(sb->spare[i].p);
	free(sb);
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
	deadline_enter(sb->L);
	status = lua_pcall(sb->L, n, n_results, 0);
	deadline_leave(sb->L);
	return status == LUA_OK ? 0 : failure(sb, status);
}

int
sandbox_load(struct sandbox *sb, struct span bytes)
{
	char chunk[FILENAME_MAX];
	int r, status;

	snprintf(chunk, sizeof(chunk), "@%s", sb->name);
	if (bytes.n != 0 && bytes.p[0] == 0x1B) {
		lua_pushliteral(sb->L, "is a compiled chunk: only Lua source is loaded");
		return ERR_SCRIPT;
	}
	status = luaL_loadbufferx(sb->L, (const char *)bytes.p, bytes.n, chunk, "t");
	if (status != LUA_OK)
		return status == LUA_ERRMEM ? ERR_NO_MEMORY : ERR_SCRIPT;
	lua_rawgeti(sb->L, LUA_REGISTRYINDEX, sb->env_ref);
#ifdef LUAHSM_LUAJIT
	lua_setfenv(sb->L, -2);
#else
	lua_setupvalue(sb->L, -2, 1);
#endif
	r = sandbox_call(sb, 0, 1);
	/* A number raised at file level is no reply to anything. */
	return r < 0 && r > ERR_INTERNAL ? ERR_SCRIPT : r;
}

const char *
sandbox_message(struct sandbox *sb)
{
	/* lua_tostring would convert a number in place: harmless here, but
	 * anything else must not be asked for its text. */
	if (lua_gettop(sb->L) > 0 && lua_type(sb->L, -1) == LUA_TSTRING)
		return lua_tostring(sb->L, -1);
	return "an error value that is not a text";
}

void
sandbox_idle(struct sandbox *sb)
{
	lua_gc(sb->L, LUA_GCCOLLECT, 0);
	lua_gc(sb->L, LUA_GCSTOP, 0);
	sb->rest = sb->used + GARBAGE_SLACK;
}
