/* keystore_copy: all versions of all keys, as they were, or none. */
#include "keystores.h"
#include "keystore_copy.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"

static char one_path[100], two_path[100];
static struct keystore *one, *two;

/* A key with three versions, the first destroyed, the second disabled; and another one. */
static void
fill(struct keystore *ks)
{
	assert_int_equal(create(ks, "k", "first"), 0);
	assert_int_equal(rotate(ks, "k", "second"), 0);
	assert_int_equal(rotate(ks, "k", "third"), 0);
	assert_int_equal(keystore_set_state(ks, "k", 1, STORE_DESTROYED, &row), 0);
	assert_int_equal(keystore_set_state(ks, "k", 2, STORE_DISABLED, &row), 0);
	assert_int_equal(create(ks, "other", "alone"), 0);
}

static int
setup(void **state)
{
	static int n;

	(void)state;
	snprintf(one_path, sizeof(one_path), "%s/one%d.db", stores_dir, n);
	snprintf(two_path, sizeof(two_path), "%s/two%d.db", stores_dir, n++);
	one = opened(one_path);
	two = opened(two_path);
	fill(one);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	keystore_close(one);
	keystore_close(two);
	return 0;
}

static void
expect_all(struct keystore *ks)
{
	struct store_row was;

	expect(ks, "k", 3, "third");
	expect(ks, "k", 2, "second");
	assert_int_equal(row.state, STORE_DISABLED);
	expect(ks, "k", 1, "");
	assert_int_equal(row.state, STORE_DESTROYED);
	expect(ks, "other", 1, "alone");
	was = row;
	assert_int_equal(keystore_find(one, "other", 1, &row), 1);
	assert_memory_equal(was.id, row.id, STORE_ID);
	assert_int_equal(was.created, row.created);
	assert_string_equal(was.policy, "sign=0");
}

static int
count(const struct store_row *r, void *arg)
{
	(void)r;
	++*(int *)arg;
	return 0;
}

static void
test_all(void **state)
{
	int told = 0;
	struct keystore_copy c = { .copied = count, .arg = &told };

	(void)state;
	assert_int_equal(keystore_copy(one, two, &c), 0);
	assert_int_equal(c.added, 4);
	assert_int_equal(c.there, 0);
	assert_int_equal(told, 4);
	expect_all(two);
	/* it stays a store that opens, and takes the same once only */
	keystore_close(two);
	two = opened(two_path);
	c = (struct keystore_copy){ 0 };
	assert_int_equal(keystore_copy(one, two, &c), 0);
	assert_int_equal(c.added, 0);
	assert_int_equal(c.there, 4);
	expect_all(two);
}

static void
test_missing_versions(void **state)
{
	struct keystore_copy c = { 0 };

	(void)state;
	assert_int_equal(keystore_copy(one, two, &c), 0);
	assert_int_equal(rotate(one, "k", "fourth"), 0);
	assert_int_equal(keystore_set_state(one, "k", 3, STORE_DISABLED, &row), 0);
	c = (struct keystore_copy){ 0 };
	assert_int_equal(keystore_copy(one, two, &c), 0);
	assert_int_equal(c.added, 1);
	assert_int_equal(c.there, 4);
	expect(two, "k", 4, "fourth");
	expect(two, "k", 3, "third");
	assert_int_equal(row.state, STORE_ENABLED);	/* what is there stays as it is */
}

static void
test_another_key(void **state)
{
	struct keystore_copy c = { 0 };

	(void)state;
	assert_int_equal(create(two, "other", "not the same"), 0);
	assert_int_equal(keystore_copy(one, two, &c), 1);
	assert_string_equal(c.other, "other");
	assert_int_equal(c.added, 0);
	assert_int_equal(keystore_find(two, "k", 0, &row), 0);
	expect(two, "other", 1, "not the same");
}

static int
refuse(const struct store_row *r, void *arg)
{
	(void)r;
	(void)arg;
	return ERR_AUDIT;
}

static void
test_stopped(void **state)
{
	struct keystore_copy c = { .copied = refuse };

	(void)state;
	assert_int_equal(keystore_copy(one, two, &c), ERR_AUDIT);
	assert_int_equal(c.added, 1);
}

static void
test_snapshot(void **state)
{
	struct keystore *copy;

	(void)state;
	copy = keystore_snapshot(one_path, stores_dir, master, stderr);
	assert_non_null(copy);
	expect_all(copy);
	assert_int_equal(create(one, "later", "x"), 0);
	assert_int_equal(keystore_find(copy, "later", 0, &row), 0);
	keystore_close(copy);
	expect(one, "later", 1, "x");
}

/* While another process writes as fast as it can. */
static void
test_snapshot_busy(void **state)
{
	pid_t child;
	int status;

	(void)state;
	keystore_close(one);
	one = NULL;
	if ((child = fork()) == 0) {
		struct keystore *ks = try_open(one_path, master);

		for (int i = 0; ks != NULL && i < times(100, 1000); i++)
			if (rotate(ks, "other", "again and again") != 0)
				_exit(1);
		keystore_close(ks);
		_exit(ks == NULL);
	}
	for (int n = 0; waitpid(child, &status, WNOHANG) == 0; n++) {
		struct keystore *copy = keystore_snapshot(one_path, stores_dir, master, stderr);

		assert_non_null(copy);
		expect(copy, "k", 3, "third");
		assert_int_equal(keystore_find(copy, "other", 0, &row), 1);
		keystore_close(copy);
	}
	assert_int_equal(status, 0);
}

static void
test_no_snapshot(void **state)
{
	FILE *err = fmemopen(said, sizeof(said), "w");
	char path[160];

	(void)state;
	assert_null(keystore_snapshot("/none/keys.db", stores_dir, master, err));
	assert_null(keystore_snapshot(one_path, "/none", master, err));
	snprintf(path, sizeof(path), "%s/no.db", stores_dir);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_null(keystore_snapshot(path, stores_dir, master, err));
	fclose(err);
	assert_non_null(strstr(said, "/none/keys.db: No such file"));
	assert_non_null(strstr(said, "/none: cannot make a copy"));
	assert_non_null(strstr(said, "/no.db: "));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_all, setup, teardown),
		cmocka_unit_test_setup_teardown(test_missing_versions, setup, teardown),
		cmocka_unit_test_setup_teardown(test_another_key, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stopped, setup, teardown),
		cmocka_unit_test_setup_teardown(test_snapshot, setup, teardown),
		cmocka_unit_test_setup_teardown(test_snapshot_busy, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_snapshot, setup, teardown),
	};

	/* a file is enough: no server for these */
	if (mkdtemp(stores_dir) == NULL)
		return 1;
	return stores_end(_cmocka_run_group_tests("keystore_copy", tests,
	    sizeof(tests) / sizeof(tests[0]), keystores_setup, keystores_teardown));
}
