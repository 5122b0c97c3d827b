/*
 * component: an LMK in pieces that different people keep, as text.
 *
 * Parts (2 to 9) give the LMK by exclusive or: all of them are needed, and each
 * alone says nothing. Shares are a backup of an LMK: any k of them rebuild it.
 * Each piece carries a check value of its own, so that a slip of the pen is found
 * where it was made. The text, but for its value, is no secret:
 *
 *	luahsm lmk component 1
 *	scheme aes-kb
 *	status live
 *	part 2 of 3			(or: share 2 of 5, 3 needed)
 *	lmk 1A2B3C			(check value of the whole, where it is known)
 *	value 0123456789ABCDEF...	(32 digits in each of 20 lines: variant)
 *	check 9D04A0
 */
#ifndef LUAHSM_COMPONENT_H
#define LUAHSM_COMPONENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lmk_value.h"
#include "span.h"

enum { COMPONENT_LEAST = 2, COMPONENT_MOST = 9, COMPONENT_TEXT = 2048 };

struct component {		/* belongs in the slab */
	bool     share, test;
	unsigned number, count;	/* 2 of 3 */
	unsigned needed;	/* of shares */
	char     whole[LMK_CHECK + 1];	/* the LMK's check value; empty: not known */
	struct lmk_value value;
};

/*
 * Write c, its check value with it, as text (in the slab) of COMPONENT_TEXT bytes at
 * most, *n of them. 0, or the failures of lmk_value_check.
 */
int component_write(const struct component *c, char *text, size_t *n);

/* Read such a text. 0, or -1 after a line on err, which starts with name. */
int component_read(struct span text, struct component *c, const char *name, FILE *err);

/*
 * Hexadecimal digits as the value of a scheme, white space between them left out;
 * text is in the slab and is changed. 0 or ERR_INPUT.
 */
int component_digits(char *text, size_t n, enum lmk_scheme scheme, struct lmk_value *value);

/* Write the value as lines of digits, NUL-terminated, to text (in the slab, COMPONENT_TEXT). */
void component_print(const struct lmk_value *v, char *text);

/*
 * The LMK of n pieces, with odd parity. What is refused: other than 2 to 9 pieces or as
 * many as are needed; pieces of different schemes, sets or kinds; a piece that is
 * there twice, or all zeros; an LMK with another check value than the
 * pieces promise, or unfit (unless of test status). 0, or -1 after a line on err.
 */
int component_join(const struct component *const c[], size_t n, struct lmk_value *value,
    FILE *err);

#endif
