/*
 * signcache: a table that is searched from end to end: it is short, and a
 * signature costs a hundred times as much.
 */
#include "signcache.h"

#include <stdlib.h>
#include <string.h>

#include "algorithm.h"
#include "keeper.h"

static struct signcache_entry *entries;	/* NULL until the first is put */
static uint64_t clock_;			/* counts uses */

struct signcache_entry *
signcache_find(const char *label, uint32_t asked, uint64_t epoch)
{
	for (size_t i = 0; entries != NULL && i < SIGNCACHE_ENTRIES; i++) {
		struct signcache_entry *e = &entries[i];

		if (e->used != 0 && e->asked == asked && e->epoch == epoch &&
		    strcmp(e->label, label) == 0) {
			e->used = ++clock_;
			return e;
		}
	}
	return NULL;
}

static void
drop(struct signcache_entry *e)
{
	sign_free(e->private);
	sign_free(e->verifier);
	*e = (struct signcache_entry){ 0 };
}

/* Where the key goes: in place of what is known of it, else of the oldest entry. */
static struct signcache_entry *
place_for(const char *label, uint32_t asked)
{
	struct signcache_entry *oldest = &entries[0];

	for (size_t i = 0; i < SIGNCACHE_ENTRIES; i++) {
		struct signcache_entry *e = &entries[i];

		if (e->used != 0 && e->asked == asked && strcmp(e->label, label) == 0)
			return e;
		if (e->used < oldest->used)
			oldest = e;
	}
	return oldest;
}

struct signcache_entry *
signcache_put(const struct keeper_message *m)
{
	const struct algorithm *a = algorithm_coded(m->algorithm);
	struct signcache_entry *e;

	if (entries == NULL &&
	    (entries = calloc(SIGNCACHE_ENTRIES, sizeof(*entries))) == NULL)
		return NULL;
	e = place_for(m->label, m->asked);
	drop(e);
	if (a == NULL || (m->private_len > 0 && (e->private = sign_open(a,
	    span_of(m->private, m->private_len))) == NULL))
		return NULL;
	memcpy(e->label, m->label, sizeof(e->label));
	memcpy(e->policy, m->policy, sizeof(e->policy));
	memcpy(e->public, m->public, m->public_len);
	e->public_len = m->public_len;
	e->asked = m->asked;
	e->version = m->version;
	e->algorithm = m->algorithm;
	e->state = m->state;
	e->epoch = m->epoch;
	e->used = ++clock_;
	return e;
}

struct sign_key *
signcache_verifier(struct signcache_entry *e)
{
	if (e->verifier == NULL)
		e->verifier = sign_open_public(algorithm_coded(e->algorithm),
		    span_of(e->public, e->public_len));
	return e->verifier;
}

void
signcache_clear(void)
{
	for (size_t i = 0; entries != NULL && i < SIGNCACHE_ENTRIES; i++)
		drop(&entries[i]);
	free(entries);
	entries = NULL;
}
