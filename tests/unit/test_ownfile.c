/* ownfile: made in one piece and for one user; anything else is refused. */
#include "ownfile.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rows.h"

static char dir[] = "/tmp/luahsm-test-XXXXXX";
static char path[100], said[300];

static FILE *
sink(void)
{
	memset(said, 0, sizeof(said));
	return fmemopen(said, sizeof(said), "w");
}

static int
make(const char *content)
{
	FILE *err = sink();
	int r = ownfile_make(path, span_str(content), err), saved = errno;

	fclose(err);
	errno = saved;
	return r;
}

static int
open_it(int flags)
{
	FILE *err = sink();
	int fd = ownfile_open(path, flags, err);

	fclose(err);
	return fd;
}

static void
test_make(void **state)
{
	struct stat st;
	char content[10];
	int fd;

	(void)state;
	assert_int_equal(make("hello"), 0);
	assert_int_equal(make("other"), -1);
	assert_int_equal(errno, EEXIST);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_nlink, 1);
	assert_true((fd = open_it(O_RDONLY)) >= 0);
	assert_int_equal(read(fd, content, sizeof(content)), 5);
	assert_memory_equal(content, "hello", 5);
	close(fd);
	unlink(path);
}

/* What is replaced is there until the other is. */
static void
test_replace(void **state)
{
	struct stat before, after;
	char content[10];
	int fd;

	(void)state;
	assert_int_equal(make("hello"), 0);
	assert_int_equal(stat(path, &before), 0);
	assert_int_equal(ownfile_replace(path, SPAN("other"), stderr), 0);
	assert_int_equal(stat(path, &after), 0);
	assert_int_not_equal(before.st_ino, after.st_ino);
	assert_int_equal(after.st_mode & 07777, 0600);
	assert_true((fd = open_it(O_RDONLY)) >= 0);
	assert_int_equal(read(fd, content, sizeof(content)), 5);
	assert_memory_equal(content, "other", 5);
	close(fd);
	unlink(path);
}

static void
test_no_folder(void **state)
{
	char before[sizeof(path)];

	(void)state;
	memcpy(before, path, sizeof(path));
	snprintf(path, sizeof(path), "%s/no/file", dir);
	assert_int_equal(make("x"), -1);
	assert_non_null(strstr(said, "No such file"));
	memcpy(path, before, sizeof(path));
}

static void
test_created(void **state)
{
	int fd = open_it(O_RDWR | O_CREAT);
	struct stat st;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	close(fd);
	unlink(path);
}

static const struct mode_row {
	const char *name;
	mode_t      mode;
	int         opens;
} modes[] = {
	{ "0600 is right",            0600, 1 },
	{ "0400 is right",            0400, 1 },
	{ "the group may not read",   0640, 0 },
	{ "others may not read",      0604, 0 },
	{ "others may not write",     0602, 0 },
};

static void
test_mode(void **state)
{
	const struct mode_row *row = *state;
	int fd;

	assert_int_equal(make("x"), 0);
	assert_int_equal(chmod(path, row->mode), 0);
	fd = open_it(O_RDONLY);
	assert_int_equal(fd >= 0, row->opens);
	assert_int_equal(strstr(said, "mode 0600") == NULL, row->opens);
	if (fd >= 0)
		close(fd);
	unlink(path);
}

static void
test_kinds(void **state)
{
	(void)state;
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(open_it(O_RDONLY), -1);
	rmdir(path);
	assert_int_equal(symlink("/etc/hostname", path), 0);
	assert_int_equal(open_it(O_RDONLY), -1);
	assert_non_null(strstr(said, "symbolic link"));
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(open_it(O_RDONLY), -1);
	unlink(path);
}

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/file", dir);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	return rmdir(dir);	/* fails if anything was left behind */
}

int
main(void)
{
	struct rows r = { 0 };

	rows_add(&r, "made once, whole", test_make, NULL);
	rows_add(&r, "replaced in one piece", test_replace, NULL);
	rows_add(&r, "no folder", test_no_folder, NULL);
	rows_add(&r, "made by opening", test_created, NULL);
	ROWS(&r, modes, test_mode);
	rows_add(&r, "folders, links and pipes are refused", test_kinds, NULL);
	return rows_run(&r, "ownfile", setup, teardown);
}
