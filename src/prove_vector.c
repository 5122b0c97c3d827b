#include "prove_vector.h"

#include <stdio.h>

#include "config.h"
#include "err.h"
#include "lmk.h"
#include "lua_value.h"
#include "plugin.h"
#include "sandbox.h"

enum { VECTOR_STACK = 64 };

/* Bytes being put together. */
struct buffer {
	uint8_t *p;
	size_t   n, size;
};

/* A vector being read: raises its faults. */
struct reading {
	struct plugin *p;
	const struct config *config;
	struct vector *v;
	unsigned i;
};

static void
put(lua_State *L, struct buffer *b, const void *bytes, size_t n)
{
	if (n > b->size - b->n)
		luaL_error(L, "is too long");
	memcpy(b->p + b->n, bytes, n);
	b->n += n;
}

static void
put_text(lua_State *L, struct buffer *b, int i, const char *name)
{
	size_t n;
	const char *s;

	if (lua_type(L, i) != LUA_TSTRING)
		luaL_error(L, "'%s' must be a text", name);
	s = lua_tolstring(L, i, &n);
	put(L, b, s, n);
}

/* Push the vector with that number or name. */
static void
push_vector(lua_State *L, const struct plugin *p, int which)
{
	int top = lua_gettop(L);

	lua_rawgeti(L, LUA_REGISTRYINDEX, p->vectors_ref);
	if (lua_type(L, which) == LUA_TNUMBER) {
		lua_rawgeti(L, -1, (int)lua_tointeger(L, which));
	} else {
		for (unsigned k = 1; k <= p->vectors; k++) {
			lua_rawgeti(L, top + 1, (int)k);
			if (lua_type(L, -1) == LUA_TTABLE) {
				lua_rawgeti(L, -1, 1);
				if (lua_rawequal(L, -1, which)) {
					lua_pop(L, 1);
					break;
				}
				lua_pop(L, 1);
			}
			lua_settop(L, top + 1);
		}
		if (lua_gettop(L) == top + 1)
			lua_pushnil(L);
	}
	lua_remove(L, top + 1);
	if (lua_type(L, -1) != LUA_TTABLE)
		luaL_error(L, "'like' names no vector");
}

/* Push what the vector at t sends for a field: its own value or that of the one it is like. */
static void
push_sent(lua_State *L, const struct plugin *p, int t, const char *name)
{
	int top = lua_gettop(L);

	lua_pushvalue(L, t);
	for (unsigned depth = 0;; depth++) {
		if (depth > p->vectors)
			luaL_error(L, "'like' goes round in circles");
		lua_getfield(L, -1, "send");
		if (lua_type(L, -1) == LUA_TTABLE) {
			lua_getfield(L, -1, name);
			if (!lua_isnil(L, -1))
				break;
			lua_pop(L, 1);
		}
		lua_pop(L, 1);
		lua_getfield(L, -1, "like");
		if (lua_isnil(L, -1))
			break;
		push_vector(L, p, lua_gettop(L));
		lua_replace(L, top + 1);
		lua_settop(L, top + 1);
	}
	lua_replace(L, top + 1);
	lua_settop(L, top + 1);
}

/* A list is sent as a table of tables, one per element. */
static void
put_list(lua_State *L, struct buffer *b, const struct schema *s, const struct field *f)
{
	size_t n;

	if (lua_type(L, -1) != LUA_TTABLE)
		luaL_error(L, "'%s' must be a list of elements", f->name);
	n = lua_rawlen(L, -1);
	for (size_t e = 1; e <= n; e++) {
		lua_rawgeti(L, -1, (int)e);
		if (lua_type(L, -1) != LUA_TTABLE)
			luaL_error(L, "'%s': each element must be a table", f->name);
		for (unsigned k = 0; k < f->shape.count; k++) {
			const char *name = s->field[f->shape.first + k].name;

			lua_getfield(L, -1, name);
			put_text(L, b, -1, name);
			lua_pop(L, 1);
		}
		lua_pop(L, 1);
	}
}

