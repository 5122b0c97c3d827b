#include "crypto/emv_pan.h"

#include <string.h>

#include "charset.h"
#include "crypto/decimal.h"
#include "crypto/hash.h"
#include "err.h"

enum {
	DIGITS = 2 * EMV_PAN_BLOCK,
	ALL    = EMV_PAN_MOST + EMV_PSN_DIGITS + 1	/* and a zero in front */
};

/* Two digits a byte. */
static void
pack(const char *digits, size_t n, uint8_t *out)
{
	for (size_t i = 0; i < n / 2; i++)
		out[i] = (uint8_t)((digits[2 * i] - '0') << 4 | (digits[2 * i + 1] - '0'));
}

/* SHA-1 of the packed digits, read as decimal digits. */
static int
hash_digits(const char *digits, size_t n, char out[DIGITS])
{
	uint8_t packed[ALL / 2], sum[HASH_MAX];
	int r;

	pack(digits, n, packed);
	if ((r = hash_make(HASH_ID_SHA1, span_of(packed, n / 2), sum)) == 0)
		decimal_take(sum, hash_length(HASH_ID_SHA1), out, DIGITS);
	return r;
}

int
emv_pan_block(char option, struct span pan, struct span psn, uint8_t block[EMV_PAN_BLOCK])
{
	char all[DIGITS + ALL], digits[DIGITS];
	size_t n = pan.n + psn.n;
	int r = 0;

	if (pan.n < 1 || pan.n > EMV_PAN_MOST || psn.n != EMV_PSN_DIGITS ||
	    !charset_all(pan, CHAR_DIGIT) || !charset_all(psn, CHAR_DIGIT) ||
	    (option != 'A' && option != 'B'))
		return ERR_INPUT;
	/* Zeros in front: to 16 digits for A, to whole bytes for B. */
	memset(all, '0', sizeof(all));
	memcpy(all + sizeof(all) - n, pan.p, pan.n);
	memcpy(all + sizeof(all) - psn.n, psn.p, psn.n);
	if (option == 'B' && pan.n > DIGITS)
		r = hash_digits(all + sizeof(all) - n - n % 2, n + n % 2, digits);
	else
		memcpy(digits, all + sizeof(all) - DIGITS, DIGITS);
	if (r == 0)
		pack(digits, DIGITS, block);
	return r;
}
