/*
 * lmk_test: the public test LMKs. They are no secret: everybody has them.
 */
#ifndef LUAHSM_LMK_TEST_H
#define LUAHSM_LMK_TEST_H

#include <stddef.h>
#include <stdint.h>

#include "lmk_value.h"

struct test_lmk {
	const char     *name;
	enum lmk_scheme scheme;
	const char     *check_value;
	const uint8_t (*pairs)[LMK_PAIR_LEN];	/* LMK_VARIANT: LMK_PAIRS of them */
	const uint8_t  *key;			/* key block LMKs */
	uint8_t         len;
};

/* The one of that name, sim-old included; NULL: there is none. */
const struct test_lmk *lmk_test_find(const char *name);

/* All of them by number; NULL behind the last. */
const struct test_lmk *lmk_test_at(size_t i);

#endif
