/*
 * cvv: the CVV family (spec: pins.md 3.1).
 */
#include "crypto/cvv.h"

#include <stdbool.h>

#include "crypto/decimal.h"
#include "crypto/des3.h"
#include "err.h"
#include "key.h"

enum { EXPIRY = 4, SERVICE = 3, DATA = 2 * DES_BLOCK };

/* Append digits to the packed ones from place at on. False: one is no digit. */
static bool
pack(struct span digits, size_t at, uint8_t data[DATA])
{
	for (size_t i = 0; i < digits.n; i++, at++) {
		unsigned v = (unsigned)digits.p[i] - '0';

		if (v > 9)
			return false;
		data[at / 2] = (uint8_t)(data[at / 2] | v << (at % 2 == 0 ? 4 : 0));
	}
	return true;
}

int
cvv_make(struct key *cvk, struct span pan, struct span expiry, struct span service,
    char out[CVV_DIGITS])
{
	uint8_t data[DATA] = { 0 }, x[DES_BLOCK] = { 0 };
	struct des3 *des = key_des(cvk);
	int r;

	if (cvk->len != 16)
		return ERR_KEY_LENGTH;
	if (pan.n < 1 || pan.n > CVV_PAN_MAX || expiry.n != EXPIRY || service.n != SERVICE ||
	    !pack(pan, 0, data) || !pack(expiry, pan.n, data) ||
	    !pack(service, pan.n + EXPIRY, data))
		return ERR_INPUT;
	if (des == NULL)
		return ERR_CRYPTO;
	/* The first block with the left half, then both: the key's own schedule. */
	if ((r = des3_cbc_once(cvk->bytes, DES_BLOCK, x, data, DES_BLOCK)) != 0)
		return r;
	for (size_t i = 0; i < DES_BLOCK; i++)
		x[i] ^= data[DES_BLOCK + i];
	if ((r = des3_encrypt(des, x, x, sizeof(x))) == 0)
		decimal_take(x, sizeof(x), out, CVV_DIGITS);
	return r;
}
