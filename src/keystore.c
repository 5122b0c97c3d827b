/*
 * keystore: one change is one transaction: head read, row written, head
 * written. Whoever finds that another daemon was faster starts over.
 */
#include "keystore_inside.h"

#include <string.h>
#include <time.h>

#include "err.h"
#include "rng.h"
#include "secret.h"

enum { TRIES = 20, LENGTH = 4 };

const char *
keystore_error(const struct keystore *ks)
{
	return store_error(ks->store);
}

bool
keystore_broken(const struct keystore *ks)
{
	return ks->store->broken;
}

uint64_t
keystore_epoch(const struct keystore *ks)
{
	return ks->epoch;
}

void
keystore_subkey(const struct keystore *ks, const char *purpose, uint8_t key[SEAL_KEY])
{
	seal_subkey(ks->seal, purpose, key);
}

/* A row that the seal does not know. */
static int
not_ours(struct keystore *ks, const struct store_row *row)
{
	return store_fail(ks->store, ERR_CORRUPT, "key %s version %u is not as it was written: it "
	    "is damaged, or somebody changed the store; restore a backup", row->label,
	    row->version);
}

int
keystore_verify(struct keystore *ks, const struct store_row *row)
{
	uint8_t *plain = secret_alloc(SEAL_PLAIN);
	size_t n;
	int r;

	if (plain == NULL)
		return store_fail(ks->store, ERR_SYSTEM, "no room in the slab");
	r = seal_row_open(ks->seal, row, plain, &n);
	secret_free(plain);
	return r == 0 ? 0 : not_ours(ks, row);
}

int
keystore_head(struct keystore *ks, struct store_head *head, struct seal_count *count)
{
	int r = store_head_get(ks->store, head);

	if (r == 0)
		return store_fail(ks->store, ERR_CORRUPT, "the head of the key store is gone; "
		    "restore a backup");
	if (r < 0)
		return r;
	if (seal_head_open(ks->seal, head, count) != 0)
		return store_fail(ks->store, ERR_CORRUPT, "the head of the key store is damaged, "
		    "or somebody changed it; restore a backup");
	ks->epoch = head->epoch;
	return 0;
}

bool
keystore_shared(const struct keystore *ks)
{
	return ks->store->shared;
}

int
keystore_refresh(struct keystore *ks)
{
	struct store_head head;
	struct seal_count count;

	return ks->store->shared ? keystore_head(ks, &head, &count) : 0;
}

/* Put the pair into the row's sealed part. */
static int
seal_pair(struct keystore *ks, struct store_row *row, const struct keystore_pair *pair)
{
	size_t n = LENGTH + pair->public.n + pair->private.n;
	uint8_t *plain;
	int r;

	if (pair->public.n > SEAL_PLAIN || pair->private.n > SEAL_PLAIN || n > SEAL_PLAIN)
		return store_fail(ks->store, ERR_TOO_LONG, "key %s is too large", row->label);
	if ((plain = secret_alloc(SEAL_PLAIN)) == NULL)
		return store_fail(ks->store, ERR_SYSTEM, "no room in the slab");
	for (size_t i = 0; i < LENGTH; i++)
		plain[i] = (uint8_t)(pair->public.n >> 8 * (LENGTH - 1 - i));
	memcpy(plain + LENGTH, pair->public.p, pair->public.n);
	if (pair->private.n > 0)
		memcpy(plain + LENGTH + pair->public.n, pair->private.p, pair->private.n);
	r = seal_row(ks->seal, row, span_of(plain, n));
	secret_free(plain);
	return r;
}

int
keystore_pair(struct keystore *ks, const struct store_row *row, uint8_t *buffer,
    struct keystore_pair *pair)
{
	size_t n, len = 0;

	if (seal_row_open(ks->seal, row, buffer, &n) != 0 || n < LENGTH)
		return not_ours(ks, row);
	for (size_t i = 0; i < LENGTH; i++)
		len = len << 8 | buffer[i];
	if (len > n - LENGTH)
		return not_ours(ks, row);
	pair->public = span_of(buffer + LENGTH, len);
	pair->private = span_of(buffer + LENGTH + len, n - LENGTH - len);
	return 0;
}

