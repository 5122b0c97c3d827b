/* schema: requests cut by declared fields, keys opened. */
#include "schema.h"

#include "hsm.h"

/* The reply's data is the field "x" of the request, or "-" when it is absent. */
#define SHOW  "if q.x then a.r = q.x else a.r = '-' end"
#define CODES "[10]='a', [11]='b', [20]='c', [23]='d', [80]='e', [81]='f', [82]='g'"

static const struct cut_row {
	const char *name;
	const char *fields;
	const char *body;	/* NULL: SHOW */
	struct span send;	/* behind the command code */
	struct span want;	/* behind the reply's code */
	const char *fault;	/* field that is to blame, or NULL */
	size_t      offset;	/* from the command code on */
} cuts[] = {
	{ "N takes digits", "{'x', N(3)}", NULL, BYTES("012"), BYTES("00012"), NULL, 0 },
	{ "N refuses letters", "{'x', N(3)}", NULL, BYTES("01A"), BYTES("15"), "x", 2 },
	{ "N refuses a sign", "{'x', N(3)}", NULL, BYTES("-01"), BYTES("15"), "x", 2 },
	{ "N refuses a blank", "{'x', N(3)}", NULL, BYTES(" 01"), BYTES("15"), "x", 2 },
	{ "N cut short is 15", "{'x', N(3)}", NULL, BYTES("01"), BYTES("15"), "x", 2 },
	{ "short has a code of its own", "{'x', N(3), short = 80}", NULL, BYTES("01"),
	    BYTES("80"), "x", 2 },
	{ "a wrong class is 15 even with invalid", "{'x', N(1), invalid = 81}", NULL,
	    BYTES("A"), BYTES("15"), "x", 2 },
	{ "N of a range takes as many digits as there are", "{'x', N(1, 3)}", NULL,
	    BYTES("12"), BYTES("0012"), NULL, 0 },
	{ "N of a range stops at another character", "{'x', N(1, 3)}, {'y', A(1)}", NULL,
	    BYTES("12Z"), BYTES("0012"), NULL, 0 },
	{ "N of a range stops at its greatest length", "{'x', N(1, 2)}, {'y', N(1)}", NULL,
	    BYTES("123"), BYTES("0012"), NULL, 0 },
	{ "N of a range with too few", "{'x', N(2, 3)}", NULL, BYTES("1"), BYTES("15"), "x", 3 },
	{ "H takes upper case", "{'x', H(4)}", NULL, BYTES("0AF9"), BYTES("000AF9"), NULL, 0 },
	{ "H refuses lower case", "{'x', H(4)}", NULL, BYTES("0aF9"), BYTES("15"), "x", 2 },
	{ "A takes what can be printed", "{'x', A(3)}", NULL, BYTES("a ~"), BYTES("00a ~"),
	    NULL, 0 },
	{ "A refuses control characters", "{'x', A(3)}", NULL, BYTES("a\nb"), BYTES("15"), "x", 2 },
	{ "A refuses 7F and 80", "{'x', A(2)}", NULL, BYTES("\177\200"), BYTES("15"), "x", 2 },
	{ "B takes any byte", "{'x', B(3)}", NULL, BYTES("\0\31\377"), BYTES("00\0\31\377"),
	    NULL, 0 },
	{ "B of a field's length", "{'n', N(2)}, {'x', B 'n'}", NULL, BYTES("03abc"),
	    BYTES("00abc"), NULL, 0 },
	{ "B of a hexadecimal length", "{'n', H(2)}, {'x', B 'n'}", NULL,
	    BYTES("0Aabcdefghij"), BYTES("00abcdefghij"), NULL, 0 },
	{ "B of no bytes", "{'n', N(2)}, {'x', B 'n'}", NULL, BYTES("00"), BYTES("00"), NULL, 0 },
	{ "B longer than the message", "{'n', N(2)}, {'x', B 'n', short = 80}", NULL,
	    BYTES("04abc"), BYTES("80"), "x", 4 },
	{ "B of the greatest length", "{'n', H(9)}, {'x', B 'n', short = 80}", NULL,
	    BYTES("FFFFFFFFFabc"), BYTES("80"), "x", 11 },
	{ "a length that is absent is no length",
	    "{'m', enum '01'}, {'o', enum '01'}, {'n', N(2), when = {m = '1'}}, "
	    "{'x', B 'n', when = {o = '1'}}", NULL, BYTES("01abc"), BYTES("15"), "x", 4 },
	{ "the rest", "{'x', B()}", NULL, BYTES("abc"), BYTES("00abc"), NULL, 0 },
	{ "the rest may be nothing", "{'x', B()}", NULL, BYTES(""), BYTES("00"), NULL, 0 },
	{ "the rest ends before a trailer", "{'x', B()}", NULL, BYTES("abc\31tr"),
	    BYTES("00abc\31tr"), NULL, 0 },
	{ "bytes to the end take an LMK identifier", "{'x', B()}", NULL, BYTES("abc%00"),
	    BYTES("00abc%00"), NULL, 0 },
	{ "text to the end leaves an LMK identifier", "{'x', A()}", NULL, BYTES("5%0x%00"),
	    BYTES("005%0x"), NULL, 0 },
	{ "text to the end leaves an LMK identifier and a trailer", "{'x', A()}", NULL,
	    BYTES("abc%00\31tr"), BYTES("00abc\31tr"), NULL, 0 },
	{ "authentication data leave the optional word behind them",
	    "{'x', authdata}, {'f', optional('=', enum('01', '02'))}", NULL,
	    BYTES("ab=02%00\31t"), BYTES("00ab\31t"), NULL, 0 },
	{ "authentication data keep what is no such word",
	    "{'x', authdata}, {'f', optional('=', enum('01', '02'))}", NULL, BYTES("ab=03"),
	    BYTES("00ab=03"), NULL, 0 },
	{ "an optional word behind no authentication data",
	    "{'x', authdata}, {'f', optional('=', enum('01', '02'))}", NULL, BYTES("=02"),
	    BYTES("00"), NULL, 0 },
	{ "a rest that is absent leaves the tail alone",
	    "{'m', enum '01'}, {'x', A(), when = {m = '1'}}", NULL, BYTES("0%00"),
	    BYTES("00-"), NULL, 0 },

	{ "enum takes one of its characters", "{'x', enum '1A'}", NULL, BYTES("A"),
	    BYTES("00A"), NULL, 0 },
	{ "enum refuses others", "{'x', enum '1A'}", NULL, BYTES("B"), BYTES("15"), "x", 2 },
	{ "enum's refusal has a code", "{'x', enum '1A', invalid = 81}", NULL, BYTES("B"),
	    BYTES("81"), "x", 2 },
	{ "enum refuses a NUL", "{'x', enum '1A'}", NULL, BYTES("\0"), BYTES("15"), "x", 2 },
	{ "a mark stands between fields", "{'x', N(1, 4)}, mark ';', {'y', N(1)}", NULL,
	    BYTES("12;3"), BYTES("0012"), NULL, 0 },
	{ "a wrong mark is 15", "{'x', N(1, 4)}, mark ';', {'y', N(1)}", NULL,
	    BYTES("12,3"), BYTES("15"), NULL, 4 },
	{ "a named mark is to blame by name", "{'x', N(1)}, {'end', mark ';'}", NULL,
	    BYTES("1,"), BYTES("15"), "end", 3 },
	{ "a format", "{'x', pinformat}", NULL, BYTES("01"), BYTES("0001"), NULL, 0 },
	{ "an unknown format", "{'x', pinformat, invalid = 23}", NULL, BYTES("99"),
	    BYTES("23"), "x", 2 },
	{ "a format of letters is 15", "{'x', pinformat, invalid = 23}", NULL, BYTES("0X"),
	    BYTES("15"), "x", 2 },
	{ "twelve account digits", "{'f', pinformat}, {'x', account 'f'}", NULL,
	    BYTES("01123456789012"), BYTES("00123456789012"), NULL, 0 },
	{ "eighteen for format 04", "{'f', pinformat}, {'x', account 'f'}", NULL,
	    BYTES("04FF1234567890123456"), BYTES("00FF1234567890123456"), NULL, 0 },
	{ "eighteen when either format is 04",
	    "{'f', pinformat}, {'g', pinformat}, {'x', account('f', 'g')}", NULL,
	    BYTES("0104123456789012345678"), BYTES("00123456789012345678"), NULL, 0 },
	{ "a whole PAN and a delimiter for format 48",
	    "{'f', pinformat}, {'g', pinformat}, {'x', account('f', 'g')}, {'y', N(1)}", NULL,
	    BYTES("01484111111111111111;5"), BYTES("004111111111111111"), NULL, 0 },
	{ "twelve digits for format 48, which no key is for",
	    "{'f', pinformat}, {'x', account 'f'}", NULL,
	    BYTES("48411111111111"), BYTES("00411111111111"), NULL, 0 },
	{ "eleven digits for format 48", "{'f', pinformat}, {'x', account 'f'}", NULL,
	    BYTES("4841111111111"), BYTES("15"), "x", 4 },
	{ "fewer than twelve digits behind F", "{'f', pinformat}, {'x', account 'f'}", NULL,
	    BYTES("04FFFFFFF12345678901"), BYTES("15"), "x", 4 },
	{ "all F", "{'f', pinformat}, {'x', account 'f'}", NULL,
	    BYTES("04FFFFFFFFFFFFFFFFFF"), BYTES("15"), "x", 4 },
	{ "F among twelve", "{'f', pinformat}, {'x', account 'f'}", NULL,
	    BYTES("01F23456789012"), BYTES("15"), "x", 4 },
	{ "an account cut short", "{'f', pinformat}, {'x', account 'f', short = 80}", NULL,
	    BYTES("0112345678901"), BYTES("80"), "x", 4 },

	{ "equals a number", "{'x', N(2), equals = 12}", NULL, BYTES("12"), BYTES("0012"), NULL,
	    0 },
	{ "equals fills with zeros", "{'x', N(3), equals = 7}", NULL, BYTES("007"),
	    BYTES("00007"), NULL, 0 },
	{ "equals a text", "{'x', A(2), equals = 'ok'}", NULL, BYTES("ok"), BYTES("00ok"), NULL,
	    0 },
	{ "not equal is 15", "{'x', N(2), equals = 12}", NULL, BYTES("13"), BYTES("15"), "x", 2 },
	{ "min and max, least", "{'x', N(2), min = 5, max = 7}", NULL, BYTES("05"),
	    BYTES("0005"), NULL, 0 },
	{ "min and max, greatest", "{'x', N(2), min = 5, max = 7}", NULL, BYTES("07"),
	    BYTES("0007"), NULL, 0 },
	{ "below min", "{'x', N(2), min = 5, invalid = 81}", NULL, BYTES("04"), BYTES("81"),
	    "x", 2 },
	{ "above max", "{'x', H(2), max = 16, invalid = 81}", NULL, BYTES("11"), BYTES("81"),
	    "x", 2 },

	{ "when one value", "{'m', enum '01'}, {'x', N(1), when = {m = '1'}}", NULL,
	    BYTES("17"), BYTES("007"), NULL, 0 },
	{ "when another: absent", "{'m', enum '01'}, {'x', N(1), when = {m = '1'}}", NULL,
	    BYTES("0"), BYTES("00-"), NULL, 0 },
	{ "when another: its byte is left over",
	    "{'m', enum '01'}, {'x', N(1), when = {m = '1'}}", NULL, BYTES("07"), BYTES("15"),
	    "end of message", 3 },
	{ "when any of some", "{'m', enum '012'}, {'x', N(1), when = {m = {'1', '2'}}}", NULL,
	    BYTES("27"), BYTES("007"), NULL, 0 },
	{ "when both", "{'m', enum '01'}, {'k', enum '01'},"
	    "{'x', N(1), when = {m = '1', k = '1'}}", NULL, BYTES("01"), BYTES("00-"), NULL, 0 },
	{ "when an absent field says nothing", "{'m', enum '01'},"
	    "{'k', enum '01', when = {m = '1'}}, {'x', N(1), when = {k = '1'}}", NULL,
	    BYTES("0"), BYTES("00-"), NULL, 0 },
	{ "by chooses", "{'f', N(2)}, {'x', by('f', { ['04'] = N(4), H(2) })}", NULL,
	    BYTES("041234"), BYTES("001234"), NULL, 0 },
	{ "by has a type for the rest", "{'f', N(2)}, {'x', by('f', { ['04'] = N(4), H(2) })}",
	    NULL, BYTES("01AB"), BYTES("00AB"), NULL, 0 },
	{ "by chooses the kind of key", "{'f', N(1)},"
	    "{'k', by('f', { ['1'] = key 'TPK', key 'ZPK' }), parity = 11}, {'x', N(1)}", NULL,
	    BYTES("1" TPK "5"), BYTES("005"), NULL, 0 },
	{ "by chooses the wrong kind of key", "{'f', N(1)},"
	    "{'k', by('f', { ['1'] = key 'TPK', key 'ZPK' }), parity = 11}, {'x', N(1)}", NULL,
	    BYTES("0" TPK "5"), BYTES("11"), "k", 3 },

	{ "optional behind a delimiter", "{'y', N(1)}, {'x', optional(';', N(2))}", NULL,
	    BYTES("1;23"), BYTES("0023"), NULL, 0 },
	{ "optional and absent", "{'y', N(1)}, {'x', optional(';', N(2))}", NULL,
	    BYTES("1"), BYTES("00-"), NULL, 0 },
	{ "optional, its delimiter alone", "{'y', N(1)}, {'x', optional(';', N(2))}", NULL,
	    BYTES("1;"), BYTES("15"), "x", 4 },
	{ "optional without a delimiter", "{'x', optional(N(1, 2))}, {'y', A(1)}", NULL,
	    BYTES("12Z"), BYTES("0012"), NULL, 0 },
	{ "optional without a delimiter, absent", "{'x', optional(N(1, 2))}, {'y', A(1)}", NULL,
	    BYTES("Z"), BYTES("00-"), NULL, 0 },
	{ "a group comes whole", "optional(';', {'y', N(1)}, {'x', N(2)})", NULL,
	    BYTES(";123"), BYTES("0023"), NULL, 0 },
	{ "a group or nothing", "optional(';', {'y', N(1)}, {'x', N(2)})", NULL,
	    BYTES(""), BYTES("00-"), NULL, 0 },
	{ "half a group", "optional(';', {'y', N(1)}, {'x', N(2)})", NULL,
	    BYTES(";1"), BYTES("15"), "x", 4 },
	{ "key options", "keyoptions, {'x', optional('=', N(1))}", NULL, BYTES(";XU1=5"),
	    BYTES("005"), NULL, 0 },
	{ "#: the LMK identifier stands before it", "{'x', optional('#', A(2))}", NULL,
	    BYTES("%00#ab"), BYTES("00ab"), NULL, 0 },

	{ "a list", "{'n', N(1)}, {'l', list('n', {'a', N(1)}, {'b', A(1)})}",
	    "a.r = q.l[2].b", BYTES("31x2y3z"), BYTES("00y"), NULL, 0 },
	{ "a list's length", "{'n', N(1)}, {'l', list('n', {'a', N(1)})}",
	    "if #q.l == 2 then a.r = 'two' else a.r = 'no' end", BYTES("212"), BYTES("00two"),
	    NULL, 0 },
	{ "a list's end", "{'n', N(1)}, {'l', list('n', {'a', N(1)})}",
	    "local i = 1 while q.l[i] do i = i + 1 end a.r = q.l[i - 1].a",
	    BYTES("3129"), BYTES("009"), NULL, 0 },
	{ "past a list's end", "{'n', N(1)}, {'l', list('n', {'a', N(1)})}",
	    "a.r = q.l[3] and '' or ''", BYTES("11"), BYTES("41"), NULL, 0 },
	{ "a list that is absent is nil", "{'n', N(1)},"
	    "{'l', list('n', {'a', N(1)}), when = {n = '1'}}",
	    "if q.l == nil then a.r = '-' else a.r = q.l[1].a end", BYTES("2"), BYTES("00-"),
	    NULL, 0 },
	{ "a list under a condition", "{'n', N(1)},"
	    "{'l', list('n', {'a', N(1)}), when = {n = '1'}}",
	    "if q.l == nil then a.r = '-' else a.r = q.l[1].a end", BYTES("17"), BYTES("007"),
	    NULL, 0 },
	{ "too many elements", "{'n', N(2)}, {'l', list('n', {'a', N(1)}), invalid = 81}",
	    "a.r = ''", BYTES("33"), BYTES("81"), "l", 4 },
	{ "a list cut short", "{'n', N(1)}, {'l', list('n', {'a', N(1), short = 80})}",
	    "a.r = ''", BYTES("312"), BYTES("80"), "a", 5 },
	{ "a wrong element", "{'n', N(1)}, {'l', list('n', {'a', N(1)})}",
	    "a.r = ''", BYTES("31x3"), BYTES("15"), "a", 4 },
	{ "keys in a list are opened", "{'n', N(1)}, {'l', list('n', {'k', key 'TPK'})}",
	    "a.r = q.l[1].k == q.l[2].k and 'same' or 'no'", BYTES("2" TPK TPK), BYTES("00same"),
	    NULL, 0 },
	{ "bad parity in a list", "{'n', N(1)}, {'l', list('n', {'k', key 'TPK', parity = 11})}",
	    "a.r = ''", BYTES("2" TPK "U1750CDF80757D3B3994430636DBB281B"), BYTES("11"), "k", 36 },

	{ "a secret has a length", "{'x', secret(N(4))}", "a.r = num(#q.x == 4 and 1 or 0) == 1"
	    " and 'four' or 'no'", BYTES("7391"), BYTES("00four"), NULL, 0 },
	{ "secrets compare", "{'x', secret(N(4))}, {'y', secret(N(4))}",
	    "a.r = q.x == q.y and 'same' or 'other'", BYTES("73917391"), BYTES("00same"), NULL, 0 },
	{ "other secrets differ", "{'x', secret(N(4))}, {'y', secret(N(4))}",
	    "a.r = q.x == q.y and 'same' or 'other'", BYTES("73917392"), BYTES("00other"), NULL,
	    0 },
	{ "a secret longer than a slot", "{'n', N(2)}, {'x', secret(B 'n'), invalid = 81}",
	    "a.r = ''", BYTES("61abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijk"),
	    BYTES("81"), "x", 4 },
	{ "a fault behind a secret still echoes the trailer", "{'x', secret(N(4))}, {'y', N(1)}",
	    "a.r = ''", BYTES("7391x\31tr"), BYTES("15\31tr"), "y", 6 },

	{ "a key opens", "{'k', key 'TPK'}, {'x', N(1)}", NULL, BYTES(TPK "5"), BYTES("005"),
	    NULL, 0 },
	{ "a key of another type", "{'k', key 'ZPK', parity = 11}, {'x', N(1)}", NULL,
	    BYTES(TPK "5"), BYTES("11"), "k", 2 },
	{ "a key of a length its kind has not", "{'k', key 'CVK'}, {'x', N(1)}", NULL,
	    BYTES("U1750CDFB0757D3B35"), BYTES("15"), "k", 2 },
	{ "an unknown scheme", "{'k', key 'TPK'}, {'x', N(1)}", NULL, BYTES("W5"), BYTES("26"),
	    "k", 2 },
	{ "a key block with a bad length", "{'k', key 'TPK'}, {'x', N(1)}", NULL,
	    BYTES("S00030TN00N00005"), BYTES("83"), "k", 2 },
	{ "a key block cut short", "{'k', key 'TPK', short = 80}, {'x', N(1)}", NULL,
	    BYTES("S00072TN00N00005"), BYTES("80"), "k", 2 },
	{ "lower case in a key", "{'k', key 'TPK'}, {'x', N(1)}", NULL,
	    BYTES("U1750cDFB0757D3B3994430636DBB281B5"), BYTES("15"), "k", 2 },
	{ "a key cut short", "{'k', key 'TPK', short = 80}", "a.r = ''", BYTES("U1750CD"),
	    BYTES("80"), "k", 2 },
	{ "no key at all", "{'k', key 'TPK', short = 80}", "a.r = ''", BYTES(""), BYTES("80"),
	    "k", 2 },
	{ "nothing is in user storage", "{'k', key 'TPK'}, {'x', N(1)}", NULL, BYTES("K0125"),
	    BYTES("12"), "k", 2 },
	{ "nor of double length", "{'k', key 'TPK'}, {'x', N(1)}", NULL, BYTES("UK0125"),
	    BYTES("12"), "k", 2 },
	{ "a cryptogram is not opened", "{'x', cryptogram}", NULL,
	    BYTES("U00000000000000000000000000000000"),
	    BYTES("00U00000000000000000000000000000000"), NULL, 0 },

	{ "an LMK identifier", "{'x', N(1)}", NULL, BYTES("1%00"), BYTES("001"), NULL, 0 },
	{ "an LMK that is not loaded", "{'x', N(1)}", NULL, BYTES("1%07"), BYTES("13"),
	    "LMK identifier", 6 },
	{ "an LMK number over all", "{'x', N(1)}", NULL, BYTES("1%99"), BYTES("13"),
	    "LMK identifier", 6 },
	{ "half an LMK identifier", "{'x', N(1)}", NULL, BYTES("1%0"), BYTES("15"),
	    "LMK identifier", 3 },
	{ "an LMK identifier of letters", "{'x', N(1)}", NULL, BYTES("1%0A"), BYTES("15"),
	    "LMK identifier", 3 },
	{ "two LMK identifiers", "{'x', N(1)}", NULL, BYTES("1%00%00"), BYTES("15"),
	    "end of message", 6 },
	{ "a trailer comes back", "{'x', N(1)}", NULL, BYTES("1\31abc"), BYTES("001\31abc"),
	    NULL, 0 },
	{ "an empty trailer comes back", "{'x', N(1)}", NULL, BYTES("1\31"), BYTES("001\31"),
	    NULL, 0 },
	{ "LMK identifier and trailer", "{'x', N(1)}", NULL, BYTES("1%00\31abc"),
	    BYTES("001\31abc"), NULL, 0 },
	{ "the longest trailer", "{'x', N(1)}", NULL,
	    BYTES("1\0311234567890123456789012345678901\62"),
	    BYTES("001\0311234567890123456789012345678901\62"), NULL, 0 },
	{ "a trailer too long", "{'x', N(1)}", NULL,
	    BYTES("1\031123456789012345678901234567890123"), BYTES("15"), "end of message", 3 },
	{ "a trailer comes back with an error", "{'x', N(1)}", NULL, BYTES("A\31abc"),
	    BYTES("15\31abc"), "x", 2 },
	{ "a byte too many", "{'x', N(1)}", NULL, BYTES("12"), BYTES("15"), "end of message", 3 },
	{ "a blank too many", "{'x', N(1)}", NULL, BYTES("1 "), BYTES("15"), "end of message", 3 },

	{ "characters rank before keys", "{'k', key 'ZPK', parity = 11}, {'x', N(1)}", NULL,
	    BYTES(TPK "Z"), BYTES("15"), "x", 35 },
	{ "leftovers rank before keys", "{'k', key 'ZPK', parity = 11}, {'x', N(1)}", NULL,
	    BYTES(TPK "55"), BYTES("15"), "end of message", 36 },
	{ "the LMK ranks before keys", "{'k', key 'ZPK', parity = 11}, {'x', N(1)}", NULL,
	    BYTES(TPK "5%05"), BYTES("13"), "LMK identifier", 39 },
	{ "keys rank before formats",
	    "{'f', pinformat, invalid = 23}, {'k', key 'ZPK', parity = 11}, {'x', N(1)}", NULL,
	    BYTES("99" TPK "5"), BYTES("11"), "k", 4 },
	{ "the first key ranks before the second",
	    "{'k', key 'ZPK', parity = 10}, {'l', key 'ZPK', parity = 11}, {'x', N(1)}", NULL,
	    BYTES(TPK TPK "5"), BYTES("10"), "k", 2 },
};

