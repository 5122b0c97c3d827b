#include "lua_value.h"

#include <math.h>

#include "err.h"
#include "key.h"
#include "lua_pins.h"
#include "sandbox.h"
#include "schema.h"
#include "secret.h"

struct request *
lua_request(lua_State *L)
{
	struct request *rq = sandbox_of(L)->rq;

	/* A file's own statements run while no message is there to work for. */
	if (rq->lmk == NULL)
		luaL_error(L, "primitives work in the handler only");
	return rq;
}

static const char *
kind_name(const struct value *v)
{
	static const char *const name[] = { "nothing", "data", "a secret", "a key", "a list" };

	return name[v->kind];
}

struct value *
value_at(lua_State *L, int i)
{
	/* The sandbox has no light userdata, so what is one is ours and tagged. */
	struct value *v = lua_touserdata(L, i);

	return v != NULL && v->tag == TAG_VALUE ? v : NULL;
}

static bool
is_fresh(const struct value *v)
{
	return v->request == *v->now && v->kind != VALUE_ABSENT;
}

struct value *
value_check(lua_State *L, int i)
{
	struct value *v = value_at(L, i);

	if (v == NULL)
		luaL_error(L, "argument %d must be a value, not %s", i,
		    luaL_typename(L, i));
	else if (!is_fresh(v))
		luaL_error(L, "a value was used outside its request");
	return v;
}

/* Argument i is no value of that kind: say what it is instead. */
static void
refuse_kind(lua_State *L, int i, enum value_kind kind)
{
	const struct value want = { .kind = (uint8_t)kind };

	luaL_error(L, "argument %d must be %s, not %s", i, kind_name(&want),
	    kind_name(value_check(L, i)));
}

static struct value *
check_kind(lua_State *L, int i, enum value_kind kind)
{
	struct value *v = value_at(L, i);

	if (v == NULL || v->kind != kind || !is_fresh(v))
		refuse_kind(L, i, kind);
	return v;
}

/* Argument i as data, or else a Lua string, or else refused. */
static inline struct span
data_at(lua_State *L, int i, bool *lua_string)
{
	const struct value *v = value_at(L, i);
	struct span s;

	*lua_string = v == NULL && lua_type(L, i) == LUA_TSTRING;
	if (*lua_string) {
		s.p = (const uint8_t *)lua_tolstring(L, i, &s.n);
		return s;
	}
	if (v == NULL || v->kind != VALUE_DATA || !is_fresh(v))
		refuse_kind(L, i, VALUE_DATA);
	return v->span;
}

struct span
value_data(lua_State *L, int i)
{
	bool lua_string;

	return data_at(L, i, &lua_string);
}

struct secret *
value_secret(lua_State *L, int i)
{
	const struct value *v = check_kind(L, i, VALUE_SECRET);

	if (v->count & PINS_UNREAD)
		lua_raise(L, v->count & PINS_STORED ? ERR_LMK_PIN : ERR_PIN_BLOCK,
		    "holds no PIN");
	return v->secret;
}

struct span
value_data_kept(lua_State *L, int i)
{
	bool lua_string;
	struct span s = data_at(L, i, &lua_string);
	uint8_t *copy;

	if (!lua_string || s.n == 0)
		return s;
	if ((copy = request_bytes(lua_request(L), s.n)) == NULL)
		luaL_error(L, "a request may make at most %d bytes", REQUEST_ARENA);
	memcpy(copy, s.p, s.n);
	return span_of(copy, s.n);
}

const struct key *
value_key(lua_State *L, int i)
{
	return value_key_use(L, i);
}

struct key *
value_key_use(lua_State *L, int i)
{
	return check_kind(L, i, VALUE_KEY)->key;
}

struct key *
value_key_own(lua_State *L, int i)
{
	struct key *key = value_key_use(L, i);

	if (!key_is_scratch(key))
		luaL_error(L, "argument %d: a key that was opened from a field can't be "
		    "changed", i);
	return key;
}

char
value_character(lua_State *L, int i)
{
	struct span s;

	if (!value_given(L, i) || (s = value_data(L, i)).n != 1)
		return '\0';
	return (char)s.p[0];
}

bool
value_given(lua_State *L, int i)
{
	return !lua_isnoneornil(L, i);
}

