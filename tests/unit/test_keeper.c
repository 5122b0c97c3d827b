/* keeper: a process with store and log, asked over a socket pair as workers do. */
#include "keepers.h"

enum { RECORDED = 9 };	/* together */

static int
set_state(const char *label, uint32_t version, enum store_state state)
{
	begin(KEEPER_SET_STATE, label);
	m->asked = version;
	m->state = (uint8_t)state;
	return ask();
}

static int
rotate(const char *label, uint8_t algorithm)
{
	begin(KEEPER_ROTATE, label);
	m->algorithm = algorithm;
	set_pair("public2", "private2");
	return ask();
}

static bool
no_private(void)
{
	for (size_t i = 0; i < sizeof(m->private); i++)
		if (m->private[i] != 0)
			return false;
	return m->private_len == 0;
}

static void
test_create(void **state)
{
	(void)state;
	assert_int_equal(create("a", 1, ""), 0);
	assert_int_equal(m->version, 1);
	assert_true(no_private());
	assert_memory_equal(m->public, "public", 6);
	assert_int_equal(create("a", 1, ""), KEEPER_THERE);
	assert_true(no_private());
	assert_memory_equal(m->public, "public", 6);
	assert_int_equal(create("a", 2, ""), ERR_KEY_EXISTS);
	assert_true(no_private());
	assert_int_equal(create("b", 99, ""), ERR_INPUT);
	assert_int_equal(create("b", 1, "sign=me"), ERR_INPUT);
	begin(KEEPER_CREATE, "b");
	m->algorithm = 1;
	m->uid = STRANGER;
	set_pair("public", "private");
	assert_int_equal(ask(), ERR_CALLER);
	/* what is left of an answer, say, is no key */
	for (int i = 0; i < 2; i++) {
		begin(KEEPER_CREATE, "b");
		m->algorithm = 1;
		set_pair(i ? "public" : "", i ? "" : "private");
		assert_int_equal(ask(), ERR_INPUT);
	}
	begin(KEEPER_ROTATE, "a");
	m->algorithm = 1;
	assert_int_equal(ask(), ERR_INPUT);
	assert_int_equal(find("b", 0, POLICY_READ, geteuid()), ERR_NO_KEY);
}

static void
test_find(void **state)
{
	(void)state;
	assert_int_equal(find("a", 0, POLICY_SIGN, geteuid()), 0);
	assert_int_equal(m->private_len, 7);
	assert_memory_equal(m->private, "private", 7);
	assert_int_equal(m->algorithm, 1);
	assert_int_equal(find("a", 0, POLICY_READ, geteuid()), 0);
	assert_true(no_private());
	assert_int_equal(m->public_len, 6);
	assert_int_equal(find("a", 9, POLICY_READ, geteuid()), ERR_NO_VERSION);
	assert_int_equal(find("A", 0, POLICY_READ, geteuid()), ERR_NO_KEY);
	assert_int_equal(find("a", 0, POLICY_READ, STRANGER), ERR_CALLER);
	assert_int_equal(find("a", 0, POLICY_SIGN, -1), ERR_CALLER);
	assert_true(no_private());
}

static void
test_policy(void **state)
{
	(void)state;
	assert_int_equal(create("p", 31, "sign=77;read=*"), 0);
	assert_int_equal(find("p", 0, POLICY_SIGN, STRANGER), 0);
	assert_int_equal(m->private_len, 7);
	assert_int_equal(find("p", 0, POLICY_SIGN, geteuid()), ERR_CALLER);
	assert_true(no_private());
	assert_int_equal(find("p", 0, POLICY_READ, 1234), 0);
	begin(KEEPER_SET_STATE, "p");
	m->uid = STRANGER;
	m->state = STORE_DISABLED;
	assert_int_equal(ask(), ERR_CALLER);
}

static void
test_states(void **state)
{
	(void)state;
	create("s", 1, "");
	assert_int_equal(rotate("s", 2), ERR_KEY_EXISTS);
	assert_int_equal(rotate("none", 1), ERR_NO_KEY);
	assert_int_equal(rotate("s", 1), 0);
	assert_int_equal(m->version, 2);
	assert_int_equal(set_state("s", 0, STORE_DISABLED), 0);
	assert_int_equal(m->version, 2);
	assert_int_equal(find("s", 0, POLICY_SIGN, geteuid()), ERR_KEY_STATE);
	assert_true(no_private());
	assert_int_equal(find("s", 0, POLICY_READ, geteuid()), 0);
	assert_int_equal(find("s", 1, POLICY_SIGN, geteuid()), 0);
	assert_int_equal(set_state("s", 2, STORE_ENABLED), 0);
	assert_int_equal(find("s", 0, POLICY_SIGN, geteuid()), 0);
	assert_memory_equal(m->private, "private2", 8);
	assert_int_equal(set_state("s", 2, STORE_DESTROYED), 0);
	assert_int_equal(set_state("s", 2, STORE_ENABLED), ERR_KEY_STATE);
	assert_int_equal(find("s", 2, POLICY_READ, geteuid()), ERR_KEY_STATE);
	assert_int_equal(find("s", 0, POLICY_SIGN, geteuid()), 0);
	assert_int_equal(m->version, 1);
	assert_int_equal(set_state("s", 3, STORE_ENABLED), ERR_NO_VERSION);
	assert_int_equal(set_state("s", 1, 7), ERR_INPUT);
}

