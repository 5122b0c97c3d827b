/*
 * lua_keys: key separation for bindings.
 */
#ifndef LUAHSM_LUA_KEYS_H
#define LUAHSM_LUA_KEYS_H

#include <stdint.h>

#include "lua_value.h"

/*
 * Argument i as a key of one of the types listed (key type codes, ended by a
 * 0 that is not the first), or in a key block whose usage stands for one (keyuse.h).
 * Beside 70D, 80D or 90D, 002 is the type that these share and no PVK: with
 * key.separate_002 it does not count there. Any other key raises: a script can't put a key to
 * another use than its type allows,
 * whatever it says.
 */
struct key *value_key_for(lua_State *L, int i, const uint16_t *types);

/* The key type that argument i names, a kind or a code; under a key block LMK a
 * code is KEYTYPE_BLOCK, whatever it is. Raises 28 when there is none. */
unsigned lua_key_type(lua_State *L, int i);

/* Raise A8 when key came in a block whose mode of use is not one of these: B and E
 * encrypt, B and D decrypt, C and G make MACs, C and V check them, X derives, N does all. */
void value_key_mode(lua_State *L, const struct key *key, const char *modes);

/*
 * The same, and raise A6 when its usage is not one of the list ("V0 V2"): for types whose
 * usages are not all for the same. What came without a header passes both.
 */
void value_key_usage(lua_State *L, const struct key *key, const char *usages,
    const char *modes);

/* The attributes at i by that form of attributes.h; false: there are none. */
struct attributes;
bool lua_key_attributes(lua_State *L, int i, const char *form, struct attributes *a);

/* Push a key that was opened as a type, if it is good for it; bad parity is that failure. */
int lua_key_push_good(lua_State *L, struct key *key, unsigned type, int parity);

/* Give a key that came without one its type, and under a key block LMK the header
 * that the attributes (or NULL) say. 0 or the failure. */
int lua_key_settle(lua_State *L, struct key *key, unsigned type, const struct attributes *a);

/* Functions of the library key that make and move keys: lua_key_move.c, lua_key_part.c. */
int lua_key_change(lua_State *L);
int lua_key_open(lua_State *L);
int lua_key_old(lua_State *L);
int lua_key_migrate(lua_State *L);
int lua_key_random(lua_State *L);
int lua_key_wrap(lua_State *L);
int lua_key_export(lua_State *L);
int lua_key_import(lua_State *L);
int lua_key_newpart(lua_State *L);
int lua_key_part(lua_State *L);
int lua_key_join(lua_State *L);
int lua_key_form(lua_State *L);
int lua_key_ikey(lua_State *L);

#endif
