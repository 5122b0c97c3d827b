#include "lua_schema.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "attributes.h"
#include "charset.h"
#include "err.h"
#include "keytype.h"
#include "lua_value.h"
#include "secret.h"

enum { NUMBER_DIGITS = 9 };	/* of a number that counts or is compared */

/* One table being read. */
struct reader {
	lua_State *L;
	struct schema *s;
	const struct schema *request;
	bool    is_request;
	uint8_t next;		/* free place for a list's fields, from the end down */
	uint8_t groups;
};

static const char *
field_name(const struct field *f)
{
	return f->name[0] != '\0' ? f->name : "(delimiter)";
}

static const char *
text_at(struct reader *rd, int i, const struct field *f, const char *what)
{
	if (lua_type(rd->L, i) != LUA_TSTRING)
		luaL_error(rd->L, "field '%s': %s must be a text", field_name(f), what);
	return lua_tostring(rd->L, i);
}

static long
int_at(struct reader *rd, int i, const struct field *f, const char *what, long most)
{
	lua_Number x = lua_tonumber(rd->L, i);

	if (lua_type(rd->L, i) != LUA_TNUMBER || !(x >= 0 && x <= (lua_Number)most) ||
	    floor(x) < x)
		luaL_error(rd->L, "field '%s': %s must be a whole number from 0 to %d",
		    field_name(f), what, (int)most);
	return (long)x;
}

/* The code at i. */
static int
code_at(struct reader *rd, int i, const struct field *f, const char *what)
{
	int r = value_parse_code(rd->L, i);

	if (r >= 0)
		luaL_error(rd->L, "field '%s': %s must be a code: 1 to 99 or two "
		    "characters", field_name(f), what);
	return r;
}

/* The earlier field that is named by the text at i: one whose text can be looked at. */
static int
refer(struct reader *rd, int i, const struct field *f, const char *what)
{
	struct span name = span_str(text_at(rd, i, f, what));
	int k = schema_find(rd->request, name);

	if (k < 0)
		luaL_error(rd->L, "field '%s': %s names no earlier field: '%s'",
		    field_name(f), what, (const char *)name.p);
	if (rd->request->field[k].secret || rd->request->field[k].shape.type == FIELD_KEY ||
	    rd->request->field[k].shape.type == FIELD_LIST)
		luaL_error(rd->L, "field '%s': %s names a field whose text can't be "
		    "looked at: '%s'", field_name(f), what, (const char *)name.p);
	return k;
}

/* The same, of a field that is a number. */
static int
refer_number(struct reader *rd, int i, const struct field *f, const char *what)
{
	int k = refer(rd, i, f, what);
	const struct shape *sh = &rd->request->field[k].shape;

	if ((sh->type != FIELD_N && sh->type != FIELD_H) || sh->max > NUMBER_DIGITS ||
	    sh->extent == EXTENT_REST)
		luaL_error(rd->L, "field '%s': %s names a field that is no number of at "
		    "most %d digits: '%s'", field_name(f), what, NUMBER_DIGITS,
		    rd->request->field[k].name);
	return k;
}

/* No more than most arguments of a type were given. */
static void
check_arguments(struct reader *rd, int t, const struct field *f, size_t most)
{
	if (lua_rawlen(rd->L, t) > most)
		luaL_error(rd->L, "field '%s': its type takes at most %d arguments",
		    field_name(f), (int)most);
}

static void
read_characters(struct reader *rd, int t, struct field *f, struct shape *sh)
{
	lua_State *L = rd->L;

	check_arguments(rd, t, f, 2);
	lua_rawgeti(L, t, 1);
	lua_rawgeti(L, t, 2);
	if (lua_isnil(L, -2)) {
		sh->extent = EXTENT_REST;
	} else if (lua_type(L, -2) == LUA_TSTRING) {
		sh->extent = EXTENT_FIELD;
		sh->length_of = (int8_t)refer_number(rd, -2, f, "the length");
		sh->each = lua_isnil(L, -1) ? 1 :
		    (uint8_t)int_at(rd, -1, f, "the characters of each", 8);
		sh->max = UINT16_MAX;
	} else if (lua_isnil(L, -1)) {
		sh->min = sh->max = (uint16_t)int_at(rd, -2, f, "the length", 32768);
	} else {
		sh->extent = EXTENT_RANGE;
		sh->min = (uint16_t)int_at(rd, -2, f, "the least length", 32768);
		sh->max = (uint16_t)int_at(rd, -1, f, "the greatest length", 32768);
	}
	if (sh->extent != EXTENT_REST && (sh->max == 0 || sh->min > sh->max))
		luaL_error(L, "field '%s': has lengths that leave nothing", field_name(f));
	lua_pop(L, 2);
}

