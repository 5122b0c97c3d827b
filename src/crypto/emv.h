/*
 * emv: keys of a card and of its transactions, application cryptograms and
 * the issuer's answer to them.
 *
 * One function per step of the specification (emv-mac-data.md 1), so that a
 * command is the steps that its page names. Every key that comes out is a
 * double-length one with odd parity, filled but for its type. All results are
 * ERR_KEY_LENGTH for a key that is not double-length, ERR_INPUT for a span of
 * another length than said here, ERR_CRYPTO, or 0.
 */
#ifndef LUAHSM_CRYPTO_EMV_H
#define LUAHSM_CRYPTO_EMV_H

#include <stdint.h>

#include "span.h"

struct key;

enum {
	EMV_KEY_LEN        = 16,
	EMV_CRYPTOGRAM_LEN = 8,
	EMV_BLOCK_LEN      = 8,
	EMV_ATC_LEN        = 2,
	EMV_ARC_LEN        = 2,
	EMV_CSU_LEN        = 4,
	EMV_ARPC2_LEN      = 4,
	EMV_OWN_MAX        = 8,
	EMV_DATA_MAC_LEN   = 4,
	EMV_CODE_LEN       = 2,
	EMV_COUNTERS_LEN   = 7
};

/* How a tree of EMV2000 session keys branches. */
enum emv_tree {
	EMV_TREE_2_16,	/* two branches, height 16 */
	EMV_TREE_4_8
};

/* The card's key. pan_psn: the 8-byte block of option A or B, which the host
 * sends ready-made for option A. The second form, for the stack: wipe it. */
int emv_card(struct key *issuer, struct span pan_psn, struct key *card);
int emv_card_key(struct key *issuer, struct span pan_psn, uint8_t key[EMV_KEY_LEN]);

/* By option B. pan_psn: all digits of PAN and sequence number, packed. Up to 18
 * digits (a PAN of 16) this is option A. */
int emv_card_b(struct key *issuer, struct span pan_psn, struct key *card);

/* The common session key: r is 8 bytes of the transaction (spec: 1.3 lists which). */
int emv_session(struct key *card, struct span r, struct key *session);

/* Visa's key for scripts: data is 8 bytes that end in the ATC. */
int emv_session_visa(const struct key *card, struct span data, struct key *session);

/* The session key of the tree. iv: 16 bytes, its root's parent; atc: 2 bytes. */
int emv_session_tree(const struct key *card, struct span iv, struct span atc,
    enum emv_tree tree, struct key *session);

/* The ARQC, TC or AAC over data, zero-filled to whole blocks: a scheme that
 * pads otherwise has its host do it. */
int emv_cryptogram(const struct key *key, struct span data, uint8_t ac[EMV_CRYPTOGRAM_LEN]);

/* ARPC method 1 of an 8-byte ARQC and a 2-byte ARC. */
int emv_arpc(struct key *key, struct span arqc, struct span arc,
    uint8_t arpc[EMV_CRYPTOGRAM_LEN]);

/* ARPC method 2 of an 8-byte ARQC, a 4-byte CSU and up to 8 bytes of proprietary data. */
int emv_arpc2(const struct key *key, struct span arqc, struct span csu, struct span own,
    uint8_t arpc[EMV_ARPC2_LEN]);

/*
 * The MAC over a card's discretionary data (KQ modes 3 and 4, scheme 0), with
 * the card's key from MK-SMI. The manuals give it one line: read here as the
 * first four bytes of the retail MAC, padded as scheme 0 pads its ARQC.
 */
int emv_data_mac(const struct key *card, struct span data, uint8_t mac[EMV_DATA_MAC_LEN]);

/* The two leftmost bytes of an encrypted 8-byte block: DAC and ICC dynamic number. */
int emv_code(struct key *card, struct span block, uint8_t code[EMV_CODE_LEN]);

/*
 * A card's counters out of an encrypted 8-byte block: its off-line amount in 12
 * digits and a transaction number. What ends the block is not published: read
 * here as the 80 of padding method 2. ERR_VERIFY: that is not what is inside.
 */
int emv_counters(struct key *session, struct span block, uint8_t clear[EMV_COUNTERS_LEN]);

#endif
