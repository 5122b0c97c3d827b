#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "err.h"
#include "log.h"
#include "paths.h"

enum { NAME = 64, SEQUENCE = 1000000 };

static bool discards;

void
spool_discard(void)
{
	discards = true;
}

static int
complain(const char *dir, const char *why)
{
	log_event(LOG_ERROR, "print-failed", "dir", 's', dir, "why", 's', why, NULL);
	return ERR_PRINTER;
}

/* The folder's descriptor, or -1. It belongs to us, and nobody else can write it. */
static int
open_dir(const char *dir)
{
	char why[256] = "";
	FILE *text = fmemopen(why, sizeof(why) - 1, "w");
	int r, fd;

	if (text == NULL)
		return -1;
	r = paths_make(dir, 0700, text);
	fclose(text);
	if (r != 0) {
		complain(dir, why);
		errno = 0;
		return -1;
	}
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd;
}

/* All of text to fd. False with errno. */
static bool
write_all(int fd, struct span text)
{
	while (text.n > 0) {
		ssize_t n = write(fd, text.p, text.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text = span_sub(text, (size_t)n, text.n - (size_t)n);
	}
	return true;
}

/* Give the file at `from` the first name that is free. False with errno. */
static bool
name_file(int dir, const char *from, const char *code)
{
	char name[NAME], when[24];
	time_t now = time(NULL);
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(when, sizeof(when), "%Y%m%d-%H%M%S", &tm);
	for (unsigned i = 1; i < SEQUENCE; i++) {
		snprintf(name, sizeof(name), "%s-%06u-%.2s.txt", when, i, code);
		if (linkat(dir, from, dir, name, 0) == 0)
			return true;
		if (errno != EEXIST)
			return false;
	}
	return false;
}

int
spool_write(const char *dir, const char *code, struct span text)
{
	char temporary[NAME];
	int fd, folder;
	bool done;

	if (discards)
		return 0;
	if (dir[0] == '\0')
		return ERR_PRINTER;
	if ((folder = open_dir(dir)) < 0)
		return errno == 0 ? ERR_PRINTER : complain(dir, strerror(errno));
	/* One process prints one document at a time: what is there is of one that died. */
	snprintf(temporary, sizeof(temporary), ".%ld", (long)getpid());
	unlinkat(folder, temporary, 0);
	fd = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	done = fd >= 0 && write_all(fd, text) && name_file(folder, temporary, code);
	if (!done)
		complain(dir, strerror(errno));
	if (fd >= 0)
		close(fd);
	unlinkat(folder, temporary, 0);
	close(folder);
	return done ? 0 : ERR_PRINTER;
}
