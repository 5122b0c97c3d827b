/*
 * keeper: a function per kind of question.
 */
#include "keeper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sodium.h>

#include "audit.h"
#include "err.h"
#include "keystore.h"
#include "log.h"
#include "secret.h"

struct keeper {
	struct keystore       *ks;
	struct audit          *audit;
	int64_t                own;	/* our user */
	struct keeper_message *m;	/* the question, then its answer */
	uint8_t               *plain;	/* an opened row */
	struct store_row       row;
};

struct keeper *
keeper_new(struct keystore *ks, struct audit *audit)
{
	struct keeper *k = calloc(1, sizeof(*k));

	if (k == NULL)
		return NULL;
	k->ks = ks;
	k->audit = audit;
	k->own = geteuid();
	k->m = secret_alloc(sizeof(*k->m));
	k->plain = secret_alloc(SEAL_PLAIN);
	if (k->m != NULL && k->plain != NULL)
		return k;
	keeper_free(k);
	return NULL;
}

void
keeper_free(struct keeper *k)
{
	if (k == NULL)
		return;
	secret_free(k->m);
	secret_free(k->plain);
	free(k);
}

/* What went wrong in the key store: the log has the words, the asker a code. */
static int
store_failed(struct keeper *k)
{
	log_event(LOG_ERROR, "key-store", "why", 's', keystore_error(k->ks), NULL);
	return ERR_STORE;
}

/* Record what came of the question. 0 or ERR_AUDIT. */
static int
record(struct keeper *k, const char *operation, const char *code, struct span digest)
{
	const struct algorithm *a = algorithm_coded(k->m->algorithm);
	const struct audit_record r = {
		.operation = operation, .key = k->m->label, .version = k->m->version,
		.algorithm = a != NULL ? a->name : NULL, .peer = "unix", .uid = k->m->uid,
		.pid = k->m->pid, .digest = digest, .result = code,
		.epoch = keystore_epoch(k->ks)
	};

	if (audit_add(k->audit, &r) == 0)
		return 0;
	log_event(LOG_ERROR, "audit", "why", 's', "a record could not be written; nothing that "
	    "needs one is answered until the next start", NULL);
	return ERR_AUDIT;
}

