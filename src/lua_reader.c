#include "lua_reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lua_value.h"

const char *
reader_name(const struct field *f)
{
	return f->name[0] != '\0' ? f->name : "(delimiter)";
}

const char *
reader_text(struct reader *rd, int i, const struct field *f, const char *what)
{
	if (lua_type(rd->L, i) != LUA_TSTRING)
		luaL_error(rd->L, "field '%s': %s must be a text", reader_name(f), what);
	return lua_tostring(rd->L, i);
}

long
reader_int(struct reader *rd, int i, const struct field *f, const char *what, long most)
{
	lua_Number x = lua_tonumber(rd->L, i);

	if (lua_type(rd->L, i) != LUA_TNUMBER || !(x >= 0 && x <= (lua_Number)most) ||
	    floor(x) < x)
		luaL_error(rd->L, "field '%s': %s must be a whole number from 0 to %d",
		    reader_name(f), what, (int)most);
	return (long)x;
}

/* The code at i. */
int
reader_code(struct reader *rd, int i, const struct field *f, const char *what)
{
	int r = value_parse_code(rd->L, i);

	if (r >= 0)
		luaL_error(rd->L, "field '%s': %s must be a code: 1 to 99 or two "
		    "characters", reader_name(f), what);
	return r;
}

/* The earlier field that is named by the text at i. */
static int
refer(struct reader *rd, int i, const struct field *f, const char *what)
{
	struct span name = span_str(reader_text(rd, i, f, what));
	int k = schema_find(rd->request, name);

	if (k < 0)
		luaL_error(rd->L, "field '%s': %s names no earlier field: '%s'",
		    reader_name(f), what, (const char *)name.p);
	return k;
}

/* The same, of one whose text can be looked at. */
int
reader_refer(struct reader *rd, int i, const struct field *f, const char *what)
{
	int k = refer(rd, i, f, what);

	if (rd->request->field[k].secret || rd->request->field[k].shape.type == FIELD_KEY ||
	    rd->request->field[k].shape.type == FIELD_LIST)
		luaL_error(rd->L, "field '%s': %s names a field whose text can't be "
		    "looked at: '%s'", reader_name(f), what, rd->request->field[k].name);
	return k;
}

/* The same, of a field that is a number. */
int
reader_refer_number(struct reader *rd, int i, const struct field *f, const char *what)
{
	int k = reader_refer(rd, i, f, what);
	const struct shape *sh = &rd->request->field[k].shape;

	if ((sh->type != FIELD_N && sh->type != FIELD_H) || sh->max > NUMBER_DIGITS ||
	    sh->extent == EXTENT_REST)
		luaL_error(rd->L, "field '%s': %s names a field that is no number of at "
		    "most %d digits: '%s'", reader_name(f), what, NUMBER_DIGITS,
		    rd->request->field[k].name);
	return k;
}

/* The same, of a field that is a key. */
int
reader_refer_key(struct reader *rd, int i, const struct field *f)
{
	int k = refer(rd, i, f, "the key");

	if (rd->request->field[k].shape.type != FIELD_KEY)
		luaL_error(rd->L, "field '%s': the key names a field that is none: '%s'",
		    reader_name(f), rd->request->field[k].name);
	return k;
}

/* No more than most arguments of a type were given. */
void
reader_arguments(struct reader *rd, int t, const struct field *f, size_t most)
{
	if (lua_rawlen(rd->L, t) > most)
		luaL_error(rd->L, "field '%s': its type takes at most %d arguments",
		    reader_name(f), (int)most);
}

/* The type table on the stack's top (a type written without a call is called). */
int
reader_type(struct reader *rd, const struct field *f)
{
	lua_State *L = rd->L;

	if (lua_type(L, -1) == LUA_TFUNCTION) {
		lua_call(L, 0, 1);
	}
	if (lua_type(L, -1) != LUA_TTABLE)
		luaL_error(L, "field '%s': has no type", reader_name(f));
	return lua_gettop(L);
}

bool
reader_is(lua_State *L, int t, const char *kind)
{
	bool is;

	lua_getfield(L, t, "kind");
	is = lua_type(L, -1) == LUA_TSTRING && strcmp(lua_tostring(L, -1), kind) == 0;
	lua_pop(L, 1);
	return is;
}

void *
reader_fit(void *p, size_t n, size_t size)
{
	void *fit = realloc(p, (n > 0 ? n : 1) * size);

	return fit != NULL ? fit : p;
}
