#include "crypto/csc.h"

#include <string.h>

#include "charset.h"
#include "crypto/des3.h"
#include "err.h"
#include "hex.h"
#include "key.h"

enum { USED_FROM = 2, USED = 12, PAN_LEAST = 14, EXPIRY = 4, SERVICE = 3, BLOCK_DIGITS = 16 };

/* Which of PAN and expiry comes first is told by the PAN's start. */
static int
make_block(struct span pan, struct span expiry, uint8_t block[DES_BLOCK])
{
	uint8_t text[BLOCK_DIGITS];
	bool expiry_first;

	if (pan.n < PAN_LEAST || expiry.n != EXPIRY || pan.p[0] != '3' ||
	    (pan.p[1] != '4' && pan.p[1] != '7') || !charset_all(pan, CHAR_DIGIT) ||
	    !charset_all(expiry, CHAR_DIGIT))
		return ERR_INPUT;
	expiry_first = pan.p[1] == '7';
	memcpy(text + (expiry_first ? 0 : USED), expiry.p, EXPIRY);
	memcpy(text + (expiry_first ? EXPIRY : 0), pan.p + USED_FROM, USED);
	return hex_decode(span_of(text, sizeof(text)), block, DES_BLOCK);
}

/*
 * Twelve digits: the decimal ones first; what lacks comes from the letters, A
 * to F as 1 to 6, those from the sixth place on with 5 added.
 */
static void
take_digits(const uint8_t block[DES_BLOCK], char out[CSC_DIGITS])
{
	size_t n = 0;

	for (unsigned letters = 0; letters < 2; letters++)
		for (size_t i = 0; i < BLOCK_DIGITS && n < CSC_DIGITS; i++) {
			unsigned v = block[i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xF;

			if ((v > 9) != letters)
				continue;
			if (letters)
				v = (v - 9 + (i >= 5 ? 5 : 0)) % 10;
			out[n++] = (char)('0' + v);
		}
}

int
csc_make(struct key *csck, enum csc_version version, struct span pan, struct span expiry,
    struct span service, char out[CSC_DIGITS])
{
	uint8_t first[DES_BLOCK], last[DES_BLOCK] = { 0 }, text[4] = "0000";
	struct des3 *des = key_des(csck);
	int r;

	if (csck->len != 2 * DES_BLOCK)
		return ERR_KEY_LENGTH;
	if (des == NULL)
		return ERR_CRYPTO;
	if ((r = make_block(pan, expiry, first)) != 0)
		return r;
	r = des3_encrypt(des, first, first, sizeof(first));
	if (r == 0 && version == CSC_2) {
		if (service.n != SERVICE || !charset_all(service, CHAR_DIGIT))
			return ERR_INPUT;
		memcpy(text, service.p, SERVICE);
		if ((r = hex_decode(span_of(text, sizeof(text)), last, 2)) != 0)
			return r;
		for (size_t i = 0; i < DES_BLOCK; i++)
			first[i] ^= last[i];
		r = des3_encrypt(des, first, first, sizeof(first));
	}
	if (r == 0)
		take_digits(first, out);
	return r;
}
