/*
 * lua_option: what a field's table says behind name and type: conditions,
 * codes, limits.
 */
#include "lua_reader.h"

#include <stdio.h>
#include <string.h>

static void
read_when(struct reader *rd, struct field *f)
{
	lua_State *L = rd->L;
	struct when *w;
	size_t n;

	if (f->nwhen == SCHEMA_WHEN)
		luaL_error(L, "field '%s': has too many conditions", reader_name(f));
	w = &f->when[f->nwhen++];
	w->field = (int8_t)reader_refer(rd, -2, f, "when");
	n = lua_type(L, -1) == LUA_TTABLE ? lua_rawlen(L, -1) : 1;
	if (n == 0)
		luaL_error(L, "field '%s': a condition has no value", reader_name(f));
	for (size_t k = 1; k <= n; k++) {
		const char *text;

		if (lua_type(L, -1) == LUA_TTABLE)
			lua_rawgeti(L, -1, (int)k);
		else
			lua_pushvalue(L, -1);
		text = reader_text(rd, -1, f, "a condition");
		if (strlen(text) >= SCHEMA_TEXT || w->n == SCHEMA_TEXTS)
			luaL_error(L, "field '%s': condition is too long", reader_name(f));
		memcpy(w->text[w->n++], text, strlen(text) + 1);
		lua_pop(L, 1);
	}
}

static void
read_equals(struct reader *rd, struct field *f)
{
	lua_State *L = rd->L;
	int n;

	if (lua_type(L, -1) == LUA_TNUMBER)
		n = snprintf(f->equals, sizeof(f->equals), "%0*ld", (int)f->shape.min,
		    reader_int(rd, -1, f, "equals", 0x7FFFFFFF));
	else
		n = snprintf(f->equals, sizeof(f->equals), "%s",
		    reader_text(rd, -1, f, "equals"));
	if (f->shape.type > FIELD_B || n >= (int)sizeof(f->equals) || n < f->shape.min ||
	    n > f->shape.max)
		luaL_error(L, "field '%s': equals is no value that it can have",
		    reader_name(f));
}

/* min or max: of numbers only. */
static long
read_limit(struct reader *rd, struct field *f, const char *name)
{
	if ((f->shape.type != FIELD_N && f->shape.type != FIELD_H) ||
	    f->shape.extent > EXTENT_RANGE || f->shape.max > NUMBER_DIGITS || f->secret)
		luaL_error(rd->L, "field '%s': only a number of at most %d digits has %s",
		    reader_name(f), NUMBER_DIGITS, name);
	f->ranged = true;
	return reader_int(rd, -1, f, name, 0x7FFFFFFF);
}

static void
read_conditions(struct reader *rd, struct field *f)
{
	lua_State *L = rd->L;

	if (lua_type(L, -1) != LUA_TTABLE)
		luaL_error(L, "field '%s': when takes a table: { field = \"value\" }",
		    reader_name(f));
	lua_pushnil(L);
	while (lua_next(L, -2) != 0) {
		read_when(rd, f);
		lua_pop(L, 1);
	}
}

/* One option of a field: its name at -2, its value at -1. */
static void
read_option(struct reader *rd, struct field *f)
{
	lua_State *L = rd->L;
	const char *name = lua_tostring(L, -2);

	if (strcmp(name, "when") == 0) {
		read_conditions(rd, f);
	} else if (!rd->is_request) {
		luaL_error(L, "field '%s': a reply's fields have no option '%s'",
		    reader_name(f), name);
	} else if (strcmp(name, "invalid") == 0) {
		f->invalid = reader_code(rd, -1, f, "invalid");
	} else if (strcmp(name, "short") == 0) {
		f->cut_short = reader_code(rd, -1, f, "short");
	} else if (strcmp(name, "parity") == 0) {
		if (f->shape.type != FIELD_KEY)
			luaL_error(L, "field '%s': only a key has parity", reader_name(f));
		f->parity = reader_code(rd, -1, f, "parity");
	} else if (strcmp(name, "equals") == 0) {
		read_equals(rd, f);
	} else if (strcmp(name, "min") == 0) {
		f->least = read_limit(rd, f, "min");
	} else if (strcmp(name, "max") == 0) {
		f->most = read_limit(rd, f, "max");
	} else {
		luaL_error(L, "field '%s': there is no option '%s'", reader_name(f), name);
	}
}

void
options_read(struct reader *rd, int t, struct field *f)
{
	lua_State *L = rd->L;

	f->most = 0x7FFFFFFF;
	lua_pushnil(L);
	while (lua_next(L, t) != 0) {
		if (lua_type(L, -2) == LUA_TSTRING)
			read_option(rd, f);
		lua_pop(L, 1);
	}
	if (f->least > f->most)
		luaL_error(L, "field '%s': min is more than max", reader_name(f));
}
