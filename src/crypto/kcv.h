/*
 * kcv: key check values: eight zero bytes encrypted under the key.
 */
#ifndef LUAHSM_CRYPTO_KCV_H
#define LUAHSM_CRYPTO_KCV_H

struct des3;

enum { KCV_DIGITS = 16 };

/* Write the leftmost digits (even, at most KCV_DIGITS) to hex, without a NUL. 0 or ERR_CRYPTO. */
int kcv_make(struct des3 *d, unsigned digits, char *hex);

#endif
