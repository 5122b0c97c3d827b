/*
 * lua_handler: the two things a plug-in's handler is called with, q and a.
 *
 * Both are made once per state; a request makes no object.
 */
#ifndef LUAHSM_LUA_HANDLER_H
#define LUAHSM_LUA_HANDLER_H

#include "lua_compat.h"

struct plugin;

/* Push the request of p, and make p->view. Raises when there is no memory. */
void lua_handler_push_q(lua_State *L, struct plugin *p);

/* Push the reply of p, and make p->answer. */
void lua_handler_push_a(lua_State *L, struct plugin *p);

#endif
