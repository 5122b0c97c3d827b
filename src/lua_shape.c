/*
 * lua_shape: the type of a field, from the table that its constructor made.
 */
#include "lua_reader.h"

#include <stdlib.h>
#include <string.h>

#include "attributes.h"
#include "charset.h"
#include "keytype.h"

static void
read_characters(struct reader *rd, int t, struct field *f, struct shape *sh)
{
	lua_State *L = rd->L;

	reader_arguments(rd, t, f, 2);
	lua_rawgeti(L, t, 1);
	lua_rawgeti(L, t, 2);
	if (lua_isnil(L, -2)) {
		sh->extent = EXTENT_REST;
	} else if (lua_type(L, -2) == LUA_TSTRING) {
		sh->extent = EXTENT_FIELD;
		sh->length_of = (int8_t)reader_refer_number(rd, -2, f, "the length");
		sh->each = lua_isnil(L, -1) ? 1 :
		    (uint8_t)reader_int(rd, -1, f, "the characters of each", 8);
		sh->max = UINT16_MAX;
	} else if (lua_isnil(L, -1)) {
		sh->min = sh->max = (uint16_t)reader_int(rd, -2, f, "the length", 32768);
	} else {
		sh->extent = EXTENT_RANGE;
		sh->min = (uint16_t)reader_int(rd, -2, f, "the least length", 32768);
		sh->max = (uint16_t)reader_int(rd, -1, f, "the greatest length", 32768);
	}
	if (sh->extent != EXTENT_REST && (sh->max == 0 || sh->min > sh->max))
		luaL_error(L, "field '%s': has lengths that leave nothing", reader_name(f));
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
		text = reader_text(rd, -1, f, "a word");
		sh->max = k == 1 ? (uint16_t)strlen(text) : sh->max;
		if (strlen(text) != sh->max || sh->max < 2 ||
		    at + sh->max + 1 >= sizeof(sh->set))
			luaL_error(rd->L, "field '%s': words must be of one length, and few",
			    reader_name(f));
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
	text = reader_text(rd, -1, f, "the characters");
	n = strlen(text);
	reader_arguments(rd, t, f, 1);
	if (n == 0 || n > most)
		luaL_error(rd->L, "field '%s': takes 1 to %d characters", reader_name(f),
		    (int)most);
	memcpy(sh->set, text, n);
	sh->charset = 0;
	sh->min = sh->max = 1;
	lua_pop(rd->L, 1);
}

static void
read_kind(struct reader *rd, int t, struct field *f, struct shape *sh, bool needed)
{
	reader_arguments(rd, t, f, 1);
	lua_rawgeti(rd->L, t, 1);
	if (needed || !lua_isnil(rd->L, -1)) {
		const char *name = reader_text(rd, -1, f, "the kind of key");

		sh->kind = keytype_kind(span_str(name));
		if (sh->kind == NULL)
			luaL_error(rd->L, "field '%s': there is no kind of key '%s'",
			    reader_name(f), name);
	}
	lua_pop(rd->L, 1);
}

/* Fields that tell how long this one is: account("from", "to"), ksn("descriptor", "bdk"),
 * sealed "key", iv "key". */
static void
read_refer(struct reader *rd, int t, struct field *f, struct shape *sh)
{
	bool account = sh->type == FIELD_ACCOUNT, ksn = sh->type == FIELD_KSN;
	/* A reply's PIN block is what it is. */
	bool needed = !account && (sh->type != FIELD_SEALED || rd->is_request);

	reader_arguments(rd, t, f, account || ksn ? 2 : 1);
	for (int k = 0; k < 2; k++) {
		lua_rawgeti(rd->L, t, k + 1);
		if (lua_isnil(rd->L, -1) && (k == 1 || !needed))
			;
		else if (account || (ksn && k == 0))
			sh->refer[k] = (int8_t)reader_refer(rd, -1, f, account ?
			    "the format" : "the descriptor");
		else
			sh->refer[k] = (int8_t)reader_refer_key(rd, -1, f);
		lua_pop(rd->L, 1);
	}
}