/* enum("001", "002"): words of one length, kept with blanks between. */
static void
read_words(struct reader *rd, int t, struct field *f, struct shape *sh)
{
	size_t words = lua_rawlen(rd->L, t), at = 0;

	for (size_t k = 1; k <= words; k++) {
		const char *text;

		lua_rawgeti(rd->L, t, (int)k);
		text = text_at(rd, -1, f, "a word");
		sh->max = k == 1 ? (uint16_t)strlen(text) : sh->max;
		if (strlen(text) != sh->max || sh->max < 2 ||
		    at + sh->max + 1 >= sizeof(sh->set))
			luaL_error(rd->L, "field '%s': words must be of one length, and few",
			    field_name(f));
		if (k > 1)
			sh->set[at++] = ' ';
		memcpy(sh->set + at, text, sh->max);
		at += sh->max;
		lua_pop(rd->L, 1);
	}
	sh->min = sh->max;
}

static void
read_set(struct reader *rd, int t, struct field *f, struct shape *sh, size_t most)
{
	size_t n;
	const char *text;

	if (lua_rawlen(rd->L, t) > 1) {
		read_words(rd, t, f, sh);
		return;
	}
	lua_rawgeti(rd->L, t, 1);
	text = text_at(rd, -1, f, "the characters");
	n = strlen(text);
	check_arguments(rd, t, f, 1);
	if (n == 0 || n > most)
		luaL_error(rd->L, "field '%s': takes 1 to %d characters", field_name(f),
		    (int)most);
	memcpy(sh->set, text, n);
	sh->charset = 0;
	sh->min = sh->max = 1;
	lua_pop(rd->L, 1);
}

static void
read_kind(struct reader *rd, int t, struct field *f, struct shape *sh, bool needed)
{
	check_arguments(rd, t, f, 1);
	lua_rawgeti(rd->L, t, 1);
	if (needed || !lua_isnil(rd->L, -1)) {
		const char *name = text_at(rd, -1, f, "the kind of key");

		sh->kind = keytype_kind(span_str(name));
		if (sh->kind == NULL)
			luaL_error(rd->L, "field '%s': there is no kind of key '%s'",
			    field_name(f), name);
	}
	lua_pop(rd->L, 1);
}

static void
read_account(struct reader *rd, int t, struct field *f, struct shape *sh)
{
	check_arguments(rd, t, f, 2);
	sh->min = 12;
	sh->max = 18;
	for (int k = 0; k < 2; k++) {
		lua_rawgeti(rd->L, t, k + 1);
		if (!lua_isnil(rd->L, -1))
			sh->format[k] = (int8_t)refer(rd, -1, f, "the format");
		lua_pop(rd->L, 1);
	}
}

/* The type table on the stack's top (a type written without a call is called). */
static int
type_table(struct reader *rd, const struct field *f)
{
	lua_State *L = rd->L;

	if (lua_type(L, -1) == LUA_TFUNCTION) {
		lua_call(L, 0, 1);
	}
	if (lua_type(L, -1) != LUA_TTABLE)
		luaL_error(L, "field '%s': has no type", field_name(f));
	return lua_gettop(L);
}

static bool
kind_is(lua_State *L, int t, const char *kind)
{
	bool is;

	lua_getfield(L, t, "kind");
	is = lua_type(L, -1) == LUA_TSTRING && strcmp(lua_tostring(L, -1), kind) == 0;
	lua_pop(L, 1);
	return is;
}

