/*
 * lua_hsm: the primitives that belong to no subject: fail, log, num, text,
 * equal, random, authorised, cancel, check_value, firmware, reveal.
 */
#include <sodium.h>
#include <stdio.h>

#include "authority.h"
#include "config.h"
#include "err.h"
#include "lmk.h"
#include "log.h"
#include "request.h"
#include "rng.h"
#include "sandbox.h"
#include "secret.h"

enum {
	LOG_LINE   = 512,
	LOG_LINES  = 16,	/* of one request */
	RANDOM_MAX = 4096
};

/* fail(code): end the request with that error code, 1 to 99 or "A1". */
static int
l_fail(lua_State *L)
{
	return lua_raise(L, value_code(L, 1), NULL);
}

/* num(v) -> number: what data of decimal (N) or hexadecimal (H) digits stands for. */
static int
l_num(lua_State *L)
{
	lua_pushinteger(L, (lua_Integer)value_int(L, 1, 0, 0x7FFFFFFF));
	return 1;
}

/* text(v) -> string: the bytes of data as a Lua string. The one conversion that allocates. */
static int
l_text(lua_State *L)
{
	struct span s = value_data(L, 1);

	lua_pushlstring(L, (const char *)s.p, s.n);
	return 1;
}

/* equal(v, w) -> boolean: data with the same bytes, compared in constant time. */
static int
l_equal_data(lua_State *L)
{
	struct span a = value_data(L, 1), b = value_data(L, 2);

	lua_pushboolean(L, a.n == b.n &&
	    (a.n == 0 || sodium_memcmp(a.p, b.p, a.n) == 0));
	return 1;
}

/* random(n) -> data: n random bytes, 1 to 4096. */
static int
l_random(lua_State *L)
{
	size_t n = (size_t)value_int(L, 1, 1, RANDOM_MAX);

	rng_bytes(value_push_data(L, n), n);
	return 1;
}

/* authorised() -> boolean: may a command tell more than it must, such as the right value of
 * one that was wrong? */
static int
l_authorised(lua_State *L)
{
	lua_pushboolean(L, request_may(lua_request(L), "diag", ""));
	return 1;
}

/*
 * cancel(number, list) -> data: cancel the authorised activities of a list of so many texts,
 * each with ; behind it; all of them when nothing is given. How many grants that were, 3N.
 */
static int
l_cancel(lua_State *L)
{
	enum { DIGITS = 3, MOST = 999 };
	unsigned n;
	uint8_t *out;
	int r = 0;

	if (!value_given(L, 1))
		n = authority_cancel(NULL);
	else
		r = authority_cancel_list((unsigned)value_int(L, 1, 0, MOST), value_data(L, 2), &n);
	if (r != 0)
		return lua_raise(L, r, "is no list of so many activities");
	out = value_push_data(L, DIGITS);
	for (int i = DIGITS; i-- > 0; n /= 10)
		out[i] = (uint8_t)('0' + n % 10);
	return 1;
}

/* check_value() -> data: the check value of this request's LMK, 6H. */
static int
l_check_value(lua_State *L)
{
	enum { DIGITS = 6 };
	const struct lmk *lmk = lua_request(L)->lmk;

	memcpy(value_push_data(L, DIGITS), lmk_check_value(lmk), DIGITS);
	return 1;
}

/* firmware() -> data: the firmware number that this server shows, 9A. */
static int
l_firmware(lua_State *L)
{
	const char *text = lua_request(L)->config->firmware;
	size_t n = strlen(text);

	memcpy(value_push_data(L, n), text, n);
	return 1;
}

/* sockets() -> data: the limit of connections, 2N or with message.sockets_wide 4N. */
static int
l_sockets(lua_State *L)
{
	const struct config *config = lua_request(L)->config;
	size_t digits = config->sockets_wide ? 4 : 2;
	unsigned most = config->sockets_wide ? 9999 : 99;
	unsigned n = config->connections < most ? config->connections : most;
	uint8_t *out = value_push_data(L, digits);

	for (size_t i = digits; i-- > 0; n /= 10)
		out[i] = (uint8_t)('0' + n % 10);
	return 1;
}

/* compliance() -> number: PCI HSM settings: 1 all there, 2 some missing, 0 key type 002
 * separation among them. */
static int
l_compliance(lua_State *L)
{
	const struct config *config = lua_request(L)->config;

	lua_pushinteger(L, !config->separate_002 ? 0 :
	    config->profile == PROFILE_STRICT ? 1 : 2);
	return 1;
}

/* log(text, ...): one line in the server's log, of texts, numbers and values;
 * secrets and keys appear as <secret> and <key TPK>. A request has so many lines. */
static int
l_log(lua_State *L)
{
	char line[LOG_LINE];
	size_t at = 0;
	int n = lua_gettop(L);
	struct request *rq = sandbox_of(L)->rq;

	if (rq->logged > LOG_LINES)
		return 0;
	line[0] = '\0';
	if (rq->logged++ == LOG_LINES) {
		snprintf(line, sizeof(line), "more lines of this request are left out");
		n = 0;
	}
	for (int i = 1; i <= n && at < sizeof(line) - 1; i++) {
		int len;

		if (lua_type(L, i) == LUA_TUSERDATA)
			lua_value_tostring(L, i);
		else if (lua_type(L, i) == LUA_TSTRING || lua_type(L, i) == LUA_TNUMBER)
			lua_pushvalue(L, i);
		else
			lua_pushstring(L, luaL_typename(L, i));
		len = snprintf(line + at, sizeof(line) - at, "%s%s", i > 1 ? " " : "",
		    lua_tostring(L, -1));
		at += len > 0 ? (size_t)len : 0;
		lua_pop(L, 1);
	}
	log_event(LOG_INFO, "script", "plugin", 's', sandbox_of(L)->name, "text", 's',
	    line, NULL);
	return 0;
}

/* reveal(v) -> data: the bytes of a secret; only in a plug-in that says reveals = true. */
static int
l_reveal(lua_State *L)
{
	struct secret *secret = value_secret(L, 1);

	if (!sandbox_of(L)->reveals)
		return luaL_error(L, "reveal is for plug-ins that say reveals = true");
	memcpy(value_push_data(L, secret->len), secret->bytes, secret->len);
	return 1;
}

const luaL_Reg lua_hsm_functions[] = {
	{ "reveal",     l_reveal },
	{ "fail",       l_fail },
	{ "num",        l_num },
	{ "text",       l_text },
	{ "equal",      l_equal_data },
	{ "random",     l_random },
	{ "authorised", l_authorised },
	{ "cancel", l_cancel },
	{ "check_value", l_check_value },
	{ "firmware",   l_firmware },
	{ "sockets",    l_sockets },
	{ "compliance", l_compliance },
	{ "log",        l_log },
	{ NULL, NULL }
};
