/*
 * lua_keys: key separation for bindings.
 */
#ifndef LUAHSM_LUA_KEYS_H
#define LUAHSM_LUA_KEYS_H

#include <stdint.h>

#include "lua_value.h"

/*
 * Argument i as a key of one of the types listed (key type codes, ended by a
 * 0 that is not the first). Any other key raises: a script can't put a key to
 * another use than its type allows, whatever it says.
 */
struct key *value_key_for(lua_State *L, int i, const uint16_t *types);

#endif