/*
 * Within a transaction: write row in place of old (NULL: it is a new one), and
 * the head. 0, 1 when somebody else was faster, or a failure.
 */
static int
write_row(struct keystore *ks, struct store_row *row, const struct store_row *old,
    const struct keystore_pair *pair)
{
	struct store_head head;
	struct seal_count count;
	int r = keystore_head(ks, &head, &count);

	if (r != 0)
		return r;
	row->sequence = head.epoch + 1;
	if ((r = seal_pair(ks, row, pair)) != 0)
		return r;
	if (old != NULL)
		seal_tally(ks->seal, old, count.tally);
	else
		count.rows++;
	seal_tally(ks->seal, row, count.tally);
	head.epoch++;
	seal_head(ks->seal, &head, &count);
	if ((r = store_head_put(ks->store, &head, head.epoch - 1)) != 0 ||
	    (r = store_row_put(ks->store, row, old == NULL)) != 0)
		return r;
	ks->next = head.epoch;
	return 0;
}

/* The end of a transaction in which r came out. */
static int
end(struct keystore *ks, int r)
{
	if (r == 0)
		return store_commit(ks->store);
	store_rollback(ks->store);
	return r;
}

/* What a change does within its transaction: 0 done, 1 nothing to do, AGAIN, or a failure. */
struct change {
	int (*run)(struct keystore *ks, const struct change *c, struct store_row *row);
	const char                 *label;
	uint32_t                    version;
	enum store_state            state;
	const struct keystore_pair *pair;
};

enum { AGAIN = 2 };

static int
change(struct keystore *ks, const struct change *c, struct store_row *row)
{
	int r = AGAIN;

	for (int i = 0; i < TRIES && r == AGAIN; i++) {
		if ((r = store_begin(ks->store)) < 0)
			return r;
		r = end(ks, r == 0 ? c->run(ks, c, row) : AGAIN);
	}
	if (r == 0)
		ks->epoch = ks->next;
	if (r == AGAIN)
		return store_fail(ks->store, ERR_SYSTEM, "other daemons change the key store all "
		    "the time");
	return r;
}

static int
again_if_one(int r)
{
	return r == 1 ? AGAIN : r;
}

static int
run_create(struct keystore *ks, const struct change *c, struct store_row *row)
{
	int r = store_row_get(ks->store, row->label, 0, &ks->scratch);

	if (r < 0)
		return r;
	if (r == 1) {
		if ((r = keystore_verify(ks, &ks->scratch)) != 0)
			return r;
		*row = ks->scratch;
		return 1;
	}
	row->version = 1;
	row->state = STORE_ENABLED;
	row->created = time(NULL);
	rng_bytes(row->id, sizeof(row->id));
	return again_if_one(write_row(ks, row, NULL, c->pair));
}

int
keystore_create(struct keystore *ks, struct store_row *row, const struct keystore_pair *pair)
{
	return change(ks, &(struct change){ .run = run_create, .pair = pair }, row);
}

static int
run_put(struct keystore *ks, const struct change *c, struct store_row *row)
{
	int r = store_row_get(ks->store, row->label, row->version, &ks->scratch);

	return r != 0 ? r : again_if_one(write_row(ks, row, NULL, c->pair));
}

int
keystore_put(struct keystore *ks, struct store_row *row, const struct keystore_pair *pair)
{
	return change(ks, &(struct change){ .run = run_put, .pair = pair }, row);
}

static int
run_rotate(struct keystore *ks, const struct change *c, struct store_row *row)
{
	int r = store_row_get(ks->store, c->label, 0, &ks->scratch);

	if (r != 1)
		return r == 0 ? 1 : r;
	if ((r = keystore_verify(ks, &ks->scratch)) != 0)
		return r;
	*row = ks->scratch;
	row->version++;
	row->state = STORE_ENABLED;
	row->created = time(NULL);
	return again_if_one(write_row(ks, row, NULL, c->pair));
}

