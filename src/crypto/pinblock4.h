/*
 * pinblock4: PINs in 16-byte PIN blocks, ISO 9564-1 format 4 (code 48), under
 * AES keys.
 *
 * The PIN field is enciphered, the PAN field added, and the sum enciphered
 * again, so that the block is bound to the whole PAN. As in pinblock.h a block
 * that holds no PIN takes as long as any other (spec: pins.md 1.4, 1.5).
 */
#ifndef LUAHSM_CRYPTO_PINBLOCK4_H
#define LUAHSM_CRYPTO_PINBLOCK4_H

#include "span.h"

struct key;
struct secret;

enum { PINBLOCK4_DIGITS = 32, PINBLOCK4_PAN_MOST = 19 };

/*
 * Decrypt a block of 32 hexadecimal digits and take the PIN out, as digits in
 * characters. pan: 1 to 19 digits, check digit and all.
 * 0; ERR_KEY_LENGTH (no AES key); ERR_INPUT (block or PAN); ERR_PIN_BLOCK,
 * ERR_PIN_LENGTH (pin is then empty); ERR_NO_MEMORY; ERR_CRYPTO.
 */
int pinblock4_open(struct key *key, struct span block, struct span pan, struct secret *pin);

/* Make a block of a PIN of 4 to 12 digits (else ERR_PIN_LENGTH), random filler, and encrypt it. */
int pinblock4_seal(struct key *key, const struct secret *pin, struct span pan,
    char out[PINBLOCK4_DIGITS]);

#endif
