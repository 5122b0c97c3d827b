/*
 * home: apart from paths.c, which is linked where the C library's list of
 * users is not to be had (a static program).
 */
#include "home.h"

#include <pwd.h>
#include <stdlib.h>
#include <unistd.h>

void
home_set(void)
{
	const char *value = getenv("HOME");
	const struct passwd *pw;

	if (value != NULL && value[0] == '/')
		return;
	pw = getpwuid(getuid());
	if (pw != NULL && pw->pw_dir[0] == '/')
		setenv("HOME", pw->pw_dir, 1);
}
