/*
 * dukpt: derived unique keys per transaction, ANSI X9.24-1 (3DES).
 *
 * A device is given an initial key that follows from the BDK and its own
 * number; every transaction has a key of its own, which follows from the
 * initial key and a counter. The KSN is both: 59 bits of device, 21 of
 * counter. What the transaction does takes a variant of its key
 * (spec: pins.md 4.1).
 */
#ifndef LUAHSM_CRYPTO_DUKPT_H
#define LUAHSM_CRYPTO_DUKPT_H

#include <stdbool.h>
#include <stdint.h>

#include "span.h"

struct key;

enum {
	DUKPT_KSN_DIGITS = 15,	/* of a KSN without its counter */
	DUKPT_KSN_MOST   = 20,
	DUKPT_KSN_LEN    = 10	/* bytes */
};

/* What a transaction's key is for. */
enum dukpt_use {
	DUKPT_PIN,
	DUKPT_MAC,		/* request, or both ways */
	DUKPT_MAC_RESPONSE,
	DUKPT_DATA,		/* request, or both ways */
	DUKPT_DATA_RESPONSE,
	DUKPT_TRANSACTION	/* the key itself, for tests */
};

/*
 * The initial key of a device under a double-length BDK.
 * ksn: 15 hexadecimal digits, key set and device identifiers without the
 * transaction counter, right-justified behind F (A0's field); the last digit
 * is even, because its low bit belongs to the counter.
 * key: filled but for its type; odd parity.
 * 0; ERR_KEY_LENGTH; ERR_INPUT; ERR_CRYPTO.
 */
int dukpt_initial_key(const struct key *bdk, struct span ksn, struct key *key);

/* The bytes of a KSN: at most 20 hexadecimal digits, right-justified behind F. 0 or ERR_INPUT. */
int dukpt_ksn(struct span digits, uint8_t ksn[DUKPT_KSN_LEN]);

/*
 * Is the counter one that a device comes to: not 0, and at most ten bits set?
 * (X9.24-1: others are skipped, so that a key costs ten steps at most.)
 */
bool dukpt_counter_good(const uint8_t ksn[DUKPT_KSN_LEN]);

/*
 * The key of one use in one transaction, under a double-length BDK; filled but
 * for its type, parity as it falls. 0; ERR_KEY_LENGTH; ERR_CRYPTO.
 */
int dukpt_derive(const struct key *bdk, const uint8_t ksn[DUKPT_KSN_LEN], enum dukpt_use use,
    struct key *key);

#endif
