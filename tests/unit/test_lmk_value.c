/*
 * lmk_value: check values, parity, and what is unfit. The check values were made
 * with openssl: the pairs' exclusive or by hand, enc -des-ede, mac -cipher AES-256-CBC.
 */
#include "lmk_value.h"

#include "err.h"
#include "keys.h"
#include "lmk_test.h"

static struct lmk_value *v, *w;

/* A value whose digits are text, repeated. */
static void
set(struct lmk_value *value, enum lmk_scheme scheme, const char *text)
{
	size_t n = keys_bytes(text, value->bytes);

	value->scheme = scheme;
	value->len = lmk_value_length(scheme);
	for (size_t i = n; i < value->len; i++)
		value->bytes[i] = value->bytes[i % n];
}

/* Twenty pairs, all different, nothing weak. */
static void
set_variant(void)
{
	v->scheme = LMK_VARIANT;
	v->len = LMK_BYTES;
	for (size_t i = 0; i < LMK_BYTES; i++)
		v->bytes[i] = (uint8_t)(i * 37 + i / 16 * 5 + 11);
	lmk_value_force(v);
}

static const struct check_row {
	const char     *name;
	enum lmk_scheme scheme;
	const char     *text, *check;
} checks[] = {
	{ "the AES test LMK, published", LMK_AES_BLOCK,
	    "9B71333A13F9FAE72F9D0E2DAB4AD6784718012F9244033F3F26A2DE0C8AA11A", "9D04A0" },
	{ "the 3DES test LMK, its plain value", LMK_3DES_BLOCK,
	    "0123456789ABCDEF8080808080808080FEDCBA9876543210", "8E0EC0" },
	{ "an even number of equal pairs: zeros", LMK_VARIANT,
	    "0123456789ABCDEFFEDCBA9876543210", "8CA64D" },
};

static void
test_check(void **state)
{
	const struct check_row *row = *state;
	char check[LMK_CHECK + 1];

	set(v, row->scheme, row->text);
	assert_int_equal(lmk_value_check(v, check), 0);
	assert_string_equal(check, row->check);
}

static const struct fault_row {
	const char     *name;
	enum lmk_scheme scheme;
	const char     *text, *fault;
} faults[] = {
	{ "AES, zeros", LMK_AES_BLOCK, "00", "zeros" },
	{ "AES, one byte", LMK_AES_BLOCK, "5A", "one byte repeated" },
	{ "AES, two bytes", LMK_AES_BLOCK, "5AA5", NULL },
	{ "3DES, zeros but for parity", LMK_3DES_BLOCK, "01", "zeros" },
	{ "3DES, a weak part", LMK_3DES_BLOCK,
	    "0123456789ABCDEF01FE01FE01FE01FEFEDCBA9876543210", "weak" },
	{ "3DES, first and second part", LMK_3DES_BLOCK,
	    "0123456789ABCDEF0022446688AACCEEFEDCBA9876543210", "equal" },
	{ "3DES, second and third part", LMK_3DES_BLOCK,
	    "0123456789ABCDEFFEDCBA9876543210FEDCBA9876543210", "equal" },
	{ "3DES, first and third part", LMK_3DES_BLOCK,
	    "0123456789ABCDEFFEDCBA98765432100123456789ABCDEF", "equal" },
	{ "3DES, three parts", LMK_3DES_BLOCK,
	    "0123456789ABCDEFFEDCBA9876543210133457799BBCDFF1", NULL },
	{ "equal pairs", LMK_VARIANT, "0123456789ABCDEFFEDCBA9876543210", "pairs" },
	{ "equal halves", LMK_VARIANT, "0123456789ABCDEF", "parts of one key" },
};

static void
test_fault(void **state)
{
	const struct fault_row *row = *state;
	const char *fault;

	set(v, row->scheme, row->text);
	fault = lmk_value_fault(v);
	assert_int_equal(fault != NULL, row->fault != NULL);
	if (row->fault != NULL)
		assert_non_null(strstr(fault, row->fault));
}

static void
test_variant(void **state)
{
	(void)state;
	set_variant();
	assert_null(lmk_value_fault(v));
	memset(v->bytes + 18 * 16, 0xFE, 8);
	assert_non_null(strstr(lmk_value_fault(v), "weak"));
	set_variant();
	memcpy(v->bytes + 19 * 16, v->bytes + 3 * 16, 16);
	assert_non_null(strstr(lmk_value_fault(v), "pairs"));
}

static void
test_random(void **state)
{
	(void)state;
	for (int scheme = LMK_VARIANT; scheme <= LMK_AES_BLOCK; scheme++) {
		lmk_value_random(v, (enum lmk_scheme)scheme);
		lmk_value_random(w, (enum lmk_scheme)scheme);
		assert_false(lmk_value_same(v, w));
		assert_null(lmk_value_fault(v));
		assert_false(lmk_value_published(v));
		assert_int_equal(v->len, lmk_value_length((enum lmk_scheme)scheme));
	}
}

static void
test_same(void **state)
{
	(void)state;
	set(v, LMK_3DES_BLOCK, "0123456789ABCDEF");
	set(w, LMK_3DES_BLOCK, "0022456789ABCDEF");
	assert_true(lmk_value_same(v, w));
	v->scheme = w->scheme = LMK_AES_BLOCK;
	assert_false(lmk_value_same(v, w));
	w->scheme = LMK_3DES_BLOCK;
	assert_false(lmk_value_same(v, w));
	set(w, LMK_AES_BLOCK, "0123456789ABCDEF");
	set(v, LMK_AES_BLOCK, "0123456789ABCDEF");
	lmk_value_add(v, w);
	assert_true(lmk_value_zero(v));
}

/* Whatever its name: the published ones are found by value. */
static void
test_published(void **state)
{
	const struct test_lmk *test;

	(void)state;
	for (size_t i = 0; (test = lmk_test_at(i)) != NULL; i++) {
		v->scheme = test->scheme;
		v->len = lmk_value_length(test->scheme);
		memcpy(v->bytes, test->scheme == LMK_VARIANT ? test->pairs[0] : test->key, v->len);
		assert_true(lmk_value_published(v));
		v->bytes[v->len - 1] ^= 2;
		assert_false(lmk_value_published(v));
	}
}

static void
test_schemes(void **state)
{
	(void)state;
	for (int i = LMK_VARIANT; i <= LMK_AES_BLOCK; i++)
		assert_int_equal(lmk_scheme_find(lmk_scheme_text((enum lmk_scheme)i)), i);
	assert_int_equal(lmk_scheme_find("aes"), -1);
}

static int
setup(void **state)
{
	if (keys_setup(state) != 0)
		return 1;
	v = secret_alloc(sizeof(*v));
	w = secret_alloc(sizeof(*w));
	return v == NULL || w == NULL;
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, checks, test_check);
	ROWS(&r, faults, test_fault);
	rows_add(&r, "a variant LMK is looked through to its end", test_variant, NULL);
	rows_add(&r, "random ones are fit", test_random, NULL);
	rows_add(&r, "parity bits do not make a difference", test_same, NULL);
	rows_add(&r, "published values are known", test_published, NULL);
	rows_add(&r, "schemes have names", test_schemes, NULL);
	return rows_run(&r, "lmk_value", setup, NULL);
}
