/*
 * keeper: a function per kind of question.
 */
#include "keeper_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "audit.h"
#include "err.h"
#include "keystore.h"
#include "log.h"
#include "secret.h"

struct keeper *
keeper_new(struct keystore *ks, struct audit *audit)
{
	struct keeper *k = calloc(1, sizeof(*k));

	if (k == NULL)
		return NULL;
	keeper_give(k, ks, audit);
	k->own = geteuid();
	k->m = secret_alloc(sizeof(*k->m));
	k->plain = secret_alloc(SEAL_PLAIN);
	k->waiting = calloc(KEEPER_WAITING, sizeof(*k->waiting));
	if (k->m != NULL && k->plain != NULL && k->waiting != NULL)
		return k;
	keeper_free(k);
	return NULL;
}

void
keeper_give(struct keeper *k, struct keystore *ks, struct audit *audit)
{
	k->ks = ks;
	k->audit = audit;
	if (ks != NULL)
		k->epoch = keystore_epoch(ks);
}

void
keeper_on_change(struct keeper *k, keeper_changed *changed, void *arg)
{
	k->changed = changed;
	k->arg = arg;
}

void
keeper_free(struct keeper *k)
{
	if (k == NULL)
		return;
	secret_free(k->m);
	secret_free(k->plain);
	free(k->waiting);
	free(k);
}

int
keeper_store_failed(struct keeper *k)
{
	log_event(LOG_ERROR, "key-store", "why", 's', keystore_error(k->ks), NULL);
	return ERR_STORE;
}

/* Record what came of the question, r, which is returned unless that fails. */
static int
recorded(struct keeper *k, const char *operation, int r)
{
	char code[3] = "";
	int failed;

	err_code(r > 0 ? 0 : r, code);
	failed = keeper_record(k, operation, code);
	return failed != 0 ? failed : r;
}

/* The readable columns of k->row into the answer. */
static void
tell_row(struct keeper *k)
{
	struct keeper_message *m = k->m;

	memcpy(m->label, k->row.label, sizeof(m->label));
	memcpy(m->policy, k->row.policy, sizeof(m->policy));
	m->version = k->row.version;
	m->algorithm = k->row.algorithm;
	m->state = k->row.state;
	m->created = k->row.created;
}

/* The keys of k->row into the answer. 0 or ERR_STORE. */
static int
tell_pair(struct keeper *k, bool private)
{
	struct keeper_message *m = k->m;
	struct keystore_pair pair;

	m->public_len = m->private_len = 0;
	sodium_memzero(m->private, sizeof(m->private));
	if (keystore_pair(k->ks, &k->row, k->plain, &pair) != 0)
		return keeper_store_failed(k);
	if (pair.public.n > sizeof(m->public) || pair.private.n > sizeof(m->private))
		return ERR_STORE;
	memcpy(m->public, pair.public.p, pair.public.n);
	m->public_len = (uint16_t)pair.public.n;
	if (private && pair.private.n > 0) {
		memcpy(m->private, pair.private.p, pair.private.n);
		m->private_len = (uint16_t)pair.private.n;
	}
	return 0;
}

/* A question that came without the keys that it is about is none. */
static bool
has_pair(const struct keeper_message *m)
{
	return m->public_len != 0 && m->private_len != 0;
}

/* Find the version that is asked for, which this user may use so. 0 or a failure. */
static int
find(struct keeper *k, enum policy_right right)
{
	int r = keystore_find(k->ks, k->m->label, k->m->asked, &k->row);

	if (r < 0)
		return keeper_store_failed(k);
	if (r == 0 && k->m->asked != 0) {
		r = keystore_find(k->ks, k->m->label, 0, &k->row);
		return r < 0 ? keeper_store_failed(k) : r == 0 ? ERR_NO_KEY : ERR_NO_VERSION;
	}
	if (r == 0)
		return ERR_NO_KEY;
	k->m->version = k->row.version;
	k->m->algorithm = k->row.algorithm;
	return policy_allows(k->row.policy, right, k->m->uid, k->own) ? 0 : ERR_CALLER;
}

