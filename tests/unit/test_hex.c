/* hex: upper-case digits only, every byte there and back. */
#include "hex.h"

#include "err.h"
#include "rows.h"

static const struct row {
	const char *name;
	const char *text;
	size_t      n;
	int         want;
} rows[] = {
	{ "nothing is nothing",       "",     0, 0 },
	{ "two bytes",                "09AF", 2, 0 },
	{ "lower case is refused",    "0a",   1, ERR_INPUT },
	{ "before 0 is refused",      "/0",   1, ERR_INPUT },
	{ "behind 9 is refused",      "0:",   1, ERR_INPUT },
	{ "before A is refused",      "@0",   1, ERR_INPUT },
	{ "behind F is refused",      "0G",   1, ERR_INPUT },
	{ "byte 255 is refused",      "\377" "0", 1, ERR_INPUT },
	{ "one digit is refused",     "0",    1, ERR_INPUT },
	{ "a digit more is refused",  "000",  1, ERR_INPUT },
	{ "a fault at the front",     "x000", 2, ERR_INPUT },
	{ "a fault at the end",       "000x", 2, ERR_INPUT },
	{ "four bytes, a whole word", "012389AF", 4, 0 },
	{ "a word and two bytes",     "FEDCBA987654", 6, 0 },
	{ "two words and a byte",     "0123456789ABCDEF5A", 9, 0 },
	{ "a fault at a word's end",  "0000000G", 4, ERR_INPUT },
	{ "a fault behind a word",    "000000000g", 5, ERR_INPUT },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	uint8_t out[16] = { 0 };
	char back[32];

	assert_int_equal(hex_decode(span_str(row->text), out, row->n), row->want);
	if (row->want != 0)
		return;
	hex_encode(out, row->n, back);
	assert_memory_equal(back, row->text, strlen(row->text));
}

/* Each of the 65536 pairs of characters, against a search in the digits: alone, and
 * somewhere in a word, among digits of which none changes. */
static void
test_pairs(void **state)
{
	static const char digits[] = "0123456789ABCDEF";

	(void)state;
	for (unsigned i = 0; i < 65536; i++) {
		uint8_t pair[2] = { (uint8_t)(i >> 8), (uint8_t)i }, out, all[4];
		uint8_t word[8] = { '9', 'F', '0', 'A', '9', 'F', '0', 'A' };
		const char *high = pair[0] != 0 ? strchr(digits, pair[0]) : NULL;
		const char *low = pair[1] != 0 ? strchr(digits, pair[1]) : NULL;
		int r = hex_decode(span_of(pair, 2), &out, 1);
		unsigned at = i % 4;

		memcpy(word + 2 * (size_t)at, pair, 2);
		assert_int_equal(r, high != NULL && low != NULL ? 0 : ERR_INPUT);
		assert_int_equal(hex_decode(span_of(word, 8), all, 4), r);
		if (r != 0)
			continue;
		assert_int_equal(out, (high - digits) * 16 + (low - digits));
		for (unsigned k = 0; k < 4; k++)
			assert_int_equal(all[k], k == at ? out : k % 2 == 0 ? 0x9F : 0x0A);
	}
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	rows_add(&r, "every pair of characters", test_pairs, NULL);
	return rows_run(&r, "hex", NULL, NULL);
}
