#include "crypto/weakpin.h"

#include <string.h>

#include <sodium.h>

#include "charset.h"
#include "crypto/mask.h"
#include "crypto/pin.h"
#include "secret.h"
#include "span.h"

enum { DIGITS = 10 };

/* Kinds of PINs by what one digit is more than the one before it, modulo ten. */
static const struct {
	const char *word;
	unsigned    more;
} kinds[] = {
	{ "same", 0 }, { "ascending", 1 }, { "descending", DIGITS - 1 }
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* The next word of the table, or an empty one at its end. */
static struct span
next(const char **table)
{
	const char *word = *table + strspn(*table, " ,");
	size_t n = strcspn(word, " ,");

	*table = word + n;
	return span_of(word, n);
}

static bool
is_pin(struct span word)
{
	return word.n >= PIN_LEAST && word.n <= PIN_MOST && charset_all(word, CHAR_DIGIT);
}

/* The number of the kind that the word names; KINDS: none. */
static unsigned
kind_of(struct span word)
{
	unsigned k = 0;

	while (k < KINDS && !span_is(word, kinds[k].word))
		k++;
	return k;
}

bool
weakpin_valid(const char *table)
{
	struct span word;

	while ((word = next(&table)).n != 0)
		if (!is_pin(word) && kind_of(word) == KINDS)
			return false;
	return true;
}

/* All ones when each digit is so much more than the one before it. */
static unsigned
is_kind(unsigned k, const struct secret *pin)
{
	unsigned differ = 0;

	for (size_t i = 1; i < pin->len; i++) {
		/* below twenty: no division that takes its time by its operands */
		unsigned want = pin->bytes[i - 1] - '0' + kinds[k].more;

		want -= DIGITS & ~mask_less(want, DIGITS);
		differ |= mask_differ(pin->bytes[i] - '0', want);
	}
	return ~differ;
}

bool
weakpin_in(const char *table, const struct secret *pin)
{
	unsigned found = 0, k;
	struct span word;

	while ((word = next(&table)).n != 0) {
		if ((k = kind_of(word)) < KINDS)
			found |= is_kind(k, pin);
		else if (word.n == pin->len)
			found |= 0u - (sodium_memcmp(word.p, pin->bytes, word.n) == 0);
	}
	return found != 0;
}
