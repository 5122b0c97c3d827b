/*
 * emv: application cryptograms and the issuer's answer to them.
 *
 * Keys of a card are derived from the issuer's for the one call and wiped.
 * pan_psn is the 8-byte option A block that the host sends ready-made: the 16
 * right-most digits of PAN and sequence number (spec: emv-mac-data.md 1).
 * All results are ERR_KEY_LENGTH for an issuer key that is not double-length,
 * ERR_INPUT for a span of another length than said here, ERR_CRYPTO, or 0.
 */
#ifndef LUAHSM_CRYPTO_EMV_H
#define LUAHSM_CRYPTO_EMV_H

#include <stdint.h>

#include "span.h"

struct key;

enum emv_scheme {
	EMV_VISA       = 0,	/* the card's key itself */
	EMV_MASTERCARD = 1,	/* a session key of ATC and unpredictable number */
	EMV_AMEX       = 2	/* as Visa */
};

enum {
	EMV_KEY_LEN        = 16,
	EMV_CRYPTOGRAM_LEN = 8,
	EMV_PAN_PSN_LEN    = 8,
	EMV_ATC_LEN        = 2,
	EMV_UN_LEN         = 4,
	EMV_ARC_LEN        = 2,
	EMV_DATA_MAC_LEN   = 4
};

/* What a card is, and which transaction of it. */
struct emv_card {
	struct span pan_psn;	/* 8 bytes */
	struct span atc;	/* 2 bytes */
	struct span un;		/* 4 bytes; used by EMV_MASTERCARD only */
};

/*
 * The ARQC, TC or AAC that the card makes over data, zero-filled to whole
 * blocks (a scheme that pads otherwise has its host do it), under MK-AC.
 */
int emv_cryptogram(struct key *mk_ac, enum emv_scheme scheme, const struct emv_card *card,
    struct span data, uint8_t ac[EMV_CRYPTOGRAM_LEN]);

/* ARPC method 1 of an 8-byte ARQC and a 2-byte ARC: the card's key in every scheme. */
int emv_arpc(struct key *mk_ac, struct span pan_psn, struct span arqc, struct span arc,
    uint8_t arpc[EMV_CRYPTOGRAM_LEN]);

/*
 * The MAC over a card's discretionary data (KQ modes 3 and 4, scheme 0) under
 * MK-SMI. The manuals give it one line: read here as the first four bytes of
 * the retail MAC, padded as scheme 0 pads its ARQC, under the card's own key
 * from MK-SMI, since scheme 0 has no session keys.
 */
int emv_data_mac(struct key *mk_smi, struct span pan_psn, struct span data,
    uint8_t mac[EMV_DATA_MAC_LEN]);

/* The steps, for tests and for what builds on them. key and session are secret: wipe them. */
int emv_card_key(struct key *issuer, struct span pan_psn, uint8_t key[EMV_KEY_LEN]);
int emv_session_key(const uint8_t key[EMV_KEY_LEN], const uint8_t r[8],
    uint8_t session[EMV_KEY_LEN]);

#endif
