/* frame: every length, cut anywhere, gives a message, patience or an end. */
#include "rows.h"

#include "err.h"
#include "frame.h"

enum { LEAST = 6, MOST = 300 };

/* SPAN as a constant initializer. */
#define BYTES(lit) { (const uint8_t *)(lit), sizeof(lit) - 1 }

static const struct row {
	const char *name;
	struct span in;
	int         want;
	size_t      left;	/* bytes still in the stream afterwards */
	const char *msg;
} rows[] = {
	{ "nothing", BYTES(""), 0, 0, NULL },
	{ "half a length", BYTES("\0"), 0, 1, NULL },
	{ "length alone", BYTES("\0\6"), 0, 2, NULL },
	{ "body cut short", BYTES("\0\6" "abcde"), 0, 7, NULL },
	{ "exactly one", BYTES("\0\6" "abcdef"), 1, 0, "abcdef" },
	{ "one and a bit", BYTES("\0\6" "abcdef\0"), 1, 1, "abcdef" },
	{ "the first of two", BYTES("\0\6" "abcdef" "\0\6" "ghijkl"), 1, 8, "abcdef" },
	{ "length nought", BYTES("\0\0" "abcdef"), ERR_TOO_LONG, 8, NULL },
	{ "shorter than header and code", BYTES("\0\5" "abcde"), ERR_TOO_LONG, 7, NULL },
	{ "longest, not all there", BYTES("\1\54" "abc"), 0, 5, NULL },
	{ "longer than the maximum", BYTES("\1\55" "abc"), ERR_TOO_LONG, 5, NULL },
	{ "longest that can be written", BYTES("\377\377"), ERR_TOO_LONG, 2, NULL },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct span in = row->in, msg = { NULL, 0 };

	assert_int_equal(frame_next(&in, LEAST, MOST, &msg), row->want);
	assert_int_equal(in.n, row->left);
	assert_ptr_equal(in.p + in.n, row->in.p + row->in.n);
	if (row->msg != NULL)
		assert_true(span_is(msg, row->msg));
}

/* All 65,536 lengths, each with its message cut off at a few places (N2). */
static void
test_every_length(void **state)
{
	static uint8_t bytes[FRAME_LENGTH + FRAME_LIMIT];

	(void)state;
	for (size_t n = 0; n <= FRAME_LIMIT; n++) {
		const size_t cuts[] = { 0, 1, 2, 2 + n / 2, 2 + n - (n > 0), 2 + n };

		frame_length(bytes, n);
		for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
			struct span in = span_of(bytes, cuts[i]), msg = { NULL, 0 };
			bool wrong = n < LEAST || n > 32768;
			int want = cuts[i] < 2 ? 0 : wrong ? ERR_TOO_LONG : cuts[i] == 2 + n;

			assert_int_equal(frame_next(&in, LEAST, 32768, &msg), want);
			assert_int_equal(in.n, want == 1 ? 0 : cuts[i]);
			assert_int_equal(msg.n, want == 1 ? n : 0);
		}
	}
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, rows, test_row);
	rows_add(&r, "every length, cut at several places", test_every_length, NULL);
	return rows_run(&r, "frame", NULL, NULL);
}
