/*
 * ecckey: elliptic curve private keys in key blocks under the LMK (usage 03, algorithm
 * E): the length in bits, then the scalar (spec: command FY; the inside is the project's own).
 */
#ifndef LUAHSM_ECCKEY_H
#define LUAHSM_ECCKEY_H

#include "crypto/ecc.h"
#include "lmk.h"

enum { ECCKEY_FIELD = 1 + KEYBLOCK_HEADER + 2 * 80 + 16 };

/*
 * Write key as S and a block, text, with that header's mode, version, exportability
 * to out (ECCKEY_FIELD bytes): *n of them. 0; ERR_LMK_SCHEME, ERR_WEAKER_LMK,
 * ERR_NO_MEMORY, ERR_CRYPTO, failures of lmk.h.
 */
int ecckey_wrap(const struct lmk *lmk, const EVP_PKEY *key, const struct keyblock_header *h,
    uint8_t *out, size_t *n);

/*
 * Open such a field, whose mode must be one of modes ("XN"). *key is the caller's, to
 * be freed by EVP_PKEY_free. 0; ERR_USAGE, ERR_ALGORITHM, ERR_MODE;
 * ERR_BLOCK_LENGTH (no such scalar); the failures above.
 */
int ecckey_open(const struct lmk *lmk, struct span field, const char *modes, EVP_PKEY **key);

#endif
