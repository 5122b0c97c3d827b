/*
 * sandbox_env: what scripts see.
 */
#ifndef LUAHSM_SANDBOX_ENV_H
#define LUAHSM_SANDBOX_ENV_H

#include "sandbox.h"

/* The primitives: a library each, or globals where name is NULL. Ends with no functions. */
struct sandbox_library {
	const char     *name;
	const luaL_Reg *functions;
	const char     *call;	/* type that calling the library makes: key "TPK"; or NULL */
};

extern const struct sandbox_library sandbox_libraries[];

/*
 * Open the engine's libraries, keep what is on the allow-list, add primitives
 * and types, and set sb->env_ref. Raises when there is no memory: the caller
 * runs it protected.
 */
void sandbox_env_open(lua_State *L, struct sandbox *sb);

/* Give the chunk on the stack's top that environment. */
void sandbox_env_enter(lua_State *L, struct sandbox *sb);

#endif
