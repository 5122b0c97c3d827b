/*
 * emv_pan: the block that a card's own keys are derived from.
 *
 * EMV book 2, A1.4: option A takes the 16 right-most digits of PAN and
 * sequence number; option B, for PANs of more than 16 digits, 16 decimal
 * digits of their SHA-1. For a PAN of up to 16 digits B is A, as EMV says.
 */
#ifndef LUAHSM_CRYPTO_EMV_PAN_H
#define LUAHSM_CRYPTO_EMV_PAN_H

#include <stdint.h>

#include "span.h"

enum { EMV_PAN_BLOCK = 8, EMV_PAN_MOST = 19, EMV_PSN_DIGITS = 2 };

/*
 * option: 'A' or 'B'; pan: 1 to 19 digits; psn: 2 digits.
 * 0; ERR_INPUT (not so); ERR_CRYPTO.
 */
int emv_pan_block(char option, struct span pan, struct span psn,
    uint8_t block[EMV_PAN_BLOCK]);

#endif
