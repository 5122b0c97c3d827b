/* printer: formatting data, words and batches are every process's; the document is one's own. */
#include "printer.h"

#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "rows.h"
#include "secret.h"
#include "spool.h"

static const struct row {
	const char *name;
	const char *load, *add;		/* NULL: not called */
	int         loaded, added, document;
} rows[] = {
	{ "nothing loaded",          NULL,    NULL,  0,         0,           ERR_NO_FORM },
	{ "a form",                  "^P",    NULL,  0,         0,           0 },
	{ "a form and more",         "^P",    ">L",  0,         0,           0 },
	{ "more of nothing",         NULL,    ">L",  0,         ERR_NO_FORM, ERR_NO_FORM },
	{ "an unknown symbol",       "^P>Z",  NULL,  ERR_INPUT, 0,           ERR_NO_FORM },
	{ "an unknown symbol more",  "^P",    ">Z",  0,         ERR_INPUT,   0 },
	{ "an empty form",           "",      NULL,  ERR_INPUT, 0,           ERR_NO_FORM },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct mailer m = { .value = { [MAILER_P] = SPAN("1234") } };

	printer_rehearse(SPAN(""));
	if (row->load != NULL)
		assert_int_equal(printer_load(span_str(row->load)), row->loaded);
	if (row->add != NULL)
		assert_int_equal(printer_add(span_str(row->add)), row->added);
	assert_int_equal(printer_document(&m), row->document);
	assert_int_equal(printer_holds(), row->document == 0);
	/* One request prints one document. */
	if (row->document == 0)
		assert_int_equal(printer_document(&m), ERR_INPUT);
	assert_int_equal(printer_print("", "A2"), 0);
	assert_false(printer_holds());
}

static void
test_lengths(void **state)
{
	uint8_t form[PRINTER_LOAD + 1];

	(void)state;
	memset(form, 'x', sizeof(form));
	printer_rehearse(SPAN(""));
	assert_int_equal(printer_load(span_of(form, sizeof(form))), ERR_INPUT);
	assert_int_equal(printer_load(span_of(form, PRINTER_LOAD)), 0);
	assert_int_equal(printer_add(span_of(form, PRINTER_LOAD)), 0);
	assert_int_equal(printer_add(SPAN("x")), ERR_INPUT);
}

static void
test_words(void **state)
{
	struct secret *pin = secret_take();
	uint8_t out[PRINTER_SPELT];
	size_t n;

	(void)state;
	printer_rehearse(SPAN("^W"));
	memcpy(pin->bytes, "1092", 4);
	pin->len = 4;
	printer_spell(pin, out, &n);
	assert_int_equal(n, 4);
	assert_memory_equal(out, "1092", 4);
	assert_int_equal(printer_words(SPAN("4ZERO3ONE3TWO5THREE4FOUR4FIVE3SIX5SEVEN5EIGHT4NIN")),
	    ERR_INPUT);
	assert_int_equal(printer_words(SPAN("4ZERO3ONE3TWO5THREE4FOUR4FIVE3SIX5SEVEN5EIGHT4NINE4TEN!")),
	    ERR_INPUT);
	assert_int_equal(printer_words(SPAN("GZERO")), ERR_INPUT);
	assert_int_equal(printer_words(SPAN("4ZERO3ONE3TWO5THREE4FOUR4FIVE3SIX5SEVEN5EIGHT0sixteen letters.")),
	    0);
	printer_spell(pin, out, &n);
	assert_int_equal(n, strlen("ONE ZERO sixteen letters. TWO"));
	assert_memory_equal(out, "ONE ZERO sixteen letters. TWO", n);
	secret_put_all();
}

static void
test_processes(void **state)
{
	struct mailer m = { .value = { [MAILER_P] = SPAN("1234") } };
	pid_t child;
	int status;

	(void)state;
	printer_rehearse(SPAN(""));
	assert_int_equal(printer_batch(7, false), 7);
	assert_true((child = fork()) >= 0);
	if (child == 0)
		_exit(printer_load(SPAN("^P")) == 0 && printer_batch(3, false) == 10 ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(printer_document(&m), 0);
	printer_drop();
	assert_false(printer_holds());
	assert_int_equal(printer_batch(2, true), 12);
	assert_int_equal(printer_batch(1, false), 1);
	assert_int_equal(printer_batch(PRINTER_BATCH, true), PRINTER_BATCH);
}

static int
setup(void **state)
{
	(void)state;
	spool_discard();
	return secret_init(false) != 0 || printer_init() != 0;
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	rows_add(&r, "as long as may be", test_lengths, NULL);
	rows_add(&r, "digits in words", test_words, NULL);
	rows_add(&r, "one memory for all processes", test_processes, NULL);
	return rows_run(&r, "printer", setup, NULL);
}
