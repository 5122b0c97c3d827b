/* home: HOME stays as it is, or becomes what the list of users says. */
#include "home.h"

#include <pwd.h>
#include <unistd.h>

#include "rows.h"

static const struct row {
	const char *name;
	const char *before;	/* NULL: not set */
	const char *want;	/* NULL: the home folder on record */
} rows[] = {
	{ "an absolute path stays",      "/h", "/h" },
	{ "a relative path is replaced", "h",  NULL },
	{ "none is filled in",           NULL, NULL },
	{ "an empty one is filled in",   "",   NULL },
};

static void
test_home(void **state)
{
	const struct row *row = *state;
	const struct passwd *pw = getpwuid(getuid());

	if (row->before != NULL)
		setenv("HOME", row->before, 1);
	else
		unsetenv("HOME");
	home_set();
	if (row->want == NULL && pw == NULL)
		skip();
	assert_string_equal(getenv("HOME"), row->want != NULL ? row->want : pw->pw_dir);
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, rows, test_home);
	return rows_run(&r, "home", NULL, NULL);
}
