/*
 * lua_plugin: from the table that a plug-in's file returns to a struct plugin.
 */
#include <ctype.h>
#include <stdlib.h>

#include "err.h"
#include "lua_handler.h"
#include "lua_reader.h"
#include "lua_schema.h"
#include "plugin.h"
#include "sandbox.h"

enum { READ_STACK = 64 };

static const char *const entries[] = {
	"command", "reply", "title", "version", "author", "sources", "request",
	"response", "errors", "handler", "vectors", "slow", "may_be_slow", "authorised",
	"reveals", "prints", "allocates", NULL
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
	p->error = reader_fit(p->error, p->nerrors, sizeof(*p->error));
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

/* Does the function on the stack's top take two parameters, no more and no less? */
#ifdef LUAHSM_LUAJIT
static bool
takes_two(lua_State *L)
{
	bool two;

	/* Only LuaJIT's debug library tells; it goes before a script can run again. */
	lua_pushcfunction(L, luaopen_debug);
	lua_pushliteral(L, LUA_DBLIBNAME);
	lua_call(L, 1, 0);
	lua_getglobal(L, LUA_DBLIBNAME);
	lua_getfield(L, -1, "getinfo");
	lua_pushvalue(L, -3);
	lua_pushliteral(L, "u");
	lua_call(L, 2, 1);
	lua_getfield(L, -1, "nparams");
	lua_getfield(L, -2, "isvararg");
	two = lua_tointeger(L, -2) == 2 && !lua_toboolean(L, -1);
	lua_pop(L, 4);
	lua_pushnil(L);
	lua_setglobal(L, LUA_DBLIBNAME);
	lua_getfield(L, LUA_REGISTRYINDEX, "_LOADED");
	lua_pushnil(L);
	lua_setfield(L, -2, LUA_DBLIBNAME);
	lua_pop(L, 1);
	return two;
}
#else
static bool
takes_two(lua_State *L)
{
	lua_Debug ar;

	lua_pushvalue(L, -1);
	lua_getinfo(L, ">u", &ar);
	return ar.nparams == 2 && !ar.isvararg;
}
#endif

static void
read_handler(lua_State *L, int t)
{
	lua_getfield(L, t, "handler");
	if (lua_type(L, -1) != LUA_TFUNCTION || lua_iscfunction(L, -1))
		luaL_error(L, "entry 'handler': must be function (q, a)");
	if (!takes_two(L))
		luaL_error(L, "entry 'handler': takes exactly two parameters, (q, a)");
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
	read_text(L, t, "sources", p->sources, sizeof(p->sources), false);
	p->slow = read_flag(L, t, "slow");
	p->may_be_slow = read_flag(L, t, "may_be_slow");
	p->authorised = read_flag(L, t, "authorised");
	p->reveals = read_flag(L, t, "reveals");
	p->prints = read_flag(L, t, "prints");
	p->allocates = read_flag(L, t, "allocates");
	if (p->reveals && !p->authorised)
		return luaL_error(L, "entry 'reveals': needs authorised = true");
	if (p->prints && (!p->authorised || p->slow || p->may_be_slow))
		return luaL_error(L, "entry 'prints': needs authorised = true, and not slow");
	read_errors(L, t, p);
	lua_getfield(L, t, "request");
	lua_schema_read(L, lua_gettop(L), &p->request, &p->request);
	for (int i = 0; i < 2; i++)
		p->activity[i] = (char)tolower((unsigned char)p->code[i]);
	p->request.activity = p->authorised ? p->activity : NULL;
	p->request.clear |= p->reveals;
	p->sb->reveals = p->reveals;
	p->sb->prints = p->prints;
	p->sb->slow = p->slow;
	p->sb->may_be_slow = p->may_be_slow;
	lua_getfield(L, t, "response");
	lua_schema_read(L, lua_gettop(L), &p->response, &p->request);
	check_codes(L, p);
	read_vectors(L, t, p);
	read_handler(L, t);
	lua_handler_push_q(L, p);
	lua_handler_push_a(L, p);
	return 3;
}
