/*
 * dukpt_aes: initial keys of AES DUKPT, ANSI X9.24-3.
 */
#ifndef LUAHSM_CRYPTO_DUKPT_AES_H
#define LUAHSM_CRYPTO_DUKPT_AES_H

#include <stddef.h>

#include "span.h"

struct key;

enum { DUKPT_AES_ID_DIGITS = 16 };

/*
 * The initial key of len bytes (16, 24, 32; at most the BDK's) of the device
 * with that identifier, 16 hexadecimal digits: key's bytes, length and cipher.
 * 0; ERR_INPUT; ERR_KEY_LENGTH (longer than the BDK, or the BDK is no AES key);
 * ERR_CRYPTO.
 */
int dukpt_aes_initial_key(struct key *bdk, struct span id, size_t len, struct key *key);

#endif
