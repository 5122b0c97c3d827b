/* mdc2: by its own function what test_hash shows through the table of hashes. */
#include "crypto/mdc2.h"

#include "keys.h"

static const struct row {
	const char *name;
	const char *data;
	const char *digest;
} rows[] = {
	{ "three blocks", "Now is the time for all ", "42E50CD224BACEBA760BDD2BD409281A" },
	{ "a block and a half", "Hello World!", "5FFCD01A29B2E97D43416E59D534DFDB" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	uint8_t digest[MDC2_LEN];

	assert_int_equal(mdc2_make(span_str(row->data), digest), 0);
	keys_same(digest, sizeof(digest), row->digest);
}

/* Zeros at the end are not told from padding: method 1 has no length in it. */
static void
test_zeros(void **state)
{
	uint8_t a[MDC2_LEN], b[MDC2_LEN];

	(void)state;
	assert_int_equal(mdc2_make(SPAN("luahsm"), a), 0);
	assert_int_equal(mdc2_make(SPAN("luahsm\0\0"), b), 0);
	assert_memory_equal(a, b, MDC2_LEN);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	rows_add(&r, "zeros at the end", test_zeros, NULL);
	return rows_run(&r, "mdc2", keys_setup, NULL);
}