/* A key that is used. That somebody wanted to sign and may not is recorded. */
static int
answer_find(struct keeper *k)
{
	bool sign = k->m->right == POLICY_SIGN;
	int r = find(k, sign ? POLICY_SIGN : POLICY_READ);

	if (r == 0) {
		tell_row(k);
		if (k->row.state == STORE_DESTROYED ||
		    (sign && k->row.state != STORE_ENABLED))
			r = ERR_KEY_STATE;
	}
	if (sign && (r == ERR_CALLER || r == ERR_KEY_STATE))
		return recorded(k, "sign", r);
	return r == 0 ? tell_pair(k, sign) : r;
}

static struct keystore_pair
pair_of(const struct keeper_message *m)
{
	return (struct keystore_pair){ span_of(m->public, m->public_len),
		span_of(m->private, m->private_len) };
}

static int
create(struct keeper *k)
{
	struct keystore_pair pair = pair_of(k->m);
	uint8_t wanted = k->m->algorithm;
	int r;

	if (!has_pair(k->m) || !policy_valid(k->m->policy) || algorithm_coded(wanted) == NULL)
		return ERR_INPUT;
	if (!policy_allows(k->m->policy, POLICY_ADMIN, k->m->uid, k->own))
		return ERR_CALLER;
	memset(&k->row, 0, sizeof(k->row));
	memcpy(k->row.label, k->m->label, sizeof(k->row.label));
	memcpy(k->row.policy, k->m->policy, sizeof(k->row.policy));
	k->row.algorithm = wanted;
	if ((r = keystore_create(k->ks, &k->row, &pair)) < 0)
		return keeper_store_failed(k);
	if (r == 1 && k->row.algorithm != wanted)
		return ERR_KEY_EXISTS;
	tell_row(k);
	return r == 1 ? KEEPER_THERE : 0;
}

static int
answer_create(struct keeper *k)
{
	int r = recorded(k, "create", create(k)), told;

	if (r < 0)
		return r;
	told = tell_pair(k, false);
	return told != 0 ? told : r;
}

static int
rotate(struct keeper *k)
{
	struct keystore_pair pair = pair_of(k->m);
	uint8_t made = k->m->algorithm;
	int r;

	k->m->asked = 0;
	if (!has_pair(k->m))
		return ERR_INPUT;
	if ((r = find(k, POLICY_ADMIN)) != 0)
		return r;
	if (k->row.algorithm != made)
		return ERR_KEY_EXISTS;
	if ((r = keystore_rotate(k->ks, k->m->label, &pair, &k->row)) != 0)
		return r == 1 ? ERR_NO_KEY : keeper_store_failed(k);
	tell_row(k);
	return tell_pair(k, false);
}

static int
set_state(struct keeper *k)
{
	uint8_t state = k->m->state;
	int r;

	if (state > STORE_DESTROYED)
		return ERR_INPUT;
	if ((r = find(k, POLICY_ADMIN)) != 0)
		return r;
	r = keystore_set_state(k->ks, k->m->label, k->row.version, (enum store_state)state,
	    &k->row);
	if (r != 0)
		return r == 1 ? ERR_KEY_STATE : keeper_store_failed(k);
	tell_row(k);
	return 0;
}

/* A row as an entry of Z8. Its length. */
static size_t
write_entry(const struct store_row *row, char entry[KEEPER_ENTRY])
{
	return (size_t)snprintf(entry, KEEPER_ENTRY, "%02zX%s%02u%06u%u%010lld",
	    strlen(row->label), row->label, row->algorithm, row->version, row->state,
	    (long long)row->created);
}

/* Entries as they are found. */
struct list {
	struct keeper *k;
	bool           pending;	/* k->row has to go in, unless another of its label comes */
};

