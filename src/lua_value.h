/*
 * lua_value: values as Lua userdata, and what every binding is made of.
 *
 * A binding checks its arguments, pushes its result, calls the primitive and
 * returns lua_result. A Lua error is a longjmp, so a binding owns nothing:
 * results are taken from the request's fixed pool first.
 */
#ifndef LUAHSM_LUA_VALUE_H
#define LUAHSM_LUA_VALUE_H

#include <stdbool.h>

#include "lua_compat.h"
#include "request.h"
#include "value.h"

struct key;
struct secret;

enum { VALUE_RESULTS = 32 };	/* values one request may make */

/* First byte of each userdata that scripts can hold. */
enum { TAG_OTHER, TAG_VALUE };

/* The request that runs in this state; raises where none does: at file level. */
struct request *lua_request(lua_State *L);

/*
 * Argument i of a binding. Another kind of value, a missing one or one of an
 * earlier request raises a text: the script's defect, reply 41.
 */
struct value  *value_check(lua_State *L, int i);
struct span    value_data(lua_State *L, int i);	/* a data value or a Lua string */
struct secret *value_secret(lua_State *L, int i);

/* The value at i, fresh or not, or NULL when it is something else. */
struct value *value_at(lua_State *L, int i);

/*
 * value_data for bytes that are looked at after the binding has returned: a Lua
 * string lives as long as a script holds it, so it is copied to the request's arena.
 */
struct span value_data_kept(lua_State *L, int i);

/*
 * A key to be read. What was opened from a field lies in the cache for every later
 * command too, so only value_key_own, a key that this request has made, may be
 * changed; of value_key_use the schedule is set up on first use, and nothing else.
 */
const struct key *value_key(lua_State *L, int i);
struct key       *value_key_use(lua_State *L, int i);
struct key       *value_key_own(lua_State *L, int i);

/* Argument i as a whole number from least to most: a Lua number, or data of digits. */
long value_int(lua_State *L, int i, long least, long most);

/* Argument i as one character; NUL when it is not given or has another length. */
char value_character(lua_State *L, int i);

/* Is argument i there (neither missing nor nil)? */
bool value_given(lua_State *L, int i);

/* Argument i as a failure: 1 to 99 or two characters ("A1"); raises for anything else. */
int value_code(lua_State *L, int i);

/* The same, but 0 for "00" and 1 for anything that is no code. */
int value_parse_code(lua_State *L, int i);

/*
 * Push a result from the request's pool: data with n arena bytes to fill, an
 * empty secret, an empty scratch key, or a key that key_open found. Each
 * raises when the request has made too much.
 */
uint8_t       *value_push_data(lua_State *L, size_t n);
struct secret *value_push_secret(lua_State *L);
struct key    *value_push_key(lua_State *L);
void           value_push_opened(lua_State *L, struct key *key);

/* Shorten the data value on the stack's top to the n bytes that were needed. */
void value_cut(lua_State *L, size_t n);

/* 0: one result, on the stack's top. Otherwise raise the code of r. */
int lua_result(lua_State *L, int r);

/* Raise the code of r (negative). rule: static text for explain and trace, or NULL. */
int lua_raise(lua_State *L, int r, const char *rule);

#endif
