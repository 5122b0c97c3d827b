/*
 * folder: files, then an index of them, then a trailer, in one sealed memory
 * file. Offsets are from the start, so that every process can map it anywhere.
 */
#include "folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEALS = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL };

struct entry {
	uint32_t path, path_len;	/* with a closing NUL in the file */
	uint32_t code, code_len;	/* lies inside path */
	uint32_t bytes, bytes_len;
};

struct trailer {
	char     magic[8];
	uint32_t count, index;
};

static const char magic[8] = "luafold1";

struct folder {
	int                 fd;
	size_t              size, count;
	const uint8_t      *map;
	const struct entry *entries;
};

/* What one reading collects. */
struct reader {
	int           fd;
	uint32_t      size;
	bool          strict;
	FILE         *err;
	unsigned      bad;
	size_t        count;
	struct entry  entries[FOLDER_FILES];
	uint8_t       buf[FOLDER_FILE_MAX + 1];
};

static void
complain(struct reader *r, const char *path, const char *what)
{
	if (r->err != NULL)
		fprintf(r->err, "%s: %s\n", path, what);
	r->bad++;
}

/* Append to the memory file; the offset it went to. */
static uint32_t
append(struct reader *r, const void *p, size_t n)
{
	const uint8_t *from = p;
	uint32_t at = r->size;

	while (n > 0) {
		ssize_t done = write(r->fd, from, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0) {
			complain(r, "memory file", strerror(errno));
			break;
		}
		from += done;
		n -= (size_t)done;
		r->size += (uint32_t)done;
	}
	return at;
}

/* Nobody else may write what we run (spec: threats.md 0.3). */
static void
check_owner(struct reader *r, const char *path, const struct stat *st)
{
	const char *what = NULL;

	if (st->st_mode & (S_IWGRP | S_IWOTH))
		what = "others can write it: chmod go-w";
	else if (st->st_uid != 0 && st->st_uid != geteuid())
		what = "belongs to another user: chown it to root or to the service's user";
	if (what == NULL)
		return;
	if (r->strict)
		complain(r, path, what);
	else if (r->err != NULL)
		fprintf(r->err, "%s: warning: %s (strict refuses this)\n", path, what);
}

/* Read a whole file into buf. Its length, or -1 after a line on err. */
static ssize_t
slurp(struct reader *r, int fd, const char *path)
{
	size_t n = 0;

	while (n < sizeof(r->buf)) {
		ssize_t got = read(fd, r->buf + n, sizeof(r->buf) - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			complain(r, path, strerror(errno));
			return -1;
		}
		if (got == 0)
			return (ssize_t)n;
		n += (size_t)got;
	}
	complain(r, path, "is larger than 64 KiB");
	return -1;
}

static void
read_file(struct reader *r, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct entry *e = &r->entries[r->count];
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) != 0) {
		complain(r, path, strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		complain(r, path, "is not a regular file");
	} else if (r->count == FOLDER_FILES) {
		complain(r, path, "is one file more than the 1024 that a folder may hold");
	} else {
		check_owner(r, path, &st);
		if ((n = slurp(r, fd, path)) >= 0) {
			e->path_len = (uint32_t)strlen(path);
			e->path = append(r, path, e->path_len + 1);
			e->code = e->path + (uint32_t)(name - path);
			e->code_len = (uint32_t)(strlen(name) - strlen(".lua"));
			e->bytes_len = (uint32_t)n;
			e->bytes = append(r, r->buf, (size_t)n);
			r->count++;
		}
	}
	if (fd >= 0)
		close(fd);
}

static bool
is_lua(const char *name)
{
	size_t n = strlen(name);

	return n > strlen(".lua") && strcmp(name + n - strlen(".lua"), ".lua") == 0;
}

/* Editors leave .FO.lua.swp and .#FO.lua behind: hidden names do not count. */
static int
wanted(const struct dirent *d)
{
	return d->d_name[0] != '.' && is_lua(d->d_name);
}

static void
read_dir(struct reader *r, const char *dir)
{
	struct dirent **names;
	char path[PATH_MAX];
	int n = scandir(dir, &names, wanted, alphasort);

	if (n < 0) {
		complain(r, dir, strerror(errno));
		return;
	}
	for (int i = 0; i < n; i++) {
		int len = snprintf(path, sizeof(path), "%s/%s", dir, names[i]->d_name);

		if (len < 0 || (size_t)len >= sizeof(path))
			complain(r, names[i]->d_name, "path is too long");
		else
			read_file(r, path);
		free(names[i]);
	}
	free(names);
}