static void
test_cut(void **state)
{
	const struct cut_row *row = *state;
	const struct fault *fault;
	char message[256] = "T1";

	hsm_clear();
	hsm_put_parts("T1", row->fields, "{'r', B()}", CODES, "",
	    row->body != NULL ? row->body : SHOW);
	if (hsm_load() != 0)
		fail_msg("%s", hsm.err);
	memcpy(message + 2, row->send.p, row->send.n);
	hsm_send_bytes(message, 2 + row->send.n);
	fault = &commands_request(hsm.c)->fault;
	if (hsm.n != 2 + row->want.n || memcmp(hsm.out + 2, row->want.p, row->want.n) != 0)
		fail_msg("got %.*s", (int)hsm.n, hsm.out);
	if (row->fault != NULL)
		assert_string_equal(fault->field, row->fault);
	if (row->offset != 0)
		assert_int_equal(fault->offset, row->offset);
}

/* A secret leaves the message as it enters the slab. */
static void
test_secret_wiped(void **state)
{
	(void)state;
	hsm_clear();
	hsm_put_parts("T1", "{'x', secret(N(4))}, {'y', N(1)}", "", "", "", "");
	assert_int_equal(hsm_load(), 0);
	assert_string_equal(hsm_send("T173915"), "T200");
	assert_memory_equal(hsm.message, "T1    5", 7);
	assert_string_equal(hsm_send("T17391X"), "T215");
	assert_memory_equal(hsm.message, "T1    X", 7);
}

