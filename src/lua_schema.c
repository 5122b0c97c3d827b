#include "lua_schema.h"

#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "lua_reader.h"
#include "secret.h"

static void read_field(struct reader *rd, int t, struct field *f);

/* What the cutting of a list does not look at must not be declared for its fields. */
static void
check_element(struct reader *rd, const struct field *list, unsigned k)
{
	const struct field *f = &rd->s->field[list->shape.first + k];

	if (f->shape.type == FIELD_LIST || f->group != 0 || f->nwhen != 0)
		luaL_error(rd->L, "field '%s': in a list there are no lists, no optional "
		    "fields and no conditions", f->name);
	for (unsigned i = 0; i < k; i++) {
		if (strcmp(rd->s->field[list->shape.first + i].name, f->name) == 0)
			luaL_error(rd->L, "field '%s': there are two of that name", f->name);
	}
}

static struct field *
add_field(struct reader *rd)
{
	if (rd->s->n == rd->next)
		luaL_error(rd->L, "there are more than %d fields", SCHEMA_FIELDS);
	return &rd->s->field[rd->s->n];
}

/* list("count", { "name", type }, ...): its fields are kept after all others. */
static void
read_list(struct reader *rd, int t, struct field *f)
{
	lua_State *L = rd->L;
	size_t n = lua_rawlen(L, t) - 1;

	f->shape = (struct shape){ .type = FIELD_LIST, .max = SCHEMA_LIST,
		.refer = { -1, -1 } };
	if (!rd->is_request)
		luaL_error(L, "field '%s': a reply has no lists", reader_name(f));
	lua_rawgeti(L, t, 1);
	f->shape.length_of = (int8_t)reader_refer_number(rd, -1, f, "the count");
	lua_pop(L, 1);
	if (n == 0 || n >= (size_t)(rd->next - rd->s->n))
		luaL_error(L, "field '%s': has no fields or too many", reader_name(f));
	if (f->secret)
		luaL_error(L, "field '%s': a list is no secret, but its fields may be",
		    reader_name(f));
	rd->next = (uint8_t)(rd->next - n);
	f->shape.first = rd->next;
	f->shape.count = (uint8_t)n;
	for (size_t k = 0; k < n; k++) {
		lua_rawgeti(L, t, (int)k + 2);
		if (lua_type(L, -1) != LUA_TTABLE)
			luaL_error(L, "field '%s': a list's fields are { \"name\", type }",
			    reader_name(f));
		read_field(rd, lua_gettop(L), &rd->s->field[f->shape.first + k]);
		check_element(rd, f, (unsigned)k);
		lua_pop(L, 1);
	}
}

static void
read_name(struct reader *rd, int t, struct field *f)
{
	lua_State *L = rd->L;
	const char *name;

	lua_rawgeti(L, t, 1);
	name = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "";
	if (name[0] == '\0' || strlen(name) >= SCHEMA_NAME)
		luaL_error(L, "a field is { \"name\", type }, the name 1 to %d characters",
		    SCHEMA_NAME - 1);
	if (schema_find(rd->s, span_str(name)) >= 0)
		luaL_error(L, "field '%s': there are two of that name", name);
	memcpy(f->name, name, strlen(name) + 1);
	lua_pop(L, 1);
}

/* The delimiter of optional() at i. */
static char
mark_at(struct reader *rd, int i, const struct field *f)
{
	const char *mark = lua_tostring(rd->L, i);

	if (strlen(mark) != 1)
		luaL_error(rd->L, "field '%s': the delimiter is one character",
		    reader_name(f));
	return *mark;
}

/* The type at the stack's top, with what may stand around it. */
static void
read_type(struct reader *rd, struct field *f)
{
	lua_State *L = rd->L;
	int t = reader_type(rd, f), inner = 1;

	if (reader_is(L, t, "optional")) {
		f->group = ++rd->groups;
		f->opens = true;
		lua_rawgeti(L, t, 1);
		if (lua_type(L, -1) == LUA_TSTRING) {
			f->mark = mark_at(rd, -1, f);
			inner = 2;
		}
		reader_arguments(rd, t, f, (size_t)inner);
		lua_rawgeti(L, t, inner);
		t = reader_type(rd, f);
	}
	if (reader_is(L, t, "secret")) {
		f->secret = true;
		reader_arguments(rd, t, f, 1);
		lua_rawgeti(L, t, 1);
		t = reader_type(rd, f);
	}
	if (reader_is(L, t, "list"))
		read_list(rd, t, f);
	else
		shape_read(rd, t, f);
}

/* { "name", type, option = value, ... } at t. */
static void
read_field(struct reader *rd, int t, struct field *f)
{
	int top = lua_gettop(rd->L);

	*f = (struct field){ .by = -1, .invalid = ERR_INPUT, .cut_short = ERR_INPUT,
		.parity = ERR_PARITY_1 };
	luaL_checkstack(rd->L, 16, "fields are nested too deep");
	read_name(rd, t, f);
	lua_rawgeti(rd->L, t, 2);
	read_type(rd, f);
	if (lua_rawlen(rd->L, t) > 2)
		luaL_error(rd->L, "field '%s': has more than a name, a type and options",
		    reader_name(f));
	if (f->shape.type == FIELD_CLEARPIN && rd->is_request && !f->secret)
		luaL_error(rd->L, "field '%s': a clear PIN is secret(clearpin)", f->name);
	if (f->secret && (f->shape.type == FIELD_KEY || f->shape.type == FIELD_CRYPTOGRAM ||
	    (f->shape.extent <= EXTENT_RANGE && f->shape.max > SECRET_MAX)))
		luaL_error(rd->L, "field '%s': a secret is at most %d characters, and no key",
		    reader_name(f), SECRET_MAX);
	if (f->secret && !rd->is_request)
		luaL_error(rd->L, "field '%s': a secret can't be sent", reader_name(f));
	if (f->shape.type == FIELD_KEY && !rd->is_request)
		luaL_error(rd->L, "field '%s': a reply carries a cryptogram, not a key",
		    reader_name(f));
	options_read(rd, t, f);
	lua_settop(rd->L, top);
}

