/* userstore: what is put under an index comes back, and nothing else does. */
#include "rows.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "userstore.h"

#define A16 "0123456789ABCDEF"
#define B16 "FEDCBA9876543210"
#define C16 "1111111111111111"

static uint8_t out[USERSTORE_COUNT * USERSTORE_BLOCK];
static size_t  n;

/* Each form with A, B and C from 010 on, and nothing else. */
static const struct field {
	const char *name;
	enum userstore_form form;
	const char *field, *want;	/* NULL: r says why */
	int         r;
} fields[] = {
	{ "a single-length key", USERSTORE_16, "K010", A16, 0 },
	{ "a double-length one takes two places", USERSTORE_16, "UK010", "U" A16 B16, 0 },
	{ "a triple-length one takes three", USERSTORE_16, "TK010", "T" A16 B16 C16, 0 },
	{ "X9.17 tags are tags, too", USERSTORE_16, "XK011", "X" B16 C16, 0 },
	{ "a double-length key that ends in an empty place", USERSTORE_16, "UK012", NULL,
	    ERR_NO_STORAGE },
	{ "an empty place", USERSTORE_16, "KFFF", NULL, ERR_NO_STORAGE },
	{ "a key that would go past the end", USERSTORE_16, "UKFFF", NULL, ERR_INDEX },
	{ "the start of a longer block", USERSTORE_32, "K010", A16, 0 },
	{ "a block as long as the key", USERSTORE_32, "UK010", "U" A16 A16, 0 },
	{ "a triple-length key in one and a half", USERSTORE_32, "YK010", "Y" A16 A16 B16, 0 },
	{ "one block of three", USERSTORE_48, "TK011", "T" B16 B16 B16, 0 },
};

static void
put(unsigned index, const char *block)
{
	char text[USERSTORE_BLOCK + 1];

	snprintf(text, sizeof(text), "%s%s%s", block, block, block);
	assert_int_equal(userstore_put(index, 1,
	    span_of((const uint8_t *)text, userstore_digits())), 0);
}

static void
test_field(void **state)
{
	const struct field *row = *state;

	assert_int_equal(userstore_init(row->form), 0);
	put(0x10, A16);
	put(0x11, B16);
	put(0x12, C16);
	assert_true(userstore_is_index(span_str(row->field)));
	assert_int_equal(userstore_field(span_str(row->field), out, &n), row->r);
	if (row->want != NULL) {
		assert_int_equal(n, strlen(row->want));
		assert_memory_equal(out, row->want, n);
	}
}

static const struct none {
	const char *name;
	const char *text;
} nones[] = {
	{ "a key is no index", A16 },
	{ "nothing is none", "" },
	{ "a K alone", "K" },
	{ "two digits", "K01" },
	{ "four digits", "K0123" },
	{ "lower-case digits", "K0ab" },
	{ "an unknown tag", "QK012" },
	{ "a tag and no K", "U0123" },
};

static void
test_none(void **state)
{
	const struct none *row = *state;

	assert_false(userstore_is_index(span_str(row->text)));
}

static void
test_blocks(void **state)
{
	static const char blocks[] = A16 B16;
	const struct span two = span_of((const uint8_t *)blocks, 32);

	(void)state;
	assert_int_equal(userstore_init(USERSTORE_16), 0);
	assert_int_equal(userstore_put(0xFFE, 2, two), 0);
	assert_int_equal(userstore_put(0xFFF, 2, two), ERR_INDEX);
	assert_int_equal(userstore_put(0, 0x21, two), ERR_INDEX);
	assert_int_equal(userstore_put(0, 1, two), ERR_INPUT);
	assert_int_equal(userstore_put(0, 2, span_of((const uint8_t *)"ghghghghghghghghghghghgh"
	    "ghghghgh", 32)), ERR_INPUT);
	assert_int_equal(userstore_put_text(0, two), ERR_INPUT);
	assert_int_equal(userstore_get(0xFFE, 2, out, &n), 0);
	assert_memory_equal(out, blocks, 32);
	assert_int_equal(userstore_get(0xFFD, 2, out, &n), ERR_NO_STORAGE);
	assert_int_equal(userstore_get(0xFFF, 2, out, &n), ERR_INDEX);
	assert_int_equal(userstore_get_text(0xFFE, out, &n), ERR_INPUT);
	assert_int_equal(userstore_put(0xFFE, 1, span_of(two.p + 16, 16)), 0);
	assert_int_equal(userstore_get(0xFFE, 1, out, &n), 0);
	assert_memory_equal(out, B16, 16);
	userstore_clear();
	assert_int_equal(userstore_get(0xFFE, 1, out, &n), ERR_NO_STORAGE);
}

