/*
 * shamir: every k of n up to 5, with shares that another program made: over
 * the field of AES, with fixed polynomials, for the secret 0001A5FF.
 */
#include "crypto/shamir.h"

#include "err.h"
#include "keys.h"
#include "rng.h"

enum { SECRET = 4 };

static const struct row {
	const char *name;
	unsigned    k, n;
	const char *share[5];
} rows[] = {
	{ "2 of 2", 2, 2, { "EC26C762", "C34F61DE" } },
	{ "2 of 3", 2, 3, { "F32FCC5B", "FD5D77AC", "0E731E08" } },
	{ "3 of 3", 3, 3, { "3136B4EC", "0F9A7385", "3EAD6296" } },
	{ "2 of 4", 2, 4, { "FA34D554", "EF6B45B2", "155E3519", "C5D57E65" } },
	{ "3 of 4", 3, 4, { "2F3096CE", "65B4A15B", "4A85926A", "26013E99" } },
	{ "4 of 4", 4, 4, { "F7CF889B", "9BB730EF", "0EBFCED4", "67537B72" } },
	{ "2 of 5", 2, 5, { "013DD24D", "02794B80", "03453C32", "04F16201", "05CD15B3" } },
	{ "3 of 5", 3, 5, { "111294C0", "0BA69F71", "1AB5AE4E", "B266AA15", "A3759B2A" } },
	{ "4 of 5", 4, 5, { "FA38D590", "F90A4199", "5BC3609F", "3D9C5E90", "0CB3D392" } },
	{ "5 of 5", 5, 5, { "4005A5FB", "B31B3D80", "041CBB8E", "011183E8", "451FBAD0" } },
};

/* Join those of the n shares whose bit is set in mask. */
static int
join(uint8_t shares[5][SECRET], unsigned n, unsigned mask, uint8_t secret[SECRET])
{
	const uint8_t *share[5];
	uint8_t number[5];
	unsigned k = 0;

	for (unsigned i = 0; i < n; i++) {
		if ((mask & 1U << i) == 0)
			continue;
		share[k] = shares[i];
		number[k++] = (uint8_t)(i + 1);
	}
	return shamir_join(share, number, k, SECRET, secret);
}

/* Every choice of k shares gives the secret; every choice of fewer another one. */
static void
all_choices(const struct row *row, uint8_t shares[5][SECRET], const char *secret)
{
	uint8_t out[SECRET], want[SECRET];

	keys_bytes(secret, want);
	for (unsigned mask = 1; mask < 1U << row->n; mask++) {
		assert_int_equal(join(shares, row->n, mask, out), 0);
		if (__builtin_popcount(mask) >= (int)row->k)
			assert_memory_equal(out, want, SECRET);
		else
			assert_memory_not_equal(out, want, SECRET);
	}
}

static void
test_join(void **state)
{
	const struct row *row = *state;
	uint8_t shares[5][SECRET];

	for (unsigned i = 0; i < row->n; i++)
		keys_bytes(row->share[i], shares[i]);
	all_choices(row, shares, "0001A5FF");
}

static void
test_split(void **state)
{
	const struct row *row = *state;
	uint8_t shares[5][SECRET], secret[SECRET];

	keys_bytes("0001A5FF", secret);
	rng_repeat(row->k * 10 + row->n);
	assert_int_equal(shamir_split(secret, SECRET, row->k, row->n, shares[0]), 0);
	all_choices(row, shares, "0001A5FF");
}

static void
test_refused(void **state)
{
	static const struct {
		unsigned k, n;
	} splits[] = { { 1, 3 }, { 0, 2 }, { 4, 3 }, { 2, SHAMIR_MOST + 1 } };
	static const uint8_t numbers[][2] = { { 0, 1 }, { 1, 1 }, { 2, SHAMIR_MOST + 1 } };
	uint8_t bytes[SECRET] = { 1 }, out[SECRET * (SHAMIR_MOST + 1)];
	const uint8_t *const share[] = { bytes, bytes };

	(void)state;
	for (size_t i = 0; i < sizeof(splits) / sizeof(splits[0]); i++)
		assert_int_equal(shamir_split(bytes, SECRET, splits[i].k, splits[i].n, out),
		    ERR_COMPONENTS);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		assert_int_equal(shamir_join(share, numbers[i], 2, SECRET, out), ERR_COMPONENTS);
	assert_int_equal(shamir_join(share, numbers[0], 0, SECRET, out), ERR_COMPONENTS);
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, rows, test_join);
	ROWS(&r, rows, test_split);
	rows_add(&r, "what cannot be split or joined", test_refused, NULL);
	return rows_run(&r, "shamir", NULL, NULL);
}
