/* der: elements read and written; lengths in their shortest form only. */
#include "crypto/der.h"

#include "err.h"
#include "keys.h"

static const struct row {
	const char *name, *in;
	int         want;
	uint8_t     tag;
	size_t      body, left;
} rows[] = {
	{ "an empty one", "0500", 0, DER_NULL, 0, 0 },
	{ "and bytes behind it", "0403010203FF", 0, DER_OCTETS, 3, 1 },
	{ "a long form that is needed", "048180"
	    "0000000000000000000000000000000000000000000000000000000000000000"
	    "0000000000000000000000000000000000000000000000000000000000000000"
	    "0000000000000000000000000000000000000000000000000000000000000000"
	    "0000000000000000000000000000000000000000000000000000000000000000",
	    0, DER_OCTETS, 128, 0 },
	{ "a long form that is not", "04810100", ERR_INPUT, 0, 0, 0 },
	{ "a length with a leading zero", "0482000100", ERR_INPUT, 0, 0, 0 },
	{ "indefinite", "30800000", ERR_INPUT, 0, 0, 0 },
	{ "longer than there is", "0403AAAA", ERR_INPUT, 0, 0, 0 },
	{ "a length cut short", "0482FF", ERR_INPUT, 0, 0, 0 },
	{ "a length of three bytes", "0483010000", ERR_INPUT, 0, 0, 0 },
	{ "a tag of several bytes", "1F810100", ERR_INPUT, 0, 0, 0 },
	{ "a tag alone", "04", ERR_INPUT, 0, 0, 0 },
	{ "nothing", "", ERR_INPUT, 0, 0, 0 },
};

static void
test_read(void **state)
{
	const struct row *row = *state;
	uint8_t bytes[256];
	struct span in = span_of(bytes, keys_bytes(row->in, bytes)), all = in;
	struct der e;

	assert_int_equal(der_next(&in, &e), row->want);
	if (row->want != 0) {
		assert_true(in.p == all.p && in.n == all.n);
		return;
	}
	assert_int_equal(e.tag, row->tag);
	assert_int_equal(e.body.n, row->body);
	assert_int_equal(in.n, row->left);
	assert_int_equal(e.whole.n, all.n - row->left);
}

static void
test_number(void **state)
{
	struct span in = SPAN("\x02\x02\x00\x80\x02\x01\x80\x02\x01\x00\x02\x00"), number;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(der_take_number(&in, &number), 0);
		assert_true(number.n == 1 && number.p[0] == 0x80);
	}
	assert_int_equal(der_take_number(&in, &number), 0);
	assert_true(number.n == 1 && number.p[0] == 0);
	assert_int_equal(der_take_number(&in, &number), ERR_INPUT);
	assert_int_equal(in.n, 2);
}

static void
test_write(void **state)
{
	static uint8_t buffer[700], filler[300];
	struct der_writer w;
	struct span out;

	(void)state;
	der_begin(&w, buffer, sizeof(buffer));
	der_number(&w, SPAN("\x80"), true);
	der_number(&w, SPAN("\x80"), false);
	der_element(&w, DER_OCTETS, SPAN("ab"));
	der_wrap(&w, DER_SEQUENCE, sizeof(buffer));
	out = der_written(&w);
	keys_same(out.p, out.n, "300B040261620202008002" "0180");
	der_begin(&w, buffer, sizeof(buffer));
	der_element(&w, DER_OCTETS, span_of(filler, 127));
	assert_int_equal(der_written(&w).n, 129);
	der_begin(&w, buffer, sizeof(buffer));
	der_element(&w, DER_OCTETS, span_of(filler, 128));
	assert_int_equal(der_written(&w).n, 131);
	der_begin(&w, buffer, sizeof(buffer));
	der_element(&w, DER_OCTETS, span_of(filler, 256));
	assert_int_equal(der_written(&w).n, 260);
	der_begin(&w, buffer, 10);
	der_element(&w, DER_OCTETS, span_of(filler, 9));
	assert_null(der_written(&w).p);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_read);
	rows_add(&r, "numbers with and without a zero in front", test_number, NULL);
	rows_add(&r, "what is written, and what does not fit", test_write, NULL);
	return rows_run(&r, "der", keys_setup, NULL);
}
