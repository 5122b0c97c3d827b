/*
 * pinblock: the layouts in one table, three ways to read and write those of eight bytes.
 *
 * Truth values on the path of a clear block are masks (mask.h).
 */
#include "crypto/pinblock.h"

#include <endian.h>
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

#define EACH         0x1111111111111111U	/* a bit in each digit */
#define DOCUTEL_TAIL 0x0000000987654321U	/* what stands behind a PIN's six places */

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
};

static struct work *work;

static struct work *
get_work(void)
{
	if (work == NULL)
		work = secret_alloc(sizeof(*work));
	return work;
}

/* A block as a word, whose highest four bits are the first digit. */
static uint64_t
load(const struct work *w)
{
	uint64_t block;

	memcpy(&block, w->block, sizeof(block));
	return be64toh(block);
}

static void
store(struct work *w, uint64_t block)
{
	block = htobe64(block);
	memcpy(w->block, &block, sizeof(block));
}

static unsigned
digit(uint64_t block, unsigned i)
{
	return block >> 4 * (NIBBLES - 1 - i) & 0xF;
}

/* The block with another digit in place i. */
static uint64_t
put_digit(uint64_t block, size_t i, unsigned v)
{
	size_t shift = 4 * (NIBBLES - 1 - i);

	return (block & ~((uint64_t)0xF << shift)) | (uint64_t)v << shift;
}

/* A bit for each digit that is more than 9, in its lowest place; or that is not F. */
static uint64_t
letters(uint64_t block)
{
	return block >> 3 & (block >> 2 | block >> 1) & EACH;
}

static uint64_t
not_f(uint64_t block)
{
	return ~(block & block >> 1 & block >> 2 & block >> 3) & EACH;
}

/* The PAN block that an account-bound format is XORed with: zero for the others. */
static int
bind(const struct format *f, struct span account, uint64_t *pan)
{
	uint8_t digits[ACCOUNT_DIGITS] = { 0 };
	uint64_t number = 0;
	int r = 0;

	if (f->binding == RIGHT)
		r = account_right(account, digits);
	else if (f->binding == LEFT)
		r = account_left(account, digits);
	for (size_t i = 0; i < ACCOUNT_DIGITS; i++)
		number = number << 4 | digits[i];
	*pan = number;
	return r;
}

/* Copy the n digits from place at on; n is secret, the rest becomes zero. */
static void
take_digits(uint64_t block, unsigned at, unsigned n, struct secret *pin)
{
	for (unsigned i = 0; i < PIN_MOST; i++)
		pin->bytes[i] = (uint8_t)(mask_less(i, n) & ('0' + digit(block, at + i)));
	pin->len = n;
}

/* Control, length, digits, filler: codes in the order of pins.md 1.5. */
static int
read_iso(const struct format *f, uint64_t block, struct secret *pin)
{
	const int unread = f->binding == FREE ? ERR_PIN_BLOCK : PINBLOCK_UNREAD;
	const uint64_t all = ~(uint64_t)0, behind = all >> 4 * ISO_PIN;
	unsigned n = digit(block, 1);
	unsigned length = mask_less(n, PIN_LEAST) | mask_less(PIN_MOST, n);
	/* a shift takes as long, however far */
	uint64_t in_pin = ~(all >> 4 * n) >> 4 * ISO_PIN, fill = behind & ~in_pin;

	if (f->fill == FILL_F)
		fill &= not_f(block);
	else if (f->fill == FILL_LETTERS)
		fill &= ~letters(block) & EACH;
	else
		fill = 0;
	take_digits(block, ISO_PIN, n, pin);
	return mask_choose(mask_differ(digit(block, 0), f->control), ERR_PIN_BLOCK,
	    mask_choose(length, ERR_PIN_LENGTH,
	    mask_choose(mask_any(fill), ERR_PIN_BLOCK,
	    mask_choose(mask_any(letters(block) & in_pin), unread, 0))));
}

/* Digits only; the first is the length, 4 to 6. */
static int
read_docutel(uint64_t block, struct secret *pin)
{
	unsigned n = digit(block, 0);
	unsigned length = mask_less(n, PIN_LEAST) | mask_less(DOCUTEL_MOST, n);

	take_digits(block, DOCUTEL_PIN, n, pin);
	return mask_choose(mask_any(letters(block)), ERR_PIN_BLOCK,
	    mask_choose(length, ERR_PIN_LENGTH, 0));
}

