/* spool: files appear whole, for nobody else, under names of their own. */
#include "spool.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "log.h"
#include "rows.h"

static char top[] = "/tmp/test_spool.XXXXXX", dir[64];

/* The files in dir; each must hold text and be 0600. */
static unsigned
count(const char *text)
{
	DIR *d = opendir(dir);
	const struct dirent *e;
	unsigned n = 0;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		char path[512], got[64] = "";
		struct stat st;
		FILE *f;

		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
		assert_string_equal(e->d_name + strlen("YYYYMMDD-HHMMSS-NNNNNN"), "-A2.txt");
		assert_non_null(f = fopen(path, "r"));
		assert_int_equal(fread(got, 1, sizeof(got) - 1, f), strlen(text));
		assert_string_equal(got, text);
		fclose(f);
		unlink(path);
		n++;
	}
	closedir(d);
	return n;
}

static void
test_write(void **state)
{
	struct stat st;

	(void)state;
	snprintf(dir, sizeof(dir), "%s/made/here", top);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(spool_write(dir, "A2", SPAN("component\n")), 0);
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(count("component\n"), 3);
}

/* What a process left that died at it does not stand in the way. */
static void
test_left_over(void **state)
{
	char path[128];
	FILE *f;

	(void)state;
	snprintf(path, sizeof(path), "%s/.%ld", dir, (long)getpid());
	assert_non_null(f = fopen(path, "w"));
	fputs("half", f);
	fclose(f);
	assert_int_equal(spool_write(dir, "A2", SPAN("whole")), 0);
	assert_int_equal(count("whole"), 1);
}

static void
test_refusals(void **state)
{
	char path[128];
	FILE *f;

	(void)state;
	assert_int_equal(spool_write("", "A2", SPAN("x")), ERR_PRINTER);
	snprintf(path, sizeof(path), "%s/file", top);
	assert_non_null(f = fopen(path, "w"));
	fclose(f);
	assert_int_equal(spool_write(path, "A2", SPAN("x")), ERR_PRINTER);
	/* Others can write it: what is printed is not for them. */
	assert_int_equal(chmod(dir, 0777), 0);
	assert_int_equal(spool_write(dir, "A2", SPAN("x")), ERR_PRINTER);
	assert_int_equal(chmod(dir, 0700), 0);
	assert_int_equal(count("x"), 0);
}

static void
test_discard(void **state)
{
	(void)state;
	spool_discard();
	assert_int_equal(spool_write(dir, "A2", SPAN("x")), 0);
	assert_int_equal(spool_write("", "A2", SPAN("x")), 0);
	assert_int_equal(count("x"), 0);
}

static int
setup(void **state)
{
	(void)state;
	log_open("test", -1, LOG_ERROR, false);
	return mkdtemp(top) == NULL;
}

static int
teardown(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", top);
	return system(command);
}

int
main(void)
{
	static struct rows r;

	rows_add(&r, "three documents", test_write, NULL);
	rows_add(&r, "a file left over", test_left_over, NULL);
	rows_add(&r, "no folder, or not ours", test_refusals, NULL);
	rows_add(&r, "thrown away", test_discard, NULL);
	return rows_run(&r, "spool", setup, teardown);
}
