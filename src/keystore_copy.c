/*
 * keystore_copy: see the header.
 */
#include "keystore_copy.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "err.h"
#include "keystore_inside.h"
#include "ownfile.h"
#include "secret.h"

enum { TRIES = 5, NAP_US = 20 * 1000, CHUNK = 1 << 20, LONG_PATH = PATH_MAX + 32 };

/* Copy a file, which need not be there if may_lack. 0, or -1 after a line on err. */
static int
copy_file(const char *from, const char *to, bool may_lack, FILE *err)
{
	int in, out, flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
	ssize_t n = -1;

	if (may_lack && access(from, F_OK) != 0)
		return 0;
	if ((in = ownfile_open(from, O_RDONLY, err)) < 0)
		return may_lack && errno == ENOENT ? 0 : -1;
	if ((out = open(to, flags, 0600)) >= 0)
		while ((n = sendfile(out, in, NULL, CHUNK)) > 0)
			;
	if (n < 0)
		fprintf(err, "%s: %s\n", to, strerror(errno));
	if (out >= 0)
		close(out);
	close(in);
	return (int)n;
}

/* The name of a file's journal. */
static void
journal_of(const char *file, char out[LONG_PATH])
{
	if ((size_t)snprintf(out, LONG_PATH, "%s-journal", file) >= LONG_PATH)
		out[0] = '\0';	/* there is no such file */
}

/* The file with its journal, if it has one. */
static int
copy_store(const char *where, const char *copy, FILE *err)
{
	char from[LONG_PATH], to[LONG_PATH];

	journal_of(where, from);
	journal_of(copy, to);
	return copy_file(where, copy, false, err) != 0 ? -1 : copy_file(from, to, true, err);
}

static void
remove_copy(const char *copy)
{
	char journal[LONG_PATH];

	journal_of(copy, journal);
	(void)unlink(copy);
	(void)unlink(journal);
}

/*
 * A daemon may write while the file is copied. What comes out then is no store,
 * or one whose rows do not add up, so that keystore_open refuses it: once more.
 */
static struct keystore *
open_copy(const char *where, const char *copy, const struct master *m, FILE *err)
{
	struct keystore *ks = NULL;
	char *text = NULL;
	size_t n;

	for (int i = 0; ks == NULL && i < TRIES; i++) {
		FILE *said;

		free(text);
		text = NULL;
		if ((said = open_memstream(&text, &n)) == NULL)
			break;
		if (i > 0)
			usleep(NAP_US);
		if (copy_store(where, copy, said) == 0)
			ks = keystore_open(copy, m, said);
		else
			i = TRIES;
		fclose(said);
		remove_copy(copy);
	}
	/* lines of damaged rows, or why there is nothing */
	fputs(text != NULL ? text : "out of memory\n", err);
	free(text);
	return ks;
}

struct keystore *
keystore_snapshot(const char *where, const char *folder, const struct master *m, FILE *err)
{
	char dir[PATH_MAX], copy[LONG_PATH];
	struct keystore *ks;

	if (strstr(where, "://") != NULL)
		return keystore_open(where, m, err);
	if ((size_t)snprintf(dir, sizeof(dir), "%s/copy.XXXXXX", folder) >= sizeof(dir) ||
	    mkdtemp(dir) == NULL) {
		fprintf(err, "%s: cannot make a copy of the key store here: %s\n", folder,
		    strerror(errno));
		return NULL;
	}
	snprintf(copy, sizeof(copy), "%s/keys.db", dir);
	ks = open_copy(where, copy, m, err);
	(void)rmdir(dir);
	return ks;
}

struct work {
	struct keystore      *from, *to;
	struct keystore_copy *c;
	struct store_row      row;
	uint8_t              *plain;	/* in the slab */
};

static int
failed(struct work *w, struct keystore *ks, int r)
{
	w->c->error = keystore_error(ks);
	return r;
}

/* Is the name free in the other store, or that of the same key? */
static int
compare(const struct store_row *row, void *arg)
{
	struct work *w = arg;
	int r = keystore_find(w->to, row->label, 0, &w->row);

	if (r < 0)
		return failed(w, w->to, r);
	if (r == 0 || memcmp(w->row.id, row->id, STORE_ID) == 0)
		return 0;
	memcpy(w->c->other, row->label, sizeof(w->c->other));
	return 1;
}

static int
take(const struct store_row *row, void *arg)
{
	struct work *w = arg;
	struct keystore_pair pair;
	int r = keystore_pair(w->from, row, w->plain, &pair);

	if (r != 0)
		return failed(w, w->from, r);
	w->row = *row;
	if ((r = keystore_put(w->to, &w->row, &pair)) < 0)
		return failed(w, w->to, r);
	if (r == 1) {
		w->c->there++;
		return 0;
	}
	w->c->added++;
	return w->c->copied != NULL ? w->c->copied(&w->row, w->c->arg) : 0;
}

int
keystore_copy(struct keystore *from, struct keystore *to, struct keystore_copy *c)
{
	struct work *w = calloc(1, sizeof(*w));
	int r = ERR_NO_MEMORY;

	c->error = "out of memory";
	if (w != NULL && (w->plain = secret_alloc(SEAL_PLAIN)) != NULL) {
		w->from = from;
		w->to = to;
		w->c = c;
		c->error = NULL;
		if ((r = keystore_walk(from, compare, w)) == 0)
			r = keystore_walk(from, take, w);
		if (r < 0 && c->error == NULL)
			c->error = keystore_error(from);
		secret_free(w->plain);
	}
	free(w);
	return r;
}
