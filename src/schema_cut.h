/*
 * schema_cut: what the two passes over a request share, and the reply's side
 * with them; for schema.c and schema_*.c only.
 */
#ifndef LUAHSM_SCHEMA_CUT_H
#define LUAHSM_SCHEMA_CUT_H

#include "schema.h"

/* One cut under way. */
struct cut {
	const struct schema *s;
	struct request *rq;
	struct span   body;
	size_t        at;	/* next byte of body */
	size_t        base;	/* offset of body in the message */
	struct value **v;
	struct tail  *tail;
	bool          open;	/* the optional group being read is there */
};

/* Bytes of body that are not cut yet. */
static inline size_t
cut_left(const struct cut *c)
{
	return c->body.n - c->at;
}

/* Is it there, and does it read as the text? */
static inline bool
cut_reads(const struct value *v, const char *text)
{
	return v->kind == VALUE_DATA && span_is(v->span, text);
}

/* What an earlier field counts; -1 when it is absent or no number. */
long schema_count(const struct cut *c, int field);

/* May the character stand in a field of that shape? */
bool schema_in_class(const struct shape *sh, uint8_t c);

/* Is text one of the words of a FIELD_ENUM, which stand in set with blanks between? */
bool schema_is_word(const struct shape *sh, struct span text);

/* schema_field.c: cut one field that is there, and check its characters. 0 or the failure. */
int schema_cut_field(struct cut *c, const struct field *f, struct value *v);

/* Note that field f at offset at of the body breaks a rule, and return r. */
int schema_fault(struct cut *c, const struct field *f, size_t at, int r, const char *rule);

/*
 * The second pass: choose the LMK, look at authorisation, open keys and tables
 * in field order, then judge format codes. 0 or the failure.
 */
int schema_open(struct cut *c, int port_lmk);

#endif
