/*
 * dukpt: derived unique keys per transaction, ANSI X9.24-1 (3DES).
 */
#ifndef LUAHSM_CRYPTO_DUKPT_H
#define LUAHSM_CRYPTO_DUKPT_H

#include "span.h"

struct key;

enum { DUKPT_KSN_DIGITS = 15 };

/*
 * The initial key of a device under a double-length BDK.
 * ksn: 15 hexadecimal digits, key set and device identifiers without the
 * transaction counter, right-justified behind F (A0's field); the last digit
 * is even, because its low bit belongs to the counter.
 * key: filled but for its type; odd parity.
 * 0; ERR_KEY_LENGTH; ERR_INPUT; ERR_CRYPTO.
 */
int dukpt_initial_key(const struct key *bdk, struct span ksn, struct key *key);

#endif
