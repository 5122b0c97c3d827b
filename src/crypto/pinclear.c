/*
 * pinclear: one table of layouts, worked on as nibbles.
 */
#include "crypto/pinclear.h"

#include <ctype.h>
#include <string.h>

#include <sodium.h>

#include "err.h"
#include "hex.h"
#include "rng.h"
#include "secret.h"

enum binding { FREE, RIGHT, LEFT };	/* the PAN digits a block is XORed with */
enum fill { FILL_F, FILL_A, FILL_ZERO, FILL_LETTERS, FILL_ANY };

enum {
	NIBBLES = 32,
	PIN_LEAST = 4, PIN_MOST = 12, DOCUTEL_MOST = 6,
	ACCOUNT = 12,
	PAN_LEAST = 8, PAN_MOST = 19
};

struct format {
	unsigned     code;
	int          control;	/* first nibble; -1: none */
	bool         length;	/* a nibble with the PIN's length follows */
	unsigned     most;	/* PIN digits */
	enum fill    fill;	/* up to nibble 16 */
	enum binding binding;
	size_t       nibbles;
};

/* Format 02: length, 6 places, 9 decimal digits. */
static const struct format formats[] = {
	{ 1,  0,  true,  12, FILL_F,       RIGHT, 16 },
	{ 2,  -1, true,  6,  FILL_ZERO,    FREE,  16 },
	{ 3,  -1, false, 12, FILL_F,       FREE,  16 },
	{ 4,  0,  true,  12, FILL_F,       LEFT,  16 },
	{ 5,  1,  true,  12, FILL_ANY,     FREE,  16 },
	{ 34, 2,  true,  12, FILL_F,       FREE,  16 },
	{ 35, 2,  true,  12, FILL_F,       RIGHT, 16 },
	{ 47, 3,  true,  12, FILL_LETTERS, RIGHT, 16 },
	{ 48, 4,  true,  12, FILL_A,       FREE,  32 },
};

static const struct {
	const char *name;
	unsigned    code;
} names[] = {
	{ "iso0", 1 }, { "iso1", 5 }, { "iso2", 34 }, { "iso3", 47 }, { "iso4", 48 },
	{ "ansi", 1 }, { "ansix98", 1 }, { "visa1", 1 }, { "eci1", 1 },
	{ "docutel", 2 }, { "visa2", 2 }, { "diebold", 3 }, { "ibm3624", 3 }, { "ibm", 3 },
	{ "plus", 4 }, { "visa4", 4 }, { "eci4", 5 }, { "emv", 34 }, { "europay", 35 },
	{ "mastercard", 35 },
};

static const struct format *
find(unsigned code)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (formats[i].code == code)
			return &formats[i];
	return NULL;
}

unsigned
pinclear_format(const char *name)
{
	char plain[16];
	size_t n = 0;
	unsigned code = 0;

	for (; *name != '\0' && n < sizeof(plain) - 1; name++)
		if (isalnum((unsigned char)*name))
			plain[n++] = (char)tolower((unsigned char)*name);
	plain[n] = '\0';
	if (n > 0 && n <= 2 && strspn(plain, "0123456789") == n) {
		for (size_t i = 0; i < n; i++)
			code = 10 * code + (unsigned)(plain[i] - '0');
		return find(code) != NULL ? code : 0;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i].name, plain) == 0)
			return names[i].code;
	return 0;
}

bool
pinclear_needs_pan(unsigned format)
{
	const struct format *f = find(format);

	return f != NULL && f->binding != FREE;
}

size_t
pinclear_length(unsigned format)
{
	const struct format *f = find(format);

	return f != NULL ? f->nibbles : 0;
}