static void
test_number(void **state)
{
	(void)state;
	assert_int_equal(schema_number(SPAN("000000012"), 10), 12);
	assert_int_equal(schema_number(SPAN("FF"), 16), 255);
	assert_int_equal(schema_number(SPAN("FF"), 10), -1);
	assert_int_equal(schema_number(SPAN(""), 10), -1);
	assert_int_equal(schema_number(SPAN("0000000012"), 10), -1);
	assert_true(schema_number(SPAN("FFFFFFFFF"), 16) == 0xFFFFFFFFFL);
}

static const struct trailer_row {
	const char *name;
	struct span body, want;
} trailers[] = {
	{ "guess: no trailer", BYTES("abc"), BYTES("") },
	{ "guess: behind text", BYTES("abc\31de"), BYTES("\31de") },
	{ "guess: a trailer may hold another X'19", BYTES("abc\31de\31f"), BYTES("\31de\31f") },
	{ "guess: too long from the first X'19 on",
	    BYTES("a\0311234567890123456789012345678901\0312"), BYTES("") },
	{ "guess: behind bytes there is none", BYTES("a\1c\31de"), BYTES("") },
	{ "guess: too long", BYTES("a\031123456789012345678901234567890123"), BYTES("") },
	{ "guess: nothing", BYTES(""), BYTES("") },
};

static void
test_trailer(void **state)
{
	const struct trailer_row *row = *state;
	struct span got = schema_guess_trailer(row->body);

	assert_int_equal(got.n, row->want.n);
	assert_true(got.n == 0 || memcmp(got.p, row->want.p, got.n) == 0);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, cuts, test_cut);
	ROWS(&r, trailers, test_trailer);
	rows_add(&r, "a secret leaves the message", test_secret_wiped, NULL);
	rows_add(&r, "digits as a number", test_number, NULL);
	return rows_run(&r, "schema", hsm_setup, hsm_teardown);
}
