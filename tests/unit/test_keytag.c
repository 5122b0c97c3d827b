/* keytag: alike for the same, different for all else. */
#include "crypto/keytag.h"

#include "rows.h"

static const uint8_t secret[KEYTAG_SECRET] = { 1 }, other[KEYTAG_SECRET] = { 2 };

static const struct row {
	const char    *name;
	const uint8_t *secret;
	const char    *key, *subject;
	bool           same;
} rows[] = {
	{ "the same", secret, "key", "subject", true },
	{ "another server", other, "key", "subject", false },
	{ "another key", secret, "kez", "subject", false },
	{ "another subject", secret, "key", "subjecu", false },
	{ "a letter moved", secret, "keys", "ubject", false },
	{ "no subject", secret, "key", "", false },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	uint64_t first = keytag(secret, SPAN("key"), SPAN("subject"));
	uint64_t tag = keytag(row->secret, span_str(row->key), span_str(row->subject));

	assert_true(tag != 0);
	assert_int_equal(tag == first, row->same);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "keytag", NULL, NULL);
}
