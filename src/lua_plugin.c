/*
 * lua_plugin: from the table that a plug-in's file returns to a struct
 * plugin, and the two things its handler is called with: q and a.
 */
#include <stdlib.h>

#include "err.h"
#include "lua_schema.h"
#include "plugin.h"
#include "sandbox.h"

enum { READ_STACK = 64 };

static const char *const entries[] = {
	"command", "reply", "title", "version", "author", "request", "response",
	"errors", "handler", "vectors", "slow", "authorised", "reveals", "allocates",
	NULL
};

static void
check_entries(lua_State *L, int t)
{
	lua_pushnil(L);
	while (lua_next(L, t) != 0) {
		const char *name;
		unsigned i = 0;

		if (lua_type(L, -2) != LUA_TSTRING)
			luaL_error(L, "the table has an entry without a name: "
			    "each is name = value");
		name = lua_tostring(L, -2);
		while (entries[i] != NULL && strcmp(entries[i], name) != 0)
			i++;
		if (entries[i] == NULL)
			luaL_error(L, "entry '%s': is not one of a plug-in's", name);
		lua_pop(L, 1);
	}
}

/* Copy the text entry of that name; an absent one leaves out as it is. */
static void
read_text(lua_State *L, int t, const char *name, char *out, size_t size, bool needed)
{
	size_t n;
	const char *s;

	lua_getfield(L, t, name);
	if (lua_isnil(L, -1) && !needed) {
		lua_pop(L, 1);
		return;
	}
	if (lua_type(L, -1) != LUA_TSTRING)
		luaL_error(L, "entry '%s': must be a text", name);
	s = lua_tolstring(L, -1, &n);
	if (n == 0 || n >= size)
		luaL_error(L, "entry '%s': must be 1 to %d characters", name, (int)size - 1);
	for (size_t i = 0; i < n; i++) {
		if (s[i] < 0x20 || s[i] > 0x7E)
			luaL_error(L, "entry '%s': holds a character that can't be printed",
			    name);
	}
	memcpy(out, s, n + 1);
	lua_pop(L, 1);
}

static bool
read_flag(lua_State *L, int t, const char *name)
{
	bool flag;

	lua_getfield(L, t, name);
	if (!lua_isnil(L, -1) && lua_type(L, -1) != LUA_TBOOLEAN)
		luaL_error(L, "entry '%s': must be true or false", name);
	flag = lua_toboolean(L, -1) != 0;
	lua_pop(L, 1);
	return flag;
}

/* The command is the file's name; the reply's code is its successor unless given. */
static void
read_codes(lua_State *L, int t, struct plugin *p)
{
	char code[3] = "", reply[3] = "";

	read_text(L, t, "command", code, sizeof(code), true);
	if (strcmp(code, p->code) != 0)
		luaL_error(L, "entry 'command': is '%s', but the file is named %s.lua",
		    code, p->code);
	read_text(L, t, "reply", reply, sizeof(reply), false);
	if (reply[0] == '\0') {
		reply[0] = code[0];
		reply[1] = (char)(code[1] + 1);
	}
	if (strlen(reply) != 2)
		luaL_error(L, "entry 'reply': must be two characters");
	memcpy(p->reply, reply, sizeof(reply));
}

static void
read_errors(lua_State *L, int t, struct plugin *p)
{
	if ((p->error = calloc(PLUGIN_ERRORS, sizeof(*p->error))) == NULL)
		luaL_error(L, "no memory");
	lua_getfield(L, t, "errors");
	if (lua_isnil(L, -1)) {
		lua_pop(L, 1);
		return;
	}
	if (lua_type(L, -1) != LUA_TTABLE)
		luaL_error(L, "entry 'errors': must be a table, [code] = \"text\"");
	lua_pushnil(L);
	while (lua_next(L, -2) != 0) {
		struct plugin_error *e = &p->error[p->nerrors];

		if (p->nerrors == PLUGIN_ERRORS)
			luaL_error(L, "entry 'errors': has more than %d codes", PLUGIN_ERRORS);
		if ((e->r = value_parse_code(L, -2)) >= 0)
			luaL_error(L, "entry 'errors': codes are 1 to 99 or two characters");
		if (lua_type(L, -1) != LUA_TSTRING || lua_rawlen(L, -1) >= PLUGIN_TEXT)
			luaL_error(L, "entry 'errors': each code needs a text of at most %d "
			    "characters", PLUGIN_TEXT - 1);
		memcpy(e->text, lua_tostring(L, -1), lua_rawlen(L, -1) + 1);
		p->nerrors++;
		lua_pop(L, 1);
	}
	lua_pop(L, 1);
}

static void
check_code(lua_State *L, const struct plugin *p, const struct field *f, int r)
{
	char code[3] = "";

	if (plugin_lists(p, r))
		return;
	err_code(r, code);
	luaL_error(L, "field '%s': code %s is not in errors", f->name, code);
}

static void
check_codes(lua_State *L, const struct plugin *p)
{
	for (unsigned i = 0; i < p->request.total; i++) {
		const struct field *f = &p->request.field[i];

		check_code(L, p, f, f->invalid);
		check_code(L, p, f, f->cut_short);
		if (f->shape.type == FIELD_KEY)
			check_code(L, p, f, f->parity);
		if (f->shape.type == FIELD_TABLE)
			check_code(L, p, f, ERR_TABLE);
	}
}

