/* keyblock_text: every usage that is taken has a name, and TR-31's are its own. */
#include "keyblock_text.h"

#include "crypto/keyblock.h"
#include "rows.h"

static const struct row {
	const char *name;
	char        tag;
	const char *usage, *want;
} rows[] = {
	{ "Thales, a ZPK",           'S', "72", "ZPK" },
	{ "Thales, American Express", 'S', "11", "CSC, American Express" },
	{ "TR-31, ZKA",              'R', "11", "ZKA master key" },
	{ "TR-31, a PIN key",        'R', "P0", "PIN encryption" },
	{ "TR-31, a usage that Thales lacks", 'R', "M7", "HMAC" },
	{ "the same for Thales",     'S', "M7", "unknown" },
	{ "none",                    'S', "ZZ", "unknown" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	assert_string_equal(keyblock_text_usage(row->tag, row->usage), row->want);
}

/* All two-character usages: what the blocks' own table knows has a text here, and no other. */
static void
test_usages(void **state)
{
	static const char set[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	(void)state;
	for (const char *a = set; *a != '\0'; a++)
		for (const char *b = set; *b != '\0'; b++) {
			const char usage[2] = { *a, *b };
			const char *text = keyblock_text_usage('S', usage);

			if (keyblock_knows_usage(usage) != (strcmp(text, "unknown") != 0))
				fail_msg("usage %.2s: %s", usage, text);
		}
}

static void
test_letters(void **state)
{
	(void)state;
	assert_string_equal(keyblock_text_version('D'), "TR-31, under an AES key, derivation");
	assert_string_equal(keyblock_text_version('E'), "unknown");
	assert_string_equal(keyblock_text_algorithm('T'), "triple DES");
	assert_string_equal(keyblock_text_mode('N'), "no restriction");
	assert_string_equal(keyblock_text_exportability('N'), "never");
	assert_string_equal(keyblock_text_key_version("00"), "not used");
	assert_string_equal(keyblock_text_key_version("c3"), "a component");
	assert_string_equal(keyblock_text_key_version("17"), "a version");
	assert_string_equal(keyblock_text_option((const uint8_t *)"KS"), "key set identifier");
	assert_string_equal(keyblock_text_option((const uint8_t *)"QQ"), "unknown");
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	rows_add(&r, "the usages of the other table", test_usages, NULL);
	rows_add(&r, "the other fields", test_letters, NULL);
	return rows_run(&r, "keyblock_text", NULL, NULL);
}
