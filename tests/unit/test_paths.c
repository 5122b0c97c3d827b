/* paths: which variable wins, which folder is refused, where plug-ins are found. */
#include "paths.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const variables[] = {
	"CONFIGURATION_DIRECTORY", "STATE_DIRECTORY", "LOGS_DIRECTORY", "RUNTIME_DIRECTORY",
	"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR",
	"SYSTEMD_EXEC_PID", "HOME",
};

static char said[1024];
static uid_t pretend = (uid_t)-1;

/* Stands in for the C library's, so that both kinds of user can be tried. */
uid_t
geteuid(void)
{
	return pretend != (uid_t)-1 ? pretend : getuid();
}

static FILE *
sink(void)
{
	FILE *f = fmemopen(said, sizeof(said), "w");

	assert_non_null(f);
	return f;
}

enum who { ROOT, USER };

static const struct row {
	const char     *name;
	const char     *set[4];		/* variable, value, variable, value */
	enum paths_kind kind;
	enum who        who;
	const char     *want;
} rows[] = {
	{ "systemd's folder is used as it is",
	    { "STATE_DIRECTORY", "/var/lib/x", "XDG_DATA_HOME", "/d" }, PATHS_DATA, USER,
	    "/var/lib/x/f" },
	{ "the first of several", { "LOGS_DIRECTORY", "/a:/b" }, PATHS_STATE, USER, "/a/f" },
	{ "data home", { "XDG_DATA_HOME", "/d" }, PATHS_DATA, USER, "/d/luahsm/f" },
	{ "state home", { "XDG_STATE_HOME", "/s" }, PATHS_STATE, USER, "/s/luahsm/f" },
	{ "config home", { "XDG_CONFIG_HOME", "/c" }, PATHS_CONFIG, USER, "/c/luahsm/f" },
	{ "runtime folder", { "XDG_RUNTIME_DIR", "/r" }, PATHS_RUNTIME, USER, "/r/luahsm/f" },
	{ "root's data", { NULL }, PATHS_DATA, ROOT, "/var/lib/luahsm/f" },
	{ "root's logs", { NULL }, PATHS_STATE, ROOT, "/var/log/luahsm/f" },
	{ "root's sockets", { NULL }, PATHS_RUNTIME, ROOT, "/run/luahsm/f" },
	{ "a relative variable is ignored", { "XDG_RUNTIME_DIR", "r" }, PATHS_RUNTIME, ROOT,
	    "/run/luahsm/f" },
	{ "a user's data", { "HOME", "/h" }, PATHS_DATA, USER, "/h/.local/share/luahsm/f" },
	{ "a user's logs", { "HOME", "/h" }, PATHS_STATE, USER, "/h/.local/state/luahsm/f" },
	{ "a user's sockets", { NULL }, PATHS_RUNTIME, USER, "/tmp/luahsm-12345/f" },
};

static void
test_in(void **state)
{
	const struct row *row = *state;
	char out[PATH_MAX];

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		unsetenv(variables[i]);
	for (size_t i = 0; i < 4 && row->set[i] != NULL; i += 2)
		setenv(row->set[i], row->set[i + 1], 1);
	pretend = row->who == ROOT ? 0 : 12345;
	assert_int_equal(paths_in(row->kind, "f", out, sizeof(out)), 0);
	assert_string_equal(out, row->want);
	assert_int_equal(paths_in(row->kind, "f", out, strlen(row->want)), -1);
	pretend = (uid_t)-1;
}

static void
test_systemd(void **state)
{
	char pid[16];

	(void)state;
	unsetenv("XDG_RUNTIME_DIR");
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("SYSTEMD_EXEC_PID", pid, 1);
	assert_true(paths_systemd());
	setenv("XDG_RUNTIME_DIR", "/run/user/1000", 1);
	assert_false(paths_systemd());
	unsetenv("XDG_RUNTIME_DIR");
	setenv("SYSTEMD_EXEC_PID", "1", 1);
	assert_false(paths_systemd());
}

static int
make(const char *dir, mode_t mode)
{
	FILE *err = sink();
	int r = paths_make(dir, mode, err);

	fclose(err);
	return r;
}

static void
test_make(void **state)
{
	char top[] = "/tmp/test_paths.XXXXXX", path[128], command[64];
	struct stat st;
	FILE *err;

	(void)state;
	assert_non_null(mkdtemp(top));
	snprintf(path, sizeof(path), "%s/a/b/", top);
	assert_int_equal(make(path, 0700), 0);
	assert_int_equal(make(path, 0700), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);

	snprintf(path, sizeof(path), "%s/c/luahsm.sock", top);
	err = sink();
	assert_int_equal(paths_make_for(path, 0750, err), 0);
	assert_int_equal(paths_make_for("luahsm.sock", 0750, err), 0);
	fclose(err);
	snprintf(path, sizeof(path), "%s/c", top);
	assert_int_equal(stat(path, &st), 0);

	assert_int_equal(chmod(path, 0777), 0);
	assert_int_equal(make(path, 0700), -1);
	assert_non_null(strstr(said, "others can write it"));
	assert_int_equal(chmod(path, 0755), 0);
	if (chown(path, 12345, 12345) != 0)	/* somebody else's, or as good as */
		pretend = 12345;
	assert_int_equal(make(path, 0700), -1);
	pretend = (uid_t)-1;
	assert_int_equal(make("/proc/nothing/here", 0700), -1);
	assert_int_equal(make("/dev/null", 0700), -1);
	assert_int_equal(make("", 0700), -1);
	snprintf(command, sizeof(command), "rm -rf %s", top);
	assert_int_equal(system(command), 0);
}

static void
test_plugins(void **state)
{
	char top[] = "/tmp/test_paths.XXXXXX", old[PATH_MAX], out[PATH_MAX];
	FILE *err;

	(void)state;
	assert_non_null(mkdtemp(top));
	assert_non_null(getcwd(old, sizeof(old)));
	assert_int_equal(chdir(top), 0);
	err = sink();
	assert_int_equal(paths_plugins(top, false, out, err), 0);
	assert_string_equal(out, top);
	assert_int_equal(paths_plugins("none", true, out, err), -1);
	assert_int_equal(mkdir("plugins", 0700), 0);
	assert_int_equal(paths_plugins("", true, out, err), 0);
	assert_string_equal(out, "./plugins");
	if (paths_plugins("", false, out, err) == 0)	/* this test runs from a build folder */
		assert_string_not_equal(out, "./plugins");
	fclose(err);
	assert_non_null(strstr(said, "none: no such file or folder"));
	assert_int_equal(rmdir("plugins"), 0);
	assert_int_equal(chdir(old), 0);
	assert_int_equal(rmdir(top), 0);
}

enum { ROWS = sizeof(rows) / sizeof(rows[0]), OTHERS = 3 };

int
main(void)
{
	struct CMUnitTest tests[OTHERS + ROWS] = {
		cmocka_unit_test(test_systemd), cmocka_unit_test(test_make),
		cmocka_unit_test(test_plugins),
	};

	for (size_t i = 0; i < ROWS; i++)
		tests[OTHERS + i] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = test_in, .initial_state = (void *)(uintptr_t)&rows[i] };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
