/*
 * dukpt_aes: derived unique keys per transaction, ANSI X9.24-3 (AES).
 *
 * As dukpt.h tells, with a KSN of 12 bytes: 4 of BDK identifier, 4 of
 * derivation identifier, 4 of counter; the first 8 are the initial key's
 * identifier. Every step encrypts a block that says what comes out: usage,
 * algorithm, length and who or which transaction (spec: pins.md 4.3).
 */
#ifndef LUAHSM_CRYPTO_DUKPT_AES_H
#define LUAHSM_CRYPTO_DUKPT_AES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "span.h"

struct key;

enum { DUKPT_AES_ID_DIGITS = 16, DUKPT_AES_KSN_LEN = 12 };

/* What a working key is for: the usage in its derivation data. */
enum dukpt_aes_use {
	DUKPT_AES_KEY_ENCRYPTION = 0x0002,
	DUKPT_AES_PIN            = 0x1000,
	DUKPT_AES_MAC_GENERATE   = 0x2000,
	DUKPT_AES_MAC_VERIFY     = 0x2001,
	DUKPT_AES_MAC_BOTH       = 0x2002,
	DUKPT_AES_DATA_ENCRYPT   = 0x3000,
	DUKPT_AES_DATA_DECRYPT   = 0x3001,
	DUKPT_AES_DATA_BOTH      = 0x3002,
	DUKPT_AES_DERIVATION     = 0x8000,	/* the transaction's key, for tests */
	DUKPT_AES_INITIAL        = 0x8001
};

/* The algorithm of a working key, as its derivation data says it. */
enum dukpt_aes_type {
	DUKPT_AES_TDES2, DUKPT_AES_TDES3, DUKPT_AES_128, DUKPT_AES_192, DUKPT_AES_256
};

/*
 * The initial key of len bytes (16, 24, 32; at most the BDK's) of the device
 * with that identifier, 16 hexadecimal digits: key's bytes, length and cipher.
 * 0; ERR_INPUT; ERR_KEY_LENGTH (longer than the BDK, or the BDK is no AES key);
 * ERR_CRYPTO.
 */
int dukpt_aes_initial_key(struct key *bdk, struct span id, size_t len, struct key *key);

/* The bytes of a KSN of 24 hexadecimal digits. 0 or ERR_INPUT. */
int dukpt_aes_ksn(struct span digits, uint8_t ksn[DUKPT_AES_KSN_LEN]);

/* Is the counter one that a device comes to: not 0, and at most sixteen bits set? */
bool dukpt_aes_counter_good(const uint8_t ksn[DUKPT_AES_KSN_LEN]);

/*
 * The key of one use in one transaction: bytes, length, cipher; parity of a
 * DES key as it falls. Initial and transaction keys are as long as the BDK.
 * 0; ERR_KEY_LENGTH (longer than the BDK, or the BDK is no AES key); ERR_CRYPTO.
 */
int dukpt_aes_derive(const struct key *bdk, const uint8_t ksn[DUKPT_AES_KSN_LEN],
    enum dukpt_aes_use use, enum dukpt_aes_type type, struct key *key);

#endif
