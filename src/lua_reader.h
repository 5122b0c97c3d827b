/*
 * lua_reader: what the files that read a plug-in's tables share: where they
 * are, and how an entry is looked at. Every mistake is raised as a text that
 * names the field.
 */
#ifndef LUAHSM_LUA_READER_H
#define LUAHSM_LUA_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "lua_compat.h"
#include "schema.h"

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

/* The field's name for a message. */
const char *reader_name(const struct field *f);

/* The text, whole number from 0 to most, or code (negative enum err) at index i. */
const char *reader_text(struct reader *rd, int i, const struct field *f, const char *what);
long        reader_int(struct reader *rd, int i, const struct field *f, const char *what,
    long most);
int         reader_code(struct reader *rd, int i, const struct field *f, const char *what);

/* The earlier field that the text at i names; with _number one that reads as a number,
 * with _key one that is a key. */
int reader_refer(struct reader *rd, int i, const struct field *f, const char *what);
int reader_refer_number(struct reader *rd, int i, const struct field *f, const char *what);
int reader_refer_key(struct reader *rd, int i, const struct field *f);

/* The type table at t has at most that many arguments. */
void reader_arguments(struct reader *rd, int t, const struct field *f, size_t most);

/* The index of the type table on the stack's top (a type written without a call is called). */
int reader_type(struct reader *rd, const struct field *f);

/* Is the table at t a type of that kind? */
bool reader_is(lua_State *L, int t, const char *kind);

/* The array at p, made for the most there may be, for the n that there are: it may move. */
void *reader_fit(void *p, size_t n, size_t size);

/* lua_shape.c: the type table at t, other than optional, secret and list, as f's shape. */
void shape_read(struct reader *rd, int t, struct field *f);

/* lua_option.c: the named entries of the field's table at t. */
void options_read(struct reader *rd, int t, struct field *f);

#endif
