/*
 * charset: which characters a field may hold, as bits of a table.
 */
#ifndef LUAHSM_CHARSET_H
#define LUAHSM_CHARSET_H

#include <stdbool.h>
#include <stdint.h>

#include "span.h"

enum {
	CHAR_DIGIT = 1,		/* 0-9 */
	CHAR_HEX   = 2,		/* 0-9 A-F: lower case is refused on this wire */
	CHAR_PRINT = 4,		/* X'20 to X'7E */
	CHAR_ANY   = 8
};

extern const uint8_t charset[256];

static inline bool
charset_has(uint8_t c, unsigned set)
{
	return (charset[c] & set) != 0;
}

/* Are all bytes of text in the set? Looks at each byte whatever the others are. */
static inline bool
charset_all(struct span text, unsigned set)
{
	unsigned all = 0xFF;
	size_t i = 0;

	for (; text.n - i >= 4; i += 4)
		all &= charset[text.p[i]] & charset[text.p[i + 1]] &
		    charset[text.p[i + 2]] & charset[text.p[i + 3]];
	for (; i < text.n; i++)
		all &= charset[text.p[i]];
	return (all & set) != 0;
}

#endif
