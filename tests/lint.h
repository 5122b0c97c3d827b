/*
 * lint: what clang-tidy has to know beside the sources: these do not return.
 * Lua's headers do not say so.
 */
#include <lauxlib.h>
#include <lua.h>

int lua_error(lua_State *L) __attribute__((noreturn));
int luaL_error(lua_State *L, const char *format, ...) __attribute__((noreturn));
int luaL_argerror(lua_State *L, int argument, const char *why) __attribute__((noreturn));
