/* cli_bench_bare: lists of work that can be done, and such as can't. */
#include "rows.h"

#include <stdio.h>

#include "cli_bench_bare.h"

static const struct row {
	const char *name;
	const char *list;
	int         good;
} rows[] = {
	{ "one step", "1*des3:8", 1 },
	{ "all that there is", "2*des3:8,1*aes128:16,1*aes256:48,3*sha256:5,1*rsa:1024", 1 },
	{ "nothing", "", 0 },
	{ "no number", "des3:8", 0 },
	{ "no such name", "1*des:8", 0 },
	{ "no bytes", "1*des3", 0 },
	{ "a comma and nothing", "1*des3:8,", 0 },
	{ "another delimiter", "1*des3:8;1*des3:8", 0 },
	{ "more bytes than there are", "1*aes128:32769", 0 },
	{ "half a block", "1*aes128:8,1*sha256:32769", 0 },
	{ "a short RSA key", "1*rsa:512", 0 },
	{ "too many steps", "1*des3:8,1*des3:8,1*des3:8,1*des3:8,1*des3:8,1*des3:8,1*des3:8,"
	    "1*des3:8,1*des3:8,1*des3:8,1*des3:8,1*des3:8,1*des3:8,1*des3:8,1*des3:8,1*des3:8,"
	    "1*des3:8", 0 },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	char text[256] = "";
	FILE *err = fmemopen(text, sizeof(text), "w");
	double ns = bench_bare(row->list, 0.001, err);

	fclose(err);
	if (row->good) {
		assert_true(ns > 0);
		assert_string_equal(text, "");
	} else {
		assert_true(ns < 0);
		assert_non_null(strstr(text, "--bare takes"));
	}
}

/* Twice the work takes longer. */
static void
test_more(void **state)
{
	(void)state;
	assert_true(bench_bare("1*aes256:16384", 0.02, stderr) >
	    bench_bare("1*aes256:16", 0.02, stderr));
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, rows, test_row);
	rows_add(&r, "more work takes longer", test_more, NULL);
	return rows_run(&r, "cli_bench_bare", NULL, NULL);
}