/* The types of schema_pin.h. False: it is none of them. */
static bool
read_pin_shape(struct reader *rd, int t, struct field *f, struct shape *sh)
{
	static const struct {
		const char *kind;
		uint8_t type, charset, min, max;
	} pins[] = {
		{ "lpin",       FIELD_LPIN,       CHAR_HEX,   5,  13 },
		{ "clearpin",   FIELD_CLEARPIN,   CHAR_HEX,   5,  13 },
		{ "dtab",       FIELD_TABLE,      CHAR_PRINT, 16, 16 },
		{ "validation", FIELD_VALIDATION, CHAR_PRINT, 12, 17 },
		{ "offset",     FIELD_OFFSET,     CHAR_HEX,   12, 12 },
		{ "ksn",        FIELD_KSN,        CHAR_HEX,   12, 20 },
		{ "pan",        FIELD_PAN,        CHAR_DIGIT, 12, 20 },
		{ "pinlist",    FIELD_PINLIST,    CHAR_DIGIT, 4,  255 },
	};
	size_t i = 0;

	while (!kind_is(rd->L, t, pins[i].kind))
		if (++i == sizeof(pins) / sizeof(pins[0]))
			return false;
	sh->type = pins[i].type;
	sh->charset = pins[i].charset;
	sh->min = pins[i].min;
	sh->max = pins[i].max;
	sh->extent = EXTENT_RANGE;
	if (sh->type == FIELD_KSN) {
		lua_rawgeti(rd->L, t, 1);
		sh->length_of = (int8_t)refer(rd, -1, f, "the descriptor");
		lua_pop(rd->L, 1);
	}
	if (sh->type == FIELD_CLEARPIN)
		rd->s->clear = true;
	return true;
}

/* A shape from the type table at t, other than optional, secret, list and by. */
static void
read_shape(struct reader *rd, int t, struct field *f, struct shape *sh)
{
	static const struct {
		const char *kind;
		enum field_type type;
		uint8_t charset;
	} plain[] = {
		{ "N", FIELD_N, CHAR_DIGIT }, { "H", FIELD_H, CHAR_HEX },
		{ "A", FIELD_A, CHAR_PRINT }, { "B", FIELD_B, CHAR_ANY },
	};
	lua_State *L = rd->L;

	*sh = (struct shape){ .length_of = -1, .format = { -1, -1 },
		.charset = CHAR_PRINT };
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (kind_is(L, t, plain[i].kind)) {
			sh->type = (uint8_t)plain[i].type;
			sh->charset = plain[i].charset;
			read_characters(rd, t, f, sh);
			return;
		}
	}
	if (read_pin_shape(rd, t, f, sh))
		return;
	if (kind_is(L, t, "enum")) {
		sh->type = FIELD_ENUM;
		read_set(rd, t, f, sh, sizeof(sh->set) - 1);
	} else if (kind_is(L, t, "attributes")) {
		sh->type = FIELD_ATTRIBUTES;
		read_set(rd, t, f, sh, ATTRIBUTES_FORM);
	} else if (kind_is(L, t, "mark")) {
		sh->type = FIELD_MARK;
		read_set(rd, t, f, sh, 1);
	} else if (kind_is(L, t, "pinformat")) {
		sh->type = FIELD_FORMAT;
		sh->charset = CHAR_DIGIT;
		sh->min = sh->max = 2;
	} else if (kind_is(L, t, "account")) {
		sh->type = FIELD_ACCOUNT;
		read_account(rd, t, f, sh);
	} else if (kind_is(L, t, "key")) {
		sh->type = FIELD_KEY;
		read_kind(rd, t, f, sh, true);
	} else if (kind_is(L, t, "cryptogram")) {
		sh->type = FIELD_CRYPTOGRAM;
		read_kind(rd, t, f, sh, false);
	} else {
		luaL_error(L, "field '%s': has no type that is known here",
		    field_name(f));
	}
}

static void
read_choice(struct reader *rd, struct field *f)
{
	lua_State *L = rd->L;
	struct choice *c;
	const char *text;

	if (f->nchoice == SCHEMA_CHOICES)
		luaL_error(L, "field '%s': has too many choices", field_name(f));
	text = text_at(rd, -2, f, "a choice");
	if (strlen(text) >= SCHEMA_TEXT)
		luaL_error(L, "field '%s': choice '%s' is too long", field_name(f), text);
	c = &f->choice[f->nchoice++];
	memcpy(c->text, text, strlen(text) + 1);
	read_shape(rd, type_table(rd, f), f, &c->shape);
}