static void
read_all(struct reader *r, const char *dir)
{
	struct stat st;

	if (stat(dir, &st) != 0) {
		complain(r, dir, strerror(errno));
	} else if (S_ISDIR(st.st_mode)) {
		check_owner(r, dir, &st);
		read_dir(r, dir);
	} else if (!is_lua(dir)) {
		complain(r, dir, "is neither a folder nor a .lua file");
	} else {
		read_file(r, dir);
	}
}

/* Write index and trailer, and seal. */
static void
finish(struct reader *r)
{
	static const uint8_t zero[8];
	struct trailer t = { .count = (uint32_t)r->count };

	memcpy(t.magic, magic, sizeof(magic));
	append(r, zero, (8 - r->size % 8) % 8);
	t.index = append(r, r->entries, r->count * sizeof(r->entries[0]));
	append(r, &t, sizeof(t));
	if (fcntl(r->fd, F_ADD_SEALS, SEALS) != 0)
		complain(r, "memory file", strerror(errno));
}

struct folder *
folder_read(const char *dir, bool strict, FILE *err)
{
	struct reader *r = calloc(1, sizeof(*r));
	struct folder *f = NULL;

	if (r == NULL)
		return NULL;
	r->strict = strict;
	r->err = err;
	r->fd = memfd_create("luahsm-plugins", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (r->fd < 0) {
		complain(r, "memory file", strerror(errno));
	} else {
		read_all(r, dir);
		finish(r);
		if (r->bad > 0)
			close(r->fd);
		else
			f = folder_map(r->fd);
	}
	free(r);
	return f;
}

static bool
inside(const struct folder *f, uint64_t at, uint64_t n)
{
	return at + n <= f->size;
}

/* Does the trailer hold, and does every entry point inside? */
static bool
is_sound(struct folder *f)
{
	struct trailer t;

	memcpy(&t, f->map + f->size - sizeof(t), sizeof(t));
	if (memcmp(t.magic, magic, sizeof(magic)) != 0 || t.count > FOLDER_FILES ||
	    t.index % 8 != 0 || !inside(f, t.index, t.count * sizeof(struct entry)))
		return false;
	f->count = t.count;
	f->entries = (const struct entry *)(const void *)(f->map + t.index);
	for (size_t i = 0; i < f->count; i++) {
		const struct entry *e = &f->entries[i];

		if (!inside(f, e->path, (uint64_t)e->path_len + 1) ||
		    f->map[e->path + e->path_len] != '\0' ||
		    !inside(f, e->code, e->code_len) || !inside(f, e->bytes, e->bytes_len))
			return false;
	}
	return true;
}

struct folder *
folder_map(int fd)
{
	struct folder *f = calloc(1, sizeof(*f));
	struct stat st;
	void *map;

	if (f == NULL)
		goto bad;
	f->fd = fd;
	if (fcntl(fd, F_GET_SEALS) != SEALS || fstat(fd, &st) != 0 ||
	    (size_t)st.st_size < sizeof(struct trailer))
		goto bad;
	f->size = (size_t)st.st_size;
	map = mmap(NULL, f->size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		goto bad;
	f->map = map;
	if (is_sound(f))
		return f;
	munmap(map, f->size);
 bad:
	close(fd);
	free(f);
	return NULL;
}

int
folder_fd(const struct folder *f)
{
	return f->fd;
}

size_t
folder_count(const struct folder *f)
{
	return f->count;
}

const char *
folder_path(const struct folder *f, size_t i)
{
	return (const char *)f->map + f->entries[i].path;
}

struct span
folder_code(const struct folder *f, size_t i)
{
	return span_of(f->map + f->entries[i].code, f->entries[i].code_len);
}

struct span
folder_bytes(const struct folder *f, size_t i)
{
	return span_of(f->map + f->entries[i].bytes, f->entries[i].bytes_len);
}

static bool
same(struct span a, struct span b)
{
	return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

bool
folder_holds(const struct folder *f, struct span code, struct span bytes)
{
	for (size_t i = 0; i < folder_count(f); i++) {
		if (same(folder_code(f, i), code))
			return same(folder_bytes(f, i), bytes);
	}
	return false;
}

void
folder_free(struct folder *f)
{
	if (f == NULL)
		return;
	munmap((void *)(uintptr_t)f->map, f->size);
	close(f->fd);
	free(f);
}
