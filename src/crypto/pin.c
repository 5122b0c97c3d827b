#include "crypto/pin.h"

#include <sodium.h>

#include "crypto/account.h"
#include "crypto/decimal.h"
#include "crypto/des3.h"
#include "crypto/weakpin.h"
#include "err.h"
#include "key.h"
#include "rng.h"
#include "secret.h"

enum {
	TSP_ACCOUNT = 11, TSP_DIGITS = 16,
	LIST_HEAD   = 4,	/* count and length */
	TRIES       = 1000	/* a list has 99 PINs at most, of 10,000 */
};

/* Spec: pins.md 2.1. The transformed security parameter: 11 account digits, PVKI, 4 PIN digits. */
static void
make_tsp(const uint8_t account[ACCOUNT_DIGITS], char pvki, const struct secret *pin,
    uint8_t tsp[DES_BLOCK])
{
	uint8_t digits[TSP_DIGITS];

	for (size_t i = 0; i < TSP_ACCOUNT; i++)
		digits[i] = account[ACCOUNT_DIGITS - TSP_ACCOUNT + i];
	digits[TSP_ACCOUNT] = (uint8_t)(pvki - '0');
	for (size_t i = 0; i < PIN_PVV_DIGITS; i++)
		digits[TSP_ACCOUNT + 1 + i] = (uint8_t)(pin->bytes[i] - '0');
	for (size_t i = 0; i < DES_BLOCK; i++)
		tsp[i] = (uint8_t)(digits[2 * i] << 4 | digits[2 * i + 1]);
	sodium_memzero(digits, sizeof(digits));
}

int
pin_pvv(struct key *pvk, const struct secret *pin, struct span account, char pvki,
    char out[PIN_PVV_DIGITS])
{
	uint8_t digits[ACCOUNT_DIGITS], tsp[DES_BLOCK];
	struct des3 *des = key_des(pvk);
	int r;

	if (pvk->len != 16)
		return ERR_KEY_LENGTH;
	if (pin->len < PIN_LEAST || pin->len > PIN_MOST)
		return ERR_PIN_LENGTH;
	if (pvki < '0' || pvki > '9' || account_right(account, digits) != 0)
		return ERR_INPUT;
	if (des == NULL)
		return ERR_CRYPTO;
	make_tsp(digits, pvki, pin, tsp);
	if ((r = des3_encrypt(des, tsp, tsp, sizeof(tsp))) == 0)
		decimal_take(tsp, sizeof(tsp), out, PIN_PVV_DIGITS);
	sodium_memzero(tsp, sizeof(tsp));
	return r;
}

/* Two digits as a number; -1 when they are none. */
static int
two_digits(struct span text, size_t at)
{
	unsigned a = text.p[at] - '0', b = text.p[at + 1] - '0';

	return a > 9 || b > 9 ? -1 : (int)(10 * a + b);
}

int
pin_permit(const struct secret *pin, struct span excluded, const char *table)
{
	int count, length, found = weakpin_in(table, pin);

	if (excluded.n == 0)
		return found ? ERR_PIN_EXCLUDED : 0;
	if (excluded.n < LIST_HEAD || (count = two_digits(excluded, 0)) < 0 ||
	    (length = two_digits(excluded, 2)) < 0 ||
	    excluded.n != LIST_HEAD + (size_t)(count * length))
		return ERR_INPUT;
	if (pin->len != (size_t)length)
		return ERR_PIN_LIST;
	for (int i = 0; i < count; i++)
		found |= sodium_memcmp(excluded.p + LIST_HEAD + i * length, pin->bytes,
		    pin->len) == 0;
	return found ? ERR_PIN_EXCLUDED : 0;
}

int
pin_random(unsigned length, struct span excluded, const char *table, struct secret *pin)
{
	int r = ERR_PIN_EXCLUDED;

	if (length < PIN_LEAST || length > PIN_MOST)
		return ERR_PIN_LENGTH;
	pin->len = length;
	for (unsigned tries = 0; tries < TRIES && r == ERR_PIN_EXCLUDED; tries++) {
		for (size_t i = 0; i < length; i++)
			pin->bytes[i] = (uint8_t)('0' + rng_below(10));
		r = pin_permit(pin, excluded, table);
	}
	return r;
}
