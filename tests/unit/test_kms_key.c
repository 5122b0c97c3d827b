/* kms_key: names of keys, and answers that may be anybody's. */
#include "kms_key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ready.h"

#define HEAD "-----BEGIN PUBLIC KEY-----\n"
#define ENTRY(name, digits) name digits "1700000000"

static struct kms_daemon d;
static int other = -1;	/* the daemon's end */

static const struct named_row {
	const char *name;
	const char *reference;
	const char *key;	/* NULL: refused */
	uint32_t    version;
} named_rows[] = {
	{ "a plain name", "k", "k", 0 },
	{ "a reference", "luahsm://release/k1", "release/k1", 0 },
	{ "with a version", "luahsm://k@3", "k", 3 },
	{ "leading zeros", "k@000007", "k", 7 },
	{ "the last of two signs", "a@2@3", "a@2", 3 },
	{ "no version behind the sign", "k@x", "k@x", 0 },
	{ "version 0 is part of the name", "k@0", "k@0", 0 },
	{ "a version too long", "k@1234567", "k@1234567", 0 },
	{ "only a version is a name", "@3", "@3", 0 },
	{ "a second scheme is part of the name", "luahsm://a://b", "a://b", 0 },
	{ "nothing", "", NULL, 0 },
	{ "only a scheme", "luahsm://", NULL, 0 },
	{ "a blank", "a b", NULL, 0 },
	{ "a letter beyond ASCII", "\303\244", NULL, 0 },
	{ "129 bytes", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", NULL, 0 },
};

static void
test_named(void **state)
{
	const struct named_row *row = *state;
	char name[KMS_NAME_MAX + 1], error[256] = "";
	uint32_t version = 99;
	int r = kms_key_named(row->reference, name, &version, error, sizeof(error));

	assert_int_equal(r, row->key != NULL ? 0 : -1);
	assert_int_equal(error[0] != '\0', row->key == NULL);
	if (row->key == NULL)
		return;
	assert_string_equal(name, row->key);
	assert_int_equal(version, row->version);
}

static int
setup(void **state)
{
	int pair[2];

	(void)state;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
		return -1;
	memset(&d, 0, sizeof(d));
	d.fd = pair[0];
	d.until = ready_now() + 10000;
	other = pair[1];
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	if (d.fd >= 0)
		close(d.fd);
	close(other);
	return 0;
}

/* The daemon answers this, in a frame. */
static void
answers(const char *reply)
{
	uint8_t message[512] = { 0 };
	size_t n = strlen(reply);

	message[1] = (uint8_t)(n + KMS_HEADER);
	memcpy(message + 2, "KMS1", KMS_HEADER);
	memcpy(message + 2 + KMS_HEADER, reply, n);
	assert_true(n + KMS_HEADER < 256);
	assert_int_equal(write(other, message, 2 + KMS_HEADER + n), 2 + KMS_HEADER + n);
}

static const struct key_row {
	const char *name;
	const char *reply;
	const char *error;	/* NULL: a key */
} key_rows[] = {
	{ "a key", "Z3" "00" "01" "000002" "1" HEAD "x\n", NULL },
	{ "an error", "Z330", "there is no key k" },
	{ "an error that nobody knows", "Z399", "error 99" },
	{ "an unknown algorithm", "Z3" "00" "99" "000002" "1" HEAD "x\n", "not a public key" },
	{ "version 0", "Z3" "00" "01" "000000" "1" HEAD "x\n", "not a public key" },
	{ "a state that there is not", "Z3" "00" "01" "000002" "3" HEAD "x\n", "not a public key" },
	{ "letters for digits", "Z3" "00" "0A" "000002" "1" HEAD "x\n", "not a public key" },
	{ "no PEM text", "Z3" "00" "01" "000002" "1" "-----BEGIN NOTHING-----\n", "not a public key" },
	{ "cut short", "Z3" "00" "01" "0000", "not a public key" },
	{ "nothing behind the code", "Z300", "not a public key" },
	{ "an answer to something else", "Z5" "00" "01" "000002" "1" HEAD "x\n", "not one to our question" },
};

static void
test_key(void **state)
{
	const struct key_row *row = *state;
	struct kms_key key;
	uint8_t got[64];

	answers(row->reply);
	kms_begin_key(&d, "Z2", "k");
	kms_add(&d, "%06u", 2u);
	assert_int_equal(kms_ask_key(&d, "k", &key), row->error == NULL ? 0 : -1);
	assert_int_equal(read(other, got, sizeof(got)), 17);
	assert_memory_equal(got, "\0\17KMS1Z201k000002", 17);
	if (row->error != NULL) {
		assert_non_null(strstr(d.error, row->error));
		return;
	}
	assert_string_equal(key.algorithm->name, "ecdsa-p256");
	assert_int_equal(key.version, 2);
	assert_int_equal(key.state, KMS_DISABLED);
	assert_int_equal(key.pem.n, strlen(HEAD "x\n"));
}

static const struct list_row {
	const char *name;
	const char *reply;
	int         count;	/* -1: refused */
} list_rows[] = {
	{ "an empty list", "Z90000", 0 },
	{ "two keys", "Z9" "00" "02" ENTRY("01a", "010000010") ENTRY("02bc", "310000042"), 2 },
	{ "fewer than it says", "Z9" "00" "03" ENTRY("01a", "010000010"), -1 },
	{ "more than it says", "Z9" "00" "01" ENTRY("01a", "010000010") ENTRY("01b", "010000010"), -1 },
	{ "cut short", "Z9" "00" "01" "01a" "010000010" "17", -1 },
	{ "a name without end", "Z9" "00" "01" "80a" "010000010" "1700000000", -1 },
	{ "a name of no bytes", "Z9" "00" "01" ENTRY("00", "010000010"), -1 },
	{ "a line's end in a name", "Z9" "00" "01" ENTRY("01\n", "010000010"), -1 },
	{ "no count", "Z900", -1 },
};

static void
test_list(void **state)
{
	static struct kms_entry entries[KMS_ENTRIES];
	const struct list_row *row = *state;
	size_t n = 77;

	answers(row->reply);
	kms_begin(&d, "Z8");
	assert_int_equal(kms_ask_entries(&d, "", entries, &n), row->count < 0 ? -1 : 0);
	if (row->count < 0) {
		assert_non_null(strstr(d.error, "not a list"));
		return;
	}
	assert_int_equal(n, row->count);
	if (n < 2)
		return;
	assert_string_equal(entries[1].name, "bc");
	assert_string_equal(entries[1].algorithm->name, "ed25519");
	assert_int_equal(entries[1].version, 4);
	assert_string_equal(kms_state_name(entries[1].state), "destroyed");
	assert_int_equal(entries[0].created, 1700000000);
}

static const struct done_row {
	const char *name;
	const char *reply;
	const char *error;
} done_rows[] = {
	{ "done", "Z900", NULL },
	{ "refused for this user", "Z935", "this user may not do that with key k" },
	{ "no such version", "Z931", "key k has no such version" },
	{ "a command without a plug-in", "Z967", "Z0 to Z8" },
};

static void
test_done(void **state)
{
	const struct done_row *row = *state;

	answers(row->reply);
	kms_begin_key(&d, "Z8", "k");
	assert_int_equal(kms_ask_done(&d, "k"), row->error == NULL ? 0 : -1);
	if (row->error != NULL)
		assert_non_null(strstr(d.error, row->error));
}

#define ADD(table, function, up, down) \
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) \
		tests[n++] = (struct CMUnitTest){ table[i].name, function, up, down, \
			(void *)(uintptr_t)&table[i] }

int
main(void)
{
	static struct CMUnitTest tests[64];
	size_t n = 0;

	ADD(named_rows, test_named, NULL, NULL);
	ADD(key_rows, test_key, setup, teardown);
	ADD(list_rows, test_list, setup, teardown);
	ADD(done_rows, test_done, setup, teardown);
	return _cmocka_run_group_tests("kms_key", tests, n, NULL, NULL);
}
