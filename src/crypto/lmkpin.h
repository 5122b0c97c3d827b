/*
 * lmkpin: PINs encrypted under the LMK, for the issuer's database.
 *
 * The text is one character longer than the longest PIN, and bound to the
 * account; under an AES LMK it is J and 32 hexadecimal digits. None of the
 * device's algorithms is public, so the methods here are the project's own:
 * LMK_PIN_FPE10 is a decimal Feistel cipher (spec: pins.md 2.5), under AES one block
 * of the cipher; LMK_PIN_PLAIN0 is what simulators do, "0" and the PIN, and no
 * encryption at all. The same PIN and account give the same text.
 */
#ifndef LUAHSM_CRYPTO_LMKPIN_H
#define LUAHSM_CRYPTO_LMKPIN_H

#include <stdbool.h>
#include <stddef.h>

#include "config.h"
#include "span.h"

struct lmk;
struct secret;

enum { LMKPIN_MOST = 33, LMKPIN_REFERENCE = 12, LMKPIN_TAG = 'J', LMKPIN_UNREAD = 1 };

/* Characters that a PIN has under the LMK where it has length (5 to 13) under others. */
size_t lmkpin_length(const struct lmk *lmk, size_t length);

/* Is there room for letters in place of a PIN's digits (pinblock.h)? Only then seal takes them. */
bool lmkpin_has_letters(const struct lmk *lmk, enum lmk_pin_method method);

/*
 * Encrypt a PIN to lmkpin_length characters. account: a field of account.h.
 * 0; ERR_PIN_LENGTH (not 4 to length - 1 digits); ERR_INPUT (no such account);
 * ERR_LMK; ERR_CRYPTO.
 */
int lmkpin_seal(const struct lmk *lmk, enum lmk_pin_method method, const struct secret *pin,
    struct span account, size_t length, char *out);

/*
 * Decrypt one. text is wiped nowhere: it is the host's. 0; LMKPIN_UNREAD: one
 * where all holds but that digits are letters; ERR_LMK_PIN (holds no PIN: another
 * account, another LMK, or damaged; pin is then empty);
 * ERR_PIN_TAG (J where the LMK is no AES one, or the other way round);
 * ERR_INPUT (account, or characters that the method does not use); ERR_LMK;
 * ERR_CRYPTO.
 */
int lmkpin_open(const struct lmk *lmk, enum lmk_pin_method method, struct span text,
    struct span account, struct secret *pin);

/*
 * The reference number that NG shows beside a PIN: 12 digits of the account
 * encrypted under LMK pair 18-19 (lmk_host.h). 0; ERR_INPUT; ERR_LMK; ERR_CRYPTO.
 */
int lmkpin_reference(const struct lmk *lmk, struct span account, char out[LMKPIN_REFERENCE]);

#endif
