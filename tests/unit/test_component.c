/* component: text there and back, each line that can be wrong, and what goes together. */
#include "component.h"

#include "crypto/shamir.h"
#include "err.h"
#include "keys.h"

/* Check values by openssl mac -cipher AES-256-CBC CMAC over nothing. */
#define VALUE "9B71333A13F9FAE72F9D0E2DAB4AD6784718012F9244033F3F26A2DE0C8AA11A"
#define GOOD "luahsm lmk component 1\nscheme aes-kb\nstatus live\npart 2 of 3\n" \
	"value " VALUE "\ncheck 9D04A0\n"

static struct component *c[5];
static struct lmk_value *value;
static char *text, said[400];

static int
setup(void **state)
{
	if (keys_setup(state) != 0)
		return 1;
	for (int i = 0; i < 5; i++)
		if ((c[i] = secret_alloc(sizeof(*c[i]))) == NULL)
			return 1;
	value = secret_alloc(sizeof(*value));
	text = secret_alloc(COMPONENT_TEXT);
	return value == NULL || text == NULL;
}

static int
read_text(const char *from)
{
	FILE *err;
	int r;

	memset(said, 0, sizeof(said));
	err = fmemopen(said, sizeof(said), "w");
	r = component_read(span_str(from), c[0], "a file", err);
	fclose(err);
	return r;
}

static void
test_good(void **state)
{
	size_t n;

	(void)state;
	assert_int_equal(read_text(GOOD), 0);
	assert_false(c[0]->share || c[0]->test);
	assert_int_equal(c[0]->number, 2);
	assert_int_equal(c[0]->count, 3);
	keys_same(c[0]->value.bytes, c[0]->value.len, VALUE);
	assert_int_equal(component_write(c[0], text, &n), 0);
	assert_int_equal(n, strlen(GOOD));
	assert_memory_equal(text, GOOD, n);
}

/* A share of a variant LMK of test status, with the whole's check value: the longest text. */
static void
test_longest(void **state)
{
	char copy[COMPONENT_TEXT + 1];
	size_t n;

	(void)state;
	memset(c[1], 0, sizeof(*c[1]));
	c[1]->share = c[1]->test = true;
	c[1]->number = 4;
	c[1]->count = 5;
	c[1]->needed = 3;
	memcpy(c[1]->whole, "1A2B3C", 7);
	lmk_value_random(&c[1]->value, LMK_VARIANT);
	assert_int_equal(component_write(c[1], text, &n), 0);
	assert_true(n < COMPONENT_TEXT);
	memcpy(copy, text, n);
	copy[n] = '\0';
	assert_int_equal(read_text(copy), 0);
	assert_memory_equal(c[0], c[1], sizeof(*c[0]));
}

static const struct bad {
	const char *name, *text, *why;
} bads[] = {
	{ "nothing", "", "is not a component" },
	{ "another file", "hello\n", "is not a component" },
	{ "no scheme", "luahsm lmk component 1\nscheme des\n", "no scheme" },
	{ "no status", "luahsm lmk component 1\nscheme aes-kb\nstatus dead\n", "status" },
	{ "part 4 of 3", "luahsm lmk component 1\nscheme aes-kb\nstatus live\npart 4 of 3\n",
	    "so many" },
	{ "part 1 of 1", "luahsm lmk component 1\nscheme aes-kb\nstatus live\npart 1 of 1\n",
	    "so many" },
	{ "share of more than there are",
	    "luahsm lmk component 1\nscheme aes-kb\nstatus live\nshare 1 of 3, 4 needed\n", "so many" },
	{ "no part", "luahsm lmk component 1\nscheme aes-kb\nstatus live\nvalue 00\n",
	    "which part" },
	{ "part with a tail", "luahsm lmk component 1\nscheme aes-kb\nstatus live\npart 1 of 3!\n",
	    "so many" },
	{ "no value", "luahsm lmk component 1\nscheme aes-kb\nstatus live\npart 1 of 3\n",
	    "value" },
	{ "short value",
	    "luahsm lmk component 1\nscheme aes-kb\nstatus live\npart 1 of 3\nvalue 9B\ncheck 9D04A0\n",
	    "another length" },
	{ "lower case", "luahsm lmk component 1\nscheme aes-kb\nstatus live\npart 1 of 3\n"
	    "value 9b71333A13F9FAE72F9D0E2DAB4AD6784718012F9244033F3F26A2DE0C8AA11A\n"
	    "check 9D04A0\n", "hexadecimal" },
	{ "one pair of twenty", "luahsm lmk component 1\nscheme variant\nstatus live\npart 1 of 3\n"
	    "value 0123456789ABCDEFFEDCBA9876543210\ncheck 000000\n", "another length" },
	{ "no check value",
	    "luahsm lmk component 1\nscheme aes-kb\nstatus live\npart 1 of 3\nvalue " VALUE "\n",
	    "no check value" },
	{ "a wrong digit", "luahsm lmk component 1\nscheme aes-kb\nstatus live\npart 1 of 3\n"
	    "value 9C71333A13F9FAE72F9D0E2DAB4AD6784718012F9244033F3F26A2DE0C8AA11A\n"
	    "check 9D04A0\n", "a digit of it is wrong" },
};