static void
put_request_field(lua_State *L, struct reading *rd, struct buffer *b, int t,
    const struct field *f)
{
	char mark = f->mark;

	if (f->shape.type == FIELD_MARK && f->name[0] == '\0') {
		put(L, b, f->shape.set, 1);
		return;
	}
	push_sent(L, rd->p, t, f->name);
	if (lua_isnil(L, -1)) {
		if (f->group == 0 && f->nwhen == 0)
			luaL_error(L, "send says nothing of '%s'", f->name);
	} else {
		if (mark != '\0')
			put(L, b, &mark, 1);
		if (f->shape.type == FIELD_LIST)
			put_list(L, b, &rd->p->request, f);
		else
			put_text(L, b, -1, f->name);
	}
	lua_pop(L, 1);
}

static void
check_names(lua_State *L, int t, const struct schema *s, const char *what)
{
	lua_pushnil(L);
	while (lua_next(L, t) != 0) {
		if (lua_type(L, -2) != LUA_TSTRING ||
		    (schema_find(s, span_str(lua_tostring(L, -2))) < 0 &&
		    strcmp(lua_tostring(L, -2), "code") != 0))
			luaL_error(L, "%s names '%s', which is no field", what,
			    lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "?");
		lua_pop(L, 1);
	}
}

static void
read_send(lua_State *L, struct reading *rd, int t, struct buffer *b)
{
	lua_getfield(L, t, "send");
	if (lua_type(L, -1) == LUA_TSTRING) {
		put_text(L, b, -1, "send");
	} else {
		if (lua_type(L, -1) == LUA_TTABLE)
			check_names(L, lua_gettop(L), &rd->p->request, "send");
		put(L, b, rd->p->code, 2);
		for (unsigned i = 0; i < rd->p->request.n; i++)
			put_request_field(L, rd, b, t, &rd->p->request.field[i]);
	}
	lua_pop(L, 1);
}

static void
put_reply_field(lua_State *L, struct buffer *b, const struct field *f, int r)
{
	char mark = f->mark;

	if (f->shape.type == FIELD_MARK) {
		put(L, b, f->shape.set, 1);
		return;
	}
	lua_getfield(L, -1, f->name);
	if (lua_isnil(L, -1)) {
		if (r == 0 && f->group == 0 && f->nwhen == 0)
			luaL_error(L, "expect says nothing of '%s'", f->name);
	} else {
		if (mark != '\0')
			put(L, b, &mark, 1);
		put_text(L, b, -1, f->name);
	}
	lua_pop(L, 1);
}

static void
check_listed(lua_State *L, const struct plugin *p, int r)
{
	char code[3] = "";

	if (r > 0)
		luaL_error(L, "expect holds no error code behind the reply's");
	err_code(r, code);
	if (!plugin_lists(p, r))
		luaL_error(L, "code %s is not in errors", code);
}

static void
read_expect(lua_State *L, struct reading *rd, int t, struct buffer *b)
{
	const struct schema *s = &rd->p->response;
	char code[2];
	int r = 0;

	lua_getfield(L, t, "expect");
	if (lua_type(L, -1) == LUA_TSTRING) {
		put_text(L, b, -1, "expect");
		if (lua_rawlen(L, -1) >= sizeof(code) + 2)
			check_listed(L, rd->p, err_parse(lua_tostring(L, -1) + 2));
		lua_pop(L, 1);
		return;
	}
	if (lua_type(L, -1) != LUA_TTABLE)
		luaL_error(L, "has no expect");
	check_names(L, lua_gettop(L), s, "expect");
	lua_getfield(L, -1, "code");
	if (lua_type(L, -1) != LUA_TNUMBER || lua_tonumber(L, -1) != 0)
		r = value_parse_code(L, -1);
	if (r > 0)
		luaL_error(L, "expect has no code, or one that is none: code = 00");
	lua_pop(L, 1);
	err_code(r, code);
	put(L, b, rd->p->reply, 2);
	put(L, b, code, 2);
	check_listed(L, rd->p, r);
	lua_pushnil(L);
	/* An error ends the reply unless the vector names a field of it. */
	for (int n = 0; lua_next(L, -2) != 0; n++) {
		lua_pop(L, 1);
		if (r == 0 || n > 0) {
			lua_pop(L, 1);
			for (unsigned i = 0; i < s->n; i++)
				put_reply_field(L, b, &s->field[i], r);
			break;
		}
	}
	lua_settop(L, t);
}