/* The entries of the answer, without their times. */
static const char *
entries(void)
{
	static char text[SIGN_DER + 1];
	size_t n = 0;

	for (size_t at = 0; at < m->private_len;) {
		char digits[3] = "";
		size_t label;

		memcpy(digits, m->private + at, 2);
		label = strtoul(digits, NULL, 16);
		memcpy(text + n, m->private + at, 2 + label + 9);
		n += 2 + label + 9;
		at += 2 + label + 9 + 10;
	}
	text[n] = '\0';
	return text;
}

static void
test_list(void **state)
{
	(void)state;
	begin(KEEPER_LIST, "");
	assert_int_equal(ask(), 0);
	assert_int_equal(m->count, 3);
	assert_string_equal(entries(), "01a010000010" "01p310000010" "01s010000022");
	begin(KEEPER_LIST, "p");
	assert_int_equal(ask(), 0);
	assert_int_equal(m->count, 1);
	begin(KEEPER_LIST, "s");
	assert_int_equal(ask(), 0);
	assert_int_equal(m->count, 0);
	assert_int_equal(m->private_len, 0);
	begin(KEEPER_LIST, "");
	m->uid = STRANGER;
	assert_int_equal(ask(), 0);
	assert_string_equal(entries(), "01p310000010");
}

static void
test_describe(void **state)
{
	(void)state;
	begin(KEEPER_DESCRIBE, "s");
	assert_int_equal(ask(), 0);
	assert_string_equal(entries(), "01s010000022" "01s010000010");
	begin(KEEPER_DESCRIBE, "s");
	m->asked = 1;
	assert_int_equal(ask(), 0);
	assert_string_equal(entries(), "01s010000010");
	begin(KEEPER_DESCRIBE, "none");
	assert_int_equal(ask(), ERR_NO_KEY);
	begin(KEEPER_DESCRIBE, "s");
	m->uid = STRANGER;
	assert_int_equal(ask(), ERR_CALLER);
}

/* More keys than fit into one answer: the next one goes on. */
static void
test_long_list(void **state)
{
	char label[STORE_LABEL + 1] = "";
	unsigned total = 0;

	(void)state;
	for (unsigned i = 0; i < 60; i++) {
		snprintf(label, sizeof(label), "x%03u%0100u", i, 0U);
		assert_int_equal(create(label, 1, "read=1234"), 0);
	}
	begin(KEEPER_LIST, "");
	do {
		char last[STORE_LABEL + 1];

		m->uid = 1234;
		assert_int_equal(ask(), 0);
		total += m->count;
		snprintf(last, sizeof(last), "%.104s", (const char *)m->private +
		    m->private_len - 19 - 104);
		if (m->count == 0)
			break;
		begin(KEEPER_LIST, last);
	} while (total <= 61);
	assert_int_equal(total, 61);
	begin(KEEPER_DESCRIBE, label);
	assert_int_equal(ask(), ERR_CALLER);
}

static int
record(uint64_t epoch)
{
	begin_signature("a", epoch);
	return ask();
}

/* A signature counts only if nothing has changed since its key was found. */
static void
test_record(void **state)
{
	uint64_t epoch;

	(void)state;
	assert_int_equal(find("a", 0, POLICY_SIGN, geteuid()), 0);
	epoch = m->epoch;
	assert_int_equal(record(epoch), 0);
	assert_int_equal(record(epoch), 0);
	assert_int_equal(set_state("a", 1, STORE_DISABLED), 0);
	assert_int_equal(record(epoch), KEEPER_STALE);
	assert_int_equal(find("a", 0, POLICY_SIGN, geteuid()), ERR_KEY_STATE);
	assert_int_equal(set_state("a", 1, STORE_ENABLED), 0);
	assert_int_equal(record(m->epoch), 0);
	begin(KEEPER_RECORD, "a");
	m->epoch = epoch;
	set_pair("signature", "");
	assert_int_equal(ask(), KEEPER_STALE);
	assert_memory_equal(m->public, "signature", 9);
}

