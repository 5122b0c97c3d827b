/*
 * pinblock: the layouts in one table, three ways to read and write those of eight bytes.
 *
 * Truth values on the path of a clear block are masks (mask.h).
 */
#include "crypto/pinblock.h"

#include <string.h>

#include <sodium.h>

#include "crypto/account.h"
#include "crypto/des3.h"
#include "crypto/mask.h"
#include "crypto/pin.h"
#include "crypto/pinblock4.h"
#include "err.h"
#include "hex.h"
#include "key.h"
#include "rng.h"
#include "secret.h"

enum layout { ISO, DOCUTEL, DIEBOLD, ISO_AES };
enum binding { FREE, RIGHT, LEFT };	/* which account digits the block is bound to */
enum fill { FILL_F, FILL_LETTERS, FILL_ANY };

enum {
	NIBBLES     = PINBLOCK_DIGITS,
	ISO_PIN     = 2,	/* where the PIN starts, behind control and length */
	DOCUTEL_PIN = 1,	/* behind the length */
	DOCUTEL_MOST = 6
};

static const struct format {
	uint8_t code;
	uint8_t layout;		/* enum layout */
	uint8_t control;
	uint8_t binding;	/* enum binding */
	uint8_t fill;		/* enum fill */
	uint8_t iso;		/* ISO 9564 format number, 9: none */
} formats[] = {
	{ 1,  ISO,     0, RIGHT, FILL_F,       0 },
	{ 2,  DOCUTEL, 0, FREE,  FILL_F,       9 },
	{ 3,  DIEBOLD, 0, FREE,  FILL_F,       9 },
	{ 4,  ISO,     0, LEFT,  FILL_F,       9 },
	{ 5,  ISO,     1, FREE,  FILL_ANY,     1 },
	{ 47, ISO,     3, RIGHT, FILL_LETTERS, 3 },
	{ 48, ISO_AES, 4, RIGHT, FILL_LETTERS, 4 },	/* all of it in pinblock4.c */
};

static const struct format *
find(unsigned code)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (formats[i].code == code)
			return &formats[i];
	return NULL;
}

bool
pinblock_format_known(unsigned format)
{
	return find(format) != NULL;
}

bool
pinblock_format_allowed(unsigned from, unsigned to)
{
	const struct format *f = find(from), *t = find(to);

	/* ISO formats only, and a binding to the account is never given up. */
	return f != NULL && t != NULL && f->iso != 9 && t->iso != 9 &&
	    (f->binding == FREE || t->binding != FREE);
}

bool
pinblock_format_bound(unsigned format)
{
	const struct format *f = find(format);

	return f != NULL && f->binding != FREE;
}

size_t
pinblock_length(const struct key *key)
{
	return key->aes ? PINBLOCK4_DIGITS : PINBLOCK_DIGITS;
}

/* The format, if it is one and for that key. */
static const struct format *
find_for(const struct key *key, unsigned code)
{
	const struct format *f = find(code);

	return f != NULL && (f->layout == ISO_AES) == key->aes ? f : NULL;
}

/* Format 48 wants the check digit too. */
static bool
is_whole(struct span account)
{
	return account.n > ACCOUNT_DIGITS;
}

/* A clear block at work, in the slab: one per process. */
struct work {
	uint8_t block[DES_BLOCK];
	uint8_t nibble[NIBBLES];
};

static struct work *work;

static struct work *
get_work(void)
{
	if (work == NULL)
		work = secret_alloc(sizeof(*work));
	return work;
}

/* The PAN block that an account-bound format is XORed with: zeros for the others. */
static int
bind(const struct format *f, struct span account, uint8_t pan[DES_BLOCK])
{
	uint8_t digits[ACCOUNT_DIGITS] = { 0 };
	int r = 0;

	if (f->binding == RIGHT)
		r = account_right(account, digits);
	else if (f->binding == LEFT)
		r = account_left(account, digits);
	memset(pan, 0, DES_BLOCK);
	for (size_t i = 0; i < ACCOUNT_DIGITS; i += 2)
		pan[2 + i / 2] = (uint8_t)(digits[i] << 4 | digits[i + 1]);
	return r;
}

