/* vault: there and back through a file; every bit of it matters; what may not be added. */
#include "vault.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sodium.h>

#include "err.h"
#include "keys.h"
#include "lmk_test.h"

static char dir[] = "/tmp/luahsm-test-XXXXXX", path[100], said[400];
static struct master *right, *wrong;
static struct vault_lmk *lmk;

static int
setup(void **state)
{
	if (keys_setup(state) != 0 || mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/lmk.vault", dir);
	right = master_from_passphrase(SPAN("correct horse"));
	wrong = master_from_passphrase(SPAN("wrong horse"));
	lmk = secret_alloc(sizeof(*lmk));
	return right == NULL || wrong == NULL || lmk == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

static FILE *
sink(void)
{
	memset(said, 0, sizeof(said));
	return fmemopen(said, sizeof(said), "w");
}

static struct vault *
reopen(const struct master *m)
{
	FILE *err = sink();
	struct vault *v = vault_open(path, m, err);

	fclose(err);
	return v;
}

static int
add(struct vault *v, const char *name, unsigned id, enum lmk_scheme scheme)
{
	FILE *err = sink();
	int r;

	memset(lmk, 0, sizeof(*lmk));
	strcpy(lmk->name, name);
	strcpy(lmk->comment, "with a comment");
	lmk->id = id;
	lmk->created = 1234567890123;
	lmk_value_random(&lmk->value, scheme);
	r = vault_add(v, lmk, err);
	fclose(err);
	return r;
}

/* A saved vault of three LMKs and two officers. */
static struct vault *
make(void)
{
	static struct vault *empty;	/* made once: a passphrase takes its time */
	struct vault *v = secret_alloc(sizeof(*v));
	FILE *err = sink();

	if (empty == NULL)
		empty = vault_new(right, err);
	assert_non_null(empty);
	assert_non_null(v);
	*v = *empty;
	fclose(err);
	assert_int_equal(add(v, "one", 0, LMK_VARIANT), 0);
	assert_int_equal(add(v, "two", 19, LMK_3DES_BLOCK), 0);
	assert_int_equal(add(v, "three", 7, LMK_AES_BLOCK), 0);
	v->lmk[1].state = VAULT_NEW;
	v->lmk[2].test = true;
	strcpy(vault_officer_add(v, "alice")->hash, "hash of alice");
	strcpy(vault_officer_add(v, "bob")->hash, "hash of bob");
	err = sink();
	assert_int_equal(vault_save(v, path, err), 0);
	fclose(err);
	return v;
}

static void
test_there_and_back(void **state)
{
	struct vault *v = make(), *w = reopen(right);
	struct stat st;

	(void)state;
	assert_non_null(w);
	assert_memory_equal(v, w, sizeof(*v));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	vault_free(v);
	vault_free(w);
}

static void
test_passphrase(void **state)
{
	struct vault *v = make();
	FILE *err;

	(void)state;
	assert_null(reopen(wrong));
	assert_non_null(strstr(said, "wrong passphrase"));
	assert_int_equal(vault_rewrap(v, wrong), 0);
	err = sink();
	assert_int_equal(vault_save(v, path, err), 0);
	fclose(err);
	vault_free(v);
	assert_null(reopen(right));
	assert_non_null(v = reopen(wrong));
	assert_non_null(vault_find(v, "three"));
	vault_free(v);
}

static size_t
read_all(uint8_t *bytes, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, bytes, size);

	close(fd);
	assert_true(n > 0);
	return (size_t)n;
}

static void
write_all(const uint8_t *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_TRUNC);

	assert_int_equal(write(fd, bytes, n), n);
	close(fd);
}

/* A flipped bit is damage, whichever it is, and no wrong passphrase. */
static void
test_damage(void **state)
{
	uint8_t bytes[4096];
	size_t n;

	(void)state;
	vault_free(make());
	n = read_all(bytes, sizeof(bytes));
	for (size_t i = 0; i < n; i++) {
		bytes[i] ^= 1;
		write_all(bytes, n);
		assert_null(reopen(right));
		assert_non_null(strstr(said, i < 15 ? "is not a vault" : "is damaged"));
		bytes[i] ^= 1;
	}
	for (size_t cut = 1; cut < n; cut += 97) {
		write_all(bytes, n - cut);
		assert_null(reopen(right));
	}
}

/* Who mends the checksum, too, is found out all the same. */
static void
test_tampering(void **state)
{
	static const size_t places[] = { 200, 150 };
	uint8_t bytes[4096];
	size_t n;

	(void)state;
	vault_free(make());
	n = read_all(bytes, sizeof(bytes));
	for (size_t i = 0; i < 2; i++) {
		bytes[places[i]] ^= 1;
		crypto_generichash(bytes + n - 16, 16, bytes, n - 16, NULL, 0);
		write_all(bytes, n);
		assert_null(reopen(right));
		assert_non_null(strstr(said, "tampered"));
		bytes[places[i]] ^= 1;
	}
}

static void
test_none(void **state)
{
	(void)state;
	unlink(path);
	assert_null(reopen(right));
	assert_non_null(strstr(said, "No such file"));
}