/* What a console does is recorded as it says, with a key or without. */
static void
test_note(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		memset(m, 0, sizeof(*m));
		m->kind = KEEPER_NOTE;
		m->uid = geteuid();
		m->pid = -1;
		strcpy(m->operation, "authorise");
		strcpy(m->code, "00");
		if (i == 1)
			strcpy(m->label, "export.001.host.10 alice bob");
		assert_int_equal(ask(), 0);
	}
}

/* Those that come together are recorded together: in order, each answered where it was asked. */
static void
test_together(void **state)
{
	enum { COUNT = 12 };
	uint64_t epoch;
	unsigned answered = 0;

	(void)state;
	assert_int_equal(find("a", 0, POLICY_SIGN, geteuid()), 0);
	epoch = m->epoch;
	kill(pid, SIGSTOP);
	for (unsigned i = 0; i < COUNT; i++) {
		begin_signature("a", epoch - (i % 4 == 3));
		m->number = 1000 + i;
		assert_int_equal(keeper_send(ends[i % ENDS], m), 0);
	}
	kill(pid, SIGCONT);
	for (unsigned i = 0; i < COUNT; i++) {
		struct pollfd p = { ends[i % ENDS], POLLIN, 0 };

		assert_int_equal(poll(&p, 1, ASK_MS), 1);
		assert_int_equal(keeper_receive(ends[i % ENDS], m), 1);
		assert_int_equal(m->number, 1000 + i);
		assert_int_equal(m->result, i % 4 == 3 ? KEEPER_STALE : 0);
		answered += m->result == 0;
	}
	assert_int_equal(answered, RECORDED);
}

/* Without the store what is known is signed still, without the log nothing. */
static void
test_away(void **state)
{
	uint64_t epoch;

	(void)state;
	assert_int_equal(find("a", 0, POLICY_SIGN, geteuid()), 0);
	epoch = m->epoch;
	kill(pid, SIGUSR1);
	assert_int_equal(find("a", 0, POLICY_SIGN, geteuid()), ERR_STORE);
	assert_true(no_private());
	assert_int_equal(m->epoch, epoch);
	assert_int_equal(record(epoch), 0);
	assert_int_equal(record(epoch - 1), KEEPER_STALE);
	kill(pid, SIGUSR2);
	assert_int_equal(record(epoch), ERR_STORE);
	assert_int_equal(stop(), 0);
	start();
}

/* What was asked is in the log, in order, and the log is whole. */
static void
test_audit(void **state)
{
	struct keystore *ks;
	uint8_t key[SEAL_KEY];
	char line[1000];
	FILE *f;
	int found = 0;

	(void)state;
	assert_int_equal(stop(), 0);
	assert_non_null(ks = keystore_open(store_path, master, stderr));
	keystore_subkey(ks, "audit", key);
	keystore_close(ks);
	assert_true(audit_verify(audit_path, key, stderr) > 15);
	assert_non_null(f = fopen(audit_path, "r"));
	while (fgets(line, sizeof(line), f) != NULL) {
		assert_null(strstr(line, "private"));
		found += strstr(line, "\"operation\":\"sign\",\"key\":\"a\",\"version\":1,"
		    "\"algorithm\":\"ecdsa-p256\",\"peer\":\"unix\",\"uid\":") != NULL &&
		    strstr(line, "\"pid\":4,\"digest\":\"ABABAB") != NULL;
		found += strstr(line, "\"operation\":\"destroy\",\"key\":\"s\","
		    "\"version\":2,") != NULL;
		found += strstr(line, "\"operation\":\"authorise\",\"peer\":\"unix\"") != NULL ||
		    strstr(line, "\"key\":\"export.001.host.10 alice bob\",") != NULL;
		found += strstr(line, "\"uid\":77,") != NULL && strstr(line, "\"35\"") != NULL;
	}
	fclose(f);
	assert_int_equal(found, 4 + RECORDED + 1 + 2 + 2);
	start();
	assert_int_equal(find("a", 0, POLICY_SIGN, geteuid()), 0);
}

int
main(void)
{
	struct rows r = { 0 };

	rows_add(&r, "create", test_create, NULL);
	rows_add(&r, "find", test_find, NULL);
	rows_add(&r, "policy", test_policy, NULL);
	rows_add(&r, "rotate, disable, enable, destroy", test_states, NULL);
	rows_add(&r, "list", test_list, NULL);
	rows_add(&r, "describe", test_describe, NULL);
	rows_add(&r, "record, unless something has changed", test_record, NULL);
	rows_add(&r, "records that come together", test_together, NULL);
	rows_add(&r, "the store away, the log away", test_away, NULL);
	rows_add(&r, "a list that does not fit into one answer", test_long_list, NULL);
	rows_add(&r, "what a console does", test_note, NULL);
	rows_add(&r, "the log has it all, and no private key", test_audit, NULL);
	return rows_run(&r, "keeper", keepers_setup, keepers_teardown);
}