static void
read_handler(lua_State *L, int t)
{
#ifndef LUAHSM_LUAJIT
	lua_Debug ar;
#endif

	lua_getfield(L, t, "handler");
	if (lua_type(L, -1) != LUA_TFUNCTION || lua_iscfunction(L, -1))
		luaL_error(L, "entry 'handler': must be function (q, a)");
#ifndef LUAHSM_LUAJIT
	lua_pushvalue(L, -1);
	lua_getinfo(L, ">u", &ar);
	if (ar.nparams != 2 || ar.isvararg)
		luaL_error(L, "entry 'handler': takes exactly two parameters, (q, a)");
#endif
}

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

/* q.components[i]: the i-th element; its fields are read like those of q. */
static int
l_element(lua_State *L)
{
	const struct value *v = value_check(L, 1);

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

static void
push_q(lua_State *L, struct plugin *p)
{
	p->view = calloc((size_t)p->request.views + 1, sizeof(struct value *));
	if (p->view == NULL)
		luaL_error(L, "no memory");
	push_reader(L, p, 0, p->request.n, 0);
}

/* a.name = v */
static int
l_assign(lua_State *L)
{
	struct plugin *p = lua_touserdata(L, lua_upvalueindex(2));
	struct answer *slot;
	struct span s;
	uint8_t *copy;

	lua_pushvalue(L, 2);
	lua_rawget(L, lua_upvalueindex(1));
	if (lua_type(L, -1) != LUA_TNUMBER)
		return luaL_error(L, "no reply field '%s' in %s",
		    lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?", p->code);
	slot = &p->answer[lua_tointeger(L, -1)];
	if (slot->set)
		return luaL_error(L, "reply field '%s' is set twice", lua_tostring(L, 2));
	slot->set = true;
	if ((slot->number = lua_type(L, 3) == LUA_TNUMBER)) {
		slot->value = value_int(L, 3, 0, 0x7FFFFFFF);
		return 0;
	}
	s = value_data(L, 3);
	slot->span = s;
	if (lua_type(L, 3) == LUA_TSTRING && s.n != 0) {
		/* A script's own text may be collected before the reply is made. */
		if ((copy = request_bytes(lua_request(L), s.n)) == NULL)
			return luaL_error(L, "the reply is too long");
		memcpy(copy, s.p, s.n);
		slot->span.p = copy;
	}
	return 0;
}

static void
push_a(lua_State *L, struct plugin *p)
{
	p->answer = calloc((size_t)p->response.n + 1, sizeof(*p->answer));
	if (p->answer == NULL)
		luaL_error(L, "no memory");
	lua_newtable(L);
	lua_newtable(L);
	for (unsigned i = 0; i < p->response.n; i++) {
		lua_pushinteger(L, (lua_Integer)i);
		lua_setfield(L, -2, p->response.field[i].name);
	}
	lua_pushlightuserdata(L, p);
	lua_pushcclosure(L, l_assign, 2);
	lua_setfield(L, -2, "__newindex");
	lua_pushcfunction(L, l_refuse_read);
	lua_setfield(L, -2, "__index");
	push_object(L);
}

/* Count the vectors and keep them if p->vectors_ref asks for it. */
static void
read_vectors(lua_State *L, int t, struct plugin *p)
{
	lua_getfield(L, t, "vectors");
	if (lua_isnil(L, -1)) {
		lua_pop(L, 1);
		p->vectors_ref = LUA_NOREF;
		return;
	}
	if (lua_type(L, -1) != LUA_TTABLE)
		luaL_error(L, "entry 'vectors': must be a list");
	p->vectors = (unsigned)lua_rawlen(L, -1);
	if (p->vectors_ref != LUA_NOREF)
		p->vectors_ref = luaL_ref(L, LUA_REGISTRYINDEX);
	else
		lua_pop(L, 1);
}

/* (plugin, table) -> handler, q, a */
int
lua_plugin_read(lua_State *L)
{
	struct plugin *p = lua_touserdata(L, 1);
	int t = 2;

	luaL_checkstack(L, READ_STACK, "no room to read a plug-in");
	if (lua_type(L, t) != LUA_TTABLE)
		return luaL_error(L, "the file must return one table: return { ... }");
	check_entries(L, t);
	read_codes(L, t, p);
	read_text(L, t, "title", p->title, sizeof(p->title), true);
	read_text(L, t, "author", p->author, sizeof(p->author), false);
	read_text(L, t, "version", p->version, sizeof(p->version), false);
	p->slow = read_flag(L, t, "slow");
	p->authorised = read_flag(L, t, "authorised");
	p->reveals = read_flag(L, t, "reveals");
	p->allocates = read_flag(L, t, "allocates");
	if (p->reveals && !p->authorised)
		return luaL_error(L, "entry 'reveals': needs authorised = true");
	read_errors(L, t, p);
	lua_getfield(L, t, "request");
	lua_schema_read(L, lua_gettop(L), &p->request, &p->request);
	p->request.authorised = p->authorised;
	p->request.clear |= p->reveals;
	p->sb->reveals = p->reveals;
	p->sb->slow = p->slow;
	lua_getfield(L, t, "response");
	lua_schema_read(L, lua_gettop(L), &p->response, &p->request);
	check_codes(L, p);
	read_vectors(L, t, p);
	read_handler(L, t);
	push_q(L, p);
	push_a(L, p);
	return 3;
}