long
value_int(lua_State *L, int i, long least, long most)
{
	const struct value *v = value_at(L, i);
	lua_Number x;
	long n;

	if (v == NULL && lua_type(L, i) == LUA_TNUMBER) {
		x = lua_tonumber(L, i);
		/* Compared before the cast: NaN and huge values fall out here. */
		if (!(x >= (lua_Number)least && x <= (lua_Number)most) || floor(x) < x)
			luaL_error(L, "argument %d must be a whole number from %d to %d",
			    i, (int)least, (int)most);
		return (long)x;
	}
	if (v != NULL && v->kind == VALUE_DATA && is_fresh(v))
		n = schema_number(v->span, v->base);
	else
		n = schema_number(value_data(L, i), 10);
	if (n < least || n > most)
		luaL_error(L, "argument %d must be a number from %d to %d", i,
		    (int)least, (int)most);
	return n;
}

int
value_parse_code(lua_State *L, int i)
{
	struct span s;
	char code[2];
	lua_Number x;

	if (lua_type(L, i) == LUA_TNUMBER) {
		x = lua_tonumber(L, i);
		return x >= 1 && x <= 99 && floor(x) >= x ? -(int)x : 1;
	}
	if (lua_type(L, i) != LUA_TSTRING && value_at(L, i) == NULL)
		return 1;
	s = value_data(L, i);
	if (s.n != 2)
		return 1;
	code[0] = (char)s.p[0];
	code[1] = (char)s.p[1];
	return err_parse(code);
}

int
value_code(lua_State *L, int i)
{
	int r = value_parse_code(L, i);

	return r < 0 ? r : luaL_error(L, "a code is 1 to 99 or two characters");
}

struct value *
lua_value_new(lua_State *L, int *ref)
{
	struct value *v = lua_newuserdata(L, sizeof(*v));

	*v = (struct value){ .tag = TAG_VALUE, .base = 10, .now = &sandbox_of(L)->rq->number };
	lua_rawgeti(L, LUA_REGISTRYINDEX, sandbox_of(L)->value_meta);
	lua_setmetatable(L, -2);
	*ref = luaL_ref(L, LUA_REGISTRYINDEX);
	return v;
}

static struct value *
push_result(lua_State *L, enum value_kind kind)
{
	struct sandbox *sb = sandbox_of(L);
	struct value *v;

	if (sb->results == VALUE_RESULTS)
		luaL_error(L, "a request may make at most %d values", VALUE_RESULTS);
	v = sb->result[sb->results];
	lua_rawgeti(L, LUA_REGISTRYINDEX, sb->result_ref[sb->results++]);
	v->kind = (uint8_t)kind;
	v->base = 10;
	v->request = lua_request(L)->number;
	v->count = 0;
	v->span = span_of(NULL, 0);
	return v;
}

uint8_t *
value_push_data(lua_State *L, size_t n)
{
	struct value *v = push_result(L, VALUE_DATA);
	uint8_t *p = request_bytes(lua_request(L), n);

	if (p == NULL)
		luaL_error(L, "a request may make at most %d bytes", REQUEST_ARENA);
	v->span = span_of(p, n);
	return p;
}

struct secret *
value_push_secret(lua_State *L)
{
	struct value *v = push_result(L, VALUE_SECRET);

	if ((v->secret = secret_take()) == NULL)
		luaL_error(L, "a request may not make so many secrets");
	return v->secret;
}

struct key *
value_push_key(lua_State *L)
{
	struct value *v = push_result(L, VALUE_KEY);

	if ((v->key = key_take()) == NULL)
		luaL_error(L, "a request may make at most %d keys", KEY_SCRATCH);
	return v->key;
}

void
value_push_opened(lua_State *L, struct key *key)
{
	push_result(L, VALUE_KEY)->key = key;
}

void
value_cut(lua_State *L, size_t n)
{
	struct value *v = value_at(L, -1);

	if (n < v->span.n)
		v->span.n = n;
}

int
lua_raise(lua_State *L, int r, const char *rule)
{
	request_fail(lua_request(L), r, rule);
	if (r <= ERR_INTERNAL)
		return luaL_error(L, "%s", err_text(r));
	lua_pushinteger(L, -r);
	return lua_error(L);
}

int
lua_result(lua_State *L, int r)
{
	return r == 0 ? 1 : lua_raise(L, r, NULL);
}
