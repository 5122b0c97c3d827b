/*
 * mac: ISO 9797-1 algorithms 1 and 3 over our CBC chains, CMAC by libcrypto.
 */
#include "crypto/mac.h"

#include <string.h>

#include <sodium.h>

#include "crypto/cipher.h"
#include "crypto/cmac.h"
#include "crypto/des3.h"
#include "err.h"
#include "key.h"

enum { CHUNK = 512 };

/* The CBC chain of AES: only the last block of each chunk is of use. */
static int
chain_aes(const struct key *key, uint8_t state[MAC_MAX], struct span data)
{
	uint8_t out[CHUNK];
	int r = 0;

	for (size_t i = 0; i < data.n && r == 0; i += sizeof(out)) {
		size_t n = data.n - i < sizeof(out) ? data.n - i : sizeof(out);

		r = cipher_encrypt(key, CIPHER_CBC, state, span_sub(data, i, n), out);
	}
	return r;
}

/* The part of the key that works before the last block. */
static size_t
first_part(enum mac_algorithm algorithm, size_t len)
{
	return algorithm == MAC_RETAIL && len > DES_BLOCK ? DES_BLOCK : len;
}

int
mac_chain(const struct key *key, enum mac_algorithm algorithm, struct span data,
    uint8_t state[MAC_MAX])
{
	if (key->aes && algorithm == MAC_RETAIL)
		return ERR_KEY_LENGTH;
	if (data.n == 0 || data.n % cipher_block(key) != 0)
		return ERR_DATA_LENGTH;
	if (key->aes)
		return chain_aes(key, state, data);
	return des3_cbc_once(key->bytes, first_part(algorithm, key->len), state, data.p,
	    data.n);
}

/*
 * Cut the data into whole blocks (returned) and the last one, padded.
 * ERR_DATA_LENGTH: no blocks and no padding.
 */
static int
pad(enum mac_padding padding, size_t block, struct span data, struct span *whole,
    uint8_t last[MAC_MAX])
{
	size_t n = data.n - data.n % block;

	if (padding == MAC_PAD_NONE && (n != data.n || n == 0))
		return ERR_DATA_LENGTH;
	/* The last block is the rest of the data; a whole one when nothing is added. */
	if (padding != MAC_PAD_BIT && n == data.n && n != 0)
		n -= block;
	memset(last, 0, block);
	if (data.n != n)
		memcpy(last, data.p + n, data.n - n);
	if (padding == MAC_PAD_BIT)
		last[data.n - n] = 0x80;
	*whole = span_of(data.p, n);
	return 0;
}

/*
 * Libcrypto's CMAC has no place for a state. But it starts from zeros, so a
 * first block that encrypts to the state brings it there.
 */
static int
cmac(const struct key *key, struct span data, uint8_t state[MAC_MAX])
{
	enum cmac_cipher cipher = key->aes ? CMAC_AES : CMAC_3DES;
	struct span head = span_of(NULL, 0);
	uint8_t before[MAC_MAX];
	int r;

	if (!sodium_is_zero(state, cipher_block(key))) {
		if (data.n == 0)
			return ERR_DATA_LENGTH;
		if ((r = cipher_decrypt(key, CIPHER_ECB, NULL,
		    span_of(state, cipher_block(key)), before)) != 0)
			return r;
		head = span_of(before, cipher_block(key));
	}
	return cmac_make(cipher, key->bytes, key->len, head, data, state);
}

int
mac_finish(const struct key *key, enum mac_algorithm algorithm, enum mac_padding padding,
    struct span data, uint8_t state[MAC_MAX])
{
	uint8_t last[MAC_MAX];
	struct span whole;
	int r;

	if (key->aes && algorithm == MAC_RETAIL)
		return ERR_KEY_LENGTH;
	if (algorithm == MAC_CMAC)
		return cmac(key, data, state);
	if ((r = pad(padding, cipher_block(key), data, &whole, last)) != 0)
		return r;
	if (key->aes) {
		if ((r = chain_aes(key, state, whole)) == 0)
			r = chain_aes(key, state, span_of(last, CIPHER_BLOCK_MAX));
		return r;
	}
	r = des3_cbc_once(key->bytes, first_part(algorithm, key->len), state, whole.p,
	    whole.n);
	if (r == 0)
		r = des3_cbc_once(key->bytes, key->len, state, last, DES_BLOCK);
	return r;
}

int
mac_retail(const uint8_t *key, size_t len, enum mac_padding padding, struct span data,
    uint8_t mac[MAC_LEN])
{
	uint8_t last[MAC_MAX];
	struct span whole;
	int r;

	memset(mac, 0, MAC_LEN);
	if ((r = pad(padding, DES_BLOCK, data, &whole, last)) != 0 ||
	    (r = des3_cbc_once(key, first_part(MAC_RETAIL, len), mac, whole.p, whole.n)) != 0)
		return r;
	/* E, D, E on the last block is triple DES with all parts. */
	return des3_cbc_once(key, len, mac, last, DES_BLOCK);
}
