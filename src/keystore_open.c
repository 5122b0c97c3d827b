/*
 * keystore_open: from a file or a server to a key store that is verified.
 */
#include "keystore_inside.h"

#include <stdlib.h>

#include <sodium.h>

#include "err.h"

enum { TRIES = 20 };

void
keystore_close(struct keystore *ks)
{
	if (ks == NULL)
		return;
	seal_free(ks->seal);
	store_close(ks->store);
	free(ks);
}

static const char *
kind_name(enum master_kind kind)
{
	return kind == MASTER_FILE ? "a key file" : "a passphrase";
}

/* Why the data key can't be had. */
static int
wrong_master(struct keystore *ks, const struct master *m, int r)
{
	enum master_kind other = master_kind(m) == MASTER_FILE ? MASTER_FROM_PASSPHRASE :
	    MASTER_FILE;

	switch (r) {
	case ERR_KEY_TYPE:
		return store_fail(ks->store, r, "the key store's master key comes from %s, not "
		    "from %s", kind_name(other), kind_name(master_kind(m)));
	case ERR_VERIFY:
		return store_fail(ks->store, r, "the key store has another master key than this %s",
		    kind_name(master_kind(m)) + 2);
	case ERR_NO_MEMORY:
		return store_fail(ks->store, r, "not enough memory to open the key store");
	default:
		return store_fail(ks->store, r, "the wrap of the key store's data key is damaged; "
		    "restore a backup");
	}
}

/* A new store: its data key and an empty head. 0, 1: somebody else just did, or a failure. */
static int
first_start(struct keystore *ks, const struct master *m)
{
	struct store_head head = { .format = STORE_FORMAT, .epoch = 1, .wrap_len = MASTER_WRAP };
	struct seal_count none = { 0 };
	int r;

	if ((ks->seal = seal_new(m, head.wrap)) == NULL)
		return wrong_master(ks, m, ERR_NO_MEMORY);
	seal_head(ks->seal, &head, &none);
	if ((r = store_begin(ks->store)) != 0)
		return r;
	r = store_head_put(ks->store, &head, 0);
	if (r == 0)
		r = store_commit(ks->store);
	else
		store_rollback(ks->store);
	if (r == 0) {
		ks->epoch = head.epoch;
	} else {
		seal_free(ks->seal);
		ks->seal = NULL;
	}
	return r;
}

struct total {
	struct keystore  *ks;
	struct seal_count count;
	FILE             *err;
};

/* A row that was damaged is refused when it is asked for; the others are not lost with it. */
static int
add_row(const struct store_row *row, void *arg)
{
	struct total *t = arg;
	int r = keystore_verify(t->ks, row);

	t->count.rows++;
	seal_tally(t->ks->seal, row, t->count.tally);
	if (r == ERR_CORRUPT)
		fprintf(t->err, "%s\n", keystore_error(t->ks));
	return r == ERR_CORRUPT ? 0 : r;
}

/* Add up all rows; the head before and after, in which time another daemon may write. */
static int
count_all(struct keystore *ks, struct total *total, struct seal_count *count, FILE *err)
{
	struct store_head head;
	uint64_t before;
	int r = keystore_head(ks, &head, count);

	for (int i = 0; r == 0 && i < TRIES; i++) {
		before = head.epoch;
		*total = (struct total){ .ks = ks, .err = err };
		if ((r = store_walk(ks->store, add_row, total)) != 0 ||
		    (r = keystore_head(ks, &head, count)) != 0 || head.epoch == before)
			return r;
	}
	return r != 0 ? r : store_fail(ks->store, ERR_SYSTEM, "other daemons change the key store "
	    "all the time");
}

/* All rows are there, each as it was last written, and no others. */
static int
verify_all(struct keystore *ks, FILE *err)
{
	struct total total;
	struct seal_count count;
	int r = count_all(ks, &total, &count, err);

	if (r != 0)
		return r;
	if (count.rows != total.count.rows)
		return store_fail(ks->store, ERR_CORRUPT, "the key store has %llu rows where it "
		    "should have %llu: somebody changed it; restore a backup",
		    (unsigned long long)total.count.rows, (unsigned long long)count.rows);
	if (sodium_memcmp(count.tally, total.count.tally, SEAL_TALLY) != 0)
		return store_fail(ks->store, ERR_CORRUPT, "a row of the key store was exchanged "
		    "for an older one; restore a backup");
	return 0;
}

static int
open_head(struct keystore *ks, const struct master *m, FILE *err)
{
	struct store_head head;
	int r = store_head_get(ks->store, &head);

	/* another daemon may make the head of a new store before we do */
	if (r == 0 && (r = first_start(ks, m)) != 1)
		return r;
	if (r == 1)
		r = store_head_get(ks->store, &head);
	if (r < 0)
		return r;
	if (head.format != STORE_FORMAT)
		return store_fail(ks->store, ERR_CORRUPT, "the key store has format %u, this "
		    "program knows %d: it is of a newer version", head.format, STORE_FORMAT);
	ks->seal = seal_open(m, span_of(head.wrap, head.wrap_len), &r);
	if (ks->seal == NULL)
		return wrong_master(ks, m, r);
	return verify_all(ks, err);
}

struct keystore *
keystore_open(const char *where, const struct master *m, FILE *err)
{
	struct keystore *ks = calloc(1, sizeof(*ks));

	if (ks == NULL) {
		fputs("key store: out of memory\n", err);
		return NULL;
	}
	if ((ks->store = store_open(where, err)) == NULL) {
		free(ks);
		return NULL;
	}
	if (open_head(ks, m, err) == 0)
		return ks;
	fprintf(err, "%s\n", store_error(ks->store));
	keystore_close(ks);
	return NULL;
}
