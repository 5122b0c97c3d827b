/* keystore: keys come back as they were made, and no crash loses one. */
#include "keystores.h"

#include <sys/resource.h>
#include <time.h>

#include "err.h"

static void
test_create(void **state)
{
	const char *where = stores_where(*state);
	struct keystore *ks = opened(where);

	assert_int_equal(keystore_find(ks, "k", 0, &row), 0);
	assert_int_equal(create(ks, "k", "secret"), 0);
	assert_int_equal(row.version, 1);
	assert_true(row.created > time(NULL) - 60);
	expect(ks, "k", 1, "secret");
	keystore_close(ks);
	ks = opened(where);
	assert_string_equal(said, "");
	expect(ks, "k", 0, "secret");
	assert_int_equal(row.algorithm, 1);
	assert_string_equal(row.policy, "sign=0");
	keystore_close(ks);
}

static void
test_again(void **state)
{
	struct keystore *ks = opened(stores_where(*state));
	uint64_t epoch;

	assert_int_equal(create(ks, "k", "first"), 0);
	epoch = keystore_epoch(ks);
	assert_int_equal(create(ks, "k", "second"), 1);
	assert_int_equal(row.version, 1);
	assert_int_equal(keystore_epoch(ks), epoch);
	expect(ks, "k", 0, "first");
	keystore_close(ks);
}

static void
test_rotate(void **state)
{
	struct keystore *ks = opened(stores_where(*state));

	assert_int_equal(rotate(ks, "k", "x"), 1);
	assert_int_equal(create(ks, "k", "one"), 0);
	assert_int_equal(rotate(ks, "k", "two"), 0);
	assert_int_equal(row.version, 2);
	expect(ks, "k", 0, "two");
	expect(ks, "k", 1, "one");
	assert_int_equal(keystore_find(ks, "k", 3, &row), 0);
	assert_int_equal(keystore_epoch(ks), 3);
	keystore_close(ks);
}

static void
test_state(void **state)
{
	const char *where = stores_where(*state);
	struct keystore *ks = opened(where);
	struct keystore_pair pair;

	create(ks, "k", "one");
	rotate(ks, "k", "two");
	assert_int_equal(keystore_set_state(ks, "k", 9, STORE_DISABLED, &row), 1);
	assert_int_equal(keystore_set_state(ks, "k", 1, STORE_DISABLED, &row), 0);
	assert_int_equal(row.state, STORE_DISABLED);
	expect(ks, "k", 1, "one");
	assert_int_equal(keystore_set_state(ks, "k", 1, STORE_ENABLED, &row), 0);
	assert_int_equal(keystore_set_state(ks, "k", 2, STORE_DESTROYED, &row), 0);
	assert_int_equal(keystore_pair(ks, &row, plain, &pair), 0);
	assert_int_equal(pair.private.n, 0);
	assert_true(span_is(pair.public, "public2"));
	assert_int_equal(keystore_set_state(ks, "k", 2, STORE_ENABLED, &row), 1);
	expect(ks, "k", 0, "one");
	assert_int_equal(keystore_set_state(ks, "k", 1, STORE_DESTROYED, &row), 0);
	assert_int_equal(keystore_find(ks, "k", 0, &row), 1);
	assert_int_equal(row.version, 2);
	keystore_close(ks);
	keystore_close(opened(where));
	assert_string_equal(said, "");
}

static void
test_two_daemons(void **state)
{
	const struct stores_row *kind = *state;
	const char *where = stores_where(kind);
	struct keystore *a, *b;

	a = opened(where);
	if (!kind->pg) {
		assert_null(try_open(where, master));
		assert_non_null(strstr(said, "one daemon at a time"));
		assert_false(keystore_shared(a));
		assert_int_equal(keystore_refresh(a), 0);
		keystore_close(a);
		return;
	}
	b = opened(where);
	assert_int_equal(create(a, "k", "a"), 0);
	assert_int_equal(create(b, "k", "b"), 1);
	assert_int_equal(create(b, "l", "b"), 0);
	assert_int_equal(rotate(a, "l", "c"), 0);
	expect(b, "l", 0, "c");
	expect(b, "k", 0, "a");
	/* what the other one did is known when the head is read again */
	assert_true(keystore_shared(b));
	assert_int_equal(keystore_epoch(b) + 1, keystore_epoch(a));
	assert_int_equal(keystore_refresh(b), 0);
	assert_int_equal(keystore_epoch(b), keystore_epoch(a));
	pg_pause();
	assert_int_equal(keystore_refresh(b), ERR_SYSTEM);
	assert_int_equal(keystore_epoch(b), keystore_epoch(a));
	assert_null(pg_resume());
	assert_int_equal(rotate(a, "l", "d"), 0);
	while (keystore_refresh(b) != 0)
		usleep(10000);
	assert_int_equal(keystore_epoch(b), keystore_epoch(a));
	keystore_close(a);
	keystore_close(b);
	keystore_close(opened(where));
	assert_string_equal(said, "");
}

static void
test_master(void **state)
{
	const char *where = stores_where(*state);
	struct keystore *ks = opened(where);
	struct master *other = master_from_passphrase(SPAN("correct horse")),
	    *wrong = master_from_passphrase(SPAN("correct hors"));

	create(ks, "k", "one");
	keystore_close(ks);
	assert_null(try_open(where, other));
	assert_non_null(strstr(said, "comes from a key file, not from a passphrase"));
	ks = opened(where);
	assert_int_equal(keystore_rewrap(ks, other), 0);
	create(ks, "l", "two");
	keystore_close(ks);
	assert_null(try_open(where, master));
	assert_null(try_open(where, wrong));
	assert_non_null(strstr(said, "another master key"));
	ks = try_open(where, other);
	assert_non_null(ks);
	expect(ks, "k", 0, "one");
	expect(ks, "l", 0, "two");
	keystore_close(ks);
	master_free(other);
	master_free(wrong);
}

