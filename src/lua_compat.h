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
#else
#define LUA_ENGINE LUA_RELEASE

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
