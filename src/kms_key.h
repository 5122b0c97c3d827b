/*
 * kms_key: the signing commands Z0 to Z9 as their clients use them.
 *
 * Requests are put together with kms_begin_key and kms_add; what comes back is
 * read here. Failures leave a sentence in d->error.
 */
#ifndef KMS_KEY_H
#define KMS_KEY_H

#include <stddef.h>
#include <stdint.h>

#include "algorithm.h"
#include "kms_daemon.h"
#include "span.h"

enum {
	KMS_NAME_MAX    = 128,		/* bytes of a key's name */
	KMS_VERSION_MAX = 999999,
	KMS_ENTRIES     = 99		/* of one reply */
};

/* Modes of Z8. */
enum kms_mode {
	KMS_LIST, KMS_DESCRIBE, KMS_ROTATE, KMS_ENABLE, KMS_DISABLE, KMS_DESTROY
};

enum kms_state { KMS_ENABLED, KMS_DISABLED, KMS_DESTROYED };

struct kms_key {
	const struct algorithm *algorithm;
	uint32_t                version;
	enum kms_state          state;
	struct span             pem;	/* until the next request */
};

/* A version of a key, in a list. */
struct kms_entry {
	char                    name[KMS_NAME_MAX + 1];
	const struct algorithm *algorithm;
	uint32_t                version;
	enum kms_state          state;
	int64_t                 created;	/* seconds since 1970 */
};

/*
 * Take "luahsm://name@3", or any part of it, apart; *version is 0 where none
 * is named. 0, or -1 with a sentence in error.
 */
int kms_key_named(const char *reference, char name[KMS_NAME_MAX + 1], uint32_t *version,
    char *error, size_t n);

/* The digits of a version. 0: it is none. */
uint32_t kms_key_version(const char *text);

/* "enabled". */
const char *kms_state_name(enum kms_state state);

/* Begin a request of this command about that key. */
void kms_begin_key(struct kms_daemon *d, const char command[2], const char *name);

/* d->error for a code that is not 00. -1. */
int kms_refused(struct kms_daemon *d, const char *code, const char *name);

/* A number of n digits at that place. -1: there is none. */
int64_t kms_digits(struct span rest, size_t at, size_t n);

/* Ask what has been put together (Z0, Z2, Z8 rotate): the answer is a key. 0 or -1. */
int kms_ask_key(struct kms_daemon *d, const char *name, struct kms_key *key);

/* The same for Z8 list and describe. 0, -1. */
int kms_ask_entries(struct kms_daemon *d, const char *name, struct kms_entry entries[KMS_ENTRIES],
    size_t *n);

/* The same for what is only done. 0, -1. */
int kms_ask_done(struct kms_daemon *d, const char *name);

#endif
