/*
 * key: an opened working key, and the bounded cache of them.
 *
 * Opening a key field (unwrap under the LMK, check parity, set up the
 * schedule) costs more than most commands' own work, and hosts repeat their
 * keys. key_open therefore remembers, per process, key field and type -> opened
 * key, found by the (encrypted) field and what it is under; the least recently
 * used goes first, wiped. Keys that a request makes itself come from a small
 * scratch set that key_put_all wipes.
 */
#ifndef LUAHSM_KEY_H
#define LUAHSM_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/keyblock.h"
#include "span.h"

struct aes;
struct des3;
struct lmk;

enum {
	KEY_MAX     = KEYBLOCK_KEY_MAX,	/* bytes of the longest key */
	KEY_CACHE   = 256,	/* opened keys kept per process */
	KEY_SCRATCH = 16,	/* keys one request may make */
	KEY_FIELD_MAX = 1 + KEYBLOCK_MAX	/* characters of the longest key field */
};

/*
 * In the slab. scheme: tag as written, 'Z' for 16H, 'P' for a bare 32H pair, 'S'
 * and 'R' for a key block. A key that came in a block has its header, with the
 * tag's own version letter, and the type KEYTYPE_BLOCK until it gets another.
 */
struct key {
	uint8_t      bytes[KEY_MAX];
	uint8_t      len;	/* 8, 16 or 24; AES 16, 24, 32; HMAC any */
	char         scheme;
	uint16_t     type;	/* key type code, hexadecimal as written: 0x70D */
	bool         odd;	/* every byte has odd parity, or it has none to have */
	bool         aes;	/* an AES key, else DES */
	bool         keyed;	/* schedule below is set up */
	struct des3 *des;
	struct aes  *schedule;	/* of an AES key; NULL until one was here */
	struct keyblock_header header;	/* version 0: it came without */
};

/* Make cache and scratch set in the slab. 0, ERR_NO_MEMORY or ERR_CRYPTO. */
int key_init(void);

/*
 * Open a key field under lmk as the key type says. *key is borrowed: it stays
 * as it is until the request ends. Not judged here: parity (key->odd), and
 * whether length and scheme suit the caller (X and Y are opened like the rest).
 * A key block opens under a key block LMK whatever the type: see keyuse.h. Its
 * header's optional blocks are borrowed from field.
 * 0; ERR_INPUT (not a key field), ERR_SCHEME (unknown tag), ERR_KEY_TYPE,
 * ERR_LMK_SCHEME (a key block under a variant LMK, or the other way round),
 * failures of lmk_block_unwrap,
 * ERR_NO_STORAGE (a user storage index), ERR_NO_ROOM (more than KEY_CACHE keys
 * in one request), ERR_CRYPTO.
 */
int key_open(const struct lmk *lmk, unsigned type, struct span field, struct key **key);

/* An empty scratch key for this request. NULL when KEY_SCRATCH are taken. */
struct key *key_take(void);

/* Is it a key that key_take gave, not one of the cache? Only such a key may be changed. */
bool key_is_scratch(const struct key *key);

/* Wipe the scratch keys: the end of a request. */
void key_put_all(void);

/* Forget every opened key but those of the running request, which holds them. */
void key_forget(void);

/* Is a DES key of a length in the set (1 single, 2 double, 4 triple)? Other
 * algorithms fit always. */
static inline bool
key_is_sized(const struct key *key, unsigned lengths)
{
	return key->aes || key->header.algorithm == 'H' ||
	    (lengths & (1U << (key->len / 8 - 1))) != 0;
}

/* The key's schedule, set up on first use. NULL: libcrypto refused, or it is a
 * key of another algorithm. */
struct des3 *key_des(struct key *key);
struct aes  *key_aes(struct key *key);

/*
 * *n: length in characters of the key field that text starts with. It may be
 * more than text.n: then the field is cut short. bare: 8 or 16, the length in
 * bytes of a field without a tag.
 * 0, or ERR_SCHEME (no such tag), ERR_BLOCK_FORMAT (a key block with a bad
 * length) and *n is 0.
 */
