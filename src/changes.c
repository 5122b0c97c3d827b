/*
 * changes: two folders side by side. Both are in the order of their names.
 */
#include "changes.h"

#include <stdio.h>
#include <string.h>

#include "folder.h"
#include "log.h"

static void
tell(const struct folder *f, size_t i, const char *what)
{
	struct span code = folder_code(f, i);
	char text[16];

	snprintf(text, sizeof(text), "%.*s", (int)code.n, (const char *)code.p);
	log_event(LOG_INFO, "plug-in", "code", 's', text, "is", 's', what, NULL);
}

static int
compare(struct span a, struct span b)
{
	int r = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);

	return r != 0 ? r : (a.n > b.n) - (a.n < b.n);
}

void
changes_log(const struct folder *old, const struct folder *new)
{
	size_t i = 0, j = 0;

	while (i < folder_count(old) || j < folder_count(new)) {
		int side = i == folder_count(old) ? 1 : j == folder_count(new) ? -1 :
		    compare(folder_code(old, i), folder_code(new, j));

		if (side < 0)
			tell(old, i++, "gone");
		else if (side > 0)
			tell(new, j++, "new");
		else if (compare(folder_bytes(old, i++), folder_bytes(new, j++)) != 0)
			tell(new, j - 1, "changed");
	}
}
