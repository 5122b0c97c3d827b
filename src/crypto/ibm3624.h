/*
 * ibm3624: PINs that follow from an account, and offsets from them.
 *
 * The validation data of an account, encrypted under a PVK of any length and
 * read through a decimalisation table, is the natural PIN; an offset is added
 * to it digit by digit, modulo 10. All here works on as many digits as the
 * check length says: a PIN of another length has no offset (spec: pins.md 2.2).
 */
#ifndef LUAHSM_CRYPTO_IBM3624_H
#define LUAHSM_CRYPTO_IBM3624_H

#include <stdint.h>

#include "span.h"

struct key;
struct secret;

enum { IBM3624_TABLE = 8, IBM3624_OFFSET = 12, IBM3624_BLOCK = 8 };

/* What belongs to one account of one issuer. */
struct ibm3624 {
	struct key          *pvk;
	const struct secret *table;	/* of ibm3624_table */
	struct span          validation; /* 12 characters with one N, or P and 16 digits */
	struct span          account;	/* 12 digits or the 18-character field (account.h) */
	unsigned             length;	/* the check length, 4 to 12 */
};

/*
 * Judge a decimalisation table: 8 bytes that hold 16 digits become the 16
 * digits themselves. At least 8 different ones, none more than 4 times, which
 * stops the attack that tells a PIN apart by tables of its own making
 * (spec: threats A1). 0 or ERR_TABLE.
 */
int ibm3624_table(struct secret *table);

/* The 8 bytes that are encrypted: what the PIN depends on beside key and table.
 * 0 or ERR_INPUT. */
int ibm3624_block(const struct ibm3624 *card, uint8_t block[IBM3624_BLOCK]);

/*
 * The offset of a PIN: digits, then F. 0; ERR_PIN_LENGTH (the PIN is not as
 * long as the check length); ERR_INPUT (table, validation data, account or
 * length); ERR_CRYPTO.
 */
int ibm3624_offset(const struct ibm3624 *card, const struct secret *pin,
    char offset[IBM3624_OFFSET]);

/* The PIN of an offset. As above; ERR_INPUT for an offset with too few digits too. */
int ibm3624_pin(const struct ibm3624 *card, struct span offset, struct secret *pin);

#endif
