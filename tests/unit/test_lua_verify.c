/* lua_verify: what is wrong is counted for the account that it is of, whatever else the request says. */
#include "err.h"
#include "failures.h"
#include "hsm.h"

#define PVK  "UBF36C6B87DD29A1AF20AE20876532E50"
#define PVK1 "2916C899EFF45627"
#define CVK  "U9B4934384B19946B040CD702B4D58145"
#define TABLE "FD64FC3FAD504BB3"

enum { LIMIT = 2 };

/* The plug-ins: none of them ever finds the PIN or the value right. */
static const struct {
	const char *code, *request, *body;
} plugins[] = {
	{ "P1", "{ 'k', key 'PVK2' }, { 'account', N(12) }, { 'pvki', N(1) }",
	    "verify.pvv(q.k, pin.random(4), q.account, q.pvki, 'xxxx')" },
	{ "O1", "{ 'k', key 'PVK' }, { 'account', N(12) }, { 't', dtab }, { 'v', validation }",
	    "verify.offset(q.k, pin.random(5), '0000FFFFFFFF', 4, q.account, q.t, q.v)" },
	{ "L1", "{ 'account', N(12) }, { 'pin', lpin }",
	    "verify.lmkpin(q.pin, pin.random(12), q.account)" },
	{ "C1", "{ 'k', key 'CVK' }, { 'account', N(16) }, { 'expiry', N(4) }",
	    "verify.cvv(q.k, 'xxx', q.account, q.expiry, '101')" },
	{ "F1", "{ 'k', key 'CVK' }, { 'account', N(16) }",
	    "verify.permit(q.k, q.account) verify.failed(q.k, q.account) fail(01)" },
};

/* first is sent until its account is used up, and then the other request. */
static const struct row {
	const char *name;
	const char *first, *then;
	const char *want;
} rows[] = {
	{ "PVV, the same", "P1" PVK "4012345678901", "P1" PVK "4012345678901", "P239" },
	{ "PVV, another account", "P1" PVK "4012345678911", "P1" PVK "4012345678921", "P201" },
	{ "PVV, another PVKI", "P1" PVK "4012345678931", "P1" PVK "4012345678932", "P239" },
	{ "PVV, the digit that is not in it", "P1" PVK "4012345678941",
	    "P1" PVK "9012345678941", "P239" },
	{ "offset, the same", "O1" PVK1 "401234567800" TABLE "12345678901N",
	    "O1" PVK1 "401234567800" TABLE "12345678901N", "O239" },
	{ "offset, another account", "O1" PVK1 "401234567801" TABLE "12345678901N",
	    "O1" PVK1 "401234567802" TABLE "12345678901N", "O201" },
	{ "offset, digits that are not in it", "O1" PVK1 "401234567803" TABLE "12345678901N",
	    "O1" PVK1 "999994567803" TABLE "12345678901N", "O239" },
	{ "offset, without the account", "O1" PVK1 "401234567804" TABLE "P1234567890ABCDEF",
	    "O1" PVK1 "999999999999" TABLE "P1234567890ABCDEF", "O239" },
	{ "offset, the account written out", "O1" PVK1 "401234567805" TABLE "12345678901N",
	    "O1" PVK1 "000000000000" TABLE "P1234567890167805", "O239" },
	{ "offset, another PVK", "O1" PVK1 "401234567806" TABLE "12345678901N",
	    "O1" PVK "401234567806" TABLE "12345678901N", "O201" },
	{ "comparison, the same", "L140123456789099697", "L140123456789099697", "L239" },
	{ "CVV, the same", "C1" CVK "41234567890123458701", "C1" CVK "41234567890123458701",
	    "C239" },
	{ "CVV, another expiry", "C1" CVK "41234567890123468701",
	    "C1" CVK "41234567890123468702", "C239" },
	{ "CVV, another card", "C1" CVK "41234567890123478701", "C1" CVK "41234567890123488701",
	    "C201" },
	{ "in two halves, the same", "F1" CVK "4999999999999991", "F1" CVK "4999999999999991",
	    "F239" },
	{ "in two halves, another account", "F1" CVK "4999999999999992",
	    "F1" CVK "4999999999999993", "F201" },
};

static void
load(void)
{
	hsm_clear();
	for (size_t i = 0; i < sizeof(plugins) / sizeof(plugins[0]); i++)
		hsm_put_parts(plugins[i].code, plugins[i].request, "",
		    "[01] = 'wrong', [39] = 'refused', [14] = '', [10] = '', [25] = ''", "",
		    plugins[i].body);
	assert_int_equal(hsm_load(), 0);
}

static void
serve(unsigned limit, unsigned alarm_at)
{
	const struct failures_rules rules = { limit, 3600, 0, alarm_at, 0 };

	hsm.config.pin_alarm = alarm_at;
	failures_serve(&rules);
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	char wrong[5] = { row->first[0], (char)(row->first[1] + 1), '0', '1', '\0' };

	load();
	serve(LIMIT, 0);
	for (int i = 0; i < LIMIT; i++)
		assert_string_equal(hsm_send(row->first), wrong);
	wrong[2] = '3';
	wrong[3] = '9';
	assert_string_equal(hsm_send(row->first), wrong);
	assert_string_equal(hsm_send(row->then), row->want);
}

static void
test_off(void **state)
{
	(void)state;
	load();
	serve(0, 0);
	for (int i = 0; i < 50; i++)
		assert_string_equal(hsm_send("P1" PVK "4012345678801"), "P201");
}

/* The log names neither the account nor the key. */
static void
test_log(void **state)
{
	(void)state;
	load();
	serve(LIMIT, 3);
	hsm_log_start();
	for (int i = 0; i < 3; i++)
		(void)hsm_send("P1" PVK "4012345678701");
	(void)hsm_send("P1" PVK "4012345678711");
	hsm_log_end();
	assert_non_null(strstr(hsm.log, "account-refused"));
	assert_non_null(strstr(hsm.log, "pin-alarm"));
	assert_null(strstr(hsm.log, "12345678"));
	assert_null(strstr(hsm.log, "BF36C6B8"));
}

static int
setup(void **state)
{
	return failures_init() != 0 ? 1 : hsm_setup(state);
}

int
main(void)
{
	static struct rows r;

	rows_add(&r, "nothing is counted when it is off", test_off, NULL);
	rows_add(&r, "what the log says", test_log, NULL);
	ROWS(&r, rows, test_row);
	return rows_run(&r, "lua_verify", setup, hsm_teardown);
}
