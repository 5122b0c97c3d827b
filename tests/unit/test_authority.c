/* authority: activities as texts, what a grant allows, and how it ends. */
#include "authority.h"

#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

#include "err.h"
#include "keys.h"
#include "vault.h"

static const struct text_row {
	const char *name, *text, *again;	/* again: NULL, it is refused */
	unsigned    minutes;
} texts[] = {
	{ "a category", "export", "export", 0 },
	{ "a key type", "generate.00A", "generate.00a", 0 },
	{ "an interface", "generate.000.host", "generate.000.host", 0 },
	{ "minutes", "generate.000.host.10", "generate.000.host", 10 },
	{ "no sub-category", "diag.host", "diag.host", 0 },
	{ "no sub-category, minutes", "diag.host.720", "diag.host", 720 },
	{ "at the console", "misc.CONSOLE", "misc.console", 0 },
	{ "digits alone are a sub-category", "export.10", "export.10", 0 },
	{ "nothing", "", NULL, 0 },
	{ "no category", ".000", NULL, 0 },
	{ "another interface", "export.000.printer", NULL, 0 },
	{ "no minutes", "export.000.host.0", NULL, 0 },
	{ "too many minutes", "export.000.host.721", NULL, 0 },
	{ "minutes with a letter", "export.000.host.1x", NULL, 0 },
	{ "a part too many", "export.000.host.10.1", NULL, 0 },
	{ "a part too long", "export.0123456789abcdef", NULL, 0 },
	{ "a blank", "export 000", NULL, 0 },
};

static void
test_text(void **state)
{
	const struct text_row *row = *state;
	char text[AUTHORITY_TEXT];
	struct activity a;

	assert_int_equal(authority_parse(span_str(row->text), &a), row->again != NULL ? 0 : ERR_INPUT);
	if (row->again == NULL)
		return;
	authority_format(&a, text);
	assert_string_equal(text, row->again);
	assert_int_equal(a.minutes, row->minutes);
}

static void
grant(uint32_t session, const char *text, unsigned minutes)
{
	struct activity a;

	assert_int_equal(authority_parse(span_str(text), &a), 0);
	assert_int_equal(authority_grant(session, &a, minutes), 0);
}

static const struct allow_row {
	const char *name, *granted, *category, *sub;
	bool        host, console;
} allows[] = {
	{ "just that", "export.001.host", "export", "001", true, false },
	{ "from the console only", "export.001.console", "export", "001", false, true },
	{ "from both", "export.001", "export", "001", true, true },
	{ "every key type", "export", "export", "00a", true, true },
	{ "another key type", "export.001", "export", "002", false, false },
	{ "another category", "export.001", "generate", "001", false, false },
	{ "no part of a word", "export.001", "exp", "001", false, false },
	{ "all", "all.host", "command", "ba", true, false },
	{ "a sub-category of all", "export.001", "export", "", false, false },
};

static void
test_allows(void **state)
{
	const struct allow_row *row = *state;

	assert_false(authority_allows(AUTHORITY_HOST, row->category, row->sub));
	grant(7, row->granted, 1);
	assert_int_equal(authority_allows(AUTHORITY_HOST, row->category, row->sub), row->host);
	assert_int_equal(authority_allows(AUTHORITY_CONSOLE, row->category, row->sub), row->console);
	authority_end(7);
	assert_false(authority_allows(AUTHORITY_HOST, row->category, row->sub));
}

/* A grant of another session is not touched. */
static void
test_sessions(void **state)
{
	(void)state;
	grant(7, "export", 1);
	grant(8, "import", 1);
	authority_end(7);
	assert_false(authority_allows(AUTHORITY_HOST, "export", "001"));
	assert_true(authority_allows(AUTHORITY_HOST, "import", "001"));
	authority_end(8);
	assert_int_equal(authority_count(), 0);
}

/* Zero minutes are over at once; the place is used again. */
static void
test_time(void **state)
{
	struct activity a;
	unsigned seconds;

	(void)state;
	for (int i = 0; i < 3 * AUTHORITY_MOST; i++)
		grant(9, "export", 0);
	assert_false(authority_allows(AUTHORITY_HOST, "export", "001"));
	assert_int_equal(authority_count(), 0);
	grant(9, "export", 2);
	for (size_t i = 0; i < AUTHORITY_MOST; i++)
		if (authority_at(i, &a, &seconds))
			assert_in_range(seconds, 60, 120);
	assert_int_equal(authority_count(), 1);
	authority_end(9);
}