/* by("mode", { ["1"] = N(4), N(2) }): the type for each text, and the one for the rest. */
static void
read_by(struct reader *rd, int t, struct field *f)
{
	lua_State *L = rd->L;

	check_arguments(rd, t, f, 2);
	lua_rawgeti(L, t, 1);
	f->by = (int8_t)refer(rd, -1, f, "by()");
	lua_pop(L, 1);
	if ((f->choice = calloc(SCHEMA_CHOICES, sizeof(*f->choice))) == NULL)
		luaL_error(L, "no memory");
	lua_rawgeti(L, t, 2);
	if (lua_type(L, -1) != LUA_TTABLE)
		luaL_error(L, "field '%s': by() takes a table of types", field_name(f));
	lua_rawgeti(L, -1, 1);
	if (lua_isnil(L, -1))
		luaL_error(L, "field '%s': by() needs a type for all other values",
		    field_name(f));
	read_shape(rd, type_table(rd, f), f, &f->shape);
	lua_pop(L, 1);
	lua_pushnil(L);
	while (lua_next(L, -2) != 0) {
		if (lua_type(L, -2) == LUA_TSTRING)
			read_choice(rd, f);
		else if (lua_type(L, -2) != LUA_TNUMBER || lua_tonumber(L, -2) != 1)
			luaL_error(L, "field '%s': choices of by() are texts, and one type "
			    "for all other values", field_name(f));
		lua_pop(L, 1);
	}
	lua_pop(L, 1);
}

static void
read_when(struct reader *rd, struct field *f)
{
	lua_State *L = rd->L;
	struct when *w;
	size_t n;

	if (f->nwhen == SCHEMA_WHEN)
		luaL_error(L, "field '%s': has too many conditions", field_name(f));
	w = &f->when[f->nwhen++];
	w->field = (int8_t)refer(rd, -2, f, "when");
	n = lua_type(L, -1) == LUA_TTABLE ? lua_rawlen(L, -1) : 1;
	if (n == 0)
		luaL_error(L, "field '%s': a condition has no value", field_name(f));
	for (size_t k = 1; k <= n; k++) {
		const char *text;

		if (lua_type(L, -1) == LUA_TTABLE)
			lua_rawgeti(L, -1, (int)k);
		else
			lua_pushvalue(L, -1);
		text = text_at(rd, -1, f, "a condition");
		if (strlen(text) >= SCHEMA_TEXT || w->n == SCHEMA_TEXTS)
			luaL_error(L, "field '%s': condition is too long", field_name(f));
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
		    int_at(rd, -1, f, "equals", 0x7FFFFFFF));
	else
		n = snprintf(f->equals, sizeof(f->equals), "%s",
		    text_at(rd, -1, f, "equals"));
	if (f->shape.type > FIELD_B || n >= (int)sizeof(f->equals) || n < f->shape.min ||
	    n > f->shape.max)
		luaL_error(L, "field '%s': equals is no value that it can have",
		    field_name(f));
}

/* min or max: of numbers only. */
static long
read_limit(struct reader *rd, struct field *f, const char *name)
{
	if ((f->shape.type != FIELD_N && f->shape.type != FIELD_H) ||
	    f->shape.extent > EXTENT_RANGE || f->shape.max > NUMBER_DIGITS || f->secret)
		luaL_error(rd->L, "field '%s': only a number of at most %d digits has %s",
		    field_name(f), NUMBER_DIGITS, name);
	f->ranged = true;
	return int_at(rd, -1, f, name, 0x7FFFFFFF);
}

static void
read_conditions(struct reader *rd, struct field *f)
{
	lua_State *L = rd->L;

	if (lua_type(L, -1) != LUA_TTABLE)
		luaL_error(L, "field '%s': when takes a table: { field = \"value\" }",
		    field_name(f));
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
		    field_name(f), name);
	} else if (strcmp(name, "invalid") == 0) {
		f->invalid = code_at(rd, -1, f, "invalid");
	} else if (strcmp(name, "short") == 0) {
		f->cut_short = code_at(rd, -1, f, "short");
	} else if (strcmp(name, "parity") == 0) {
		if (f->shape.type != FIELD_KEY)
			luaL_error(L, "field '%s': only a key has parity", field_name(f));
		f->parity = code_at(rd, -1, f, "parity");
	} else if (strcmp(name, "equals") == 0) {
		read_equals(rd, f);
	} else if (strcmp(name, "min") == 0) {
		f->least = read_limit(rd, f, "min");
	} else if (strcmp(name, "max") == 0) {
		f->most = read_limit(rd, f, "max");
	} else {
		luaL_error(L, "field '%s': there is no option '%s'", field_name(f), name);
	}
}

