/*
 * inherit: close_range, or what /proc says is open, or every number up to the
 * limit. A number above a limit that was lowered later can't be found by the
 * last one, so it gives up where the limit is too high to try.
 */
#include "inherit.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { FIRST = 3, TRIED_MOST = 1 << 20 };

static int
close_between(int first, int last)
{
	return first > last ? 0 : close_range((unsigned)first, (unsigned)last, 0);
}

static bool
is_kept(int fd, int a, int b)
{
	return fd < FIRST || fd == a || fd == b;
}

static int
close_listed(int a, int b)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;

	if (dir == NULL)
		return -1;
	while ((entry = readdir(dir)) != NULL) {
		int fd = (int)strtol(entry->d_name, NULL, 10);	/* "." reads as 0, and stays */

		if (fd != dirfd(dir) && !is_kept(fd, a, b))
			close(fd);
	}
	return closedir(dir);
}

static int
close_all(int a, int b)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > TRIED_MOST)
		return -1;
	for (int fd = FIRST; fd < (int)limit.rlim_cur; fd++) {
		if (!is_kept(fd, a, b))
			close(fd);
	}
	return 0;
}

int
inherit_only(int a, int b)
{
	int low = a < b ? a : b, high = a < b ? b : a;

	low = low < FIRST - 1 ? FIRST - 1 : low;
	high = high < low ? low : high;
	if (close_between(FIRST, low - 1) == 0 && close_between(low + 1, high - 1) == 0 &&
	    close_range((unsigned)high + 1, ~0U, 0) == 0)
		return 0;
	return close_listed(a, b) == 0 ? 0 : close_all(a, b);
}
