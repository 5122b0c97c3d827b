/* command_chain: what is in a chain is answered as if it had come alone. */
#include "hsm.h"

#include "stats.h"

static struct stats_worker page;

/* Echo; slow; a chain of whatever comes; a chain of a text that is gone by then. */
static void
load(void)
{
	hsm_clear();
	commands_free(hsm.c);
	memset(&page, 0, sizeof(page));
	hsm.c = commands_new(&hsm.config, &page);
	hsm_put_parts("T1", "{ 'd', B() }", "{ 'd', B() }", "", "", "a.d = q.d");
	hsm_put_parts("T2", "{ 'k', key 'TPK', parity = 10 }", "", "[10] = 'parity'", "", "");
	hsm_put("T3", "return { command = 'T3', title = 'slow', slow = true, request = {}, "
	    "response = {}, handler = function (q, a) end }");
	hsm_put_parts("TN", "{ 'n', N(2) }, { 'm', chain 'n' }", "{ 'n', N(2) }, { 'r', B() }", "",
	    "", "a.n = q.n a.r = device.chain(0, q.m)");
	hsm_put_parts("TH", "{ 'n', N(2) }, { 'm', chain 'n' }", "{ 'r', B() }", "",
	    "", "a.r = device.chain('1', q.m)");
	hsm_put_parts("TT", "", "{ 'r', B() }", "", "", "a.r = device.chain(0, '0002T3')");
	hsm_put_parts("TB", "{ 'm', B() }", "{ 'r', B() }", "", "", "a.r = device.chain(0, q.m)");
	hsm_put_parts("TF", "{ 'n', N(2) }, { 'm', chain 'n' }", "{ 'r', B() }", "[77] = 'no'",
	    "", "a.r = device.chain(0, q.m) fail(77)");
	assert_int_equal(hsm_load(), 0);
}

static const struct row {
	const char *name;
	const char *send, *expect;
} rows[] = {
	{ "one", "TN010007T1hello", "TO00010009T200hello" },
	{ "two, in order", "TN020003T1a0003T1b", "TO00020005T200a0005T200b" },
	{ "the trailer is the chain's", "TN010003T1a\x19" "END", "TO00010005T200a\x19" "END" },
	{ "an inner trailer is the inner command's", "TN010007T1a\x19" "END",
	    "TO00010009T200a\x19" "END" },
	{ "a failure is one of the replies", "TN020018T200000000000000000003T1b",
	    "TO00020004T3100005T200b" },
	{ "a key under another LMK than the default", "TN010021T20000000000000000%07",
	    "TO00010004T313" },
	{ "an unknown command", "TN010002zz", "TO00010004z{67" },
	{ "a chain in a chain", "TN010006TN0000", "TO00010004TO15" },
	{ "a chain in a chain that is none", "TN010004TN00", "TO00010006TO0000" },
	{ "a slow one, where nobody takes those", "TN010002T3", "TO00010004T400" },
	{ "too short for a command", "TN010001T", "TO15" },
	{ "the chain's own failure runs nothing", "TF010003T1a", "TG77" },
	{ "a text of the script is no chain", "TT", "TU15" },
	{ "bytes that are no chain", "TB000", "TC15" },
	{ "a length over what there is", "TB0009T1", "TC15" },
	{ "a length that is no number", "TB-001T1", "TC15" },
	{ "nothing at all", "TB", "TC00" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	assert_string_equal(hsm_send(row->send), row->expect);
}

static uint64_t
requests(const char *code)
{
	return *stats_volume(&page, (const uint8_t *)code);
}

static void
test_counts(void **state)
{
	uint64_t t1 = requests("T1"), tn = requests("TN"), zz = requests("zz");

	(void)state;
	hsm_send("TN030002T10002zz0002T1");
	assert_int_equal(requests("T1"), t1 + 2);
	assert_int_equal(requests("TN"), tn + 1);
	assert_int_equal(requests("zz"), zz);
	commands_uncounted(hsm.c);
	hsm_send("TN010002T1");
	assert_int_equal(requests("T1"), t1 + 3);
	assert_int_equal(requests("TN"), tn + 1);
}

static void
test_headers(void **state)
{
	(void)state;
	hsm.config.header_length = 4;
	assert_string_equal(hsm_send("AAAATH010007BBBBT1a"), "AAAATI000009BBBBT200a");
	assert_string_equal(hsm_send("AAAATN010003T1a"), "AAAATO00010005T200a");
	assert_string_equal(hsm_send("AAAATH010005BBBBT"), "AAAATI15");
	hsm.config.header_length = 0;
}

/* Replies that do not fit into one message are not sent in part. */
static void
test_room(void **state)
{
	static char text[FRAME_LIMIT];
	size_t n = (size_t)snprintf(text, sizeof(text), "TN87");

	(void)state;
	for (unsigned i = 0; i < 87; i++) {
		unsigned length = i < 6 ? 9988 : i < 7 ? 4998 : 0;

		n += (size_t)snprintf(text + n, sizeof(text) - n, "%04uT1", length + 2);
		memset(text + n, 'x', length);
		n += length;
	}
	hsm_send_bytes(text, n);
	assert_in_range(hsm.n, 4, FRAME_LIMIT);
	assert_memory_equal(hsm.out, "TO15", 4);
}

/* Where slow workers are, the whole chain goes there, and nothing of it was done here. */
static void
test_slow(void **state)
{
	const struct origin from = { .lmk = -1 };
	uint64_t t1 = requests("T1");

	(void)state;
	commands_pass_slow(hsm.c);
	memcpy(hsm.message, "TN020002T10002T3", 16);
	assert_int_equal(command_run(hsm.c, &from, span_of(hsm.message, 16), hsm.out,
	    FRAME_LIMIT), 0);
	assert_int_equal(requests("T1"), t1);
	assert_string_equal(hsm_send("TN010003T1a"), "TO00010005T200a");
}

static int
setup(void **state)
{
	if (hsm_setup(state) != 0)
		return 1;
	load();
	return 0;
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, rows, test_row);
	rows_add(&r, "every command of a chain counts", test_counts, NULL);
	rows_add(&r, "message headers inside", test_headers, NULL);
	rows_add(&r, "too many replies", test_room, NULL);
	rows_add(&r, "a slow command inside", test_slow, NULL);
	return rows_run(&r, "command_chain", setup, hsm_teardown);
}
