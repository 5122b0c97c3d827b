/*
 * lmk: local master keys, and what they wrap.
 *
 * LMK bytes live in the slab and never leave lmk.c and lmk_block.c. Variant LMKs hold 20
 * pairs; a working key is encrypted part by part in ECB under the pair of its
 * type, with the LMK variant in the first byte and the scheme variant in the
 * first byte of the right half (spec: keys.md 3.4; payShield 10K security
 * manual 7.2.3). A key block LMK is one key of triple DES or AES, from which a
 * block's own keys are derived (keyblock.h).
 */
#ifndef LUAHSM_LMK_H
#define LUAHSM_LMK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/keyblock.h"
#include "span.h"

struct keyblock_header;
struct lmk_value;

enum {
	LMK_IDS     = 20,
	LMK_OLD     = LMK_IDS,		/* key change storage of LMK 00, of 01 and so on */
	LMK_OLD_ANY = 2 * LMK_IDS,	/* of those that have none of their own */
	LMK_NAME    = 32,		/* longest name of one */
	LMK_COMMENT = 40
};

enum lmk_scheme { LMK_VARIANT, LMK_3DES_BLOCK, LMK_AES_BLOCK };

struct lmk;

/*
 * Load the public test LMK of that name under id: 0 to 19; LMK_OLD and one of these; or
 * LMK_OLD_ANY. ERR_LMK: no such name; ERR_INDEX: id taken or out of range; ERR_NO_MEMORY;
 * ERR_SYSTEM (can't be made read-only).
 */
int lmk_load(unsigned id, const char *name);

/*
 * Load an LMK of one's own, as the vault has it: its value is copied. test: of test
 * status, which strict refuses. As above, and ERR_CRYPTO (no check value can be had).
 */
int lmk_put(unsigned id, const char *name, const char *comment, bool test,
    const struct lmk_value *value);

/* The names that may serve as LMKs, NULL at the end: test-variant, test-aes-kb, test-3des-kb. For
 * key change storage lmk_load knows sim-old too. */
extern const char *const lmk_names[];

/* The LMK loaded under id, or NULL. */
const struct lmk *lmk_get(unsigned id);

/*
 * The LMK in key change storage for a live one, or NULL. lmk_erase_old takes it away from that
 * one alone, in all processes that were forked since it was loaded: each wipes its own when it
 * next looks. What is common to several is wiped when the last of them has no more need of it.
 */
const struct lmk *lmk_old(const struct lmk *live);
void              lmk_erase_old(const struct lmk *live);

/* What the storage holds for LMK id, or for LMK_IDS that of all others; or NULL. */
const struct lmk *lmk_stored(unsigned id);

unsigned        lmk_id(const struct lmk *lmk);
const char     *lmk_name(const struct lmk *lmk);
const char     *lmk_comment(const struct lmk *lmk);	/* its name, if it has none */
enum lmk_scheme lmk_scheme(const struct lmk *lmk);
bool            lmk_is_test(const struct lmk *lmk);	/* a published one, or of test status */

/* The six hexadecimal digits of the check value, NUL-terminated. */
const char *lmk_check_value(const struct lmk *lmk);

/*
 * Encrypt or decrypt len (8, 16, 24) bytes as a key of that type and scheme
 * tag ('Z' and 'P' without scheme variant, 'U', 'T', 'X', 'Y').
 * in and out may be the same; the clear side must be in the slab.
 * 0, ERR_LMK (not a variant LMK), ERR_KEY_TYPE (one that is never under an LMK),
 * ERR_SCHEME, ERR_KEY_LENGTH, ERR_NO_MEMORY, ERR_CRYPTO.
 */
int lmk_wrap(const struct lmk *lmk, unsigned type, char scheme, const uint8_t *in,
    uint8_t *out, size_t len);
int lmk_unwrap(const struct lmk *lmk, unsigned type, char scheme, const uint8_t *in,
    uint8_t *out, size_t len);

/*
 * Open a key block (text without its tag S) under a key block LMK: header and
 * key (KEYBLOCK_KEY_MAX of room, in the slab). h->blocks is borrowed from text.
 * 0; ERR_LMK_SCHEME (a variant LMK, or a block for the other cipher);
 * ERR_LMK_BLOCK (made under another identifier); failures of keyblock.h.
 */
int lmk_block_unwrap(const struct lmk *lmk, struct span text, struct keyblock_header *h,
    uint8_t *key, size_t *len);

/*
 * Write a key as a block under the LMK, without tag: h is the header but for
 * version and LMK identifier. out: KEYBLOCK_MAX characters. 0; ERR_LMK_SCHEME;
 * ERR_WEAKER_LMK (an AES or HMAC key under triple DES); failures of keyblock.h.
 */
int lmk_block_wrap(const struct lmk *lmk, const struct keyblock_header *h,
    const uint8_t *key, size_t len, char *out, size_t *n);

/*
 * The same for blocks of keyblock_raw: what is inside, to be judged by the caller. *n
 * counts the padding too. ERR_WEAKER_LMK: an elliptic curve's key under triple DES.
 */
int lmk_raw_unwrap(const struct lmk *lmk, enum keyblock_form form, struct span block,
    struct keyblock_header *h, uint8_t *clear, size_t *n);
int lmk_raw_wrap(const struct lmk *lmk, enum keyblock_form form,
    const struct keyblock_header *h, uint8_t *clear, size_t n, uint8_t *out, size_t *length);

/*
 * The MAC of ISO 9797-1 algorithm 3 with zero padding over data, under the
 * pair of a type, for public keys. 0, ERR_LMK (not a variant LMK), ERR_KEY_TYPE,
 * ERR_NO_MEMORY, ERR_CRYPTO.
 */
int lmk_mac(const struct lmk *lmk, unsigned type, struct span data, uint8_t mac[8]);

/* Forget everything and wipe it. */
void lmk_wipe(void);

#endif
