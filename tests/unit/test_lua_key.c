/* lua_key, lua_key_part, lua_key_move: what scripts can't do with keys, whatever they say. */
#include "err.h"
#include "deadline.h"
#include "hsm.h"
#include "key.h"
#include "keytype.h"
#include "lmk.h"

enum { BLOCK_LMK = 1 };

static char block[KEY_FIELD_MAX + 1];	/* a key block with an optional block */

/* A plug-in of this body gets data f, the LMK and k, opened from f. */
static const char *
run(const char *code, const char *body, const char *field, const char *tail)
{
	char text[1024], message[KEY_FIELD_MAX + 16];

	hsm_clear();
	snprintf(text, sizeof(text), "local k = key.open(q.f, q.t)\n%s", body);
	hsm_put_parts("T1", "{ 't', A(3) }, { 'f', cryptogram }", "{ 'out', optional(A()) }",
	    "[10] = 'x', [11] = 'x', [12] = 'x', [13] = 'x', [20] = 'x'", "", text);
	if (hsm_load() != 0)
		fail_msg("%s", hsm.err);
	snprintf(message, sizeof(message), "T1%s%s%s", code, field, tail);
	return hsm_send(message);
}

/* Make the block: an AES key, which has no parity to have. */
static void
make_block(void)
{
	if (block[0] != '\0')
		return;
	hsm_clear();
	hsm_put_parts("T1", "", "{ 'out', A() }", "", "", "a.out = key.wrap(key.random('FFF', "
	    "'S', '21A1N00E010005P'), 'S')");
	if (hsm_load() != 0)
		fail_msg("%s", hsm.err);
	assert_memory_equal(hsm_send("T1%01"), "T200S", 5);
	assert_in_range(hsm.n, 5, KEY_FIELD_MAX + 4);
	memcpy(block, hsm.out + 4, hsm.n - 4);
}

/* What every function does to a key of the cache: nothing. */
static const struct kept {
	const char *name;
	const char *body;
	const char *want;
} kept[] = {
	{ "fix", "key.fix(k)", "T241" },
	{ "form", "key.form(k, 'S', '42010005L')", "T200" },
	{ "fix of a copy", "key.fix(key.migrate(k))", "T200" },
	{ "form without blocks", "key.form(k, 'S', '4200')", "T200" },
	{ "join", "key.fix(key.join('FFF', k, k))", "T200" },
	{ "migrate", "key.migrate(k)", "T200" },
	{ "change", "key.fix(key.change(k, 'E', 'E', 'N'))", "T200" },
	{ "change of a block", "key.change(k, 'S', 'P', 'L')", "T200" },
	{ "wrap", "key.wrap(k, 'S')", "T200" },
	{ "kcv", "key.kcv(k, 6)", "T200" },
	{ "questions", "key.odd(k) key.zero(k) key.length(k) key.sized(k, 'F') key.scheme(k) "
	    "key.lmkscheme(k)", "T200" },
};

/* The slot of the block in the cache; its optional blocks are borrowed anew each time. */
static void
look(struct key *copy)
{
	struct key *slot;

	assert_int_equal(key_open(lmk_get(BLOCK_LMK), KEYTYPE_BLOCK, span_str(block), &slot), 0);
	assert_false(key_is_scratch(slot));
	memcpy(copy, slot, sizeof(*copy));
	copy->header.blocks = span_of(NULL, 0);
	copy->keyed = false;
	copy->schedule = NULL;
}

static void
test_kept(void **state)
{
	const struct kept *row = *state;
	struct key before, after;

	make_block();
	look(&before);
	hsm_log_start();
	run("FFF", row->body, block, "%01");
	hsm_log_end();
	assert_memory_equal(hsm.out, row->want, 4);
	look(&after);
	assert_memory_equal(&before, &after, sizeof(before));
}

/* Keys of one type where others belong, with 002 shared and apart; k is of that type. */
#define TEN "12345678901234567890123456789012"
static const struct apart {
	const char *name;
	const char *type;	/* that k is made anew as */
	const char *body;
	const char *shared, *separate;
} apart[] = {
	{ "a PVK wraps no key", "PVK", "key.export(z, k, 'U')", "T200", "T241" },
	{ "a PVK unwraps no key", "PVK", "key.import(k, '" TEN "', 'ZPK')", "T200", "T241" },
	{ "a PVK opens no PIN block", "PVK", "pinblock.open(k, '1234567890123456', '01', "
	    "'123456789012')", "T220", "T241" },
	{ "a PVK makes no PIN block", "PVK", "pinblock.seal(k, pin.random(4), '01', "
	    "'123456789012')", "T200", "T241" },
	{ "a TPK makes PIN blocks", "TPK", "pinblock.seal(k, pin.random(4), '01', "
	    "'123456789012')", "T200", "T200" },
	{ "a TMK wraps keys", "TMK", "key.export(z, k, 'U')", "T200", "T200" },
	{ "a ZMK wraps keys", "ZMK", "key.export(z, k, 'U')", "T200", "T200" },
	{ "a ZPK wraps none", "ZPK", "key.export(z, k, 'U')", "T241", "T241" },
	{ "a PVK makes PVVs", "PVK", "pin.pvv(k, pin.random(4), '123456789012', '1')", "T200",
	    "T200" },
	{ "a TPK makes PVVs where it is one with PVK", "TPK", "pin.pvv(k, pin.random(4), "
	    "'123456789012', '1')", "T200", "T241" },
};

