/*
 * mac: message authentication codes over block ciphers.
 *
 * A long message comes in several pieces. All but the last are whole blocks
 * and make the state that the next one starts from, which is the plain state
 * of the CBC chain; what an algorithm does at the end, and padding, belong to
 * the last piece (spec: emv-mac-data.md 2).
 */
#ifndef LUAHSM_CRYPTO_MAC_H
#define LUAHSM_CRYPTO_MAC_H

#include <stddef.h>
#include <stdint.h>

#include "span.h"

struct key;

enum { MAC_LEN = 8, MAC_MAX = 16 };

enum mac_algorithm {
	MAC_CBC    = 1,	/* ISO 9797-1 algorithm 1: CBC, its last block */
	MAC_RETAIL = 3,	/* algorithm 3: single DES, the last block with all of the key */
	MAC_CMAC   = 6	/* NIST SP 800-38B: no padding methods */
};

/* ISO 9797-1 padding methods. */
enum mac_padding {
	MAC_PAD_NONE  = 0,	/* whole blocks, at least one */
	MAC_PAD_ZEROS = 1,	/* zeros up to whole blocks, a block for no data */
	MAC_PAD_BIT   = 2	/* always a byte 80, then zeros up to whole blocks */
};

/*
 * Take a piece that is not the last into state, a block (cipher_block) that
 * starts as zeros.
 * 0; ERR_DATA_LENGTH (not whole blocks, or none); ERR_KEY_LENGTH; ERR_CRYPTO.
 */
int mac_chain(const struct key *key, enum mac_algorithm algorithm, struct span data,
    uint8_t state[MAC_MAX]);

/*
 * Turn state into the MAC, a block, with the last piece or the only one.
 * 0; ERR_DATA_LENGTH (not whole blocks and MAC_PAD_NONE; or no data after other
 * pieces of a CMAC); ERR_KEY_LENGTH (among others: MAC_RETAIL under AES); ERR_CRYPTO.
 */
int mac_finish(const struct key *key, enum mac_algorithm algorithm,
    enum mac_padding padding, struct span data, uint8_t state[MAC_MAX]);

/*
 * ISO 9797-1 algorithm 3 in one piece, the retail MAC. len: 8 (which is
 * algorithm 1), 16, or 24: the last block then with all three parts.
 * 0, ERR_DATA_LENGTH, ERR_KEY_LENGTH, ERR_CRYPTO.
 */
int mac_retail(const uint8_t *key, size_t len, enum mac_padding padding, struct span data,
    uint8_t mac[MAC_LEN]);

#endif
