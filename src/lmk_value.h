/*
 * lmk_value: what an LMK consists of in the clear, whatever it is called and
 * wherever it is kept: its length, its check value, what makes it unfit.
 *
 * Values belong in the slab. Those of triple DES have odd parity once
 * they are an LMK; the components they come from need not have it.
 */
#ifndef LUAHSM_LMK_VALUE_H
#define LUAHSM_LMK_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lmk.h"

enum {
	LMK_PAIRS     = 20,
	LMK_PAIR_LEN  = 16,
	LMK_BLOCK_KEY = 32,	/* longest key of a key block LMK */
	LMK_BYTES     = LMK_PAIRS * LMK_PAIR_LEN,
	LMK_CHECK     = 6	/* digits of a check value */
};

struct lmk_value {
	enum lmk_scheme scheme;
	size_t          len;
	uint8_t         bytes[LMK_BYTES];
};

/* "variant", "3des-kb", "aes-kb" and back (-1: there is no such scheme). */
const char *lmk_scheme_text(enum lmk_scheme scheme);
int         lmk_scheme_find(const char *text);

/* How long a value of the scheme is. */
size_t lmk_value_length(enum lmk_scheme scheme);

/*
 * The check value, NUL-terminated (spec: keys.md 3.1): of eight zero bytes under
 * the pairs' exclusive or, of eight under a triple DES key, of nothing under an AES
 * key. 0, ERR_NO_MEMORY, ERR_CRYPTO.
 */
int lmk_value_check(const struct lmk_value *v, char check[LMK_CHECK + 1]);

/* Fill v with a random value of the scheme, fit to be an LMK. */
void lmk_value_random(struct lmk_value *v, enum lmk_scheme scheme);

/* Odd parity, where the scheme has parity. */
void lmk_value_force(struct lmk_value *v);

/* v = v xor with; both of one scheme. */
void lmk_value_add(struct lmk_value *v, const struct lmk_value *with);

/* Is it the same, parity bits apart where the scheme has them? */
bool lmk_value_same(const struct lmk_value *a, const struct lmk_value *b);

/* Nothing but zeros, parity bits apart? */
bool lmk_value_zero(const struct lmk_value *v);

/*
 * What makes a value unfit for an LMK, in words: a DES part that is weak, a key
 * whose parts are equal, two equal pairs, an AES key of one byte
 * repeated. NULL: nothing.
 */
const char *lmk_value_fault(const struct lmk_value *v);

/* Is it one of the published test LMKs? */
bool lmk_value_published(const struct lmk_value *v);

#endif
