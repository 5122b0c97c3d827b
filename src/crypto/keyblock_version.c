/*
 * keyblock_version: the versions, and the keys that each makes of one (spec: keys.md 4.2, 4.4).
 */
#include "crypto/keyblock_version.h"

#include <sodium.h>

#include "crypto/aes.h"
#include "crypto/cmac.h"
#include "crypto/des3.h"
#include "err.h"

enum { FOR_ENCRYPTION, FOR_MAC };	/* uses in the derivation data */

static const struct keyblock_version versions[] = {
	{ '0', 'S', true,  false, false, 4,  DES_BLOCK },
	{ '1', 'S', false, true,  false, 8,  AES_BLOCK },
	{ 'A', 'R', true,  false, false, 4,  DES_BLOCK },
	{ 'B', 'R', true,  true,  true,  8,  DES_BLOCK },
	{ 'C', 'R', true,  false, false, 4,  DES_BLOCK },
	{ 'D', 'R', false, true,  true,  16, AES_BLOCK },
};

const struct keyblock_version *
keyblock_version(char name)
{
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		if (versions[i].name == name)
			return &versions[i];
	return NULL;
}

bool
keyblock_is_des(char version)
{
	const struct keyblock_version *v = keyblock_version(version);

	return v != NULL && v->des;
}

size_t
keyblock_mac_length(char version)
{
	const struct keyblock_version *v = keyblock_version(version);

	return v != NULL ? 2u * v->mac_len : 0;
}

/* TR-31 derivation by CMAC, block by block (spec: keys.md 4.2, 4.4). */
static int
derive(const struct keyblock_version *v, const uint8_t *kek, size_t len, uint8_t use, uint8_t *out)
{
	uint8_t input[8] = { 0 }, block[CMAC_MAX];
	unsigned algorithm = (unsigned)(v->des ? len / 8 - 2 : len / 8);
	int r = 0;

	input[2] = use;
	input[5] = (uint8_t)algorithm;
	input[6] = (uint8_t)(8 * len >> 8);
	input[7] = (uint8_t)(8 * len);
	for (size_t i = 0; i < len && r == 0; i += v->block) {
		size_t n = len - i < v->block ? len - i : v->block;

		input[0]++;
		r = cmac_make(v->des ? CMAC_3DES : CMAC_AES, kek, len,
		    span_of(input, sizeof(input)), span_of(NULL, 0), block);
		memcpy(out + i, block, n);
	}
	sodium_memzero(block, sizeof(block));
	return r;
}

int
keyblock_derive_use(char version, const uint8_t *kek, size_t kek_len, uint8_t mask,
    uint8_t use, uint8_t *key)
{
	const struct keyblock_version *v = keyblock_version(version);

	if (v == NULL)
		return ERR_BLOCK_FORMAT;
	if (kek_len != 16 && kek_len != 24 && (v->des || kek_len != 32))
		return ERR_KEY_LENGTH;
	if (v->derived)
		return derive(v, kek, kek_len, use, key);
	for (size_t i = 0; i < kek_len; i++)
		key[i] = kek[i] ^ mask;
	return 0;
}

int
keyblock_derive(char version, const uint8_t *kek, size_t kek_len, uint8_t *encryption,
    uint8_t *mac)
{
	int r = keyblock_derive_use(version, kek, kek_len, 0x45, FOR_ENCRYPTION, encryption);

	return r != 0 ? r : keyblock_derive_use(version, kek, kek_len, 0x4D, FOR_MAC, mac);
}
