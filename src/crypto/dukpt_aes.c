/*
 * dukpt_aes: derivation data of X9.24-3, 6.3.2, block by block.
 */
#include "crypto/dukpt_aes.h"

#include <string.h>

#include "crypto/aes.h"
#include "err.h"
#include "hex.h"
#include "key.h"

enum { ID_AT = 8 };

int
dukpt_aes_initial_key(struct key *bdk, struct span id, size_t len, struct key *key)
{
	/* Version 1, counter, usage 8001 (initial key), algorithm, bits, identifier. */
	uint8_t data[AES_BLOCK] = { 0x01, 0x00, 0x80, 0x01 };
	struct aes *aes = key_aes(bdk);
	uint8_t *block = key->bytes;
	int r = 0;

	if (aes == NULL || len > bdk->len || (len != 16 && len != 24 && len != 32))
		return ERR_KEY_LENGTH;
	if (id.n != DUKPT_AES_ID_DIGITS || hex_decode(id, data + ID_AT, AES_BLOCK - ID_AT) != 0)
		return ERR_INPUT;
	data[5] = (uint8_t)(len / 8);
	data[6] = (uint8_t)(8 * len >> 8);
	data[7] = (uint8_t)(8 * len);
	/* KEY_MAX has room for whole blocks; what is past len is wiped below. */
	for (size_t i = 0; i < len && r == 0; i += AES_BLOCK, block += AES_BLOCK) {
		data[1]++;
		r = aes_encrypt(aes, data, block, AES_BLOCK);
	}
	memset(key->bytes + len, 0, KEY_MAX - len);
	key->len = (uint8_t)len;
	key->aes = key->odd = true;
	key->keyed = false;
	return r;
}
