/*
 * lua_value: values as Lua userdata, and what every binding is made of.
 *
 * A binding checks its arguments, pushes its result, calls the primitive and
 * returns lua_result. A Lua error is a longjmp, so a binding owns nothing:
 * results are taken from the request's fixed pool first.
 */
#ifndef LUAHSM_LUA_VALUE_H
#define LUAHSM_LUA_VALUE_H

#include "lua_compat.h"
#include "request.h"
#include "value.h"

struct key;
struct secret;

enum { VALUE_RESULTS = 32 };	/* values one request may make */

/* The request that runs in this state. */
struct request *lua_request(lua_State *L);

/* Argument i as a value of that kind, or raise (a script's defect: reply 41). */
struct value *value_check(lua_State *L, int i, enum value_kind kind);

/* The same, borrowed more directly. value_key also accepts only kinds of use
 * that the caller names by type code list; see key_is in lua_key.c. */
struct span    value_data(lua_State *L, int i);		/* a data value or a Lua string */
struct secret *value_secret(lua_State *L, int i);
struct key    *value_key(lua_State *L, int i);

/* Argument i as a whole number from least to most; a data value of digits will do. */
long value_int(lua_State *L, int i, long least, long most);

/* Is argument i there (not nil and not missing)? */
bool value_given(lua_State *L, int i);

/* Push a result of the request's pool, empty; raise when VALUE_RESULTS are taken. */
struct value *value_push_data(lua_State *L, size_t n, uint8_t **bytes); /* n arena bytes to fill */
struct secret *value_push_secret(lua_State *L);
struct key   *value_push_key(lua_State *L);		/* an empty scratch key to fill */
void          value_push_opened(lua_State *L, struct key *key);	/* a key of key_open */
/* Shorten the data value just pushed, when fewer bytes were needed than taken. */
void          value_cut(lua_State *L, size_t n);

/* 0: one result, on the stack's top. Otherwise raise the code of r. */
int lua_result(lua_State *L, int r);

/* Raise the code of r (negative). rule: static text for explain and trace, or NULL. */
int lua_raise(lua_State *L, int r, const char *rule);

#endif