static void
run_apart(const struct apart *row, const char *want)
{
	char body[512];

	snprintf(body, sizeof(body), "local z, k = key.random('ZPK', 'U'), key.random('%s', 'U') %s",
	    row->type, row->body);
	hsm_clear();
	hsm_put_parts("T1", "", "", "[20] = 'x', [24] = 'x'", "", body);
	if (hsm_load() != 0)
		fail_msg("%s", hsm.err);
	hsm_log_start();
	hsm_send("T1");
	hsm_log_end();
	/* What a PIN block of chance holds is of no interest. */
	if (strcmp(want, "T220") == 0)
		assert_string_not_equal(hsm.out, "T241");
	else
		assert_string_equal(hsm.out, want);
}

static void
test_apart(void **state)
{
	const struct apart *row = *state;

	run_apart(row, row->shared);
	hsm.config.separate_002 = true;
	run_apart(row, row->separate);
	hsm.config.separate_002 = false;
}

/*
 * Texts of the script's own, whose memory is collected before it is looked at
 * again: churn makes garbage until the state's memory is used up, where Lua collects
 * by itself then. LuaJIT does not: it would be out of memory.
 */
#ifdef LUAHSM_LUAJIT
#define CHURN
#else
#define CHURN "for i = 1, 10000 do local t = 'more of it' .. i end "
#endif
static const struct collected {
	const char *name;
	const char *body;
	bool        lmk;	/* the key block LMK */
} collected[] = {
	{ "a PIN's account", "local p = pinblock.open(z, pinblock.seal(z, pin.random(4), '01', "
	    "q.f), '01', text(q.f)) " CHURN "pinblock.seal(z, p, '01', q.f)", false },
	{ "the account of a PIN under the LMK", "local p = lmkpin.open(lmkpin.seal(pin.random(4), "
	    "q.f), text(q.f)) " CHURN "pinblock.seal(z, p, '01', q.f)", false },
	{ "the optional blocks of a new key", "local n = key.random('FFF', 'S', "
	    "text(q.b)) " CHURN "key.form(n, 'S', '0000') key.change(n, 'S', 'P', 'L')", true },
	{ "the optional blocks of a key field", "local n = key.open(text(key.wrap(key.random('FFF', "
	    "'S', text(q.b)), 'S')), 'FFF') " CHURN "key.change(n, 'S', 'P', 'L')", true },
	{ "the optional blocks of an imported key", "local m = key.random('FFF', 'S', "
	    "'K0A1N00E00') local n = key.import(m, text(key.export(key.random('FFF', 'S', "
	    "text(q.b)), m, 'S')), 'FFF') " CHURN "key.change(n, 'S', 'P', 'L')", true },
	{ "a reply", "a.out = text(q.f) " CHURN, false },
};

static void
test_collected(void **state)
{
	const struct collected *row = *state;
	size_t memory = hsm.config.plugin_memory;
	char body[1024];

	snprintf(body, sizeof(body), "%s %s", row->lmk ? "" : "local z = key.random('ZPK', 'U')",
	    row->body);
	hsm_clear();
	hsm_put_parts("T1", "{ 'f', N(12) }, { 'b', A(15) }", "{ 'out', optional(A()) }",
	    "[20] = 'x', [23] = 'x', [24] = 'x'", "", body);
	/* Little, so that it is soon used up; how soon is not what is tested. */
	hsm.config.plugin_memory = 256 * 1024;
	assert_int_equal(deadline_init(10000, 10000), 0);
	if (hsm_load() != 0)
		fail_msg("%s", hsm.err);
	hsm.config.plugin_memory = memory;
	hsm.config.restrict_formats = true;
	hsm_send(row->lmk ? "T112345678901221A1N00E010005P%01" : "T112345678901221A1N00E010005P");
	hsm.config.restrict_formats = false;
	assert_int_equal(deadline_init(hsm.config.deadline_ms, hsm.config.slow_ms), 0);
	assert_string_equal(hsm.out, strstr(row->body, "a.out") != NULL ? "T200123456789012" :
	    "T200");
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, kept, test_kept);
	ROWS(&r, apart, test_apart);
	ROWS(&r, collected, test_collected);
	return rows_run(&r, "lua_key", hsm_setup, hsm_teardown);
}