static void
test_bad(void **state)
{
	const struct bad *row = *state;

	assert_int_equal(read_text(row->text), -1);
	assert_non_null(strstr(said, row->why));
	assert_non_null(strstr(said, "a file: "));
}

/* Every prefix is refused, and never reads past its end. */
static void
test_prefixes(void **state)
{
	(void)state;
	for (size_t n = 0; n < strlen(GOOD) - 1; n++) {
		char *copy = malloc(n + 1);

		assert_non_null(copy);
		memcpy(copy, GOOD, n);
		copy[n] = '\0';
		assert_int_equal(read_text(copy), -1);
		free(copy);
	}
}

static void
test_digits(void **state)
{
	char typed[] = "9b71333a13f9fae7 2F9D0E2DAB4AD678\n4718012F9244033F 3F26A2DE0C8AA11A\n";
	char bad[] = "9b71333a13f9fae7 2F9D0E2DAB4AD678\n4718012F9244033F 3F26A2DE0C8AA11G\n";

	(void)state;
	assert_int_equal(component_digits(typed, strlen(typed), LMK_AES_BLOCK, value), 0);
	keys_same(value->bytes, value->len, VALUE);
	assert_int_equal(component_digits(bad, strlen(bad), LMK_AES_BLOCK, value), ERR_INPUT);
	assert_int_equal(component_digits(bad, 10, LMK_AES_BLOCK, value), ERR_INPUT);
}

/* --- putting together: three parts of an AES LMK, changed by the row ------ */

static void
set_parts(void)
{
	for (unsigned i = 0; i < 4; i++) {
		memset(c[i], 0, sizeof(*c[i]));
		c[i]->number = i + 1;
		c[i]->count = 3;
		c[i]->value.scheme = LMK_AES_BLOCK;
		c[i]->value.len = LMK_BLOCK_KEY;
		for (unsigned k = 0; k < LMK_BLOCK_KEY; k++)
			c[i]->value.bytes[k] = (uint8_t)(17 * i + 3 * k * (i + 1) + 1);
	}
}

static int
join(size_t n)
{
	FILE *err;
	int r;

	memset(said, 0, sizeof(said));
	err = fmemopen(said, sizeof(said), "w");
	r = component_join((const struct component *const *)c, n, value, err);
	fclose(err);
	return r;
}

static void
same_number(void)
{
	c[2]->number = 1;
}

static void
same_value(void)
{
	c[2]->value = c[0]->value;
}

static void
zero(void)
{
	memset(c[1]->value.bytes, 0, LMK_BLOCK_KEY);
}

static void
other_scheme(void)
{
	c[1]->value.scheme = LMK_3DES_BLOCK;
}

static void
other_count(void)
{
	c[1]->count = 4;
}

static void
other_status(void)
{
	c[1]->test = true;
}

static void
other_lmk(void)
{
	memcpy(c[1]->whole, "1A2B3C", 7);
}

static void
one_is_share(void)
{
	c[1]->share = true;
}

static void
wrong_whole(void)
{
	for (int i = 0; i < 3; i++)
		memcpy(c[i]->whole, "1A2B3C", 7);
}