/* Copy the n digits that start at nibble; n is secret, the rest becomes zero. */
static void
take_digits(const uint8_t *nibble, unsigned n, struct secret *pin)
{
	for (unsigned i = 0; i < PIN_MOST; i++)
		pin->bytes[i] = (uint8_t)(mask_less(i, n) & ('0' + (unsigned)nibble[i]));
	pin->len = n;
}

/* Control, length, digits, filler: codes in the order of pins.md 1.5. */
static int
read_iso(const struct format *f, const uint8_t *nibble, struct secret *pin)
{
	static const unsigned least[] = {
		[FILL_F] = 15, [FILL_LETTERS] = 10, [FILL_ANY] = 0
	};
	const int letters = f->binding == FREE ? ERR_PIN_BLOCK : PINBLOCK_UNREAD;
	unsigned n = nibble[1], bad = 0, fill = 0;
	unsigned length = mask_less(n, PIN_LEAST) | mask_less(PIN_MOST, n);

	for (unsigned i = 0; i < NIBBLES - ISO_PIN; i++) {
		unsigned v = nibble[ISO_PIN + i], in_pin = mask_less(i, n);

		bad |= in_pin & mask_less(9, v);
		fill |= ~in_pin & mask_less(v, least[f->fill]);
	}
	take_digits(nibble + ISO_PIN, n, pin);
	return mask_choose(mask_differ(nibble[0], f->control), ERR_PIN_BLOCK,
	    mask_choose(length, ERR_PIN_LENGTH, mask_choose(fill, ERR_PIN_BLOCK,
	    mask_choose(bad, letters, 0))));
}

/* Digits only; the first is the length, 4 to 6. */
static int
read_docutel(const uint8_t *nibble, struct secret *pin)
{
	unsigned n = nibble[0], bad = 0;
	unsigned length = mask_less(n, PIN_LEAST) | mask_less(DOCUTEL_MOST, n);

	for (unsigned i = 0; i < NIBBLES; i++)
		bad |= mask_less(9, nibble[i]);
	take_digits(nibble + DOCUTEL_PIN, n, pin);
	return mask_choose(bad, ERR_PIN_BLOCK, mask_choose(length, ERR_PIN_LENGTH, 0));
}

/* Digits, then F to the end. */
static int
read_diebold(const uint8_t *nibble, struct secret *pin)
{
	unsigned n = 0, bad = 0, behind = 0, length;

	for (unsigned i = 0; i < NIBBLES; i++) {
		unsigned filler = mask_less(14, nibble[i]);

		behind |= filler;
		bad |= (behind & ~filler) | (~behind & mask_less(9, nibble[i]));
		n += ~behind & 1;
	}
	length = mask_less(n, PIN_LEAST) | mask_less(PIN_MOST, n);
	take_digits(nibble, n, pin);
	return mask_choose(bad, ERR_PIN_BLOCK, mask_choose(length, ERR_PIN_LENGTH, 0));
}