static void
test_full(void **state)
{
	struct activity a;

	(void)state;
	assert_int_equal(authority_parse(SPAN("export"), &a), 0);
	for (int i = 0; i < AUTHORITY_MOST; i++)
		assert_int_equal(authority_grant(9, &a, 1), 0);
	assert_int_equal(authority_grant(9, &a, 1), ERR_NO_ROOM);
	authority_end(9);
	assert_int_equal(authority_count(), 0);
}

static const struct cancel_row {
	const char *name, *list;
	unsigned    number;
	int         r;
	unsigned    cancelled, left;
} cancels[] = {
	{ "one", "export.001.host;", 1, 0, 1, 2 },
	{ "with its minutes", "import.5;diag.host;", 2, 0, 1, 2 },
	{ "with other minutes", "export.001.host.6;", 1, 0, 0, 3 },
	{ "with the right minutes", "export.001.host.5;", 1, 0, 1, 2 },
	{ "less than was granted", "import.001;", 1, 0, 0, 3 },
	{ "none", "", 0, 0, 0, 3 },
	{ "all three", "diag.host;import;export.001.host;", 3, 0, 3, 0 },
	{ "nothing when the list is bad", "import;export", 2, ERR_INPUT, 0, 3 },
	{ "nothing when it is longer", "import;export;", 1, ERR_INPUT, 0, 3 },
};

static void
test_cancel(void **state)
{
	const struct cancel_row *row = *state;
	unsigned n;

	grant(9, "export.001.host", 5);
	grant(9, "import", 5);
	grant(10, "diag.host", 5);
	assert_int_equal(authority_cancel_list(row->number, span_str(row->list), &n), row->r);
	assert_int_equal(n, row->cancelled);
	assert_int_equal(authority_count(), row->left);
	authority_end(9);
	authority_end(10);
}

/* Another process sees it, and its cancelling is seen here. */
static void
test_shared(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	grant(9, "export", 5);
	if ((pid = fork()) == 0)
		_exit(authority_allows(AUTHORITY_HOST, "export", "001") ?
		    (int)authority_cancel(NULL) : 9);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_false(authority_allows(AUTHORITY_HOST, "export", "001"));
	assert_true(authority_revoked());
}

static void
test_officers(void **state)
{
	struct vault *v = secret_alloc(sizeof(*v));

	(void)state;
	assert_non_null(v);
	assert_false(authority_officer("alice", SPAN("open")));
	assert_int_equal(authority_keep_officers(v), 0);
	assert_int_equal(authority_officers(), 0);
	assert_int_equal(crypto_pwhash_str(vault_officer_add(v, "alice")->hash, "open", 4,
	    crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN), 0);
	assert_int_equal(crypto_pwhash_str(vault_officer_add(v, "bob")->hash, "sesame", 6,
	    crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN), 0);
	assert_int_equal(authority_keep_officers(v), 0);
	assert_int_equal(authority_officers(), 2);
	assert_true(authority_officer("alice", SPAN("open")));
	assert_true(authority_officer("bob", SPAN("sesame")));
	assert_false(authority_officer("bob", SPAN("open")));
	assert_false(authority_officer("carol", SPAN("open")));
	assert_false(authority_officer("alice", SPAN("")));
	assert_true(authority_knows("bob"));
	assert_false(authority_knows("bo"));
	assert_false(authority_knows(""));
	secret_free(v);
}

static void
test_no_page(void **state)
{
	struct activity a;

	(void)state;
	assert_int_equal(authority_parse(SPAN("export"), &a), 0);
	assert_int_equal(authority_grant(1, &a, 1), ERR_NO_ROOM);
	assert_false(authority_allows(AUTHORITY_HOST, "export", ""));
	assert_int_equal(authority_cancel(NULL), 0);
	assert_int_equal(authority_count(), 0);
	assert_false(authority_revoked());
	assert_int_equal(authority_init(), 0);
}

int
main(void)
{
	struct rows r = { 0 };

	rows_add(&r, "without a page nothing is authorised", test_no_page, NULL);
	ROWS(&r, texts, test_text);
	ROWS(&r, allows, test_allows);
	rows_add(&r, "a session ends alone", test_sessions, NULL);
	rows_add(&r, "time ends it", test_time, NULL);
	rows_add(&r, "no more than there is room for", test_full, NULL);
	ROWS(&r, cancels, test_cancel);
	rows_add(&r, "all processes see it", test_shared, NULL);
	rows_add(&r, "officers and their passphrases", test_officers, NULL);
	return rows_run(&r, "authority", keys_setup, NULL);
}