static bool
all_digits(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

/* XOR with the 12 account digits: right-most without the check digit, or left-most. */
static int
bind(const struct format *f, struct span pan, uint8_t nibble[NIBBLES])
{
	size_t from;

	if (f->binding == FREE)
		return 0;
	if (pan.n < PAN_LEAST || pan.n > PAN_MOST || !all_digits(pan))
		return ERR_ACCOUNT;
	if (f->binding == LEFT && pan.n < ACCOUNT)
		return ERR_ACCOUNT;
	for (size_t i = 0; i < ACCOUNT; i++) {
		/* a short PAN has zeros in front */
		from = f->binding == LEFT ? i : pan.n - 1 - ACCOUNT + i;
		if (from < pan.n)
			nibble[4 + i] ^= (uint8_t)(pan.p[from] - '0');
	}
	return 0;
}

/* One nibble of filler; fill is for nibbles below 16, the rest of 32 is random. */
static uint8_t
filler(enum fill fill, size_t at)
{
	static const uint8_t fixed[] = { [FILL_F] = 0xF, [FILL_A] = 0xA, [FILL_ZERO] = 0 };

	if (at >= 16 || fill == FILL_ANY)
		return (uint8_t)rng_below(16);
	return fill == FILL_LETTERS ? (uint8_t)(0xA + rng_below(6)) : fixed[fill];
}

static bool
filler_good(enum fill fill, size_t at, uint8_t v)
{
	if (at >= 16 || fill == FILL_ANY)
		return true;
	switch (fill) {
	case FILL_F:
		return v == 0xF;
	case FILL_A:
		return v == 0xA;
	case FILL_LETTERS:
		return v >= 0xA;
	default:
		return v <= 9;		/* format 02: any decimal digits */
	}
}

/* Before the PIN: control and length. */
static size_t
front(const struct format *f)
{
	return (size_t)(f->control >= 0 ? 1 : 0) + (size_t)(f->length ? 1 : 0);
}

int
pinclear_encode(unsigned format, struct span pin, struct span pan, struct secret *block)
{
	static const char docutel[] = "987654321";
	const struct format *f = find(format);
	uint8_t nibble[NIBBLES] = { 0 }, bytes[NIBBLES / 2];
	size_t at = 0;
	int r;

	if (f == NULL)
		return ERR_PIN_FORMAT;
	if (pin.n < PIN_LEAST || pin.n > f->most || !all_digits(pin))
		return ERR_PIN_LENGTH;
	if (f->control >= 0)
		nibble[at++] = (uint8_t)f->control;
	if (f->length)
		nibble[at++] = (uint8_t)pin.n;
	for (size_t i = 0; i < pin.n; i++)
		nibble[at++] = (uint8_t)(pin.p[i] - '0');
	for (; at < f->nibbles; at++)
		nibble[at] = filler(f->fill, at);
	for (size_t i = 0; format == 2 && i < sizeof(docutel) - 1; i++)
		nibble[1 + DOCUTEL_MOST + i] = (uint8_t)(docutel[i] - '0');
	if ((r = bind(f, pan, nibble)) == 0) {
		for (size_t i = 0; i < f->nibbles; i += 2)
			bytes[i / 2] = (uint8_t)(nibble[i] << 4 | nibble[i + 1]);
		hex_encode(bytes, f->nibbles / 2, (char *)block->bytes);
		block->len = (uint32_t)f->nibbles;
	}
	sodium_memzero(bytes, sizeof(bytes));
	sodium_memzero(nibble, sizeof(nibble));
	return r;
}

/* The length of the PIN that the nibbles say they hold. */
static size_t
pin_length(const struct format *f, const uint8_t *nibble)
{
	size_t n = 0;

	if (f->length)
		return nibble[front(f) - 1];
	while (n < f->nibbles && nibble[n] != 0xF)
		n++;
	return n;
}

static int
take(const struct format *f, const uint8_t *nibble, struct secret *pin)
{
	size_t n = pin_length(f, nibble), at = front(f);

	if (f->control >= 0 && nibble[0] != f->control)
		return ERR_PIN_BLOCK;
	if (n < PIN_LEAST || n > f->most)
		return ERR_PIN_LENGTH;
	for (size_t i = 0; i < n; i++, at++) {
		if (nibble[at] > 9)
			return ERR_PIN_BLOCK;
		pin->bytes[i] = (uint8_t)('0' + nibble[at]);
	}
	for (; at < f->nibbles; at++)
		if (!filler_good(f->fill, at, nibble[at]))
			return ERR_PIN_BLOCK;
	pin->len = (uint32_t)n;
	return 0;
}

int
pinclear_decode(unsigned format, struct span block, struct span pan, struct secret *pin)
{
	const struct format *f = find(format);
	uint8_t bytes[NIBBLES / 2] = { 0 }, nibble[NIBBLES] = { 0 };
	int r;

	if (f == NULL)
		return ERR_PIN_FORMAT;
	if (block.n != f->nibbles || hex_decode(block, bytes, f->nibbles / 2) != 0)
		return ERR_INPUT;
	for (size_t i = 0; i < f->nibbles; i++)
		nibble[i] = i % 2 == 0 ? bytes[i / 2] >> 4 : bytes[i / 2] & 0xF;
	if ((r = bind(f, pan, nibble)) == 0)
		r = take(f, nibble, pin);
	sodium_memzero(bytes, sizeof(bytes));
	sodium_memzero(nibble, sizeof(nibble));
	return r;
}
