/*
 * lua_rsa: what the parts of the library rsa share.
 */
#ifndef LUAHSM_LUA_RSA_H
#define LUAHSM_LUA_RSA_H

#include "lua_value.h"
#include "rsakey.h"

/* The authentication data at i, or none, brought to stand behind before, which may be moved. */
struct span lua_rsa_auth(lua_State *L, int i, struct span *before);

/* Functions in lua_rsa_key.c. */
int lua_rsa_type(lua_State *L);
int lua_rsa_wrap(lua_State *L);
int lua_rsa_unwrap(lua_State *L);
int lua_rsa_iv(lua_State *L);

#endif
