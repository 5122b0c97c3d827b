/*
 * emv: option A card keys, SKD session keys, cryptograms, ARPC method 1.
 */
#include "crypto/emv.h"

#include <string.h>

#include <sodium.h>

#include "crypto/des3.h"
#include "crypto/mac.h"
#include "crypto/parity.h"
#include "err.h"
#include "key.h"

int
emv_card_key(struct key *issuer, struct span pan_psn, uint8_t key[EMV_KEY_LEN])
{
	struct des3 *des = key_des(issuer);

	if (issuer->len != EMV_KEY_LEN)
		return ERR_KEY_LENGTH;
	if (pan_psn.n != EMV_PAN_PSN_LEN)
		return ERR_INPUT;
	for (size_t i = 0; i < DES_BLOCK; i++) {
		key[i] = pan_psn.p[i];
		key[DES_BLOCK + i] = (uint8_t)~pan_psn.p[i];
	}
	if (des == NULL || des3_encrypt(des, key, key, EMV_KEY_LEN) != 0)
		return ERR_CRYPTO;
	parity_force(key, EMV_KEY_LEN);
	return 0;
}

int
emv_session_key(const uint8_t key[EMV_KEY_LEN], const uint8_t r[8],
    uint8_t session[EMV_KEY_LEN])
{
	memcpy(session, r, DES_BLOCK);
	memcpy(session + DES_BLOCK, r, DES_BLOCK);
	/* Byte 3 of the card's data tells the halves apart. */
	session[2] = 0xF0;
	session[DES_BLOCK + 2] = 0x0F;
	if (des3_once(key, EMV_KEY_LEN, 1, session, session, EMV_KEY_LEN) != 0)
		return ERR_CRYPTO;
	parity_force(session, EMV_KEY_LEN);
	return 0;
}

/* Turn the card's key into the session key of Mastercard's SKD: ATC, 0000, UN. */
static int
make_skd(const struct emv_card *card, uint8_t key[EMV_KEY_LEN])
{
	uint8_t r[DES_BLOCK] = { 0 }, session[EMV_KEY_LEN];
	int result;

	memcpy(r, card->atc.p, EMV_ATC_LEN);
	memcpy(r + 4, card->un.p, EMV_UN_LEN);
	result = emv_session_key(key, r, session);
	memcpy(key, session, sizeof(session));
	sodium_memzero(session, sizeof(session));
	return result;
}

int
emv_cryptogram(struct key *mk_ac, enum emv_scheme scheme, const struct emv_card *card,
    struct span data, uint8_t ac[EMV_CRYPTOGRAM_LEN])
{
	uint8_t key[EMV_KEY_LEN];
	int r;

	if (card->atc.n != EMV_ATC_LEN || card->un.n != EMV_UN_LEN)
		return ERR_INPUT;
	r = emv_card_key(mk_ac, card->pan_psn, key);
	if (r == 0 && scheme == EMV_MASTERCARD)
		r = make_skd(card, key);
	if (r == 0)
		r = mac_retail(key, sizeof(key), MAC_PAD_ZEROS, data, ac);
	sodium_memzero(key, sizeof(key));
	return r;
}

int
emv_arpc(struct key *mk_ac, struct span pan_psn, struct span arqc, struct span arc,
    uint8_t arpc[EMV_CRYPTOGRAM_LEN])
{
	uint8_t key[EMV_KEY_LEN];
	int r;

	if (arqc.n != EMV_CRYPTOGRAM_LEN || arc.n != EMV_ARC_LEN)
		return ERR_INPUT;
	if ((r = emv_card_key(mk_ac, pan_psn, key)) == 0) {
		memcpy(arpc, arqc.p, EMV_CRYPTOGRAM_LEN);
		for (size_t i = 0; i < EMV_ARC_LEN; i++)
			arpc[i] ^= arc.p[i];
		r = des3_once(key, sizeof(key), 1, arpc, arpc, EMV_CRYPTOGRAM_LEN);
	}
	sodium_memzero(key, sizeof(key));
	return r;
}

int
emv_data_mac(struct key *mk_smi, struct span pan_psn, struct span data,
    uint8_t mac[EMV_DATA_MAC_LEN])
{
	uint8_t key[EMV_KEY_LEN], whole[MAC_LEN];
	int r;

	if ((r = emv_card_key(mk_smi, pan_psn, key)) == 0)
		r = mac_retail(key, sizeof(key), MAC_PAD_ZEROS, data, whole);
	if (r == 0)
		memcpy(mac, whole, EMV_DATA_MAC_LEN);
	sodium_memzero(key, sizeof(key));
	/* The half that stays is nobody's business. */
	sodium_memzero(whole, sizeof(whole));
	return r;
}
