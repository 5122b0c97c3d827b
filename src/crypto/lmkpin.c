#include "crypto/lmkpin.h"

#include <stdbool.h>
#include <string.h>

#include <sodium.h>

#include "charset.h"
#include "crypto/account.h"
#include "crypto/aes.h"
#include "crypto/decimal.h"
#include "crypto/des3.h"
#include "crypto/mask.h"
#include "crypto/pin.h"
#include "err.h"
#include "hex.h"
#include "lmk_host.h"
#include "secret.h"

enum {
	LEAST = 5, MOST = 13,	/* characters of fpe10 */
	ROUNDS = 10,
	/* One block of AES, in nibbles: PIN length, PIN and F to 14, account, zeros. */
	PIN_AT = 1, ACCOUNT_AT = 14, ACCOUNT_END = 26, NIBBLES = 32
};

size_t
lmkpin_length(const struct lmk *lmk, size_t length)
{
	return lmk_host_block(lmk) == AES_BLOCK ? 1 + NIBBLES : length;
}

bool
lmkpin_has_letters(const struct lmk *lmk, enum lmk_pin_method method)
{
	return method == LMK_PIN_FPE10 && lmk_host_block(lmk) == AES_BLOCK;
}

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
	if ((result = lmk_host_encrypt(t->lmk, LMK_PINS, x, x)) == 0) {
		for (size_t i = 0; i < DES_BLOCK; i++)
			x[i] ^= (uint8_t)(half >> (8 * (DES_BLOCK - 1 - i)));
		result = lmk_host_encrypt(t->lmk, LMK_PINS, x, x);
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

static int
seal_fpe10(const struct lmk *lmk, const struct secret *pin,
    const uint8_t digits[ACCOUNT_DIGITS], size_t length, char *out)
{
	struct tweak t = { .lmk = lmk, .length = (uint8_t)length };
	uint8_t text[MOST] = { 0 };
	int r;

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

/* What is around the PIN in a block of AES; one that differs holds no PIN. */
static void
frame(const uint8_t digits[ACCOUNT_DIGITS], size_t n, uint8_t nibble[NIBBLES])
{
	memset(nibble, 0, NIBBLES);
	memset(nibble + PIN_AT, 0xF, ACCOUNT_AT - PIN_AT);
	nibble[0] = (uint8_t)n;
	memcpy(nibble + ACCOUNT_AT, digits, ACCOUNT_DIGITS);
}

static int
seal_aes(const struct lmk *lmk, const struct secret *pin,
    const uint8_t digits[ACCOUNT_DIGITS], char *out)
{
	uint8_t nibble[NIBBLES], block[AES_BLOCK];
	int r;

	frame(digits, pin->len, nibble);
	for (size_t i = 0; i < pin->len; i++)
		nibble[PIN_AT + i] = (uint8_t)(pin->bytes[i] - '0');
	for (size_t i = 0; i < AES_BLOCK; i++)
		block[i] = (uint8_t)(nibble[2 * i] << 4 | nibble[2 * i + 1]);
	if ((r = lmk_host_encrypt(lmk, LMK_PINS, block, block)) == 0)
		hex_encode(block, AES_BLOCK, out);
	sodium_memzero(nibble, sizeof(nibble));
	sodium_memzero(block, sizeof(block));
	return r;
}

int
lmkpin_seal(const struct lmk *lmk, enum lmk_pin_method method, const struct secret *pin,
    struct span account, size_t length, char *out)
{
	size_t n = lmkpin_length(lmk, length);
	uint8_t digits[ACCOUNT_DIGITS];
	int r;

	if (pin->len < PIN_LEAST || pin->len >= length || length > MOST)
		return ERR_PIN_LENGTH;
	if ((r = account_right(account, digits)) != 0)
		return r;
	if (method == LMK_PIN_FPE10 && n == length)
		return seal_fpe10(lmk, pin, digits, length, out);
	if (n != length) {
		*out++ = LMKPIN_TAG;
		n--;
	}
	if (method == LMK_PIN_FPE10)
		return seal_aes(lmk, pin, digits, out);
	memset(out, 'F', n);
	out[0] = '0';
	memcpy(out + 1, pin->bytes, pin->len);
	return 0;
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
	if (text.p[0] != '0' || end != text.n || n - 1 < PIN_LEAST || n - 1 > PIN_MOST)
		return ERR_LMK_PIN;
	pin->len = (uint32_t)(n - 1);
	memcpy(pin->bytes, text.p + 1, pin->len);
	return 0;
}

static int
open_fpe10(const struct lmk *lmk, struct span text, const uint8_t digits[ACCOUNT_DIGITS],
    struct secret *pin)
{
	struct tweak t = { .lmk = lmk, .length = (uint8_t)text.n };
	uint8_t clear[MOST];
	size_t at = 0;
	int r;

	if (!charset_all(text, CHAR_DIGIT))
		return ERR_INPUT;
	for (size_t i = 0; i < text.n; i++)
		clear[i] = (uint8_t)(text.p[i] - '0');
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

/* Every nibble but those of the PIN is known: all are looked at before any is judged. */
static int
open_aes(const struct lmk *lmk, struct span text, const uint8_t digits[ACCOUNT_DIGITS],
    struct secret *pin)
{
	uint8_t nibble[NIBBLES], want[NIBBLES], block[AES_BLOCK];
	unsigned n, bad, letters = 0;
	int r;

	if ((r = hex_decode(text, block, AES_BLOCK)) != 0 ||
	    (r = lmk_host_decrypt(lmk, LMK_PINS, block, block)) != 0)
		goto out;
	for (size_t i = 0; i < NIBBLES; i++)
		nibble[i] = block[i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xF;
	n = nibble[0];
	frame(digits, n, want);
	bad = mask_less(n, PIN_LEAST) | mask_less(PIN_MOST, n);
	for (unsigned i = 0; i < NIBBLES; i++) {
		unsigned in_pin = i < PIN_AT || i >= PIN_AT + PIN_MOST ? 0 :
		    mask_less(i - PIN_AT, n);

		letters |= in_pin & mask_less(9, nibble[i]);
		bad |= ~in_pin & mask_differ(nibble[i], want[i]);
	}
	if (bad != 0) {
		r = ERR_LMK_PIN;
		goto out;
	}
	pin->len = n;
	for (unsigned i = 0; i < n; i++)
		pin->bytes[i] = (uint8_t)('0' + nibble[PIN_AT + i]);
	r = mask_choose(letters, LMKPIN_UNREAD, 0);
 out:
	sodium_memzero(nibble, sizeof(nibble));
	sodium_memzero(want, sizeof(want));
	sodium_memzero(block, sizeof(block));
	return r;
}

int
lmkpin_open(const struct lmk *lmk, enum lmk_pin_method method, struct span text,
    struct span account, struct secret *pin)
{
	bool tagged = text.n != 0 && text.p[0] == LMKPIN_TAG;
	bool aes = lmkpin_length(lmk, LEAST) != LEAST;
	uint8_t digits[ACCOUNT_DIGITS];

	pin->len = 0;
	if (tagged != aes)
		return ERR_PIN_TAG;
	if (tagged)
		text = span_sub(text, 1, text.n - 1);
	if (aes ? text.n != NIBBLES : text.n < LEAST || text.n > MOST)
		return ERR_INPUT;
	if (account_right(account, digits) != 0)
		return ERR_INPUT;
	if (method == LMK_PIN_PLAIN0)
		return open_plain(text, pin);
	return aes ? open_aes(lmk, text, digits, pin) : open_fpe10(lmk, text, digits, pin);
}

int
lmkpin_reference(const struct lmk *lmk, struct span account, char out[LMKPIN_REFERENCE])
{
	size_t n = lmk_host_block(lmk);
	uint8_t digits[ACCOUNT_DIGITS], block[LMK_HOST_BLOCK] = { 0 };
	int r;

	if ((r = account_right(account, digits)) != 0)
		return r;
	pack(digits, block + n - sizeof(digits) / 2);
	if ((r = lmk_host_encrypt(lmk, LMK_REFERENCES, block, block)) == 0)
		decimal_take(block, n, out, LMKPIN_REFERENCE);
	return r;
}