/* The same for a change whose outcome is r, which is returned unless the record fails. */
static int
recorded(struct keeper *k, const char *operation, int r)
{
	char code[3] = "";
	int failed;

	err_code(r > 0 ? 0 : r, code);
	failed = record(k, operation, code, span_of(NULL, 0));
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
		return store_failed(k);
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

/* Find the version that is asked for, which this user may use so. 0 or a failure. */
static int
find(struct keeper *k, enum policy_right right)
{
	int r = keystore_find(k->ks, k->m->label, k->m->version, &k->row);

	if (r < 0)
		return store_failed(k);
	if (r == 0 && k->m->version != 0) {
		r = keystore_find(k->ks, k->m->label, 0, &k->row);
		return r < 0 ? store_failed(k) : r == 0 ? ERR_NO_KEY : ERR_NO_VERSION;
	}
	if (r == 0)
		return ERR_NO_KEY;
	return policy_allows(k->row.policy, right, k->m->uid, k->own) ? 0 : ERR_CALLER;
}

static int
answer_find(struct keeper *k)
{
	bool sign = k->m->right == POLICY_SIGN;
	int r = find(k, sign ? POLICY_SIGN : POLICY_READ);

	if (r != 0)
		return r;
	tell_row(k);
	if (k->row.state == STORE_DESTROYED || (sign && k->row.state != STORE_ENABLED))
		return ERR_KEY_STATE;
	return tell_pair(k, sign);
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

	if (!policy_valid(k->m->policy) || algorithm_coded(wanted) == NULL)
		return ERR_INPUT;
	/* there is no policy before there is a key */
	if (k->m->uid != k->own)
		return ERR_CALLER;
	memset(&k->row, 0, sizeof(k->row));
	memcpy(k->row.label, k->m->label, sizeof(k->row.label));
	memcpy(k->row.policy, k->m->policy, sizeof(k->row.policy));
	k->row.algorithm = wanted;
	if ((r = keystore_create(k->ks, &k->row, &pair)) < 0)
		return store_failed(k);
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

	k->m->version = 0;
	if ((r = find(k, POLICY_ADMIN)) != 0)
		return r;
	if (k->row.algorithm != made)
		return ERR_KEY_EXISTS;
	if ((r = keystore_rotate(k->ks, k->m->label, &pair, &k->row)) != 0)
		return r == 1 ? ERR_NO_KEY : store_failed(k);
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
		return r == 1 ? ERR_KEY_STATE : store_failed(k);
	tell_row(k);
	return 0;
}

struct next {
	struct keeper *k;
	bool           found;
};

/* Rows come by label and version: the last one of the first label behind ours. */
static int
visit_next(const struct store_row *row, void *arg)
{
	struct next *n = arg;
	struct keeper *k = n->k;

	if (strcmp(row->label, k->m->label) <= 0 ||
	    !policy_allows(row->policy, POLICY_READ, k->m->uid, k->own))
		return 0;
	if (n->found && strcmp(row->label, k->row.label) != 0)
		return 1;
	k->row = *row;
	n->found = true;
	return 0;
}

static int
answer_next(struct keeper *k)
{
	struct next n = { k, false };

	if (keystore_walk(k->ks, visit_next, &n) < 0)
		return store_failed(k);
	if (!n.found)
		return ERR_NO_KEY;
	tell_row(k);
	return 0;
}

static int
answer_record(struct keeper *k)
{
	const struct keeper_message *m = k->m;

	if (m->epoch != keystore_epoch(k->ks))
		return KEEPER_STALE;
	if (m->digest_len > sizeof(m->digest))
		return ERR_INPUT;
	return record(k, m->operation, m->code, span_of(m->digest, m->digest_len));
}

/* Changes are begun only if they can be recorded. */
static int
answer(struct keeper *k)
{
	static const char *const states[] = { "enable", "disable", "destroy" };
	uint32_t kind = k->m->kind;

	if (kind != KEEPER_FIND && kind != KEEPER_NEXT && !audit_works(k->audit))
		return ERR_AUDIT;
	switch (kind) {
	case KEEPER_FIND: return answer_find(k);
	case KEEPER_CREATE: return answer_create(k);
	case KEEPER_ROTATE: return recorded(k, "rotate", rotate(k));
	case KEEPER_SET_STATE:
		return recorded(k, states[k->m->state <= STORE_DESTROYED ? k->m->state : 0],
		    set_state(k));
	case KEEPER_NEXT: return answer_next(k);
	case KEEPER_RECORD: return answer_record(k);
	default: return ERR_INPUT;
	}
}

/* Texts end, and lengths fit. */
static bool
sound(const struct keeper_message *m)
{
	return memchr(m->label, '\0', sizeof(m->label)) != NULL &&
	    memchr(m->policy, '\0', sizeof(m->policy)) != NULL &&
	    memchr(m->operation, '\0', sizeof(m->operation)) != NULL &&
	    memchr(m->code, '\0', sizeof(m->code)) != NULL &&
	    m->public_len <= sizeof(m->public) && m->private_len <= sizeof(m->private);
}

int
keeper_serve(struct keeper *k, int end)
{
	ssize_t n = recv(end, k->m, sizeof(*k->m), MSG_DONTWAIT);
	int r;

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : ERR_SYSTEM;
	if (n != sizeof(*k->m) || !sound(k->m))
		return ERR_SYSTEM;
	r = k->m->result = answer(k);
	if (r != 0 || k->m->kind != KEEPER_FIND) {
		sodium_memzero(k->m->private, sizeof(k->m->private));
		k->m->private_len = 0;
	}
	k->m->epoch = keystore_epoch(k->ks);
	do
		n = send(end, k->m, sizeof(*k->m), MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	sodium_memzero(k->m, sizeof(*k->m));
	return n == sizeof(*k->m) ? 1 : ERR_SYSTEM;
}
