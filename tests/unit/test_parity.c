/* parity: odd parity judged and forced; weak keys known whatever their parity. */
#include "crypto/parity.h"

#include "keys.h"

static const struct row {
	const char *name;
	const char *key;
	int         odd;
	const char *forced;
	int         weak;
} rows[] = {
	{ "odd all over",            "0123456789ABCDEF", 1, "0123456789ABCDEF", 0 },
	{ "the first byte is even",  "0023456789ABCDEF", 0, "0123456789ABCDEF", 0 },
	{ "the last byte is even",   "0123456789ABCDEE", 0, "0123456789ABCDEF", 0 },
	{ "all zeros are weak",      "0000000000000000", 0, "0101010101010101", 1 },
	{ "all ones are weak",       "FFFFFFFFFFFFFFFF", 0, "FEFEFEFEFEFEFEFE", 1 },
	{ "weak 3",                  "1F1F1F1F0E0E0E0E", 1, "1F1F1F1F0E0E0E0E", 1 },
	{ "weak 4, even",            "E1E0E0E0F1F1F1F0", 0, "E0E0E0E0F1F1F1F1", 1 },
	{ "semi-weak 01FE",          "01FE01FE01FE01FE", 1, "01FE01FE01FE01FE", 1 },
	{ "semi-weak FE01",          "FE01FE01FE01FE01", 1, "FE01FE01FE01FE01", 1 },
	{ "semi-weak 1FE0",          "1FE01FE00EF10EF1", 1, "1FE01FE00EF10EF1", 1 },
	{ "semi-weak E01F",          "E01FE01FF10EF10E", 1, "E01FE01FF10EF10E", 1 },
	{ "semi-weak 01E0",          "01E001E001F101F1", 1, "01E001E001F101F1", 1 },
	{ "semi-weak E001",          "E001E001F101F101", 1, "E001E001F101F101", 1 },
	{ "semi-weak 1FFE",          "1FFE1FFE0EFE0EFE", 1, "1FFE1FFE0EFE0EFE", 1 },
	{ "semi-weak FE1F",          "FE1FFE1FFE0EFE0E", 1, "FE1FFE1FFE0EFE0E", 1 },
	{ "semi-weak 011F",          "011F011F010E010E", 1, "011F011F010E010E", 1 },
	{ "semi-weak 1F01",          "1F011F010E010E01", 1, "1F011F010E010E01", 1 },
	{ "semi-weak E0FE",          "E0FEE0FEF1FEF1FE", 1, "E0FEE0FEF1FEF1FE", 1 },
	{ "semi-weak FEE0",          "FEE0FEE0FEF1FEF1", 1, "FEE0FEE0FEF1FEF1", 1 },
	{ "one byte off weak",       "0101010101010102", 1, "0101010101010102", 0 },
	{ "halves of two weak keys", "01010101FEFEFEFE", 1, "01010101FEFEFEFE", 0 },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	uint8_t key[8];

	assert_int_equal(keys_bytes(row->key, key), 8);
	assert_int_equal(parity_odd(key, 8), row->odd);
	assert_int_equal(parity_weak(key), row->weak);
	keys_same(key, 8, row->key);
	parity_force(key, 8);
	keys_same(key, 8, row->forced);
	assert_true(parity_odd(key, 8));
}

/* Each byte value, against counting its ones. */
static void
test_bytes(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		uint8_t b = (uint8_t)i;

		assert_int_equal(parity_odd(&b, 1), __builtin_popcount(i) % 2);
		parity_force(&b, 1);
		assert_int_equal(b & 0xFE, i & 0xFE);
		assert_int_equal(__builtin_popcount(b) % 2, 1);
	}
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	rows_add(&r, "every byte", test_bytes, NULL);
	return rows_run(&r, "parity", NULL, NULL);
}
