/*
 * pinblock: PINs in PIN blocks: under DES keys 8 bytes, formats 01 02 03 04 05 47,
 * under AES keys 16 bytes, format 48 (pinblock4.h).
 *
 * The PIN is in the slab only. So is the clear block, but while it is read or made, as
 * a number: in registers and perhaps on the stack, which whoever runs requests wipes
 * behind them (guard_scrub).
 *
 * A block that holds no PIN takes as long as any other: all checks are made, without a
 * branch on what was decrypted, and then the code is chosen (spec: pins.md 1.1 to 1.6).
 */
#ifndef LUAHSM_CRYPTO_PINBLOCK_H
#define LUAHSM_CRYPTO_PINBLOCK_H

#include <stdbool.h>
#include <stddef.h>

#include "span.h"

struct key;
struct secret;

enum {
	PINBLOCK_DIGITS = 16,	/* of an 8-byte block */
	PINBLOCK_MOST   = 32,
	PINBLOCK_UNREAD = 1
};

/*
 * Does any command but EMV PIN change take this format code? 34, 35, 41, 42
 * and 46 are not known here.
 */
bool pinblock_format_known(unsigned format);

/* May a block be translated so under ISO 9564-1 (setting pin.restrict_formats)? */
bool pinblock_format_allowed(unsigned from, unsigned to);

/* Is a block of this format bound to the account? */
bool pinblock_format_bound(unsigned format);

/* Hexadecimal digits of a block under the key. */
size_t pinblock_length(const struct key *key);

/*
 * Decrypt a block and take the PIN out, as digits in characters. account: a field of
 * account.h, for format 48 the whole PAN of 13 digits or more; formats that do
 * not use it do not look at it.
 * 0; PINBLOCK_UNREAD: an account-bound block of 8 bytes where all holds but that digits of
 * the PIN are letters, as with another account; pinblock_seal takes such a PIN, nobody
 * else may. ERR_PIN_FORMAT (none, or not for such a key); ERR_INPUT (block is not so
 * many hexadecimal digits, or no such account); ERR_PIN_BLOCK, ERR_PIN_LENGTH (pin is
 * then empty); ERR_CRYPTO.
 */
int pinblock_open(struct key *key, struct span block, unsigned format, struct span account,
    struct secret *pin);

/*
 * Make a block of the PIN and encrypt it: pinblock_length digits.
 * 0; ERR_PIN_FORMAT; ERR_PIN_LENGTH (not 4 to 12 digits, or more than the
 * format holds); ERR_INPUT (no such account); ERR_NO_MEMORY; ERR_CRYPTO.
 */
int pinblock_seal(struct key *key, const struct secret *pin, unsigned format,
    struct span account, char out[PINBLOCK_MOST]);

#endif
