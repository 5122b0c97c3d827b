/*
 * key: an opened working key, and the bounded cache of them.
 *
 * Opening a key field (unwrap under the LMK, check parity, set up the
 * schedule) costs more than most commands' own work, and hosts repeat their
 * keys. key_open therefore remembers, per process, key field and type -> opened
 * key, found by a keyed hash of the (encrypted) field; the least recently
 * used goes first, wiped. Keys that a request makes itself come from a small
 * scratch set that key_put_all wipes.
 */
#ifndef LUAHSM_KEY_H
#define LUAHSM_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "span.h"

struct des3;
struct lmk;

enum {
	KEY_MAX     = 32,	/* bytes of the longest key */
	KEY_CACHE   = 256,	/* opened keys kept per process */
	KEY_SCRATCH = 16,	/* keys one request may make */
	KEY_FIELD_MAX = 49	/* characters of the longest variant key field */
};

/* In the slab. scheme: tag as written, 'Z' for 16H, 'P' for a bare 32H pair. */
struct key {
	uint8_t      bytes[KEY_MAX];
	uint8_t      len;	/* 8, 16 or 24 */
	char         scheme;
	uint16_t     type;	/* key type code, hexadecimal as written: 0x70D */
	bool         odd;	/* every byte has odd parity */
	bool         keyed;	/* schedule below is set up */
	struct des3 *des;
};

/* Make cache and scratch set in the slab. 0 or ERR_NO_MEMORY. */
int key_init(void);

/*
 * Open a key field under lmk as the key type says. *key is borrowed: it stays
 * as it is until the request ends. Parity is not judged here: see key->odd.
 * 0; ERR_INPUT (not a key field), ERR_SCHEME, ERR_KEY_TYPE, ERR_LMK (a key
 * block LMK), ERR_CRYPTO.
 */
int key_open(const struct lmk *lmk, unsigned type, struct span field, struct key **key);

/* An empty scratch key for this request. NULL when KEY_SCRATCH are taken. */
struct key *key_take(void);

/* Wipe the scratch keys: the end of a request. */
void key_put_all(void);

/* Forget every opened key: an LMK has changed. */
void key_forget(void);

/* The key's schedule, set up on first use. NULL: libcrypto refused. */
struct des3 *key_des(struct key *key);

/* Length in characters of the key field that text starts with; 0 when it starts none.
 * bare: 8 or 16, the length in bytes of a field without a tag. */
size_t key_field_length(struct span text, unsigned bare);

#endif
