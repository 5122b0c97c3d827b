#include "crypto/dcvv.h"

#include <string.h>

#include "crypto/cvv.h"
#include "crypto/des3.h"
#include "crypto/emv.h"
#include "crypto/emv_pan.h"
#include "crypto/mac.h"
#include "err.h"
#include "hex.h"
#include "key.h"

enum { ATC_DIGITS = 4, ATC_MOST = 0xFFFF, UN_LEN = 4, IV_LEN = 2 };

/* The card's own key. secret: wipe it. */
static int
card_key(struct key *issuer, char option, struct span pan, struct span psn,
    uint8_t key[EMV_KEY_LEN])
{
	uint8_t block[EMV_PAN_BLOCK];
	int r;

	if ((r = emv_pan_block(option, pan, psn, block)) != 0)
		return r;
	return emv_card_key(issuer, span_of(block, sizeof(block)), key);
}

int
dcvv_visa(struct key *mk_ac, char option, struct span pan, struct span expiry,
    struct span service, struct span atc, char out[DCVV_DIGITS])
{
	uint8_t digits[CVV_PAN_MAX];
	struct key *card;
	int r;

	if (atc.n < ATC_DIGITS || pan.n <= ATC_DIGITS || pan.n > sizeof(digits))
		return ERR_INPUT;
	if ((card = key_take()) == NULL)
		return ERR_NO_ROOM;
	/* The counter stands in for the first four digits of the PAN. */
	memcpy(digits, atc.p + atc.n - ATC_DIGITS, ATC_DIGITS);
	memcpy(digits + ATC_DIGITS, pan.p + ATC_DIGITS, pan.n - ATC_DIGITS);
	card->len = EMV_KEY_LEN;
	if ((r = card_key(mk_ac, option, pan, SPAN("00"), card->bytes)) != 0)
		return r;
	return cvv_make(card, span_of(digits, pan.n), expiry, service, out);
}

int
dcvv_cvc3(struct key *mk_cvc3, char option, struct span pan, struct span psn,
    struct span track, struct span un, long atc, char out[DCVV_CVC3_DIGITS])
{
	uint8_t mac[MAC_LEN], block[DES_BLOCK];
	struct key *card;
	unsigned value;
	int r;

	if (un.n != 2 * UN_LEN || atc < 0 || atc > ATC_MOST ||
	    hex_decode(un, block + IV_LEN, UN_LEN) != 0)
		return ERR_INPUT;
	if ((card = key_take()) == NULL)
		return ERR_NO_ROOM;
	if ((r = card_key(mk_cvc3, option, pan, psn, card->bytes)) != 0 ||
	    (r = mac_retail(card->bytes, EMV_KEY_LEN, MAC_PAD_BIT, track, mac)) != 0)
		return r;
	memcpy(block, mac + MAC_LEN - IV_LEN, IV_LEN);
	block[DES_BLOCK - 2] = (uint8_t)(atc >> 8);
	block[DES_BLOCK - 1] = (uint8_t)atc;
	if ((r = des3_once(card->bytes, EMV_KEY_LEN, 1, block, block, DES_BLOCK)) != 0)
		return r;
	value = (unsigned)block[DES_BLOCK - 2] << 8 | block[DES_BLOCK - 1];
	for (size_t i = DCVV_CVC3_DIGITS; i-- > 0; value /= 10)
		out[i] = (char)('0' + value % 10);
	return 0;
}