/* Put k->row behind the others. 1: it does not fit. */
static int
add_entry(struct keeper *k)
{
	struct keeper_message *m = k->m;
	char entry[KEEPER_ENTRY];
	size_t n = write_entry(&k->row, entry);

	if (m->private_len + n > sizeof(m->private) || m->count == KEEPER_ENTRIES)
		return 1;
	memcpy(m->private + m->private_len, entry, n);
	m->private_len = (uint16_t)(m->private_len + n);
	m->count++;
	return 0;
}

/* Rows come by label and version: the last one of each label behind ours. */
static int
visit_list(const struct store_row *row, void *arg)
{
	struct list *l = arg;
	struct keeper *k = l->k;

	if (strcmp(row->label, k->m->label) <= 0 ||
	    !policy_allows(row->policy, POLICY_READ, k->m->uid, k->own))
		return 0;
	if (l->pending && strcmp(row->label, k->row.label) != 0 && add_entry(k) != 0) {
		l->pending = false;
		return 1;
	}
	k->row = *row;
	l->pending = true;
	return 0;
}

static int
answer_list(struct keeper *k)
{
	struct list l = { k, false };

	k->m->private_len = k->m->count = 0;
	if (keystore_walk(k->ks, visit_list, &l) < 0)
		return keeper_store_failed(k);
	if (l.pending)
		(void)add_entry(k);	/* what does not fit comes with the next list */
	return 0;
}

static int
answer_describe(struct keeper *k)
{
	uint32_t version, asked = k->m->asked;
	int r = find(k, POLICY_READ);

	if (r != 0)
		return r;
	k->m->private_len = k->m->count = 0;
	if (asked == 0)		/* a destroyed version may be newer than the one found */
		r = keystore_newest(k->ks, k->m->label, &k->row);
	for (version = k->row.version; r >= 0 && add_entry(k) == 0 && asked == 0;) {
		if (--version == 0)
			break;
		r = keystore_find(k->ks, k->m->label, version, &k->row);
	}
	return r < 0 ? keeper_store_failed(k) : 0;
}

/* Changes are begun only if they can be recorded. */
static int
answer(struct keeper *k)
{
	static const char *const states[] = { "enable", "disable", "destroy" };
	uint32_t kind = k->m->kind;

	if (k->audit == NULL || (k->ks == NULL && kind != KEEPER_NOTE))
		return ERR_STORE;
	if (keeper_records(kind) && !audit_works(k->audit))
		return ERR_AUDIT;
	switch (kind) {
	case KEEPER_FIND: return answer_find(k);
	case KEEPER_CREATE: return answer_create(k);
	case KEEPER_ROTATE: return recorded(k, "rotate", rotate(k));
	case KEEPER_SET_STATE:
		return recorded(k, states[k->m->state <= STORE_DESTROYED ? k->m->state : 0],
		    set_state(k));
	case KEEPER_LIST: return answer_list(k);
	case KEEPER_DESCRIBE: return answer_describe(k);
	case KEEPER_NOTE: return keeper_record(k, k->m->operation, k->m->code);
	default: return ERR_INPUT;
	}
}

/* Does the answer r go with what is in private? */
static bool
tells_private(const struct keeper_message *m, int r)
{
	return r == 0 && (m->kind == KEEPER_FIND || m->kind == KEEPER_LIST ||
	    m->kind == KEEPER_DESCRIBE);
}

int
keeper_serve(struct keeper *k, int end)
{
	int r = keeper_receive(end, k->m);

	if (r != 1)
		return r;
	if (k->m->kind == KEEPER_RECORD)
		return keeper_wait(k, end);
	r = k->m->result = answer(k);
	if (!tells_private(k->m, r)) {
		sodium_memzero(k->m->private, sizeof(k->m->private));
		k->m->private_len = 0;
	}
	keeper_tell_epoch(k);
	k->m->epoch = k->epoch;
	r = keeper_send(end, k->m);
	sodium_memzero(k->m, sizeof(*k->m));
	return r == 0 ? 1 : r == 1 ? ERR_NO_ROOM : ERR_SYSTEM;
}
