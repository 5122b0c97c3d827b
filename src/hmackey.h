/*
 * hmackey: HMAC keys under an LMK or a ZMK.
 *
 * Under a key block LMK they are in key blocks: usage 61 to 65 for the hash, mode of
 * use for what the key may do, and at most as long as any key in a block.
 *
 * What a payShield keeps inside an encrypted HMAC key of other LMKs is not public. Ours is:
 * a zero byte, hash identifier, usage, a zero byte, the key's length in two
 * bytes, the key, zeros up to whole blocks; all of it triple DES in CBC mode
 * with a zero IV, under LMK 34-35 variant 1 or the ZMK (spec: emv-mac-data.md
 * 4). A clear key is in the slab for the length of a call and never a value
 * of a script: what goes in and out of these functions is encrypted.
 */
#ifndef LUAHSM_HMACKEY_H
#define LUAHSM_HMACKEY_H

#include <stddef.h>
#include <stdint.h>

#include "crypto/hash.h"
#include "span.h"

struct key;
struct lmk;

enum {
	HMACKEY_MAX   = 128,	/* bytes of a key: a block of SHA-512 */
	HMACKEY_BLOCK = 136	/* bytes of the longest encrypted key */
};

enum hmackey_usage {
	HMACKEY_GENERATE = 1,
	HMACKEY_VERIFY   = 2,
	HMACKEY_BOTH     = 3
};

/* Codes of the HMAC commands, beside those of err.h. */
enum {
	HMACKEY_ERR_LENGTH = -4,
	HMACKEY_ERR_HASH   = -5,	/* or the key is for another one */
	HMACKEY_ERR_USAGE  = -6,
	HMACKEY_ERR_FORMAT = -7,
	HMACKEY_ERR_BLOCK  = -8		/* what is inside is not a key */
};

/* How a key travels under a ZMK: in the layout above, or alone, with zeros up
 * to whole blocks. */
enum hmackey_form {
	HMACKEY_LAYOUT    = 0,
	HMACKEY_ALONE_ECB = 1,
	HMACKEY_ALONE_CBC = 2
};

/* What a key is and may do; what an import of a key alone has to be told. */
struct hmackey_info {
	enum hash_id       hash;
	enum hmackey_usage usage;
	size_t             len;
};

/* Make a random key: n bytes of it under the LMK to out, which has HMACKEY_BLOCK.
 * 0; HMACKEY_ERR_HASH; HMACKEY_ERR_USAGE; HMACKEY_ERR_LENGTH (shorter than half the
 * hash, or too long); ERR_LMK; ERR_NO_MEMORY; ERR_CRYPTO. */
int hmackey_random(const struct lmk *lmk, const struct hmackey_info *info, uint8_t *out,
    size_t *n);

/* The HMAC, hash_length bytes, under the key in block, which must be for this
 * hash and use. 0; HMACKEY_ERR_BLOCK, HMACKEY_ERR_HASH, HMACKEY_ERR_USAGE; and as above. */
int hmackey_make(const struct lmk *lmk, struct span block, enum hash_id hash,
    enum hmackey_usage use, struct span data, uint8_t mac[HASH_MAX]);

/* From the ZMK to the LMK and back. info: for keys alone, else NULL.
 * As above; ERR_KEY_LENGTH (of the ZMK). */
int hmackey_import(const struct lmk *lmk, const struct key *zmk, enum hmackey_form form,
    struct span block, const struct hmackey_info *info, uint8_t *out, size_t *n);
int hmackey_export(const struct lmk *lmk, const struct key *zmk, enum hmackey_form form,
    struct span block, uint8_t *out, size_t *n);

/* The key in a block of our layout, to be put into a key block: all of *key. The
 * header is that of hmackey_block. Failures of both. */
int hmackey_open(const struct lmk *lmk, struct span block, struct key *key);

/*
 * Key blocks (hmackey_block.c). hmackey_block: make *key, which has its bytes, an HMAC
 * key of that kind in a block that says so. 0; HMACKEY_ERR_HASH; HMACKEY_ERR_USAGE;
 * HMACKEY_ERR_LENGTH (shorter than half the hash, or longer than KEY_MAX).
 */
int hmackey_block(struct key *key, const struct hmackey_info *info);

/* Open a key block, with its tag. 0; ERR_USAGE, ERR_KEY_VERSION (a component);
 * failures of key_open. */
int hmackey_block_open(const struct lmk *lmk, struct span field, struct key **key);

/* As hmackey_make. ERR_MODE: the key is not for that use. */
int hmackey_block_make(const struct key *key, enum hash_id hash, enum hmackey_usage use,
    struct span data, uint8_t mac[HASH_MAX]);

/*
 * A key alone under the ZMK, with zeros up to whole blocks of the ZMK's cipher, and
 * back: *n bytes to out, which has HMACKEY_BLOCK; *key whole. Failures of hmackey_import.
 */
int hmackey_block_export(const struct key *zmk, enum hmackey_form form, const struct key *key,
    uint8_t *out, size_t *n);
int hmackey_block_import(const struct key *zmk, enum hmackey_form form, struct span sent,
    const struct hmackey_info *info, struct key *key);

/* Is it a key that may exist? Failures of hmackey_random. */
int hmackey_judge(const struct hmackey_info *info);

/* From one LMK to another. */
int hmackey_change(const struct lmk *from, const struct lmk *to, struct span block,
    uint8_t *out, size_t *n);

#endif
