#include "crypto/dukpt_aes.h"

#include <string.h>

#include <sodium.h>

#include "crypto/aes.h"
#include "crypto/parity.h"
#include "err.h"
#include "hex.h"
#include "key.h"

enum {
	ID_LEN = 8,		/* of an initial key */
	DERIVATION_AT = 4,	/* derivation identifier and counter in a KSN */
	COUNTER_AT = 8, COUNTER_BITS = 32, COUNTER_MOST = 16,
	DATA_ID = 8
};

static const uint8_t type_length[] = {
	[DUKPT_AES_TDES2] = 16, [DUKPT_AES_TDES3] = 24,
	[DUKPT_AES_128] = 16, [DUKPT_AES_192] = 24, [DUKPT_AES_256] = 32
};

static enum dukpt_aes_type
aes_of(size_t len)
{
	return len == 16 ? DUKPT_AES_128 : len == 24 ? DUKPT_AES_192 : DUKPT_AES_256;
}

/*
 * One step (X9.24-3, 6.3.2): encrypt the derivation data, once for each block
 * of the new key. id: the 8 bytes that end the data. from and to may be the same.
 */
static int
step(const uint8_t *from, size_t len, enum dukpt_aes_use use, enum dukpt_aes_type type,
    const uint8_t id[ID_LEN], uint8_t to[KEY_MAX])
{
	struct aes *aes = aes_once(from, len);
	size_t bits = 8u * type_length[type];
	uint8_t data[AES_BLOCK] = {
		0x01, 0x00, (uint8_t)(use >> 8), (uint8_t)use, 0x00, (uint8_t)type,
		(uint8_t)(bits >> 8), (uint8_t)bits
	};
	int r = aes == NULL ? ERR_KEY_LENGTH : 0;

	memcpy(data + DATA_ID, id, ID_LEN);
	for (size_t i = 0; i < type_length[type] && r == 0; i += AES_BLOCK) {
		data[1]++;
		r = aes_encrypt(aes, data, to + i, AES_BLOCK);
	}
	/* Whole blocks came out; what is past a key of 24 bytes is not its own. */
	sodium_memzero(to + type_length[type], KEY_MAX - type_length[type]);
	return r;
}

/* Fill in what goes with the bytes. */
static void
finish(struct key *key, enum dukpt_aes_type type)
{
	key->len = type_length[type];
	key->aes = type >= DUKPT_AES_128;
	key->odd = key->aes || parity_odd(key->bytes, key->len);
	key->keyed = false;
}

int
dukpt_aes_initial_key(struct key *bdk, struct span id, size_t len, struct key *key)
{
	uint8_t bytes[ID_LEN];
	int r;

	if (!bdk->aes || len > bdk->len || (len != 16 && len != 24 && len != 32))
		return ERR_KEY_LENGTH;
	if (id.n != DUKPT_AES_ID_DIGITS || hex_decode(id, bytes, sizeof(bytes)) != 0)
		return ERR_INPUT;
	r = step(bdk->bytes, bdk->len, DUKPT_AES_INITIAL, aes_of(len), bytes, key->bytes);
	finish(key, aes_of(len));
	return r;
}

int
dukpt_aes_ksn(struct span digits, uint8_t ksn[DUKPT_AES_KSN_LEN])
{
	return hex_decode(digits, ksn, DUKPT_AES_KSN_LEN);
}

static uint32_t
counter_of(const uint8_t ksn[DUKPT_AES_KSN_LEN])
{
	uint32_t counter = 0;

	for (size_t i = COUNTER_AT; i < DUKPT_AES_KSN_LEN; i++)
		counter = counter << 8 | ksn[i];
	return counter;
}

bool
dukpt_aes_counter_good(const uint8_t ksn[DUKPT_AES_KSN_LEN])
{
	unsigned bits = 0;

	for (uint32_t counter = counter_of(ksn); counter != 0; counter &= counter - 1)
		bits++;
	return bits != 0 && bits <= COUNTER_MOST;
}

/* From the initial key in bytes to the transaction's: one step for each bit of the counter. */
static int
walk(const uint8_t ksn[DUKPT_AES_KSN_LEN], size_t len, uint8_t bytes[KEY_MAX])
{
	uint32_t counter = counter_of(ksn);
	uint8_t id[ID_LEN] = { 0 };
	int r = 0;

	memcpy(id, ksn + DERIVATION_AT, COUNTER_AT - DERIVATION_AT);
	for (unsigned bit = COUNTER_BITS; bit-- > 0 && r == 0;) {
		if ((counter >> bit & 1) == 0)
			continue;
		id[7 - bit / 8] = (uint8_t)(id[7 - bit / 8] | 1U << bit % 8);
		r = step(bytes, len, DUKPT_AES_DERIVATION, aes_of(len), id, bytes);
	}
	return r;
}

int
dukpt_aes_derive(const struct key *bdk, const uint8_t ksn[DUKPT_AES_KSN_LEN],
    enum dukpt_aes_use use, enum dukpt_aes_type type, struct key *key)
{
	enum dukpt_aes_type own = aes_of(bdk->len);
	bool internal = use == DUKPT_AES_INITIAL || use == DUKPT_AES_DERIVATION;
	uint8_t *bytes = key->bytes;
	int r;

	if (!bdk->aes || (type >= DUKPT_AES_128 && type > own))
		return ERR_KEY_LENGTH;
	r = step(bdk->bytes, bdk->len, DUKPT_AES_INITIAL, own, ksn, bytes);
	if (r == 0 && use != DUKPT_AES_INITIAL)
		r = walk(ksn, bdk->len, bytes);
	if (r == 0 && !internal)
		r = step(bytes, bdk->len, use, type, ksn + DERIVATION_AT, bytes);
	finish(key, internal ? own : type);
	return r;
}
