/*
 * schema_cut: what the two passes over a request share; for schema.c and
 * schema_open.c only.
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

/* Note that field f at offset at of the body breaks a rule, and return r. */
int schema_fault(struct cut *c, const struct field *f, size_t at, int r, const char *rule);

/*
 * The second pass: choose the LMK, look at authorisation, open keys and tables
 * in field order, then judge format codes. 0 or the failure.
 */
int schema_open(struct cut *c, int port_lmk);

#endif
