/*
 * keeper_record: what is written down. Changes are, one by one, as they are made;
 * signatures wait, and whatever waits goes to disk together.
 */
#include "keeper_inside.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "err.h"
#include "keystore.h"
#include "log.h"

void
keeper_tell_epoch(struct keeper *k)
{
	if (k->ks == NULL)
		return;
	k->epoch = keystore_epoch(k->ks);
	if (k->changed != NULL)
		k->changed(k->arg, k->epoch);
}

int
keeper_refresh(struct keeper *k)
{
	int r;

	if (k->ks == NULL)
		return 0;
	r = keystore_refresh(k->ks);
	if (r != 0 && r != k->trouble)
		(void)keeper_store_failed(k);
	else if (r == 0 && k->trouble != 0)
		log_event(LOG_INFO, "key-store", "what", 's', "it is there again", NULL);
	k->trouble = r;
	if (r == ERR_CORRUPT)
		return ERR_STORE;
	keeper_tell_epoch(k);
	return 0;
}

/* Write a record of what came of m, not yet on disk. 0 or ERR_AUDIT. */
static int
write_down(struct keeper *k, const struct keeper_message *m, const char *operation,
    const char *code)
{
	const struct algorithm *a = algorithm_coded(m->algorithm);
	bool signature = m->kind == KEEPER_RECORD;
	const struct audit_record r = {
		.operation = operation, .version = m->version,
		.key = m->label[0] != '\0' ? m->label : NULL,
		.algorithm = a != NULL ? a->name : NULL,
		.peer = m->uid < 0 ? "network" : "unix", .uid = m->uid, .pid = m->pid,
		.digest = span_of(m->digest, signature ? m->digest_len : 0), .result = code,
		.epoch = k->ks != NULL ? keystore_epoch(k->ks) : k->epoch
	};

	if (audit_put(k->audit, &r) == 0)
		return 0;
	if (audit_works(k->audit))
		log_event(LOG_ERROR, "audit", "why", 's', "a record could not be made, and what "
		    "it is about is answered so; no other is lost", NULL);
	return ERR_AUDIT;
}

/* Have what was written on disk. 0 or ERR_AUDIT: it is not, and the log is broken. */
static int
finish(struct keeper *k)
{
	if (audit_sync(k->audit) == 0)
		return 0;
	log_event(LOG_ERROR, "audit", "why", 's', "a record could not be written; nothing that "
	    "needs one is answered until the log is opened anew", NULL);
	return ERR_AUDIT;
}

int
keeper_record(struct keeper *k, const char *operation, const char *code)
{
	int r = write_down(k, k->m, operation, code);

	return r != 0 && audit_works(k->audit) ? r : finish(k);
}

/* --- signatures ---------------------------------------------------------- */

int
keeper_wait(struct keeper *k, int end)
{
	struct keeper_waiting *w;
	int r = k->nwaiting == KEEPER_WAITING ? keeper_flush(k) : 0;

	if (r != 0)
		return r;
	w = &k->waiting[k->nwaiting++];
	w->end = end;
	memcpy(&w->m, k->m, offsetof(struct keeper_message, private));
	w->m.private_len = 0;
	return 1;
}

/*
 * Write all that may be. Those whose key was found at another epoch are stale: while
 * the store is away nothing can change in it that we would know of. 0, or what they
 * all are answered.
 */
static int
write_waiting(struct keeper *k)
{
	bool written = false;

	if (k->audit == NULL)
		return ERR_STORE;
	if (!audit_works(k->audit))
		return ERR_AUDIT;
	if (keeper_refresh(k) != 0)
		return ERR_STORE;
	for (unsigned i = 0; i < k->nwaiting; i++) {
		struct keeper_message *m = &k->waiting[i].m;

		m->result = m->epoch != k->epoch ? KEEPER_STALE :
		    write_down(k, m, m->operation, m->code);
		written |= m->result == 0 || !audit_works(k->audit);
	}
	return written ? finish(k) : 0;
}

int
keeper_flush(struct keeper *k)
{
	int r, failed, result = 0;

	if (k->nwaiting == 0)
		return 0;
	failed = write_waiting(k);
	for (unsigned i = 0; i < k->nwaiting; i++) {
		struct keeper_message *m = &k->waiting[i].m;

		if (failed != 0)
			m->result = failed;
		m->epoch = k->epoch;
		/* that an end is gone shows when it is read again */
		if ((r = keeper_send(k->waiting[i].end, m)) == 1)
			result = ERR_NO_ROOM;
	}
	k->nwaiting = 0;
	return result;
}