static void
test_texts(void **state)
{
	static uint8_t text[USERSTORE_LONG + 1];

	(void)state;
	memset(text, 0xFE, sizeof(text));
	assert_int_equal(userstore_init(USERSTORE_ANY), 0);
	assert_int_equal(userstore_put_text(0x07F, span_of(text, USERSTORE_LONG)), 0);
	assert_int_equal(userstore_put_text(0x07F, span_of(text, USERSTORE_LONG + 1)), ERR_INDEX);
	assert_int_equal(userstore_put_text(0x080, span_of(text, USERSTORE_SHORT)), 0);
	assert_int_equal(userstore_put_text(0x080, span_of(text, USERSTORE_SHORT + 1)), ERR_INDEX);
	assert_int_equal(userstore_put_text(0x1000, span_of(text, 1)), ERR_INDEX);
	assert_int_equal(userstore_put_text(1, span_of(text, 0)), ERR_INPUT);
	assert_int_equal(userstore_put(1, 1, span_of(text, 16)), ERR_INPUT);
	assert_int_equal(userstore_get_text(0x07F, out, &n), 0);
	assert_int_equal(n, USERSTORE_LONG);
	assert_memory_equal(out, text, n);
	assert_int_equal(userstore_get_text(0xFFF, out, &n), ERR_NO_STORAGE);
	assert_int_equal(userstore_get(0x07F, 1, out, &n), ERR_INPUT);
	assert_int_equal(userstore_field(span_str("K080"), out, &n), 0);
	assert_int_equal(n, USERSTORE_SHORT);
	assert_int_equal(userstore_table(0), ERR_INPUT);
}

static void
put_table(unsigned index, unsigned first, unsigned last)
{
	char block[17];

	for (unsigned i = 0; i < 32; i++) {
		for (unsigned k = 0; k < 8; k++)
			snprintf(block + 2 * k, 3, "%02X", (i * 8 + k) * 7 % 256);
		if (i == first)
			memcpy(block, "FF", 2);
		if (i <= last)
			put(index + i, block);
	}
}

static void
test_table(void **state)
{
	(void)state;
	assert_int_equal(userstore_init(USERSTORE_16), 0);
	put_table(0x3E0, 99, 31);
	assert_int_equal(userstore_table(0x3E0), 0);
	assert_int_equal(userstore_table(0x3E1), ERR_INDEX);
	put_table(0x100, 5, 31);
	assert_int_equal(userstore_table(0x100), ERR_DIEBOLD);
	put_table(0x200, 99, 30);
	assert_int_equal(userstore_table(0x200), ERR_NO_STORAGE);
}

static void
test_shared(void **state)
{
	pid_t pid;
	int status;

	(void)state;
	assert_int_equal(userstore_init(USERSTORE_16), 0);
	if ((pid = fork()) == 0) {
		put(7, A16);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(userstore_get(7, 1, out, &n), 0);
	assert_memory_equal(out, A16, 16);
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, fields, test_field);
	ROWS(&r, nones, test_none);
	rows_add(&r, "blocks", test_blocks, NULL);
	rows_add(&r, "texts", test_texts, NULL);
	rows_add(&r, "a Diebold table has each byte once", test_table, NULL);
	rows_add(&r, "what one process puts, another one gets", test_shared, NULL);
	return rows_run(&r, "userstore", NULL, NULL);
}
