/* policy: who may do what, and which texts are none. */
#include "policy.h"

#include "rows.h"

enum { OWN = 500 };

static const struct row {
	const char       *name, *text;
	enum policy_right right;
	int64_t           uid;
	bool              want;
} rows[] = {
	{ "empty: the daemon's user",        "",                 POLICY_SIGN,  OWN,  true },
	{ "empty: nobody else",              "",                 POLICY_SIGN,  1000, false },
	{ "empty: not even root",            "",                 POLICY_READ,  0,    false },
	{ "empty: nobody that is unknown",   "",                 POLICY_READ,  -1,   false },
	{ "named",                           "sign=1000",        POLICY_SIGN,  1000, true },
	{ "named: the daemon's user is not", "sign=1000",        POLICY_SIGN,  OWN,  false },
	{ "another right is named",          "sign=1000",        POLICY_READ,  1000, false },
	{ "another right stays with us",     "sign=1000",        POLICY_ADMIN, OWN,  true },
	{ "second of a list",                "sign=1,22,333",    POLICY_SIGN,  22,   true },
	{ "part of a number",                "sign=1,22,333",    POLICY_SIGN,  2,    false },
	{ "second entry",                    "sign=1;read=2",    POLICY_READ,  2,    true },
	{ "all users",                       "read=*",           POLICY_READ,  77,   true },
	{ "all users, unknown ones too",     "read=*",           POLICY_READ,  -1,   true },
	{ "a user beside all",               "read=3,*",         POLICY_READ,  77,   true },
	{ "not a policy allows nothing",     "sign=1000;x",      POLICY_SIGN,  1000, false },
	{ "nor our own user anything",       "x",                POLICY_SIGN,  OWN,  false },
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	assert_int_equal(policy_allows(row->text, row->right, row->uid, OWN), row->want);
}

static const struct text {
	const char *name;
	bool        valid;
} texts[] = {
	{ "", true }, { "sign=0", true }, { "sign=4294967295", true },
	{ "admin=*;read=*;sign=1,2", true },
	{ "sign=", false }, { "sign", false }, { "sign=1,", false }, { "sign=,1", false },
	{ "sign=1;", false }, { ";sign=1", false }, { "sign=1;;read=1", false },
	{ "sign=1;sign=2", false }, { "sign=-1", false }, { "sign=1 ", false },
	{ "sign=4294967296", false }, { "sign=99999999999999999999", false },
	{ "sign=root", false }, { "write=1", false }, { "sign=**", false },
};

static void
test_text(void **state)
{
	const struct text *row = *state;

	assert_int_equal(policy_valid(row->name), row->valid);
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, rows, test_row);
	ROWS(&r, texts, test_text);
	return rows_run(&r, "policy", NULL, NULL);
}