static void
read_circumstances(lua_State *L, struct reading *rd, int t)
{
	lua_getfield(L, t, "authorised");
	rd->v->authorised = lua_toboolean(L, -1) != 0;
	lua_getfield(L, t, "lmk");
	if (!lua_isnil(L, -1)) {
		int id = 0;

		if (lua_type(L, -1) != LUA_TSTRING)
			luaL_error(L, "lmk must be the name of a test LMK");
		while (lmk_names[id] != NULL &&
		    strcmp(lmk_names[id], lua_tostring(L, -1)) != 0)
			id++;
		if (lmk_names[id] == NULL)
			luaL_error(L, "lmk names no test LMK");
		rd->v->lmk = id;
	}
	lua_pop(L, 2);
}

static void
check_entries(lua_State *L, int t)
{
	static const char *const known[] = { "send", "expect", "like", "lmk",
		"authorised", NULL };

	lua_pushnil(L);
	while (lua_next(L, t) != 0) {
		unsigned k = 0;

		if (lua_type(L, -2) == LUA_TSTRING) {
			while (known[k] != NULL && strcmp(known[k], lua_tostring(L, -2)) != 0)
				k++;
			if (known[k] == NULL)
				luaL_error(L, "there is no entry '%s' in a vector",
				    lua_tostring(L, -2));
		}
		lua_pop(L, 1);
	}
}

static int
read_protected(lua_State *L)
{
	struct reading *rd = lua_touserdata(L, 1);
	struct vector *v = rd->v;
	struct buffer request = { v->request, rd->config->header_length,
		sizeof(v->request) };
	struct buffer expect = { v->expect, rd->config->header_length,
		sizeof(v->expect) };
	int t;

	luaL_checkstack(L, VECTOR_STACK, "no room to read a vector");
	lua_pushinteger(L, (lua_Integer)rd->i);
	push_vector(L, rd->p, 2);
	t = lua_gettop(L);
	lua_rawgeti(L, t, 1);
	if (lua_type(L, -1) != LUA_TSTRING)
		return luaL_error(L, "has no name: { \"name\", send = ..., expect = ... }");
	if (lua_rawlen(L, -1) >= sizeof(v->name))
		return luaL_error(L, "has a name of more than %d characters",
		    VECTOR_NAME - 1);
	memcpy(v->name, lua_tostring(L, -1), lua_rawlen(L, -1) + 1);
	lua_settop(L, t);
	check_entries(L, t);
	read_circumstances(L, rd, t);
	read_send(L, rd, t, &request);
	read_expect(L, rd, t, &expect);
	v->request_n = request.n;
	v->expect_n = expect.n;
	if (v->request_n < rd->config->header_length + 2)
		return luaL_error(L, "sends less than a command code");
	return 0;
}

void
vector_read(struct plugin *p, unsigned i, const struct config *config,
    struct vector *v)
{
	struct reading rd = { .p = p, .config = config, .v = v, .i = i };
	lua_State *L = p->sb->L;
	int top = lua_gettop(L);

	memset(v->request, '0', config->header_length);
	memset(v->expect, '0', config->header_length);
	snprintf(v->name, sizeof(v->name), "%u", i);
	v->fault[0] = '\0';
	v->lmk = -1;
	v->authorised = false;
	if (sandbox_run(p->sb, read_protected, &rd, 0, 0) != 0)
		snprintf(v->fault, sizeof(v->fault), "%s", sandbox_message(p->sb));
	lua_settop(L, top);
}