int key_field_length(struct span text, unsigned bare, size_t *n);

/* By the header of a key block alone: is the key in it an AES key, and the key it is
 * under? Both false for fields without a block. */
bool key_field_is_aes(struct span field);
bool key_field_is_under_aes(struct span field);

/*
 * Read a whole key field: its scheme as in struct key, and the encrypted
 * bytes (at least DES_KEY_MAX of room). Same failures as key_open.
 */
int key_field_read(struct span field, char *scheme, uint8_t *bytes, size_t *len);

/*
 * Encrypt key under lmk as a key of that type and write the key field to out
 * (KEY_FIELD_MAX characters) and its length to *n. Schemes as in struct key.
 * Under a key block LMK the scheme is S and the key's own header is written, or
 * the one that keyuse.h has for the type.
 * 0; ERR_SCHEME (no such scheme), ERR_KEY_LENGTH (key is not as long as the
 * scheme says), ERR_LMK_SCHEME, ERR_CRYPTO, failures of lmk_block_wrap.
 */
int key_wrap(const struct lmk *lmk, const struct key *key, unsigned type, char scheme,
    char *out, size_t *n);

/*
 * The same under a ZMK or TMK, with an Atalla variant (0 to 99, 0:
 * none). key_import fills
 * all of *key but its type, and does not judge parity: see key->odd.
 */
int key_export(const struct key *zmk, unsigned atalla, const struct key *key, char scheme,
    char *out, size_t *n);
int key_import(const struct key *zmk, unsigned atalla, struct span field, struct key *key);

/* How a key leaves in a block: scheme S or R, R's version letter (0: D under AES,
 * else B), header. */
struct key_block_form {
	char scheme, version;
	const struct keyblock_header *header;
};

/*
 * Write key as a key block under a ZMK or TMK. ERR_WRAPPING_KEY: the version
 * is for the other cipher; ERR_USAGE: TR-31 has none for the header's; ERR_KEY_LENGTH:
 * a single-length ZMK. key_import_block: the other way; *key keeps the header (its optional
 * blocks borrowed from field), and its type is KEYTYPE_BLOCK. ERR_LMK_BLOCK: the
 * block is under an LMK.
 */
int key_export_block(const struct key *zmk, const struct key *key,
    const struct key_block_form *form, char *out, size_t *n);
int key_import_block(const struct key *zmk, struct span field, struct key *key);

/* key's bytes (len of them) and header came out of a block: set all the rest of it. */
void key_from_block(struct key *key, char scheme, size_t len);

/* Fill key with len (8, 16, 24) random bytes: odd parity, no weak part, no two parts alike. */
int key_random(struct key *key, size_t len);

/* Fill key with len random bytes, as a key of AES or HMAC. */
void key_random_plain(struct key *key, size_t len, bool aes);

/* Make parity odd, as import does for keys that arrive without. */
void key_force_parity(struct key *key);

/* Are all bytes zero, those of parity too or only the others? And are two parts of
 * a DES key alike, or one weak? */
bool key_is_zero(const struct key *key, bool parity);
bool key_is_weak(const struct key *key);

/* Make key, which is empty, another of the same value. */
void key_copy(const struct key *from, struct key *key);

/*
 * Two components together, as a component of that type; in key blocks the header
 * is a's. 0; ERR_KEY_LENGTH (of different length), ERR_PARTS (headers differ).
 */
int key_join(const struct key *a, const struct key *b, unsigned type, struct key *key);

/* Write the leftmost digits (even, at most 16) of the check value to hex, without a NUL: by the
 * key's algorithm. ERR_ALGORITHM: an HMAC key has none here. */
int key_kcv(struct key *key, unsigned digits, char *hex);

/* The same of each half of a double-length DES key, one behind the other. Else ERR_KEY_LENGTH. */
int key_kcv_halves(struct key *key, unsigned digits, char *hex);

#endif
