/*
 * lua_handler: q reads from the views that schema_cut fills, a fills the answers
 * that schema_encode writes.
 */
#include "lua_handler.h"

#include <assert.h>
#include <stdlib.h>

#include "plugin.h"
#include "sandbox.h"

/* A userdata with the metatable on the stack's top, which it replaces. */
static void
push_object(lua_State *L)
{
	uint8_t *tag;

	lua_pushboolean(L, 0);
	lua_setfield(L, -2, "__metatable");
	tag = lua_newuserdata(L, 1);
	*tag = TAG_OTHER;
	lua_insert(L, -2);
	lua_setmetatable(L, -2);
}

static int
l_refuse_write(lua_State *L)
{
	return luaL_error(L, "the request can't be changed");
}

static int
l_refuse_read(lua_State *L)
{
	return luaL_error(L, "the reply can't be read");
}

/* A name that is not among the fields that are always there. */
static int
l_miss(lua_State *L)
{
	const struct value *v;

	lua_pushvalue(L, 2);
	lua_rawget(L, lua_upvalueindex(1));
	if ((v = lua_touserdata(L, -1)) == NULL)
		return luaL_error(L, "no request field '%s' in %s",
		    lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?",
		    lua_tostring(L, lua_upvalueindex(2)));
	if (v->kind == VALUE_ABSENT)
		lua_pushnil(L);
	return 1;
}

/* q.components[i]: the i-th element; its fields are read like those of q. The
 * one behind the last is nil, which ends an ipairs. */
static int
l_element(lua_State *L)
{
	const struct value *v = value_check(L, 1);

	if (lua_type(L, 2) == LUA_TNUMBER && lua_tointeger(L, 2) == (lua_Integer)v->count + 1) {
		lua_pushnil(L);
		return 1;
	}
	if (lua_type(L, 2) != LUA_TNUMBER || !(lua_tonumber(L, 2) >= 1 &&
	    lua_tonumber(L, 2) <= (lua_Number)v->count))
		return luaL_error(L, "a list of %d has no such element", (int)v->count);
	lua_rawgeti(L, lua_upvalueindex(1), (int)lua_tonumber(L, 2));
	return 1;
}

/* The metatable on top reads from the table views, misses end in l_miss(optional). */
static void
set_reader(lua_State *L, int views, int optional, const char *code)
{
	lua_newtable(L);
	lua_pushvalue(L, optional);
	lua_pushstring(L, code);
	lua_pushcclosure(L, l_miss, 2);
	lua_setfield(L, -2, "__index");
	lua_setmetatable(L, views);
	lua_pushvalue(L, views);
	lua_setfield(L, -2, "__index");
	lua_pushcfunction(L, l_refuse_write);
	lua_setfield(L, -2, "__newindex");
}

static void open_list(lua_State *L, struct plugin *p, const struct field *f);

/* The view of field f, which is the i-th of p->view. */
static void
push_view(lua_State *L, struct plugin *p, const struct field *f, unsigned i)
{
	int ref;

	p->view[i] = lua_value_new(L, &ref);
	lua_rawgeti(L, LUA_REGISTRYINDEX, ref);
	if (f->shape.type == FIELD_LIST) {
		open_list(L, p, f);
		lua_setmetatable(L, -2);
	}
}

/* An object with the views of count fields from first, cells from cell on. */
static void
push_reader(lua_State *L, struct plugin *p, unsigned first, unsigned count, unsigned cell)
{
	int views, optional;

	lua_newtable(L);
	views = lua_gettop(L);
	lua_newtable(L);
	optional = lua_gettop(L);
	for (unsigned k = 0; k < count; k++) {
		const struct field *f = &p->request.field[first + k];

		push_view(L, p, f, cell + k);
		if (f->name[0] == '\0') {
			lua_pop(L, 1);
			continue;
		}
		lua_setfield(L, f->group != 0 || f->nwhen != 0 ? optional : views, f->name);
	}
	lua_newtable(L);
	set_reader(L, views, optional, p->code);
	push_object(L);
	lua_replace(L, views);
	lua_settop(L, views);
}

/* Push the metatable of a list, which has its elements. Fields of lists are no lists. */
static void
open_list(lua_State *L, struct plugin *p, const struct field *f)
{
	const struct shape *sh = &f->shape;

	lua_newtable(L);
	for (unsigned e = 0; e < SCHEMA_LIST; e++) {
		push_reader(L, p, sh->first, sh->count, sh->cell + e * sh->count);
		lua_rawseti(L, -2, (int)e + 1);
	}
	lua_newtable(L);
	lua_insert(L, -2);
	lua_pushcclosure(L, l_element, 1);
	lua_setfield(L, -2, "__index");
	lua_rawgeti(L, LUA_REGISTRYINDEX, sandbox_of(L)->value_meta);
	lua_getfield(L, -1, "__len");
	lua_setfield(L, -3, "__len");
	lua_pop(L, 1);
	lua_pushboolean(L, 0);
	lua_setfield(L, -2, "__metatable");
}

void
lua_handler_push_q(lua_State *L, struct plugin *p)
{
	p->view = calloc((size_t)p->request.views + 1, sizeof(struct value *));
	if (p->view == NULL)
		luaL_error(L, "no memory");
	push_reader(L, p, 0, p->request.n, 0);
}

/* Both engines keep short texts once, so that the same text is the same pointer. */
static_assert(SCHEMA_NAME <= 40, "names of fields are short texts");

static struct answer *
slot_of(const struct plugin *p, const char *name)
{
	for (unsigned i = 0; i < p->response.n; i++)
		if (p->answer_name[i] == name)
			return &p->answer[i];
	return NULL;
}

/* a.name = v */
static int
l_assign(lua_State *L)
{
	struct plugin *p = lua_touserdata(L, lua_upvalueindex(2));
	const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";
	struct answer *slot = slot_of(p, name);

	if (slot == NULL)
		return luaL_error(L, "no reply field '%s' in %s", name, p->code);
	if (slot->set)
		return luaL_error(L, "reply field '%s' is set twice", name);
	slot->set = true;
	if ((slot->number = lua_type(L, 3) == LUA_TNUMBER)) {
		slot->value = value_int(L, 3, 0, 0x7FFFFFFF);
		return 0;
	}
	slot->span = value_data_kept(L, 3);
	return 0;
}

void
lua_handler_push_a(lua_State *L, struct plugin *p)
{
	p->answer = calloc((size_t)p->response.n + 1, sizeof(*p->answer));
	p->answer_name = calloc((size_t)p->response.n + 1, sizeof(*p->answer_name));
	if (p->answer == NULL || p->answer_name == NULL)
		luaL_error(L, "no memory");
	lua_newtable(L);
	/* The texts stay while this table, which nobody reads, has them. */
	lua_newtable(L);
	for (unsigned i = 0; i < p->response.n; i++) {
		lua_pushstring(L, p->response.field[i].name);
		p->answer_name[i] = lua_tostring(L, -1);
		lua_rawseti(L, -2, (int)i + 1);
	}
	lua_pushlightuserdata(L, p);
	lua_pushcclosure(L, l_assign, 2);
	lua_setfield(L, -2, "__newindex");
	lua_pushcfunction(L, l_refuse_read);
	lua_setfield(L, -2, "__index");
	push_object(L);
}
