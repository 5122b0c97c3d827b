#include "crypto/dukpt.h"

#include <sodium.h>

#include "crypto/des3.h"
#include "err.h"
#include "hex.h"
#include "key.h"

enum { BASE = 8, DOUBLE = 16 };

int
dukpt_initial_key(const struct key *bdk, struct span ksn, struct key *key)
{
	static const uint8_t mask[BASE] = { 0xC0, 0xC0, 0xC0, 0xC0 };
	uint8_t text[DOUBLE], base[BASE], variant[DOUBLE];
	int r;

	if (bdk->len != DOUBLE)
		return ERR_KEY_LENGTH;
	if (ksn.n != DUKPT_KSN_DIGITS)
		return ERR_INPUT;
	/* 15 digits are the 59 bits before the counter and its top bit: an even
	 * last digit, then a zero makes eight bytes with the counter's part clear. */
	memcpy(text, ksn.p, ksn.n);
	text[DOUBLE - 1] = '0';
	if ((r = hex_decode(span_of(text, DOUBLE), base, BASE)) != 0)
		return r;
	if ((base[BASE - 1] & 0x10) != 0)
		return ERR_INPUT;
	for (size_t i = 0; i < DOUBLE; i++)
		variant[i] = bdk->bytes[i] ^ mask[i % BASE];
	if ((r = des3_once(bdk->bytes, DOUBLE, 1, base, key->bytes, BASE)) == 0)
		r = des3_once(variant, DOUBLE, 1, base, key->bytes + BASE, BASE);
	key->len = DOUBLE;
	key->scheme = 'U';
	key_force_parity(key);
	sodium_memzero(variant, sizeof(variant));
	return r;
}
