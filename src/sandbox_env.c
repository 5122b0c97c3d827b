/*
 * sandbox_env: the environment of scripts, built from nothing: names of the
 * engine's libraries that are on the allow-list, our primitives and the field
 * types, all of it frozen.
 */
#include "sandbox_env.h"

#include <stdlib.h>
#include <string.h>

#include "prelude.h"

/* What scripts get of the engine's own libraries. */
static const char *const base_names[] = {
	"ipairs", "next", "pairs", "select", "tonumber", "type", NULL
};
static const char *const string_names[] = {
	"byte", "char", "len", "lower", "sub", "upper", NULL
};
static const char *const table_names[] = { "insert", "remove", NULL };
static const char *const math_names[] = { "abs", "floor", "max", "min", NULL };

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

static int
count_functions(const luaL_Reg *f)
{
	int n = 0;

	while (f[n].name != NULL)
		n++;
	return n;
}

void
sandbox_push_library(lua_State *L, const luaL_Reg *functions, const char *call)
{
	lua_createtable(L, 0, count_functions(functions));
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

const struct sandbox_library sandbox_libraries[] = {
	{ NULL,        lua_hsm_functions,      NULL },
	{ NULL,        lua_data_functions,     NULL },
	{ NULL,        lua_hash_functions,     NULL },
	{ "key",       lua_key_functions,      "key" },
	{ "pinblock",  lua_pinblock_functions, NULL },
	{ "pin",       lua_pin_functions,      NULL },
	{ "cvv",       lua_cvv_functions,      NULL },
	{ "emv",       lua_emv_functions,      NULL },
	{ "emvscript", lua_emvscript_functions, NULL },
	{ "mac",       lua_mac_functions,      NULL },
	{ "cipher",    lua_cipher_functions,   NULL },
	{ "hmac",      lua_hmac_functions,     NULL },
	{ "endpoint",  lua_endpoint_functions, NULL },
	{ "lmkpin",    lua_lmkpin_functions,   NULL },
	{ "verify",    lua_verify_functions,   NULL },
	{ "dukpt",     lua_dukpt_functions,    NULL },
	{ "csc",       lua_csc_functions,      NULL },
	{ "printer",   lua_printer_functions,  NULL },
	{ "rsa",       lua_rsa_functions,      NULL },
	{ "sign",      lua_sign_functions,     NULL },
	{ "ecc",       lua_ecc_functions,      NULL },
	{ "tr34",      lua_tr34_functions,     NULL },
	{ "csr",       lua_csr_functions,      NULL },
	{ "device",    lua_device_functions,   NULL },
	{ "userstore", lua_userstore_functions, NULL },
	{ NULL, NULL, NULL }
};

static void
add_primitives(lua_State *L, int env)
{
	for (const struct sandbox_library *l = sandbox_libraries; l->functions != NULL; l++) {
		if (l->name != NULL) {
			sandbox_push_library(L, l->functions, l->call);
			lua_setfield(L, env, l->name);
		} else {
			lua_pushvalue(L, env);
			set_functions(L, l->functions);
			lua_pop(L, 1);
		}
	}
}

/* The prelude as this process has compiled it, for all states after the first. */
static struct {
	char  *bytes;
	size_t n;
	bool   whole;		/* false: not yet, or not all of it */
} compiled;

static int
append(lua_State *L, const void *bytes, size_t n, void *to)
{
	char *grown = realloc(compiled.bytes, compiled.n + n);

	(void)L;
	(void)to;
	if (grown == NULL)
		return 1;
	memcpy(grown + compiled.n, bytes, n);
	compiled.bytes = grown;
	compiled.n += n;
	return 0;
}

/* Push the prelude. Only here is a compiled chunk loaded: no byte of it came from outside. */
static void
push_prelude(lua_State *L)
{
	bool whole = compiled.whole;
	const char *bytes = whole ? compiled.bytes : (const char *)prelude;
	size_t n = whole ? compiled.n : sizeof(prelude);

	if (luaL_loadbufferx(L, bytes, n, "@prelude.lua", whole ? "b" : "t") != LUA_OK)
		lua_error(L);
	if (!whole) {
		compiled.n = 0;
		compiled.whole = lua_dump(L, append, NULL, 0) == 0;
	}
}

/* Run the prelude, which adds the field types to the table at env. */
static void
add_types(lua_State *L, int env)
{
	push_prelude(L);
	lua_pushvalue(L, env);
#ifdef LUAHSM_LUAJIT
	lua_setfenv(L, -2);
#else
	lua_setupvalue(L, -2, 1);
#endif
	lua_pushvalue(L, env);
	lua_call(L, 1, 0);
}

void
sandbox_env_open(lua_State *L, struct sandbox *sb)
{
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
	/* What chunks get for an environment: empty, reading from env, frozen. */
	lua_newtable(L);
	lua_pushvalue(L, env);
	push_freeze(L);
	lua_setmetatable(L, -2);
	sb->env_ref = luaL_ref(L, LUA_REGISTRYINDEX);
}

#ifdef LUAHSM_LUAJIT
/* A literal such as 1LL makes LuaJIT open its ffi library behind our back. */
static void
refuse_ffi(lua_State *L)
{
	lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
	lua_getfield(L, -1, "ffi");
	if (!lua_isnil(L, -1))
		luaL_error(L, "numbers with LL, ULL or i are not Lua's");
	lua_pop(L, 2);
}
#endif

void
sandbox_env_enter(lua_State *L, struct sandbox *sb)
{
#ifdef LUAHSM_LUAJIT
	refuse_ffi(L);
	lua_rawgeti(L, LUA_REGISTRYINDEX, sb->env_ref);
	lua_setfenv(L, -2);
#else
	lua_rawgeti(L, LUA_REGISTRYINDEX, sb->env_ref);
	lua_setupvalue(L, -2, 1);
#endif
}