/* dtab "old": it comes from under the LMK in key change storage. */
static void
read_old(struct reader *rd, int t, struct field *f, struct shape *sh)
{
	reader_arguments(rd, t, f, 1);
	lua_rawgeti(rd->L, t, 1);
	sh->old = !lua_isnil(rd->L, -1);
	if (sh->old && strcmp(reader_text(rd, -1, f, "the LMK"), "old") != 0)
		luaL_error(rd->L, "field '%s': dtab takes \"old\" or nothing",
		    reader_name(f));
	lua_pop(rd->L, 1);
}

/* The types of schema_pin.h and schema_rsa.h. False: it is none of them. */
static bool
read_pin_shape(struct reader *rd, int t, struct field *f, struct shape *sh)
{
	static const struct {
		const char *kind;
		uint8_t type, charset, min, max;
	} pins[] = {
		{ "account",    FIELD_ACCOUNT,    CHAR_PRINT, 12, 19 },
		{ "sealed",     FIELD_SEALED,     CHAR_HEX,   16, 32 },
		{ "lpin",       FIELD_LPIN,       CHAR_PRINT, 5,  33 },
		{ "clearpin",   FIELD_CLEARPIN,   CHAR_HEX,   5,  13 },
		{ "dtab",       FIELD_TABLE,      CHAR_PRINT, 16, 33 },
		{ "validation", FIELD_VALIDATION, CHAR_PRINT, 12, 17 },
		{ "offset",     FIELD_OFFSET,     CHAR_HEX,   12, 12 },
		{ "ksn",        FIELD_KSN,        CHAR_HEX,   12, 24 },
		{ "pan",        FIELD_PAN,        CHAR_DIGIT, 12, 20 },
		{ "pinlist",    FIELD_PINLIST,    CHAR_DIGIT, 4,  255 },
		{ "printfields", FIELD_PRINT,     CHAR_PRINT, 0,  255 },
		{ "iv",         FIELD_IV,         CHAR_HEX,   16, 32 },
		{ "lmkiv",      FIELD_LMKIV,      CHAR_HEX,   16, 32 },
		{ "der",        FIELD_DER,        CHAR_ANY,   2,  255 },
		{ "rsapublic",  FIELD_RSAPUBLIC,  CHAR_ANY,   6,  255 },
		{ "rsaprivate", FIELD_RSAPRIVATE, CHAR_ANY,   2,  255 },
		{ "keyblob",    FIELD_KEYBLOB,    CHAR_ANY,   4,  255 },
		{ "authdata",   FIELD_AUTHDATA,   CHAR_ANY,   1,  255 },
		{ "oaep",       FIELD_OAEP,       CHAR_ANY,   5,  255 },
		{ "exponent",   FIELD_EXPONENT,   CHAR_DIGIT, 4,  255 },
		{ "subject",    FIELD_SUBJECT,    CHAR_PRINT, 6,  255 },
		{ "rsacheck",   FIELD_RSACHECK,   CHAR_HEX,   6,  16 },
	};
	size_t i = 0;

	while (!reader_is(rd->L, t, pins[i].kind))
		if (++i == sizeof(pins) / sizeof(pins[0]))
			return false;
	sh->type = pins[i].type;
	sh->charset = pins[i].charset;
	sh->min = pins[i].min;
	sh->max = pins[i].max;
	sh->extent = EXTENT_RANGE;
	if (sh->type == FIELD_ACCOUNT || sh->type == FIELD_KSN || sh->type == FIELD_SEALED ||
	    sh->type == FIELD_IV || sh->type == FIELD_LMKIV)
		read_refer(rd, t, f, sh);
	if (sh->type == FIELD_TABLE)
		read_old(rd, t, f, sh);
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

	*sh = (struct shape){ .length_of = -1, .refer = { -1, -1 },
		.charset = CHAR_PRINT };
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		if (reader_is(L, t, plain[i].kind)) {
			sh->type = (uint8_t)plain[i].type;
			sh->charset = plain[i].charset;
			read_characters(rd, t, f, sh);
			return;
		}
	}
	if (read_pin_shape(rd, t, f, sh))
		return;
	if (reader_is(L, t, "enum")) {
		sh->type = FIELD_ENUM;
		read_set(rd, t, f, sh, sizeof(sh->set) - 1);
	} else if (reader_is(L, t, "attributes")) {
		sh->type = FIELD_ATTRIBUTES;
		read_set(rd, t, f, sh, ATTRIBUTES_FORM);
	} else if (reader_is(L, t, "chain") || reader_is(L, t, "blocks")) {
		sh->type = reader_is(L, t, "chain") ? FIELD_CHAIN : FIELD_BLOCKS;
		sh->charset = CHAR_ANY;
		reader_arguments(rd, t, f, 1);
		lua_rawgeti(L, t, 1);
		sh->length_of = (int8_t)reader_refer_number(rd, -1, f, "the number");
		lua_pop(L, 1);
	} else if (reader_is(L, t, "mark")) {
		sh->type = FIELD_MARK;
		read_set(rd, t, f, sh, 1);
	} else if (reader_is(L, t, "pinformat")) {
		sh->type = FIELD_FORMAT;
		sh->charset = CHAR_DIGIT;
		sh->min = sh->max = 2;
	} else if (reader_is(L, t, "key")) {
		sh->type = FIELD_KEY;
		read_kind(rd, t, f, sh, true);
	} else if (reader_is(L, t, "cryptogram")) {
		sh->type = FIELD_CRYPTOGRAM;
		read_kind(rd, t, f, sh, false);
	} else {
		luaL_error(L, "field '%s': has no type that is known here",
		    reader_name(f));
	}
}

