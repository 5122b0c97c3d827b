/*
 * kms_json: sigstore's plug-in protocol as a struct, in both dialects.
 *
 * v1 is what cosign speaks. Dialect 1 is an older demonstration's:
 * capitalised names, the method below MethodArgs. A request of either is
 * read tolerantly (names without case, null as missing) and answered in the
 * dialect of the question. Reads and writes texts; does no I/O.
 */
#ifndef KMS_JSON_H
#define KMS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "algorithm.h"
#include "kms_key.h"
#include "span.h"

enum {
	KMS_SIGNATURE_MAX = 4096,
	KMS_ERROR_MAX     = 512,
	KMS_NO_HASH       = -1
};

enum kms_method {
	KMS_DEFAULT_ALGORITHM, KMS_SUPPORTED_ALGORITHMS, KMS_CREATE_KEY, KMS_PUBLIC_KEY,
	KMS_SIGN_MESSAGE, KMS_VERIFY_SIGNATURE
};

/* Their names, as v1 writes them. */
extern const char *const kms_methods[];

struct kms_request {
	bool            capitals;	/* answer in dialect 1 */
	enum kms_method method;
	char            name[KMS_NAME_MAX + 1];	/* the key's */
	unsigned        version;	/* 0: the newest */
	bool            pinned;		/* the name itself says it: name@3 */
	const struct algorithm *algorithm;	/* KMS_CREATE_KEY */
	int             client_hash;	/* the client's default, or KMS_NO_HASH */
	int             hash;		/* asked for with this message, or KMS_NO_HASH */
	uint8_t         digest[ALGORITHM_DIGEST_MAX];
	size_t          digest_len;	/* 0: there is none */
	uint8_t         signature[KMS_SIGNATURE_MAX];
	size_t          signature_len;	/* KMS_VERIFY_SIGNATURE */
	int64_t         deadline_ms;	/* since 1970; 0: none */
	char            error[KMS_ERROR_MAX];
};

/*
 * Read the two arguments of the program. demo_sha256: in dialect 1 the hash
 * number 4 means SHA-256, as its demonstration did.
 *
 * 0, or -1 with rq->error set; rq->capitals is set in any case.
 */
int kms_read(const char *dialect, const char *text, bool demo_sha256, struct kms_request *rq);

/*
 * The answer (heap, the caller frees): result is the public key's PEM text, the
 * signature, or nothing, as the method wants. NULL: no memory.
 */
char *kms_answer(const struct kms_request *rq, struct span result);

/* The answer that says what went wrong. NULL: no memory. */
char *kms_answer_error(bool capitals, const char *error);

#endif
