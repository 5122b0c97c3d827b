/* master: a wrap opens under the master key it was made with, and under no other. */
#include "master.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "rows.h"
#include "secret.h"

static char dir[] = "/tmp/luahsm-test-XXXXXX";
static char path[100], said[300];
static uint8_t *key;

static struct master *
from_file(bool create)
{
	FILE *err = fmemopen(said, sizeof(said), "w");
	struct master *m;

	memset(said, 0, sizeof(said));
	m = master_from_file(path, create, err);
	fclose(err);
	return m;
}

static struct master *
of_kind(enum master_kind kind)
{
	return kind == MASTER_FILE ? from_file(true) :
	    master_from_passphrase(SPAN("correct horse battery staple"));
}

static const struct kind_row {
	const char      *name;
	enum master_kind kind;
} kinds[] = {
	{ "a key file",   MASTER_FILE },
	{ "a passphrase", MASTER_FROM_PASSPHRASE },
};

/* Every byte of a wrap counts. */
static void
test_wrap(void **state)
{
	const struct kind_row *row = *state;
	struct master *m = of_kind(row->kind);
	uint8_t wrap[MASTER_WRAP], again[MASTER_WRAP], *back = secret_alloc(MASTER_KEY);

	assert_non_null(m);
	assert_int_equal(master_kind(m), row->kind);
	assert_int_equal(master_wrap(m, key, wrap), 0);
	assert_int_equal(master_wrap(m, key, again), 0);
	assert_memory_not_equal(wrap, again, sizeof(wrap));
	assert_int_equal(master_unwrap(m, span_of(wrap, sizeof(wrap)), back), 0);
	assert_memory_equal(back, key, MASTER_KEY);
	assert_int_equal(master_unwrap(m, span_of(wrap, sizeof(wrap) - 1), back), ERR_CORRUPT);
	/* Argon2id takes its time: for a passphrase, one byte of each field */
	for (size_t i = 0; i < sizeof(wrap); i += row->kind == MASTER_FILE ? 1 : 9) {
		wrap[i] ^= 0x80;
		assert_true(master_unwrap(m, span_of(wrap, sizeof(wrap)), back) < 0);
		wrap[i] ^= 0x80;
	}
	assert_int_equal(master_unwrap(m, span_of(wrap, sizeof(wrap)), back), 0);
	secret_free(back);
	master_free(m);
	unlink(path);
}

static void
test_other(void **state)
{
	struct master *file = from_file(true), *right = master_from_passphrase(SPAN("a")),
	    *wrong = master_from_passphrase(SPAN("b"));
	uint8_t wrap[MASTER_WRAP], *back = secret_alloc(MASTER_KEY);

	(void)state;
	assert_int_equal(master_wrap(right, key, wrap), 0);
	assert_int_equal(master_unwrap(wrong, span_of(wrap, sizeof(wrap)), back), ERR_VERIFY);
	assert_int_equal(master_unwrap(file, span_of(wrap, sizeof(wrap)), back), ERR_KEY_TYPE);
	assert_int_equal(master_wrap(file, key, wrap), 0);
	assert_int_equal(master_unwrap(right, span_of(wrap, sizeof(wrap)), back), ERR_KEY_TYPE);
	master_free(file);
	unlink(path);
	file = from_file(true);
	assert_int_equal(master_unwrap(file, span_of(wrap, sizeof(wrap)), back), ERR_VERIFY);
	unlink(path);
	secret_free(back);
	master_free(file);
	master_free(right);
	master_free(wrong);
}

static void
test_file(void **state)
{
	uint8_t wrap[MASTER_WRAP], *back = secret_alloc(MASTER_KEY);
	struct master *m;
	struct stat st;

	(void)state;
	assert_null(from_file(false));
	assert_non_null(strstr(said, "No such file"));
	assert_non_null(m = from_file(true));
	assert_int_equal(master_wrap(m, key, wrap), 0);
	master_free(m);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_non_null(m = from_file(true));
	assert_int_equal(master_unwrap(m, span_of(wrap, sizeof(wrap)), back), 0);
	master_free(m);
	secret_free(back);
	unlink(path);
}

static const struct content {
	const char *name;
	const char *text;
} contents[] = {
	{ "an empty file",    "" },
	{ "another title",    "luahsm master key 2 "
	    "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF\n" },
	{ "lower case",       "luahsm master key 1 "
	    "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF\n" },
	{ "a digit missing",  "luahsm master key 1 "
	    "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEF\n" },
	{ "a line too many",  "luahsm master key 1 "
	    "00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF\n\n" },
};

static void
test_content(void **state)
{
	const struct content *row = *state;
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	assert_int_equal(write(fd, row->text, strlen(row->text)), strlen(row->text));
	close(fd);
	assert_null(from_file(true));
	assert_non_null(strstr(said, "is not a master key file"));
	assert_null(strstr(said, "00112233"));
	unlink(path);
}

static void
test_passphrase(void **state)
{
	static const uint8_t longest[MASTER_PASSPHRASE + 1];
	struct master *m;

	(void)state;
	assert_null(master_from_passphrase(SPAN("")));
	assert_null(master_from_passphrase(span_of(longest, sizeof(longest))));
	assert_non_null(m = master_from_passphrase(span_of(longest, sizeof(longest) - 1)));
	assert_true(secret_holds(m));
	master_free(m);
}

static int
setup(void **state)
{
	(void)state;
	if (secret_init(false) != 0 || mkdtemp(dir) == NULL ||
	    (key = secret_alloc(MASTER_KEY)) == NULL)
		return -1;
	memset(key, 0x5A, MASTER_KEY);
	snprintf(path, sizeof(path), "%s/master.key", dir);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	secret_free(key);
	return rmdir(dir) == 0 && secret_bytes_used() == 0 ? 0 : -1;
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, kinds, test_wrap);
	rows_add(&r, "another master key, another kind", test_other, NULL);
	rows_add(&r, "the file is made once", test_file, NULL);
	ROWS(&r, contents, test_content);
	rows_add(&r, "passphrases have a length", test_passphrase, NULL);
	return rows_run(&r, "master", setup, teardown);
}
