/*
 * lmk_inside: an LMK as lmk.c and lmk_block.c see it; its bytes go no further.
 */
#ifndef LUAHSM_LMK_INSIDE_H
#define LUAHSM_LMK_INSIDE_H

#include "lmk.h"
#include "lmk_value.h"

/* In the slab's read-only part, at the place of its id. */
struct lmk {
	unsigned         id;
	bool             test;
	char             name[LMK_NAME + 1];
	char             comment[LMK_COMMENT + 1];
	char             check[LMK_CHECK + 1];
	struct lmk_value value;
};

#endif
