/* schema_encode: what a handler sets becomes a reply, or 41 where it does not fit. */
#include "hsm.h"

#define CODES "[10]='a', [11]='b', [20]='c', [23]='d', [80]='e', [81]='f', [82]='g'"

static const struct row {
	const char *name;
	const char *fields;
	const char *body;
	struct span want;	/* behind the reply's code */
} rows[] = {
	{ "a number gets leading zeros", "{'r', N(4)}", "a.r = 7", BYTES("000007") },
	{ "a hexadecimal number", "{'r', H(4)}", "a.r = 255", BYTES("0000FF") },
	{ "a number in an enum", "{'r', enum '12'}", "a.r = 2", BYTES("002") },
	{ "a number that the enum has not", "{'r', enum '12'}", "a.r = 3", BYTES("41") },
	{ "a number too long", "{'r', N(2)}", "a.r = 100", BYTES("41") },
	{ "a number for a text", "{'r', A(2)}", "a.r = 10", BYTES("41") },
	{ "a number for the rest", "{'r', N()}", "a.r = 10", BYTES("41") },
	{ "a negative number", "{'r', N(2)}", "a.r = -1", BYTES("41") },
	{ "half a number", "{'r', N(2)}", "a.r = 0.5", BYTES("41") },
	{ "no number", "{'r', N(2)}", "a.r = 0/0", BYTES("41") },
	{ "a number of a range is as short as may be", "{'r', N(2, 4)}", "a.r = 7", BYTES("0007") },
	{ "a text", "{'r', A(2)}", "a.r = 'ab'", BYTES("00ab") },
	{ "a text too long", "{'r', A(2)}", "a.r = 'abc'", BYTES("41") },
	{ "a text too short", "{'r', A(2)}", "a.r = 'a'", BYTES("41") },
	{ "a text of another class", "{'r', N(2)}", "a.r = '1a'", BYTES("41") },
	{ "a NUL for an enum", "{'r', enum '12'}", "a.r = '\\0'", BYTES("41") },
	{ "a word", "{'r', enum('01', '02', 'AB')}", "a.r = 'AB'", BYTES("00AB") },
	{ "a word that starts like one", "{'r', enum('01', '02', 'AB')}",
	    "a.r = 'A1'", BYTES("41") },
	{ "a blank between two words", "{'r', enum('01', '02', 'AB')}", "a.r = '1 '", BYTES("41") },
	{ "a number in an enum of words", "{'r', enum('01', '02', 'AB')}",
	    "a.r = 2", BYTES("0002") },
	{ "a number that ends like a word", "{'r', enum('01', '02', 'AB')}",
	    "a.r = 12", BYTES("41") },
	{ "bytes", "{'r', B(3)}", "a.r = '\\0\\25\\255'", BYTES("00\0\31\377") },
	{ "not set", "{'r', A(2)}", "", BYTES("41") },
	{ "set twice", "{'r', A(2)}", "a.r = 'ab' a.r = 'ab'", BYTES("41") },
	{ "not a field", "{'r', A(2)}", "a.s = 'ab'", BYTES("41") },
	{ "reading the reply", "{'r', A(2)}", "local x = a.r", BYTES("41") },
	{ "changing the request", "{'r', A(2)}", "q.x = 'a'", BYTES("41") },
	{ "no such request field", "{'r', A(2)}", "a.r = q.y", BYTES("41") },
	{ "nil", "{'r', A(2)}", "a.r = nil", BYTES("41") },
	{ "a boolean", "{'r', A(2)}", "a.r = true", BYTES("41") },
	{ "a table", "{'r', A(2)}", "a.r = {}", BYTES("41") },
	{ "a mark", "{'r', N(1)}, mark ';', {'s', N(1)}", "a.r = 1 a.s = 2", BYTES("001;2") },
	{ "a mark under a condition", "{'r', N(1)}, {'m', mark ';', when = {x = '1'}}",
	    "a.r = 1", BYTES("001") },
	{ "optional and set", "{'r', optional(';', N(1))}", "a.r = 1", BYTES("00;1") },
	{ "optional and not set", "{'r', optional(';', N(1))}", "", BYTES("00") },
	{ "under a condition that holds", "{'r', N(1), when = {x = '0'}}", "a.r = 1",
	    BYTES("001") },
	{ "under a condition that holds, not set", "{'r', N(1), when = {x = '0'}}", "",
	    BYTES("41") },
	{ "under one that does not", "{'r', N(1), when = {x = '1'}}", "", BYTES("00") },
	{ "set under one that does not", "{'r', N(1), when = {x = '1'}}", "a.r = 1", BYTES("00") },
	{ "a type by the request, chosen", "{'r', by('x', { ['0'] = N(2), N(4) })}", "a.r = 1",
	    BYTES("0001") },
	{ "a type by the request, the other", "{'r', by('x', { ['1'] = N(2), N(4) })}",
	    "a.r = 1", BYTES("000001") },
	{ "an error ends the reply", "{'r', N(1)}", "a.r = 1 fail(10)", BYTES("10") },
	{ "advice keeps what was set", "{'r', N(1)}, {'s', N(1)}", "a.s = 1 return 10",
	    BYTES("101") },
	{ "advice 0 is none", "{'r', N(1)}", "a.r = 1 return 0", BYTES("001") },
	{ "advice that is no code", "{'r', N(1)}", "a.r = 1 return 100", BYTES("41") },
	{ "advice that is half a code", "{'r', N(1)}", "a.r = 1 return 1.5", BYTES("41") },
	{ "advice that is a text", "{'r', N(1)}", "a.r = 1 return '10'", BYTES("41") },
	{ "fail with a letter", "{'r', N(1)}", "fail 'A1'", BYTES("A1") },
	{ "fail with half a code", "{'r', N(1)}", "fail(1.5)", BYTES("41") },
	{ "fail with 0", "{'r', N(1)}", "fail(0)", BYTES("41") },
	{ "fail with nothing", "{'r', N(1)}", "fail()", BYTES("41") },
	{ "longer than a reply", "{'r', B()}, {'s', B()}",
	    "local t = {} for i = 1, 64 do t[i] = '0123456789012345678901234567890123456789' end "
	    "local s = table.concat(t) for i = 1, 4 do s = s .. s end a.r = s a.s = s",
	    BYTES("41") },
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	hsm_clear();
	hsm_put_parts("T1", "{'x', N(1)}", row->fields, CODES, "", row->body);
	if (hsm_load() != 0)
		fail_msg("%s", hsm.err);
	hsm_log_start();
	hsm_send("T10");
	hsm_log_end();
	if (hsm.n != 2 + row->want.n || memcmp(hsm.out + 2, row->want.p, row->want.n) != 0)
		fail_msg("got %.*s: %s", (int)hsm.n, hsm.out, hsm.log);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "schema_encode", hsm_setup, hsm_teardown);
}
