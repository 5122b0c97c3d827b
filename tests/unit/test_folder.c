/* folder: what is read, what is left out, and what is refused. */
#include "folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[64];
static char said[4096];

static void
put_file(const char *name, const char *text, size_t n, mode_t mode)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	fclose(f);
	assert_int_equal(chmod(path, mode), 0);
}

static int
setup(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/test_folder.XXXXXX");
	return mkdtemp(dir) == NULL;
}

static int
teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	return system(command);
}

static struct folder *
read_folder(const char *path, bool strict)
{
	FILE *err = fmemopen(said, sizeof(said), "w");
	struct folder *f;

	assert_non_null(err);
	f = folder_read(path, strict, err);
	fclose(err);
	return f;
}

static void
test_order(void **state)
{
	struct folder *f;
	char path[128];

	(void)state;
	put_file("NC.lua", "nc", 2, 0644);
	put_file("A0.lua", "", 0, 0644);
	put_file(".B2.lua", "x", 1, 0644);
	put_file("CA.lua~", "x", 1, 0644);
	put_file("README", "x", 1, 0644);
	f = read_folder(dir, true);
	assert_non_null(f);
	assert_int_equal(folder_count(f), 2);
	assert_true(span_is(folder_code(f, 0), "A0"));
	assert_true(span_is(folder_bytes(f, 0), ""));
	assert_true(span_is(folder_code(f, 1), "NC"));
	assert_true(span_is(folder_bytes(f, 1), "nc"));
	snprintf(path, sizeof(path), "%s/NC.lua", dir);
	assert_string_equal(folder_path(f, 1), path);
	folder_free(f);
}

static void
test_one_file(void **state)
{
	char path[128];
	struct folder *f;

	(void)state;
	put_file("FO.lua", "fo", 2, 0644);
	put_file("NC.lua", "nc", 2, 0644);
	snprintf(path, sizeof(path), "%s/FO.lua", dir);
	f = read_folder(path, true);
	assert_non_null(f);
	assert_int_equal(folder_count(f), 1);
	assert_true(span_is(folder_code(f, 0), "FO"));
	folder_free(f);
}

static void
test_empty(void **state)
{
	struct folder *f = read_folder(dir, true);

	(void)state;
	assert_non_null(f);
	assert_int_equal(folder_count(f), 0);
	folder_free(f);
}

/* Another process sees the same bytes, and nobody can change them. */
static void
test_shared(void **state)
{
	struct folder *f, *again;

	(void)state;
	put_file("FO.lua", "fo", 2, 0644);
	f = read_folder(dir, true);
	assert_non_null(f);
	assert_true(write(folder_fd(f), "x", 1) < 0);
	assert_true(ftruncate(folder_fd(f), 0) != 0);
	again = folder_map(dup(folder_fd(f)));
	assert_non_null(again);
	put_file("FO.lua", "changed", 7, 0644);
	assert_true(span_is(folder_bytes(again, 0), "fo"));
	folder_free(again);
	folder_free(f);
	folder_free(NULL);
}

static void
test_not_a_folder(void **state)
{
	int fd = memfd_create("x", MFD_ALLOW_SEALING);

	(void)state;
	assert_null(folder_map(fd));		/* not sealed */
	fd = memfd_create("x", MFD_ALLOW_SEALING);
	assert_int_equal(ftruncate(fd, 4096), 0);
	assert_int_equal(fcntl(fd, F_ADD_SEALS,
	    F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL), 0);
	assert_null(folder_map(fd));		/* sealed, but no trailer */
}

static void
test_too_large(void **state)
{
	char *big = calloc(1, FOLDER_FILE_MAX + 1);
	struct folder *f;

	(void)state;
	put_file("AA.lua", big, FOLDER_FILE_MAX, 0644);
	f = read_folder(dir, true);
	assert_non_null(f);
	assert_int_equal(folder_bytes(f, 0).n, FOLDER_FILE_MAX);
	folder_free(f);
	put_file("AB.lua", big, FOLDER_FILE_MAX + 1, 0644);
	free(big);
	assert_null(read_folder(dir, true));
	assert_non_null(strstr(said, "AB.lua: is larger than 64 KiB"));
	assert_null(strstr(said, "AA.lua"));
}

static const struct row {
	const char *name;
	mode_t      mode;
	const char *path;	/* below the folder */
	const char *says;	/* in strict, and as a warning otherwise */
} rows[] = {
	{ "a file that the group can write", 0664, "/FO.lua", "FO.lua: others can write it" },
	{ "a file that all can write", 0666, "/FO.lua", "FO.lua: others can write it" },
	{ "a folder that all can write", 0777, "", ": others can write it" },
};

static void
test_writable(void **state)
{
	const struct row *row = *state;
	struct folder *f;
	char path[128];

	put_file("FO.lua", "fo", 2, 0644);
	snprintf(path, sizeof(path), "%s%s", dir, row->path);
	assert_int_equal(chmod(path, row->mode), 0);
	assert_null(read_folder(dir, true));
	assert_non_null(strstr(said, row->says));
	f = read_folder(dir, false);
	assert_non_null(f);
	assert_non_null(strstr(said, "warning: others can write it"));
	folder_free(f);
}

static void
test_other_owner(void **state)
{
	char path[128];

	(void)state;
	if (geteuid() != 0)
		skip();
	put_file("FO.lua", "fo", 2, 0644);
	snprintf(path, sizeof(path), "%s/FO.lua", dir);
	assert_int_equal(chown(path, 12345, 12345), 0);
	assert_null(read_folder(dir, true));
	assert_non_null(strstr(said, "belongs to another user"));
}

static void
test_odd_paths(void **state)
{
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/none", dir);
	assert_null(read_folder(path, true));
	assert_non_null(strstr(said, "none: No such file"));
	assert_null(folder_read(path, true, NULL));
	put_file("notes", "x", 1, 0644);
	snprintf(path, sizeof(path), "%s/notes", dir);
	assert_null(read_folder(path, true));
	assert_non_null(strstr(said, "neither a folder nor a .lua file"));
	snprintf(path, sizeof(path), "%s/AA.lua", dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_null(read_folder(dir, true));
	assert_non_null(strstr(said, "AA.lua: is not a regular file"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

enum { ROWS = sizeof(rows) / sizeof(rows[0]), OTHERS = 8 };

int
main(void)
{
	struct CMUnitTest tests[OTHERS + ROWS] = {
		TEST(test_order), TEST(test_one_file), TEST(test_empty), TEST(test_shared),
		TEST(test_not_a_folder), TEST(test_too_large), TEST(test_other_owner),
		TEST(test_odd_paths),
	};

	for (size_t i = 0; i < ROWS; i++)
		tests[OTHERS + i] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = test_writable, .setup_func = setup,
			.teardown_func = teardown, .initial_state = (void *)(uintptr_t)&rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
