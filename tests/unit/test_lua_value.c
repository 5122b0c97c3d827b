/* lua_value: a value ends with its request, whatever a script keeps (spec: threats 1, L21). */
#include "lua_value.h"

#include "hsm.h"

/* L21: a value that was kept. The first request keeps, the second uses. */
static const struct kept {
	const char *name;
	const char *use;
	const char *want;	/* of the second request */
} kept[] = {
	{ "L21: a result of an earlier request", "a.r = old", "T241" },
	{ "L21: a key of an earlier request", "a.r = key.kcv(okey, 6)", "T241" },
	{ "L21: comparing it", "if old == q.v then a.r = 'x' end", "T241" },
	{ "L21: its length", "if #old == 8 then a.r = 'x' end", "T241" },
	{ "L21: its text", "a.r = text(old)", "T241" },
	{ "L21: logging it", "log(old)", "T241" },
	{ "L21: a field is the running request's", "a.r = ofield", "T200new" },
	{ "L21: so is a secret", "a.r = osec == q.s and #osec == 2 and 'new' or 'old'", "T200new" },
	{ "L21: a result is what was made anew", "random(1) if #old == 1 then a.r = 'new' end",
	    "T200new" },
	{ "L21: so is what answers", "oa.r = 'new'", "T200new" },
};

static void
test_kept(void **state)
{
	const struct kept *row = *state;
	char body[512];

	hsm_clear();
	snprintf(body, sizeof(body), "if num(q.m) == 1 then old = random(8) "
	    "okey = key.random('ZPK', 'U') osec = q.s ofield = q.v oa = a a.r = 'old' "
	    "else %s end", row->use);
	hsm_put_parts("T1", "{ 'm', N(1) }, { 'v', A(3) }, { 's', secret(N(2, 4)) }",
	    "{ 'r', A() }", "", "local old, okey, osec, ofield, oa", body);
	if (hsm_load() != 0)
		fail_msg("%s", hsm.err);
	assert_string_equal(hsm_send("T11old7391"), "T200old");
	hsm_log_start();
	hsm_send("T12new73");
	hsm_log_end();
	assert_string_equal(hsm.out, row->want);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, kept, test_kept);
	return rows_run(&r, "lua_value", hsm_setup, hsm_teardown);
}