static const struct refused {
	const char *name, *called;
	unsigned    id;
	const char *why;
} refusals[] = {
	{ "a name that is taken", "one", 3, "of that name" },
	{ "an id that is taken", "other", 0, "its id is taken" },
	{ "an id that there is not", "other", 20, "its id is taken" },
	{ "no name", "", 3, "another name" },
	{ "a name with a slash", "a/b", 3, "another name" },
	{ "a name that starts with a dash", "-a", 3, "another name" },
	{ "none", "none", 3, "another name" },
	{ "the name of a test LMK", "test-variant", 3, "another name" },
	{ "the name of the simulators' old one", "sim-old", 3, "another name" },
};

static void
test_refused(void **state)
{
	const struct refused *row = *state;
	struct vault *v = make();

	assert_int_equal(add(v, row->called, row->id, LMK_AES_BLOCK), -1);
	assert_non_null(strstr(said, row->why));
	assert_int_equal(v->lmks, 3);
	vault_free(v);
}

/* Storage has places of its own; published and weak values need test status. */
static void
test_values(void **state)
{
	struct vault *v = make();
	FILE *err = sink();

	(void)state;
	memset(lmk, 0, sizeof(*lmk));
	strcpy(lmk->name, "x");
	lmk->value.scheme = LMK_AES_BLOCK;
	lmk->value.len = LMK_BLOCK_KEY;
	lmk->id = 1;
	assert_int_equal(vault_add(v, lmk, err), -1);
	memcpy(lmk->value.bytes, lmk_test_find("test-aes-kb")->key, LMK_BLOCK_KEY);
	assert_int_equal(vault_add(v, lmk, err), -1);
	fflush(err);
	assert_non_null(strstr(said, "all zeros"));
	assert_non_null(strstr(said, "published"));
	lmk->test = true;
	lmk->state = VAULT_OLD;
	lmk->id = 0;
	assert_int_equal(vault_add(v, lmk, err), 0);
	strcpy(lmk->name, "y");
	lmk->state = VAULT_NEW;
	assert_int_equal(vault_add(v, lmk, err), -1);
	fclose(err);
	vault_free(v);
}

static void
test_full(void **state)
{
	struct vault *v = make();
	char name[8];

	(void)state;
	v->lmks = 0;
	for (unsigned i = 0; i < VAULT_LMKS; i++) {
		snprintf(name, sizeof(name), "n%u", i);
		assert_int_equal(add(v, name, i % LMK_IDS, LMK_AES_BLOCK), 0);
		v->lmk[i].state = i < LMK_IDS ? VAULT_OLD : VAULT_LIVE;
	}
	v->lmk[0].id = 1;
	v->lmk[0].state = VAULT_OLD;
	assert_int_equal(add(v, "more", 0, LMK_AES_BLOCK), -1);
	while (vault_officer_add(v, "o") != NULL)
		;
	assert_int_equal(v->officers, VAULT_OFFICERS);
	vault_free(v);
}

static void
test_remove(void **state)
{
	struct vault *v = make();

	(void)state;
	vault_remove(v, vault_find(v, "one"));
	assert_null(vault_find(v, "one"));
	assert_non_null(vault_find(v, "two"));
	assert_non_null(vault_find(v, "three"));
	assert_int_equal(v->lmk[2].value.bytes[0], 0);
	vault_officer_remove(v, vault_officer(v, "alice"));
	assert_null(vault_officer(v, "alice"));
	assert_string_equal(vault_officer(v, "bob")->hash, "hash of bob");
	vault_free(v);
}

static void
test_change(void **state)
{
	struct vault *v = make();
	FILE *err = sink();

	(void)state;
	v->lmk[1].id = 0;
	assert_int_equal(vault_change(v, "one", err), -1);
	assert_int_equal(vault_change(v, "none", err), -1);
	v->lmk[2].id = 0;
	v->lmk[2].state = VAULT_OLD;
	assert_int_equal(vault_change(v, "two", err), -1);
	v->lmk[2].state = VAULT_LIVE;
	v->lmk[2].id = 7;
	assert_int_equal(vault_change(v, "two", err), 0);
	fclose(err);
	assert_int_equal(vault_find(v, "two")->state, VAULT_LIVE);
	assert_int_equal(vault_find(v, "one")->state, VAULT_OLD);
	assert_int_equal(vault_find(v, "three")->state, VAULT_LIVE);
	vault_free(v);
}

/* Two that change it wait for each other. */
static void
test_lock(void **state)
{
	FILE *err = sink();
	int first, status;
	pid_t pid;

	(void)state;
	assert_true((first = vault_lock(path, err)) >= 0);
	if ((pid = fork()) == 0) {
		alarm(1);
		_exit(vault_lock(path, err) >= 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	close(first);
	assert_true((first = vault_lock(path, err)) >= 0);
	close(first);
	fclose(err);
}

int
main(void)
{
	struct rows r = { 0 };

	rows_add(&r, "there and back", test_there_and_back, NULL);
	rows_add(&r, "another passphrase", test_passphrase, NULL);
	rows_add(&r, "every flipped bit is damage", test_damage, NULL);
	rows_add(&r, "a mended checksum helps nobody", test_tampering, NULL);
	rows_add(&r, "no file", test_none, NULL);
	ROWS(&r, refusals, test_refused);
	rows_add(&r, "values that are refused", test_values, NULL);
	rows_add(&r, "no more than there is room for", test_full, NULL);
	rows_add(&r, "what is taken away is gone", test_remove, NULL);
	rows_add(&r, "a new one becomes live, the live one old", test_change, NULL);
	rows_add(&r, "one at a time changes it", test_lock, NULL);
	return rows_run(&r, "vault", setup, teardown);
}
