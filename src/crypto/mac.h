/*
 * mac: message authentication codes over DES.
 */
#ifndef LUAHSM_CRYPTO_MAC_H
#define LUAHSM_CRYPTO_MAC_H

#include <stdint.h>

#include "span.h"

enum { MAC_LEN = 8 };

/* ISO 9797-1 padding methods. */
enum mac_padding {
	MAC_PAD_ZEROS = 1,	/* zeros up to whole blocks, a block for no data */
	MAC_PAD_BIT   = 2	/* always a byte 80, then zeros up to whole blocks */
};

/*
 * ISO 9797-1 algorithm 3, the retail MAC: single DES in CBC mode with the
 * left half, the last block with both. len: 16, or 8 for equal halves.
 * 0, ERR_KEY_LENGTH, ERR_CRYPTO.
 */
int mac_retail(const uint8_t *key, size_t len, enum mac_padding padding, struct span data,
    uint8_t mac[MAC_LEN]);

#endif
