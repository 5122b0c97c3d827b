/*
 * emv_script: issuer scripts: their MAC, their confidential part, and the PIN
 * blocks that only cards see.
 *
 * What is clear here (a PIN block, data to be concealed) is in the slab. Keys
 * are double-length ones of a card or a session (crypto/emv.h).
 */
#ifndef LUAHSM_CRYPTO_EMV_SCRIPT_H
#define LUAHSM_CRYPTO_EMV_SCRIPT_H

#include <stddef.h>
#include <stdint.h>

#include "span.h"

struct key;
struct secret;

enum { EMV_SCRIPT_MAC_LEN = 8 };

/* How the confidential part is padded and encrypted (spec: emv-mac-data.md 1.6). */
enum emv_conceal {
	EMV_CONCEAL_VISA,	/* length byte in front, 80 00.. always; ECB */
	EMV_CONCEAL_MCHIP,	/* 80 00.. unless whole blocks; CBC */
	EMV_CONCEAL_EMV		/* 80 00.. always; CBC */
};

/* The MAC over the whole command with ATC and ARQC in it: algorithm 3, padding 2.
 * 0; ERR_KEY_LENGTH; ERR_CRYPTO. */
int emv_script_mac(const struct key *session, struct span message,
    uint8_t mac[EMV_SCRIPT_MAC_LEN]);

/* Bytes that n bytes of clear data become. */
size_t emv_conceal_length(enum emv_conceal how, size_t n);

/*
 * Encrypt clear under the session key: emv_conceal_length bytes to out.
 * 0; ERR_DATA_LENGTH (more than 255 bytes for Visa); ERR_KEY_LENGTH; ERR_NO_ROOM;
 * ERR_CRYPTO.
 */
int emv_conceal(const struct key *session, enum emv_conceal how, const struct secret *clear,
    uint8_t *out);

/*
 * Lay a new PIN out as a clear block of format 34, 35, 41 or 42, 8 bytes in
 * block. account: for 35. card: the card's own key from MK-AC, for 41 and 42,
 * else NULL. old: the PIN so far, for 42, else NULL.
 * 0; ERR_PIN_FORMAT; ERR_PIN_LENGTH; ERR_INPUT (account, or card or old missing).
 */
int emv_pin_block(unsigned format, const struct secret *pin, struct span account,
    const struct key *card, const struct secret *old, struct secret *block);

#endif
