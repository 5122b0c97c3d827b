/*
 * emv: card keys, cryptograms, ARPCs. Session keys are in emv_session.c.
 */
#include "crypto/emv.h"

#include <string.h>

#include <sodium.h>

#include "crypto/des3.h"
#include "crypto/emv_pan.h"
#include "crypto/mac.h"
#include "crypto/parity.h"
#include "err.h"
#include "hex.h"
#include "key.h"

/* Bytes of the longest PAN and its sequence number, packed. */
enum { PACKED_MAX = (EMV_PAN_MOST + EMV_PSN_DIGITS + 1) / 2, AMOUNT_LEN = 6 };

/* The schedule of a double-length key. NULL: another length, or libcrypto refused. */
static struct des3 *
schedule(struct key *key, int *r)
{
	struct des3 *des = key->len == EMV_KEY_LEN ? key_des(key) : NULL;

	*r = key->len != EMV_KEY_LEN ? ERR_KEY_LENGTH : des == NULL ? ERR_CRYPTO : 0;
	return des;
}

int
emv_card_key(struct key *issuer, struct span pan_psn, uint8_t key[EMV_KEY_LEN])
{
	struct des3 *des;
	int r;

	if ((des = schedule(issuer, &r)) == NULL)
		return r;
	if (pan_psn.n != EMV_BLOCK_LEN)
		return ERR_INPUT;
	for (size_t i = 0; i < DES_BLOCK; i++) {
		key[i] = pan_psn.p[i];
		key[DES_BLOCK + i] = (uint8_t)~pan_psn.p[i];
	}
	r = des3_encrypt(des, key, key, EMV_KEY_LEN);
	parity_force(key, EMV_KEY_LEN);
	return r;
}

int
emv_card(struct key *issuer, struct span pan_psn, struct key *card)
{
	int r = emv_card_key(issuer, pan_psn, card->bytes);

	card->len = EMV_KEY_LEN;
	card->scheme = 'U';
	card->odd = true;
	return r;
}

int
emv_card_b(struct key *issuer, struct span pan_psn, struct key *card)
{
	char digits[2 * PACKED_MAX];
	uint8_t block[EMV_PAN_BLOCK];
	size_t n = 2 * pan_psn.n, from;
	int r;

	if (n <= EMV_PSN_DIGITS || pan_psn.n > PACKED_MAX)
		return ERR_INPUT;
	hex_encode(pan_psn.p, pan_psn.n, digits);
	/* A zero in front of an odd number of digits is none of the longest PAN. */
	from = n > EMV_PAN_MOST + EMV_PSN_DIGITS && digits[0] == '0' ? 1 : 0;
	if ((r = emv_pan_block('B', span_of(digits + from, n - from - EMV_PSN_DIGITS),
	    span_of(digits + n - EMV_PSN_DIGITS, EMV_PSN_DIGITS), block)) != 0)
		return r;
	return emv_card(issuer, span_of(block, sizeof(block)), card);
}

int
emv_cryptogram(const struct key *key, struct span data, uint8_t ac[EMV_CRYPTOGRAM_LEN])
{
	if (key->len != EMV_KEY_LEN)
		return ERR_KEY_LENGTH;
	return mac_retail(key->bytes, key->len, MAC_PAD_ZEROS, data, ac);
}

int
emv_arpc(struct key *key, struct span arqc, struct span arc,
    uint8_t arpc[EMV_CRYPTOGRAM_LEN])
{
	struct des3 *des;
	int r;

	if (arqc.n != EMV_CRYPTOGRAM_LEN || arc.n != EMV_ARC_LEN)
		return ERR_INPUT;
	if ((des = schedule(key, &r)) == NULL)
		return r;
	memcpy(arpc, arqc.p, EMV_CRYPTOGRAM_LEN);
	for (size_t i = 0; i < EMV_ARC_LEN; i++)
		arpc[i] ^= arc.p[i];
	return des3_encrypt(des, arpc, arpc, EMV_CRYPTOGRAM_LEN);
}

/* The first n bytes of the retail MAC; the half that stays is nobody's business. */
static int
short_mac(const struct key *key, enum mac_padding padding, struct span data, uint8_t *out,
    size_t n)
{
	uint8_t mac[MAC_LEN];
	int r;

	if (key->len != EMV_KEY_LEN)
		return ERR_KEY_LENGTH;
	if ((r = mac_retail(key->bytes, key->len, padding, data, mac)) == 0)
		memcpy(out, mac, n);
	sodium_memzero(mac, sizeof(mac));
	return r;
}

int
emv_arpc2(const struct key *key, struct span arqc, struct span csu, struct span own,
    uint8_t arpc[EMV_ARPC2_LEN])
{
	uint8_t data[EMV_CRYPTOGRAM_LEN + EMV_CSU_LEN + EMV_OWN_MAX];

	if (arqc.n != EMV_CRYPTOGRAM_LEN || csu.n != EMV_CSU_LEN || own.n > EMV_OWN_MAX)
		return ERR_INPUT;
	memcpy(data, arqc.p, arqc.n);
	memcpy(data + arqc.n, csu.p, csu.n);
	if (own.n != 0)
		memcpy(data + arqc.n + csu.n, own.p, own.n);
	return short_mac(key, MAC_PAD_BIT, span_of(data, arqc.n + csu.n + own.n), arpc,
	    EMV_ARPC2_LEN);
}

int
emv_data_mac(const struct key *card, struct span data, uint8_t mac[EMV_DATA_MAC_LEN])
{
	return short_mac(card, MAC_PAD_ZEROS, data, mac, EMV_DATA_MAC_LEN);
}

int
emv_code(struct key *card, struct span block, uint8_t code[EMV_CODE_LEN])
{
	uint8_t out[DES_BLOCK];
	struct des3 *des;
	int r;

	if (block.n != EMV_BLOCK_LEN)
		return ERR_INPUT;
	if ((des = schedule(card, &r)) == NULL)
		return r;
	if ((r = des3_encrypt(des, block.p, out, sizeof(out))) == 0)
		memcpy(code, out, EMV_CODE_LEN);
	sodium_memzero(out, sizeof(out));
	return r;
}

int
emv_counters(struct key *session, struct span block, uint8_t clear[EMV_COUNTERS_LEN])
{
	uint8_t out[DES_BLOCK];
	struct des3 *des;
	int r;

	if (block.n != EMV_BLOCK_LEN)
		return ERR_INPUT;
	if ((des = schedule(session, &r)) == NULL ||
	    (r = des3_decrypt(des, block.p, out, sizeof(out))) != 0)
		return r;
	for (size_t i = 0; i < AMOUNT_LEN; i++)
		if (out[i] >> 4 > 9 || (out[i] & 0x0F) > 9)
			r = ERR_VERIFY;
	if (out[EMV_COUNTERS_LEN] != 0x80)
		r = ERR_VERIFY;
	if (r == 0)
		memcpy(clear, out, EMV_COUNTERS_LEN);
	sodium_memzero(out, sizeof(out));
	return r;
}