/* Take the PIN out of the clear block in w. */
static int
read_block(const struct format *f, struct work *w, struct secret *pin)
{
	for (size_t i = 0; i < NIBBLES; i++)
		w->nibble[i] = w->block[i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xF;
	if (f->layout == ISO)
		return read_iso(f, w->nibble, pin);
	if (f->layout == DOCUTEL)
		return read_docutel(w->nibble, pin);
	return read_diebold(w->nibble, pin);
}

int
pinblock_open(struct key *key, struct span block, unsigned format, struct span account,
    struct secret *pin)
{
	const struct format *f = find_for(key, format);
	uint8_t encrypted[DES_BLOCK], pan[DES_BLOCK];
	struct des3 *des = key_des(key);
	struct work *w = get_work();
	int r;

	pin->len = 0;
	if (f == NULL)
		return ERR_PIN_FORMAT;
	if (f->layout == ISO_AES)
		return is_whole(account) ? pinblock4_open(key, block, account, pin) : ERR_INPUT;
	if (w == NULL)
		return ERR_NO_MEMORY;
	if ((r = hex_decode(block, encrypted, sizeof(encrypted))) != 0 ||
	    (r = bind(f, account, pan)) != 0)
		return r;
	if (des == NULL || des3_decrypt(des, encrypted, w->block, sizeof(w->block)) != 0)
		return ERR_CRYPTO;
	for (size_t i = 0; i < DES_BLOCK; i++)
		w->block[i] ^= pan[i];
	r = read_block(f, w, pin);
	sodium_memzero(w, sizeof(*w));
	if (r < 0)
		sodium_memzero(pin, sizeof(*pin));
	return r;
}

/* Random filler: any nibble, or a letter; at most ten, so 64 random bits leave no bias to see. */
static void
fill_random(enum fill fill, uint8_t *nibble, size_t n)
{
	unsigned span = fill == FILL_ANY ? 16 : 6;
	uint64_t random;

	rng_bytes(&random, sizeof(random));
	for (size_t i = 0; i < n; i++, random /= span)
		nibble[i] = (uint8_t)(16 - span + random % span);
}

/* Lay the PIN out in w. */
static void
write_block(const struct format *f, const struct secret *pin, struct work *w)
{
	static const uint8_t docutel_tail[] = { 9, 8, 7, 6, 5, 4, 3, 2, 1 };
	size_t at = f->layout == ISO ? ISO_PIN : f->layout == DOCUTEL ? DOCUTEL_PIN : 0;

	memset(w->nibble, 0xF, NIBBLES);
	if (f->layout == ISO) {
		w->nibble[0] = f->control;
		w->nibble[1] = (uint8_t)pin->len;
	} else if (f->layout == DOCUTEL) {
		w->nibble[0] = (uint8_t)pin->len;
		memset(w->nibble + DOCUTEL_PIN, 0, DOCUTEL_MOST);
		memcpy(w->nibble + DOCUTEL_PIN + DOCUTEL_MOST, docutel_tail,
		    sizeof(docutel_tail));
	}
	for (size_t i = 0; i < pin->len; i++)
		w->nibble[at + i] = pin->bytes[i] & 0xF;
	if (f->fill != FILL_F)
		fill_random(f->fill, w->nibble + at + pin->len, NIBBLES - at - pin->len);
	for (size_t i = 0; i < DES_BLOCK; i++)
		w->block[i] = (uint8_t)(w->nibble[2 * i] << 4 | w->nibble[2 * i + 1]);
}

int
pinblock_seal(struct key *key, const struct secret *pin, unsigned format, struct span account,
    char out[PINBLOCK_MOST])
{
	const struct format *f = find_for(key, format);
	uint8_t pan[DES_BLOCK], encrypted[DES_BLOCK];
	struct des3 *des = key_des(key);
	struct work *w = get_work();
	int r;

	if (f == NULL)
		return ERR_PIN_FORMAT;
	if (f->layout == ISO_AES)
		return is_whole(account) ? pinblock4_seal(key, pin, account, out) : ERR_INPUT;
	if (w == NULL)
		return ERR_NO_MEMORY;
	if (pin->len < PIN_LEAST || pin->len > PIN_MOST ||
	    (f->layout == DOCUTEL && pin->len > DOCUTEL_MOST))
		return ERR_PIN_LENGTH;
	if ((r = bind(f, account, pan)) != 0)
		return r;
	write_block(f, pin, w);
	for (size_t i = 0; i < DES_BLOCK; i++)
		w->block[i] ^= pan[i];
	r = des == NULL ? ERR_CRYPTO :
	    des3_encrypt(des, w->block, encrypted, sizeof(encrypted));
	sodium_memzero(w, sizeof(*w));
	if (r == 0)
		hex_encode(encrypted, sizeof(encrypted), out);
	return r;
}
