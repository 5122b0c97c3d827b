/*
 * attributes: what the # and & groups of the key commands say about a key
 * block that is to be made (spec: keys.md 4.6).
 *
 * A form is a text of letters: u usage 2A, a algorithm and length 2A (D1, T2,
 * T3, A1, A2, A3), m mode of use 1A, v key version 2N, x exportability 1A, b the
 * optional blocks: number 2N, and each as in a key block. Letters in [ ] are
 * there when a letter stands in their place; of two forms with | between, the
 * first is meant when nothing but the next group or the end follows it.
 */
#ifndef LUAHSM_ATTRIBUTES_H
#define LUAHSM_ATTRIBUTES_H

#include "crypto/keyblock.h"
#include "span.h"

enum { ATTRIBUTES_FORM = 16 };

struct attributes {
	bool    has[5];			/* by enum attribute */
	uint8_t key_len;		/* bytes; 0: not said */
	struct keyblock_header header;	/* what was said; version and LMK are not */
};

enum attribute { ATTR_USAGE, ATTR_ALGORITHM, ATTR_MODE, ATTR_VERSION, ATTR_EXPORT };

/*
 * Read text as that form says: *a, and *n characters of text. 0; ERR_INPUT
 * (text is too short or holds other characters), ERR_ALGORITHM,
 * ERR_BLOCK_COUNT, ERR_BLOCK_OPTION. What the fields say together is for
 * keyblock_check. Optional blocks are borrowed from text.
 */
int attributes_read(const char *form, struct span text, struct attributes *a, size_t *n);

/* Put what was said into h; optional blocks replace those of h when there are any. */
void attributes_apply(const struct attributes *a, struct keyblock_header *h);

#endif
