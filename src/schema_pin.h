/*
 * schema_pin: the field types that PIN commands share, and IVs, cut each by a
 * rule of its own because a setting, another field or what follows decides how
 * long they are (spec: commands-pins.md, Conventions).
 */
#ifndef LUAHSM_SCHEMA_PIN_H
#define LUAHSM_SCHEMA_PIN_H

#include "schema.h"

/* A field that was cut. */
struct piece {
	size_t      n;		/* characters that it takes */
	struct span value;	/* those that count */
	const char *rule;	/* that it breaks */
};

/*
 * Cut a field of such a type off the start of text. refer: what the fields
 * that shape.refer names read as; empty for one that is absent.
 * 0; 1: text ends too early; ERR_INPUT with piece->rule set.
 */
int schema_pin_cut(const struct shape *sh, const struct config *config,
    const struct span refer[2], struct span text, struct piece *piece);

/*
 * Is validation data that was cut whole, or a template with one N? What is in it
 * ranks behind keys and tables (spec: commands-pins.md, order of checks).
 */
bool schema_pin_template(struct span validation);

/*
 * Open a decimalisation table: v becomes a secret of 16 digits.
 * 0; ERR_TABLE; ERR_NO_STORAGE (a user storage index), ERR_OLD_LMK (of the old
 * LMK, and there is none), ERR_NO_ROOM, ERR_NO_MEMORY, ERR_CRYPTO.
 */
int schema_pin_table(struct request *rq, const struct shape *sh, struct value *v);

#endif
