/*
 * pin: the Visa PVV (spec: pins.md 2.1).
 */
#include "crypto/pin.h"

#include <sodium.h>

#include "crypto/account.h"
#include "crypto/decimal.h"
#include "crypto/des3.h"
#include "err.h"
#include "key.h"
#include "secret.h"

enum { TSP_ACCOUNT = 11, TSP_DIGITS = 16 };

/* The transformed security parameter: 11 account digits, PVKI, 4 PIN digits. */
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
		decimal_take(tsp, out, PIN_PVV_DIGITS);
	sodium_memzero(tsp, sizeof(tsp));
	return r;
}
