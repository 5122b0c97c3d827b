/*
 * ownfile: open with care, make in one piece (spec: threats 6.3).
 */
#include "ownfile.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
failed(const char *path, int fd, int error, FILE *err)
{
	fprintf(err, "%s: %s\n", path, error == ELOOP ? "is a symbolic link" : strerror(error));
	if (fd >= 0)
		close(fd);
	errno = error;
	return -1;
}

int
ownfile_open(const char *path, int flags, FILE *err)
{
	int fd = open(path, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) != 0)
		return failed(path, fd, errno, err);
	if (S_ISREG(st.st_mode) && (st.st_mode & 077) == 0 &&
	    (st.st_uid == geteuid() || st.st_uid == 0))
		return fd;
	fprintf(err, "%s: must be a file of this user with mode 0600\n", path);
	close(fd);
	errno = EPERM;
	return -1;
}

static int
write_all(int fd, struct span bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0)
			bytes = span_sub(bytes, (size_t)n, bytes.n - (size_t)n);
	}
	return fsync(fd);
}

/* What is in a folder is on disk when the folder is. */
static int
sync_folder(const char *path)
{
	char dir[PATH_MAX];
	int fd, r;

	snprintf(dir, sizeof(dir), "%s", path);
	if ((fd = open(dirname(dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		return -1;
	r = fsync(fd);
	close(fd);
	return r;
}

/* Give the finished file its name. link, unlike rename, does not replace what is there. */
static int
give_name(const char *part, const char *path, bool replace)
{
	return replace ? rename(part, path) : link(part, path);
}

static int
put(const char *path, struct span bytes, bool replace, FILE *err)
{
	char part[PATH_MAX];
	int fd, r, error;

	if ((size_t)snprintf(part, sizeof(part), "%s.%ld", path, (long)getpid()) >= sizeof(part))
		return failed(path, -1, ENAMETOOLONG, err);
	(void)unlink(part);	/* of a process that had our number and died */
	fd = open(part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return failed(path, -1, errno, err);
	r = write_all(fd, bytes) == 0 && give_name(part, path, replace) == 0 ? 0 : -1;
	error = errno;
	(void)unlink(part);
	if (r == 0 && (r = sync_folder(path)) != 0)
		error = errno;
	if (r != 0)
		return failed(path, fd, error, err);
	close(fd);
	return 0;
}

int
ownfile_make(const char *path, struct span bytes, FILE *err)
{
	return put(path, bytes, false, err);
}

int
ownfile_replace(const char *path, struct span bytes, FILE *err)
{
	return put(path, bytes, true, err);
}
