/*
 * keyblock_change: a header's field made stricter, never looser.
 */
#ifndef LUAHSM_CRYPTO_KEYBLOCK_CHANGE_H
#define LUAHSM_CRYPTO_KEYBLOCK_CHANGE_H

#include "crypto/keyblock.h"

/*
 * Change one field of *h from its old to its new value: 'M' mode of use (N to
 * any, B to D or E, C to G or V), 'V' key version (to a higher one), 'E'
 * exportability (S to E, either to N), 'S' status (P to L, any to E or R, not
 * back). text: KEYBLOCK_MAX characters that hold the optional blocks afterwards.
 * 0; ERR_CHANGE_FIELD; ERR_OLD_VALUE (the field holds another); ERR_NEW_VALUE;
 * ERR_NO_STATUS.
 */
int keyblock_change(struct keyblock_header *h, char field, struct span old, struct span new,
    uint8_t *text);

#endif