int
keystore_rotate(struct keystore *ks, const char *label, const struct keystore_pair *pair,
    struct store_row *row)
{
	return change(ks, &(struct change){ .run = run_rotate, .label = label, .pair = pair }, row);
}

static int
run_set_state(struct keystore *ks, const struct change *c, struct store_row *row)
{
	struct keystore_pair pair;
	uint8_t *plain;
	int r = store_row_get(ks->store, c->label, c->version, &ks->scratch);

	if (r != 1)
		return r == 0 ? 1 : r;
	if ((plain = secret_alloc(SEAL_PLAIN)) == NULL)
		return store_fail(ks->store, ERR_SYSTEM, "no room in the slab");
	r = keystore_pair(ks, &ks->scratch, plain, &pair);
	if (r == 0 && ks->scratch.state == STORE_DESTROYED)
		r = 1;
	if (r == 0) {
		*row = ks->scratch;
		row->state = (uint8_t)c->state;
		if (c->state == STORE_DESTROYED)
			pair.private.n = 0;
		r = again_if_one(write_row(ks, row, &ks->scratch, &pair));
	}
	secret_free(plain);
	return r;
}

int
keystore_set_state(struct keystore *ks, const char *label, uint32_t version,
    enum store_state state, struct store_row *row)
{
	return change(ks, &(struct change){ .run = run_set_state, .label = label,
	    .version = version, .state = state }, row);
}

struct rewrap {
	struct change        change;
	const struct master *master;
};

static int
run_rewrap(struct keystore *ks, const struct change *c, struct store_row *row)
{
	const struct rewrap *rewrap = (const struct rewrap *)c;
	struct store_head head;
	struct seal_count count;
	int r = keystore_head(ks, &head, &count);

	(void)row;
	if (r != 0)
		return r;
	if ((r = seal_rewrap(ks->seal, rewrap->master, head.wrap)) != 0)
		return store_fail(ks->store, r, "not enough memory for the new master key");
	head.epoch++;
	seal_head(ks->seal, &head, &count);
	r = again_if_one(store_head_put(ks->store, &head, head.epoch - 1));
	ks->next = head.epoch;
	return r;
}

int
keystore_rewrap(struct keystore *ks, const struct master *m)
{
	struct rewrap rewrap = { { .run = run_rewrap }, m };

	return change(ks, &rewrap.change, NULL);
}

int
keystore_newest(struct keystore *ks, const char *label, struct store_row *row)
{
	int r = store_row_get(ks->store, label, 0, row);

	return r != 1 ? r : keystore_verify(ks, row) == 0 ? 1 : ERR_CORRUPT;
}

int
keystore_find(struct keystore *ks, const char *label, uint32_t version, struct store_row *row)
{
	uint32_t newest;
	int r = store_row_get(ks->store, label, version, row);

	if (r != 1 || (r = keystore_verify(ks, row)) != 0)
		return r;
	newest = row->version;
	if (version != 0)
		return 1;
	while (row->state == STORE_DESTROYED && row->version > 1) {
		r = store_row_get(ks->store, label, row->version - 1, row);
		if (r != 1 || (r = keystore_verify(ks, row)) != 0)
			return r == 0 ? not_ours(ks, row) : r;
	}
	if (row->state != STORE_DESTROYED)
		return 1;
	return store_row_get(ks->store, label, newest, row);
}

struct walk {
	struct keystore *ks;
	store_visit     *visit;
	void            *arg;
};

static int
visit_verified(const struct store_row *row, void *arg)
{
	const struct walk *w = arg;
	int r = keystore_verify(w->ks, row);

	return r == 0 ? w->visit(row, w->arg) : r;
}

int
keystore_walk(struct keystore *ks, store_visit *visit, void *arg)
{
	struct walk w = { ks, visit, arg };

	return store_walk(ks->store, visit_verified, &w);
}