static void
read_choice(struct reader *rd, struct field *f)
{
	lua_State *L = rd->L;
	struct choice *c;
	const char *text;

	if (f->nchoice == SCHEMA_CHOICES)
		luaL_error(L, "field '%s': has too many choices", reader_name(f));
	text = reader_text(rd, -2, f, "a choice");
	if (strlen(text) >= SCHEMA_TEXT)
		luaL_error(L, "field '%s': choice '%s' is too long", reader_name(f), text);
	c = &f->choice[f->nchoice++];
	memcpy(c->text, text, strlen(text) + 1);
	read_shape(rd, reader_type(rd, f), f, &c->shape);
}

/* by("mode", { ["1"] = N(4), N(2) }): the type for each text, and the one for the rest. */
static void
read_by(struct reader *rd, int t, struct field *f)
{
	lua_State *L = rd->L;

	reader_arguments(rd, t, f, 2);
	lua_rawgeti(L, t, 1);
	f->by = (int8_t)reader_refer(rd, -1, f, "by()");
	lua_pop(L, 1);
	if ((f->choice = calloc(SCHEMA_CHOICES, sizeof(*f->choice))) == NULL)
		luaL_error(L, "no memory");
	lua_rawgeti(L, t, 2);
	if (lua_type(L, -1) != LUA_TTABLE)
		luaL_error(L, "field '%s': by() takes a table of types", reader_name(f));
	lua_rawgeti(L, -1, 1);
	if (lua_isnil(L, -1))
		luaL_error(L, "field '%s': by() needs a type for all other values",
		    reader_name(f));
	read_shape(rd, reader_type(rd, f), f, &f->shape);
	lua_pop(L, 1);
	lua_pushnil(L);
	while (lua_next(L, -2) != 0) {
		if (lua_type(L, -2) == LUA_TSTRING)
			read_choice(rd, f);
		else if (lua_type(L, -2) != LUA_TNUMBER || lua_tonumber(L, -2) != 1)
			luaL_error(L, "field '%s': choices of by() are texts, and one type "
			    "for all other values", reader_name(f));
		lua_pop(L, 1);
	}
	f->choice = reader_fit(f->choice, f->nchoice, sizeof(*f->choice));
	lua_pop(L, 1);
}

void
shape_read(struct reader *rd, int t, struct field *f)
{
	if (reader_is(rd->L, t, "by"))
		read_by(rd, t, f);
	else
		read_shape(rd, t, f, &f->shape);
}