/* An entry without a name of its own: optional(";", {..}, {..}) or mark ";". */
static void
read_unnamed(struct reader *rd, int t)
{
	lua_State *L = rd->L;
	struct field *f;
	uint8_t group;
	size_t n = lua_rawlen(L, t);

	if (reader_is(L, t, "mark")) {
		f = add_field(rd);
		*f = (struct field){ .by = -1, .invalid = ERR_INPUT,
			.cut_short = ERR_INPUT };
		shape_read(rd, t, f);
		rd->s->n++;
		return;
	}
	lua_rawgeti(L, t, 1);
	if (!reader_is(L, t, "optional") || lua_type(L, -1) != LUA_TSTRING || n < 2)
		luaL_error(L, "an entry is { \"name\", type }, mark \";\" or "
		    "optional(\";\", fields)");
	group = ++rd->groups;
	for (size_t k = 2; k <= n; k++) {
		f = add_field(rd);
		lua_rawgeti(L, t, (int)k);
		if (lua_type(L, -1) != LUA_TTABLE)
			luaL_error(L, "optional() takes fields: { \"name\", type }");
		read_field(rd, lua_gettop(L), f);
		if (f->group != 0)
			luaL_error(L, "field '%s': is optional in an optional group",
			    f->name);
		f->group = group;
		f->opens = k == 2;
		f->mark = k == 2 ? mark_at(rd, t + 1, f) : '\0';
		rd->s->n++;
		lua_pop(L, 1);
	}
	lua_pop(L, 1);
}

static bool
may_be_absent(const struct field *f)
{
	return f->group != 0 || f->nwhen != 0;
}

/*
 * What counts f, which is there when owner is, must not be absent where f is always
 * there. In by() it may: the choice is a condition of its own.
 */
static void
check_count(struct reader *rd, const struct field *f, const struct field *owner)
{
	const struct shape *sh = &f->shape;
	int k = f->nchoice != 0 ? -1 : sh->type == FIELD_ACCOUNT || sh->length_of >= 0 ?
	    sh->length_of : sh->refer[0];

	if (k >= 0 && may_be_absent(&rd->request->field[k]) && !may_be_absent(owner))
		luaL_error(rd->L, "field '%s': is always there, but what tells its length "
		    "is not: '%s'", reader_name(f), rd->request->field[k].name);
}

static void
check_counts(struct reader *rd)
{
	const struct schema *s = rd->s;

	for (unsigned i = 0; i < s->n; i++) {
		const struct field *f = &s->field[i];

		check_count(rd, f, f);
		for (unsigned k = 0; f->shape.type == FIELD_LIST && k < f->shape.count; k++)
			check_count(rd, &s->field[f->shape.first + k], f);
	}
}

/* Give list fields their cells and close the gap before the fields of lists. */
static void
finish(struct reader *rd)
{
	struct schema *s = rd->s;
	uint8_t gap = (uint8_t)(rd->next - s->n);

	memmove(s->field + s->n, s->field + rd->next,
	    (size_t)(SCHEMA_FIELDS - rd->next) * sizeof(*s->field));
	s->total = (uint8_t)(SCHEMA_FIELDS - gap);
	s->views = s->total;
	for (unsigned i = 0; i < s->n; i++) {
		struct shape *sh = &s->field[i].shape;

		if (sh->type == FIELD_LIST) {
			sh->first = (uint8_t)(sh->first - gap);
			sh->cell = s->views;
			s->views = (uint16_t)(s->views + SCHEMA_LIST * sh->count);
		}
	}
}

void
lua_schema_read(lua_State *L, int i, struct schema *s, const struct schema *request)
{
	struct reader rd = { .L = L, .s = s, .request = request,
		.is_request = s == request, .next = SCHEMA_FIELDS };
	size_t n;

	if (lua_type(L, i) != LUA_TTABLE)
		luaL_error(L, "entry '%s': must be a list of fields",
		    rd.is_request ? "request" : "response");
	if ((s->field = calloc(SCHEMA_FIELDS, sizeof(*s->field))) == NULL)
		luaL_error(L, "no memory");
	s->total = SCHEMA_FIELDS;
	n = lua_rawlen(L, i);
	for (size_t k = 1; k <= n; k++) {
		lua_rawgeti(L, i, (int)k);
		if (lua_type(L, -1) == LUA_TFUNCTION)
			lua_call(L, 0, 1);
		if (lua_type(L, -1) != LUA_TTABLE)
			luaL_error(L, "an entry is { \"name\", type }, mark \";\" or "
			    "optional(\";\", fields)");
		lua_getfield(L, -1, "kind");
		if (lua_isnil(L, -1)) {
			lua_pop(L, 1);
			read_field(&rd, lua_gettop(L), add_field(&rd));
			s->n++;
		} else {
			lua_pop(L, 1);
			read_unnamed(&rd, lua_gettop(L));
		}
		lua_pop(L, 1);
	}
	if (rd.is_request)
		check_counts(&rd);
	finish(&rd);
	s->field = reader_fit(s->field, s->total, sizeof(*s->field));
	schema_prepare(s);
}
