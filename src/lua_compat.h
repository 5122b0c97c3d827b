/*
 * lua_compat: the differences between Lua 5.4 and LuaJIT, and nothing else.
 */
#ifndef LUAHSM_LUA_COMPAT_H
#define LUAHSM_LUA_COMPAT_H

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#ifdef LUAHSM_LUAJIT
#include <luajit.h>
#define LUA_ENGINE LUAJIT_VERSION
#define LUA_OK 0
#define lua_rawlen lua_objlen
#define lua_dump(L, writer, to, strip) lua_dump(L, writer, to)

/* What was given to lua_newstate beside the allocator. */
static inline void *
lua_owner(lua_State *L)
{
	void *ud;

	lua_getallocf(L, &ud);
	return ud;
}

static inline void
lua_set_owner(lua_State *L, void *ud)
{
	(void)L;
	(void)ud;
}
#else
#define LUA_ENGINE LUA_RELEASE

/* The same in the space that a state has for it, without a call. */
static inline void *
lua_owner(lua_State *L)
{
	return *(void **)lua_getextraspace(L);
}

static inline void
lua_set_owner(lua_State *L, void *ud)
{
	*(void **)lua_getextraspace(L) = ud;
}

/* Call f(ud) protected. LuaJIT has it, and needs it: there pushing f allocates. */
static inline int
lua_cpcall(lua_State *L, lua_CFunction f, void *ud)
{
	lua_pushcfunction(L, f);
	lua_pushlightuserdata(L, ud);
	return lua_pcall(L, 1, 0, 0);
}
#endif

#endif
