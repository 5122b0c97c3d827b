/*
 * tr34: a key on its way to a device, as ASC X9 TR-34:2012 sends it (spec: command B8).
 *
 * Two pieces: the enveloped data with the key under an ephemeral one, and the
 * attributes that are signed. The host puts them into a CMS message.
 */
#ifndef LUAHSM_TR34_H
#define LUAHSM_TR34_H

#include <openssl/types.h>

#include "crypto/keyblock.h"
#include "span.h"

enum { TR34_MAX = 4096 };

struct tr34 {
	struct span kdh, krd;	/* credential ids, DER */
	struct span key;	/* in the slab */
	char        header[KEYBLOCK_HEADER];	/* TR-31's, of the key */
};

/*
 * The TR-31 header that a key of len bytes has outside. version 0: D of an AES key, else B.
 * ERR_USAGE: TR-31 has none for it; failures of keyblock_check.
 */
int tr34_header(const struct keyblock_header *h, size_t len, char version,
    char out[KEYBLOCK_HEADER]);

/*
 * Write the enveloped data for the device's key to the end of out (TR34_MAX bytes): *made.
 * 0; ERR_NO_ROOM; ERR_NO_MEMORY; RSA_ERR_LENGTH (a device key too short for OAEP); ERR_CRYPTO.
 */
int tr34_envelope(const struct tr34 *t, EVP_PKEY *device, uint8_t *out, struct span *made);

/* Write the attributes over that, with the device's nonce, likewise. 0; ERR_NO_ROOM. */
int tr34_attributes(const char header[KEYBLOCK_HEADER], struct span nonce,
    struct span enveloped, uint8_t *out, struct span *made);

#endif