static int
count_rows(const struct store_row *r, void *arg)
{
	(void)r;
	return ++*(int *)arg == 2 ? 77 : 0;
}

static void
test_walk(void **state)
{
	struct keystore *ks = opened(stores_where(*state));
	int n = 0;

	create(ks, "b", "one");
	create(ks, "a", "two");
	rotate(ks, "a", "three");
	assert_int_equal(keystore_walk(ks, count_rows, &n), 77);
	assert_int_equal(n, 2);
	keystore_close(ks);
}

/* --- faults, with SQLite ------------------------------------------------- */

/* Make keys until killed; a byte for each that is acknowledged. */
static void
make_keys(int first, int out)
{
	struct keystore *ks;
	char label[20];

	alarm(20);
	secret_relock(false);
	if ((ks = try_open(stores_path, master)) == NULL)
		_exit(9);
	for (int i = first;; i++) {
		snprintf(label, sizeof(label), "k%d", i);
		if (create(ks, label, label) != 0 || write(out, "", 1) != 1)
			_exit(8);
	}
}

/* kill -9 at random moments: what was acknowledged is there, and opens. */
static void
test_kill(void **state)
{
	int made = 0, cycles = times(40, 1000);

	(void)state;
	stores_where(&sqlite);
	srandom(1);
	for (int cycle = 0; cycle < cycles; cycle++) {
		int ends[2], status;
		char acknowledged[4096], label[20];
		struct keystore *ks;
		ssize_t n;
		pid_t pid;

		assert_int_equal(pipe(ends), 0);
		if ((pid = fork()) == 0)
			make_keys(made, ends[1]);
		close(ends[1]);
		/* every other time while it makes keys for sure, else while it opens, perhaps */
		if (cycle % 2 == 1)
			made += (int)read(ends[0], acknowledged, 1);
		usleep((useconds_t)(random() % 8000));
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
		while ((n = read(ends[0], acknowledged, sizeof(acknowledged))) > 0)
			made += (int)n;
		close(ends[0]);
		ks = opened(stores_path);
		assert_string_equal(said, "");
		for (int i = made > 5 ? made - 5 : 0; i < made; i++) {
			snprintf(label, sizeof(label), "k%d", i);
			expect(ks, label, 1, label);
		}
		/* one more may have been committed and not acknowledged */
		snprintf(label, sizeof(label), "k%d", made);
		made += keystore_find(ks, label, 0, &row);
		keystore_close(ks);
	}
	print_message("%d cycles, %d keys\n", cycles, made);
	assert_true(made >= cycles / 2);
}

/* The disk is full: an error that says so, and all that was there still is. */
static void
test_full(void **state)
{
	struct keystore *ks = opened(stores_where(&sqlite));
	struct rlimit limit, before;
	static char big[6000];
	char label[20];
	int made = 0;

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	limit = before;
	limit.rlim_cur = 100 * 1024;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	do
		snprintf(label, sizeof(label), "k%d", made);
	while (create(ks, label, big) == 0 && ++made < 100);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_in_range(made, 2, 99);
	assert_non_null(strstr(keystore_error(ks), stores_path));
	assert_non_null(strstr(keystore_error(ks), "disk"));
	keystore_close(ks);
	ks = opened(stores_path);
	for (int i = 0; i < made; i++) {
		snprintf(label, sizeof(label), "k%d", i);
		expect(ks, label, 1, big);
	}
	assert_int_equal(create(ks, label, big), 1);
	assert_int_equal(create(ks, "more", big), 0);
	keystore_close(ks);
}

/* As somebody who may only read the folder: what is there can be used, nothing be changed. */
static int
without_writing(void)
{
	struct keystore *ks = try_open(stores_path, master);

	if (ks == NULL)
		return 4;
	expect(ks, "k", 0, "one");
	if (create(ks, "l", "two") != ERR_SYSTEM)
		return 5;
	return strstr(keystore_error(ks), "cannot be written") != NULL ? 0 : 6;
}

static void
test_read_only(void **state)
{
	struct keystore *ks = opened(stores_where(&sqlite));
	int status;
	pid_t pid;

	(void)state;
	create(ks, "k", "one");
	keystore_close(ks);
	if ((pid = fork()) == 0) {
		secret_relock(false);
		if (geteuid() == 0 && (chown(stores_path, 65534, 65534) != 0 ||
		    setgid(65534) != 0 || chmod(stores_dir, 0555) != 0 || setuid(65534) != 0))
			_exit(2);
		else if (geteuid() != 65534 && chmod(stores_dir, 0555) != 0)
			_exit(3);
		_exit(without_writing());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(chmod(stores_dir, 0700), 0);
	assert_int_equal(status, 0);
}

int
main(void)
{
	struct rows r = { 0 };

	stores_begin();
	stores_add(&r, "a key comes back", test_create);
	stores_add(&r, "a name is taken once", test_again);
	stores_add(&r, "rotation adds a version", test_rotate);
	stores_add(&r, "disabled, enabled, destroyed", test_state);
	stores_add(&r, "two daemons on one store", test_two_daemons);
	stores_add(&r, "the master key, another one, a new one", test_master);
	stores_add(&r, "a walk ends when told", test_walk);
	rows_add(&r, "kill -9 at random moments", test_kill, NULL);
	rows_add(&r, "a full disk", test_full, NULL);
	rows_add(&r, "a folder that cannot be written", test_read_only, NULL);
	return stores_end(rows_run(&r, "keystore", keystores_setup, keystores_teardown));
}