static void
no_change(void)
{
}

/* The third is what makes the sum one byte repeated. */
static void
weak_sum(void)
{
	for (unsigned k = 0; k < LMK_BLOCK_KEY; k++)
		c[2]->value.bytes[k] = (uint8_t)(c[0]->value.bytes[k] ^ c[1]->value.bytes[k] ^ 0x5A);
}

static const struct set_row {
	const char *name;
	void      (*change)(void);
	size_t      n;
	const char *why;
} sets[] = {
	{ "three parts", no_change, 3, NULL },
	{ "one part", no_change, 1, "2 to 9" },
	{ "two of three parts", no_change, 2, "2 components are given, 3 are needed" },
	{ "four of three parts", no_change, 4, "4 components are given, 3 are needed" },
	{ "the same number twice", same_number, 3, "twice" },
	{ "the same value twice", same_value, 3, "twice" },
	{ "a part of zeros", zero, 3, "zeros" },
	{ "another scheme", other_scheme, 3, "different sets" },
	{ "another count", other_count, 3, "different sets" },
	{ "a share among parts", one_is_share, 3, "different sets" },
	{ "test among live", other_status, 3, "do not mix" },
	{ "of another LMK", other_lmk, 3, "different LMKs" },
	{ "another check value than they promise", wrong_whole, 3, "not 1A2B3C" },
	{ "a weak sum", weak_sum, 3, "one byte repeated" },
};

static void
test_set(void **state)
{
	const struct set_row *row = *state;

	set_parts();
	row->change();
	assert_int_equal(join(row->n), row->why != NULL ? -1 : 0);
	if (row->why != NULL)
		assert_non_null(strstr(said, row->why));
	else
		for (unsigned k = 0; k < LMK_BLOCK_KEY; k++)
			assert_int_equal(value->bytes[k], c[0]->value.bytes[k] ^
			    c[1]->value.bytes[k] ^ c[2]->value.bytes[k]);
}

/* Test status may be weak: the published LMKs are. */
static void
test_weak_test(void **state)
{
	(void)state;
	set_parts();
	weak_sum();
	for (int i = 0; i < 3; i++)
		c[i]->test = true;
	assert_int_equal(join(3), 0);
}

static void
test_shares(void **state)
{
	struct lmk_value *lmk = secret_alloc(sizeof(*lmk));
	uint8_t shares[5][LMK_BLOCK_KEY];

	(void)state;
	assert_non_null(lmk);
	lmk_value_random(lmk, LMK_AES_BLOCK);
	assert_int_equal(shamir_split(lmk->bytes, lmk->len, 3, 5, shares[0]), 0);
	for (unsigned i = 0; i < 5; i++) {
		memset(c[i], 0, sizeof(*c[i]));
		c[i]->share = true;
		c[i]->number = i + 1;
		c[i]->count = 5;
		c[i]->needed = 3;
		c[i]->value = *lmk;
		assert_int_equal(lmk_value_check(lmk, c[i]->whole), 0);
		memcpy(c[i]->value.bytes, shares[i], LMK_BLOCK_KEY);
	}
	assert_int_equal(join(2), -1);
	assert_non_null(strstr(said, "3 are needed"));
	for (size_t n = 3; n <= 5; n++) {
		assert_int_equal(join(n), 0);
		assert_memory_equal(value->bytes, lmk->bytes, lmk->len);
	}
	c[1]->value.bytes[7] ^= 1;
	assert_int_equal(join(3), -1);
	assert_non_null(strstr(said, "form an LMK with check value"));
	secret_free(lmk);
}

int
main(void)
{
	struct rows r = { 0 };

	rows_add(&r, "text there and back", test_good, NULL);
	rows_add(&r, "the longest text there and back", test_longest, NULL);
	ROWS(&r, bads, test_bad);
	rows_add(&r, "every prefix is refused", test_prefixes, NULL);
	rows_add(&r, "digits as people type them", test_digits, NULL);
	ROWS(&r, sets, test_set);
	rows_add(&r, "test status may be weak", test_weak_test, NULL);
	rows_add(&r, "any three of five shares", test_shares, NULL);
	return rows_run(&r, "component", setup, NULL);
}
