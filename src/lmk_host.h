/*
 * lmk_host: what hosts keep under an LMK beside keys: PINs, decimalisation
 * tables, reference numbers, and IVs between two pieces of a message.
 *
 * Under a variant LMK these have pairs of their own (spec: pins.md 2.2, 2.5,
 * commands-pins.md NG, MU). How a key block LMK protects them is not published: here
 * each use has a key of its own, derived as those of key blocks are (keyblock.h).
 * One block is all that is ever encrypted.
 */
#ifndef LUAHSM_LMK_HOST_H
#define LUAHSM_LMK_HOST_H

#include <stddef.h>
#include <stdint.h>

#include "span.h"

struct lmk;

enum {
	LMK_HOST_BLOCK = 16,	/* bytes, at most */
	LMK_HOST_KEY   = 32,
	LMK_HOST_IV    = 8
};

enum lmk_host {
	LMK_IVS,		/* pair 16-17 variant 1 */
	LMK_PINS,		/* pair 02-03 */
	LMK_TABLES,		/* pair 18-19 variant 1 */
	LMK_REFERENCES		/* pair 18-19 */
};

/* Bytes of a block: 16 under an AES LMK, else 8. */
size_t lmk_host_block(const struct lmk *lmk);

/*
 * Encrypt or decrypt one block; in and out may be the same. The schedules of
 * the LMKs last used are kept, one for each use. 0, ERR_NO_MEMORY, ERR_CRYPTO.
 */
int lmk_host_encrypt(const struct lmk *lmk, enum lmk_host use, const uint8_t *in,
    uint8_t *out);
int lmk_host_decrypt(const struct lmk *lmk, enum lmk_host use, const uint8_t *in,
    uint8_t *out);

/*
 * An IV of 8 bytes as it leaves and comes back (MU): a block, under an AES LMK the IV
 * and zeros. Sealing: lmk_host_block bytes to out. 0; ERR_INPUT (opening: another
 * length, or no zeros); ERR_NO_MEMORY; ERR_CRYPTO.
 */
int lmk_host_seal_iv(const struct lmk *lmk, const uint8_t iv[LMK_HOST_IV],
    uint8_t out[LMK_HOST_BLOCK]);
int lmk_host_open_iv(const struct lmk *lmk, struct span sealed, uint8_t iv[LMK_HOST_IV]);

/* Forget the schedules: an LMK is gone. */
void lmk_host_wipe(void);

/* For lmk_host.c only, in lmk.c: the key of a use, in the slab, and its length. */
int lmk_host_key(const struct lmk *lmk, enum lmk_host use, uint8_t key[LMK_HOST_KEY],
    size_t *len);

#endif