static void
read_options(struct reader *rd, int t, struct field *f)
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
		luaL_error(L, "field '%s': min is more than max", field_name(f));
}

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
		.format = { -1, -1 } };
	if (!rd->is_request)
		luaL_error(L, "field '%s': a reply has no lists", field_name(f));
	lua_rawgeti(L, t, 1);
	f->shape.length_of = (int8_t)refer_number(rd, -1, f, "the count");
	lua_pop(L, 1);
	if (n == 0 || n >= (size_t)(rd->next - rd->s->n))
		luaL_error(L, "field '%s': has no fields or too many", field_name(f));
	if (f->secret)
		luaL_error(L, "field '%s': a list is no secret, but its fields may be",
		    field_name(f));
	rd->next = (uint8_t)(rd->next - n);
	f->shape.first = rd->next;
	f->shape.count = (uint8_t)n;
	for (size_t k = 0; k < n; k++) {
		lua_rawgeti(L, t, (int)k + 2);
		if (lua_type(L, -1) != LUA_TTABLE)
			luaL_error(L, "field '%s': a list's fields are { \"name\", type }",
			    field_name(f));
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
		    field_name(f));
	return *mark;
}

/* The type at the stack's top, with what may stand around it. */
static void
read_type(struct reader *rd, struct field *f)
{
	lua_State *L = rd->L;
	int t = type_table(rd, f), inner = 1;

	if (kind_is(L, t, "optional")) {
		f->group = ++rd->groups;
		f->opens = true;
		lua_rawgeti(L, t, 1);
		if (lua_type(L, -1) == LUA_TSTRING) {
			f->mark = mark_at(rd, -1, f);
			inner = 2;
		}
		check_arguments(rd, t, f, (size_t)inner);
		lua_rawgeti(L, t, inner);
		t = type_table(rd, f);
	}
	if (kind_is(L, t, "secret")) {
		f->secret = true;
		check_arguments(rd, t, f, 1);
		lua_rawgeti(L, t, 1);
		t = type_table(rd, f);
	}
	if (kind_is(L, t, "list"))
		read_list(rd, t, f);
	else if (kind_is(L, t, "by"))
		read_by(rd, t, f);
	else
		read_shape(rd, t, f, &f->shape);
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
		    field_name(f));
	if (f->shape.type == FIELD_CLEARPIN && rd->is_request && !f->secret)
		luaL_error(rd->L, "field '%s': a clear PIN is secret(clearpin)", f->name);
	if (f->secret && (f->shape.type == FIELD_KEY || f->shape.type == FIELD_CRYPTOGRAM ||
	    (f->shape.extent <= EXTENT_RANGE && f->shape.max > SECRET_MAX)))
		luaL_error(rd->L, "field '%s': a secret is at most %d characters, and no key",
		    field_name(f), SECRET_MAX);
	if (f->secret && !rd->is_request)
		luaL_error(rd->L, "field '%s': a secret can't be sent", field_name(f));
	if (f->shape.type == FIELD_KEY && !rd->is_request)
		luaL_error(rd->L, "field '%s': a reply carries a cryptogram, not a key",
		    field_name(f));
	read_options(rd, t, f);
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

	if (kind_is(L, t, "mark")) {
		f = add_field(rd);
		*f = (struct field){ .by = -1, .invalid = ERR_INPUT,
			.cut_short = ERR_INPUT };
		read_shape(rd, t, f, &f->shape);
		rd->s->n++;
		return;
	}
	lua_rawgeti(L, t, 1);
	if (!kind_is(L, t, "optional") || lua_type(L, -1) != LUA_TSTRING || n < 2)
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
	finish(&rd);
}