/* Digits, then F to the end. */
static int
read_diebold(uint64_t block, struct secret *pin)
{
	unsigned n = 0, bad = 0, behind = 0, length;

	for (unsigned i = 0; i < NIBBLES; i++) {
		unsigned v = digit(block, i), filler = mask_less(14, v);

		behind |= filler;
		bad |= (behind & ~filler) | (~behind & mask_less(9, v));
		n += ~behind & 1;
	}
	length = mask_less(n, PIN_LEAST) | mask_less(PIN_MOST, n);
	take_digits(block, 0, n, pin);
	return mask_choose(bad, ERR_PIN_BLOCK, mask_choose(length, ERR_PIN_LENGTH, 0));
}

/* Take the PIN out of the clear block. */
static int
read_block(const struct format *f, uint64_t block, struct secret *pin)
{
	if (f->layout == ISO)
		return read_iso(f, block, pin);
	if (f->layout == DOCUTEL)
		return read_docutel(block, pin);
	return read_diebold(block, pin);
}

int
pinblock_open(struct key *key, struct span block, unsigned format, struct span account,
    struct secret *pin)
{
	const struct format *f = find_for(key, format);
	uint8_t encrypted[DES_BLOCK];
	struct des3 *des = key_des(key);
	struct work *w = get_work();
	uint64_t pan;
	int r;

	pin->len = 0;
	if (f == NULL)
		return ERR_PIN_FORMAT;
	if (f->layout == ISO_AES)
		return is_whole(account) ? pinblock4_open(key, block, account, pin) : ERR_INPUT;
	if (w == NULL)
		return ERR_NO_MEMORY;
	if ((r = hex_decode(block, encrypted, sizeof(encrypted))) != 0 ||
	    (r = bind(f, account, &pan)) != 0)
		return r;
	if (des == NULL || des3_decrypt(des, encrypted, w->block, sizeof(w->block)) != 0)
		return ERR_CRYPTO;
	r = read_block(f, load(w) ^ pan, pin);
	sodium_memzero(w, sizeof(*w));
	if (r < 0)
		sodium_memzero(pin, sizeof(*pin));
	return r;
}

/* Random filler from place at on: any digit, or a letter; at most ten, so 64 random bits
 * leave no bias to see. */
static uint64_t
fill_random(enum fill fill, uint64_t block, size_t at)
{
	unsigned span = fill == FILL_ANY ? 16 : 6;
	uint64_t random;

	rng_bytes(&random, sizeof(random));
	for (size_t i = at; i < NIBBLES; i++, random /= span)
		block = put_digit(block, i, 16 - span + (unsigned)(random % span));
	return block;
}

/* The clear block of the PIN. */
static uint64_t
write_block(const struct format *f, const struct secret *pin)
{
	uint64_t block = ~(uint64_t)0;
	size_t at = 0;

	if (f->layout == ISO) {
		block = put_digit(put_digit(block, 0, f->control), 1, pin->len);
		at = ISO_PIN;
	} else if (f->layout == DOCUTEL) {
		block = put_digit(DOCUTEL_TAIL, 0, pin->len);
		at = DOCUTEL_PIN;
	}
	for (size_t i = 0; i < pin->len; i++)
		block = put_digit(block, at + i, pin->bytes[i] & 0xF);
	return f->fill == FILL_F ? block : fill_random(f->fill, block, at + pin->len);
}

int
pinblock_seal(struct key *key, const struct secret *pin, unsigned format, struct span account,
    char out[PINBLOCK_MOST])
{
	const struct format *f = find_for(key, format);
	uint8_t encrypted[DES_BLOCK];
	struct des3 *des = key_des(key);
	struct work *w = get_work();
	uint64_t pan;
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
	if ((r = bind(f, account, &pan)) != 0)
		return r;
	store(w, write_block(f, pin) ^ pan);
	r = des == NULL ? ERR_CRYPTO :
	    des3_encrypt(des, w->block, encrypted, sizeof(encrypted));
	sodium_memzero(w, sizeof(*w));
	if (r == 0)
		hex_encode(encrypted, sizeof(encrypted), out);
	return r;
}
