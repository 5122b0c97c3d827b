/*
 * key_field: the text of a key field, before anything is decrypted.
 *
 * Forms: 16H or 32H without a tag; U, X + 32H; T, Y + 48H; a key block S, R +
 * its length; K + 3H in user storage, after a U, X, T, Y at times (spec:
 * keys.md 1.2).
 */
#include "key.h"

#include "crypto/keywrap.h"
#include "err.h"
#include "hex.h"

enum {
	SINGLE_DIGITS = 16,
	DOUBLE_DIGITS = 32,
	INDEX_DIGITS  = 3,
	BLOCK_LENGTH  = 2,	/* where a key block's length stands */
	BLOCK_DIGITS  = 4,
	BLOCK_CIPHER  = 8,	/* and the algorithm of the key in it */
	/* The least that any block is long: header, 8 bytes, MAC of 4. */
	BLOCK_LEAST   = KEYBLOCK_HEADER + 16 + 8
};

/* Digits behind a tag that says the key's length, or 0. */
static size_t
tagged(uint8_t c)
{
	return c == 'U' || c == 'X' || c == 'T' || c == 'Y' ? 2 * keywrap_length((char)c) : 0;
}

/* Characters of a key block with its tag, from the decimal length in it. */
static int
block_length(struct span text, size_t *n)
{
	size_t said = 0;

	if (text.n < BLOCK_LENGTH + BLOCK_DIGITS) {
		*n = 1 + BLOCK_LEAST;
		return 0;
	}
	for (size_t i = 0; i < BLOCK_DIGITS; i++) {
		uint8_t c = text.p[BLOCK_LENGTH + i];

		if (c < '0' || c > '9')
			return ERR_BLOCK_FORMAT;
		said = 10 * said + (c - '0');
	}
	if (said < BLOCK_LEAST)
		return ERR_BLOCK_FORMAT;
	*n = 1 + said;
	return 0;
}

int
key_field_length(struct span text, unsigned bare, size_t *n)
{
	uint8_t c;

	*n = 0;
	if (text.n == 0)
		return ERR_SCHEME;
	c = text.p[0];
	if (c == 'S' || c == 'R')
		return block_length(text, n);
	if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'))
		*n = 2 * (size_t)bare;
	else if (c == 'K')
		*n = 1 + INDEX_DIGITS;
	else if (tagged(c) != 0)
		*n = text.n > 1 && text.p[1] == 'K' ? 2 + INDEX_DIGITS : 1 + tagged(c);
	return *n != 0 ? 0 : ERR_SCHEME;
}

bool
key_field_is_aes(struct span field)
{
	return field.n > BLOCK_CIPHER && field.p[0] == 'S' && field.p[BLOCK_CIPHER] == 'A';
}

bool
key_field_is_under_aes(struct span field)
{
	return field.n > 1 && field.p[0] == 'S' && !keyblock_is_des((char)field.p[1]);
}

/* Why a field that is neither digits nor tag and digits is refused. */
static int
refuse(struct span field)
{
	uint8_t c = field.p[0];
	bool index = (c == 'K' && field.n == 1 + INDEX_DIGITS) ||
	    (tagged(c) != 0 && field.n == 2 + INDEX_DIGITS && field.p[1] == 'K');

	if (index)
		return ERR_NO_STORAGE;	/* nothing is ever stored */
	if (c == 'S')
		return ERR_LMK_SCHEME;
	if (c >= 'G' && c <= 'Z' && c != 'K' && tagged(c) == 0)
		return ERR_SCHEME;
	return ERR_INPUT;
}

int
key_field_read(struct span field, char *scheme, uint8_t *bytes, size_t *len)
{
	size_t tag;
	char found;

	if (field.n == 0)
		return ERR_INPUT;
	tag = tagged(field.p[0]) != 0 ? 1 : 0;
	if (tag != 0 && field.n == 1 + tagged(field.p[0]))
		found = (char)field.p[0];
	else if (field.n == SINGLE_DIGITS && field.p[0] <= 'F')
		found = 'Z';
	else if (field.n == DOUBLE_DIGITS && field.p[0] <= 'F')
		found = 'P';
	else
		return refuse(field);
	*scheme = found;
	*len = keywrap_length(found);
	return hex_decode(span_sub(field, tag, field.n - tag), bytes, *len);
}
