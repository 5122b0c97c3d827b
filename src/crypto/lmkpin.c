#include "crypto/lmkpin.h"

#include <string.h>

#include <sodium.h>

#include "crypto/account.h"
#include "crypto/decimal.h"
#include "crypto/des3.h"
#include "crypto/pin.h"
#include "err.h"
#include "lmk.h"
#include "secret.h"

enum { LEAST = 5, ROUNDS = 10, REFERENCE_TYPE = 0x004 };	/* pair 18-19 */

/* What a round encrypts beside the half: round, length, account. */
struct tweak {
	const struct lmk *lmk;
	uint8_t           length;
	uint8_t           account[ACCOUNT_DIGITS / 2];
};

static void
pack(const uint8_t digits[ACCOUNT_DIGITS], uint8_t out[ACCOUNT_DIGITS / 2])
{
	for (size_t i = 0; i < ACCOUNT_DIGITS / 2; i++)
		out[i] = (uint8_t)(digits[2 * i] << 4 | digits[2 * i + 1]);
}

/* The decimal digits of a half as a number, and back. */
static uint64_t
number(const uint8_t *digits, size_t n)
{
	uint64_t value = 0;

	for (size_t i = 0; i < n; i++)
		value = 10 * value + digits[i];
	return value;
}

static uint64_t
power10(size_t n)
{
	uint64_t value = 1;

	while (n-- > 0)
		value *= 10;
	return value;
}

/* What round r adds to a half of n digits, from the other half. */
static int
round_value(const struct tweak *t, unsigned r, uint64_t half, size_t n, uint64_t *value)
{
	uint8_t x[DES_BLOCK] = { (uint8_t)r, t->length };
	uint64_t y = 0;
	int result;

	memcpy(x + 2, t->account, sizeof(t->account));
	if ((result = lmk_pin_encrypt(t->lmk, x, x)) == 0) {
		for (size_t i = 0; i < DES_BLOCK; i++)
			x[i] ^= (uint8_t)(half >> (8 * (DES_BLOCK - 1 - i)));
		result = lmk_pin_encrypt(t->lmk, x, x);
	}
	for (size_t i = 0; i < DES_BLOCK; i++)
		y = y << 8 | x[i];
	*value = y % power10(n);
	sodium_memzero(x, sizeof(x));
	return result;
}

/*
 * The Feistel network over the digits, in place. Halves swap places in each
 * round; as ROUNDS is even they end where they began.
 */
static int
feistel(const struct tweak *t, int encrypt, uint8_t *digits)
{
	const size_t u = (t->length + 1u) / 2, v = t->length - u;
	uint64_t half[2] = { number(digits, u), number(digits + u, v) };
	const size_t width[2] = { u, v };
	uint64_t added;
	int result = 0;

	for (unsigned i = 0; i < ROUNDS && result == 0; i++) {
		unsigned r = encrypt ? i : ROUNDS - 1 - i;
		unsigned a = r % 2;	/* the half that round r changes */
		uint64_t m = power10(width[a]);

		result = round_value(t, r, half[1 - a], width[a], &added);
		half[a] = (half[a] + (encrypt ? added : m - added)) % m;
	}
	for (size_t i = u; i-- > 0; half[0] /= 10)
		digits[i] = (uint8_t)(half[0] % 10);
	for (size_t i = v; i-- > 0; half[1] /= 10)
		digits[u + i] = (uint8_t)(half[1] % 10);
	sodium_memzero(half, sizeof(half));
	return result;
}

int
lmkpin_seal(const struct lmk *lmk, enum lmk_pin_method method, const struct secret *pin,
    struct span account, size_t length, char *out)
{
	struct tweak t = { .lmk = lmk, .length = (uint8_t)length };
	uint8_t digits[ACCOUNT_DIGITS], text[LMKPIN_MOST] = { 0 };
	int r;

	if (pin->len < PIN_LEAST || pin->len >= length || length > LMKPIN_MOST)
		return ERR_PIN_LENGTH;
	if ((r = account_right(account, digits)) != 0)
		return r;
	if (method == LMK_PIN_PLAIN0) {
		memset(out, 'F', length);
		out[0] = '0';
		memcpy(out + 1, pin->bytes, pin->len);
		return 0;
	}
	pack(digits, t.account);
	/* zeros, a 1 that ends them, the PIN */
	text[length - pin->len - 1] = 1;
	for (size_t i = 0; i < pin->len; i++)
		text[length - pin->len + i] = (uint8_t)(pin->bytes[i] - '0');
	if ((r = feistel(&t, 1, text)) == 0)
		for (size_t i = 0; i < length; i++)
			out[i] = (char)('0' + text[i]);
	sodium_memzero(text, sizeof(text));
	return r;
}

/* "0", digits, F to the end. */
static int
open_plain(struct span text, struct secret *pin)
{
	size_t n = 1, end;

	while (n < text.n && text.p[n] >= '0' && text.p[n] <= '9')
		n++;
	for (end = n; end < text.n && text.p[end] == 'F'; end++)
		;
	if (text.p[0] != '0' || end != text.n || n - 1 < PIN_LEAST)
		return ERR_LMK_PIN;
	pin->len = (uint32_t)(n - 1);
	memcpy(pin->bytes, text.p + 1, pin->len);
	return 0;
}

int
lmkpin_open(const struct lmk *lmk, enum lmk_pin_method method, struct span text,
    struct span account, struct secret *pin)
{
	struct tweak t = { .lmk = lmk, .length = (uint8_t)text.n };
	uint8_t digits[ACCOUNT_DIGITS], clear[LMKPIN_MOST];
	size_t at = 0;
	int r;

	pin->len = 0;
	if (text.n < LEAST || text.n > LMKPIN_MOST || account_right(account, digits) != 0)
		return ERR_INPUT;
	if (method == LMK_PIN_PLAIN0)
		return open_plain(text, pin);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return ERR_INPUT;
		clear[i] = (uint8_t)(text.p[i] - '0');
	}
	pack(digits, t.account);
	if ((r = feistel(&t, 0, clear)) == 0) {
		while (at < text.n && clear[at] == 0)
			at++;
		if (at < text.n && clear[at] == 1 && text.n - at - 1 >= PIN_LEAST) {
			pin->len = (uint32_t)(text.n - at - 1);
			for (size_t i = 0; i < pin->len; i++)
				pin->bytes[i] = (uint8_t)('0' + clear[at + 1 + i]);
		} else {
			r = ERR_LMK_PIN;
		}
	}
	sodium_memzero(clear, sizeof(clear));
	return r;
}

int
lmkpin_reference(const struct lmk *lmk, struct span account, char out[LMKPIN_REFERENCE])
{
	uint8_t digits[ACCOUNT_DIGITS], block[DES_BLOCK] = { 0 };
	int r;

	if ((r = account_right(account, digits)) != 0)
		return r;
	pack(digits, block + 2);
	if ((r = lmk_wrap(lmk, REFERENCE_TYPE, 'Z', block, block, sizeof(block))) == 0)
		decimal_take(block, sizeof(block), out, LMKPIN_REFERENCE);
	return r;
}
