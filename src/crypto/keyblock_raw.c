/*
 * keyblock_raw: key blocks under an LMK that hold RSA and elliptic curve keys.
 *
 * Header, cipher and authenticator are those of any S block; what differs is what is
 * inside and how it is written (spec: emv-mac-data.md 5, commands FY and EO).
 */
#include "crypto/keyblock.h"

#include <sodium.h>

#include "crypto/aes.h"
#include "crypto/cmac.h"
#include "crypto/des3.h"
#include "err.h"
#include "hex.h"
#include "rng.h"

enum { MAC_MAX = 16, LMK_AT = 14, LENGTH_MOST = 9999 };

/* Keys of one block: secret, on the stack, wiped by their owner. */
struct keys {
	uint8_t encryption[AES_KEY_MAX], mac[AES_KEY_MAX];
	size_t  len;
	bool    des;
};

static size_t
mac_length(bool des)
{
	return des ? 4 : 8;
}

static size_t
block_length(bool des)
{
	return des ? DES_BLOCK : AES_BLOCK;
}

/* The authenticator over header and data as they are sent. */
static int
authenticate(const struct keys *k, struct span head, struct span data, uint8_t mac[MAC_MAX])
{
	int r;

	if (!k->des)
		return cmac_make(CMAC_AES, k->mac, k->len, head, data, mac);
	memset(mac, 0, MAC_MAX);
	if ((r = des3_cbc_once(k->mac, k->len, mac, head.p, head.n)) != 0)
		return r;
	return des3_cbc_once(k->mac, k->len, mac, data.p, data.n);
}

/* CBC; the IV is the start of the header. */
static int
crypt_data(const struct keys *k, const uint8_t *head, bool encrypt, const uint8_t *in,
    uint8_t *out, size_t n)
{
	uint8_t iv[AES_BLOCK];
	struct aes *aes;

	memcpy(iv, head, block_length(k->des));
	if (k->des)
		return encrypt ? des3_cbc_encrypt_once(k->encryption, k->len, iv, in, out, n) :
		    des3_cbc_decrypt_once(k->encryption, k->len, iv, in, out, n);
	if ((aes = aes_once(k->encryption, k->len)) == NULL)
		return ERR_KEY_LENGTH;
	return encrypt ? aes_cbc_encrypt(aes, iv, in, out, n) :
	    aes_cbc_decrypt(aes, iv, in, out, n);
}

/* Characters or bytes that n bytes of data take. */
static size_t
data_length(enum keyblock_form form, size_t n)
{
	return form == KEYBLOCK_TEXT ? 2 * n : n;
}

int
keyblock_read_raw(struct span block, enum keyblock_form form, struct keyblock_header *h)
{
	size_t length = 0, data;
	bool des;

	if (block.n < KEYBLOCK_HEADER || (block.p[0] != '0' && block.p[0] != '1'))
		return ERR_BLOCK_FORMAT;
	for (size_t i = 1; i <= 4; i++) {
		if (block.p[i] < '0' || block.p[i] > '9')
			return ERR_BLOCK_FORMAT;
		length = 10 * length + (block.p[i] - '0');
	}
	if (length != block.n)
		return ERR_BLOCK_FORMAT;
	*h = (struct keyblock_header){ .version = (char)block.p[0],
		.usage = { (char)block.p[5], (char)block.p[6] },
		.algorithm = (char)block.p[7], .mode = (char)block.p[8],
		.key_version = { (char)block.p[9], (char)block.p[10] },
		.exportability = (char)block.p[11],
		.lmk = { (char)block.p[LMK_AT], (char)block.p[LMK_AT + 1] } };
	if (block.p[12] != '0' || block.p[13] != '0')
		return ERR_BLOCK_COUNT;
	des = h->version == '0';
	if (block.n < KEYBLOCK_HEADER + 2 * mac_length(des))
		return ERR_BLOCK_FORMAT;
	data = block.n - KEYBLOCK_HEADER - 2 * mac_length(des);
	if (data > data_length(form, KEYBLOCK_RAW_MAX))
		return ERR_BLOCK_FORMAT;
	return data == 0 || data % data_length(form, block_length(des)) != 0 ?
	    ERR_BLOCK_FORMAT : 0;
}

/* The encrypted bytes of a block and its authenticator. */
static int
decode(struct span block, enum keyblock_form form, bool des, uint8_t *data, size_t *n,
    uint8_t mac[MAC_MAX])
{
	size_t tail = 2 * mac_length(des), all = block.n - KEYBLOCK_HEADER - tail;
	struct span body = span_sub(block, KEYBLOCK_HEADER, all);

	*n = form == KEYBLOCK_TEXT ? all / 2 : all;
	if (hex_decode(span_sub(block, block.n - tail, tail), mac, mac_length(des)) != 0)
		return ERR_BLOCK_FORMAT;
	if (form == KEYBLOCK_TEXT)
		return hex_decode(body, data, *n) == 0 ? 0 : ERR_BLOCK_FORMAT;
	memcpy(data, body.p, *n);
	return 0;
}

int
keyblock_open_raw(struct span block, enum keyblock_form form, const uint8_t *kek,
    size_t kek_len, uint8_t *clear, size_t *n)
{
	char version = (char)block.p[0];
	struct keys k = { .len = kek_len, .des = version == '0' };
	uint8_t sent[MAC_MAX], mac[MAC_MAX];
	int r;

	if ((r = decode(block, form, k.des, clear, n, sent)) == 0 &&
	    (r = keyblock_derive(version, kek, kek_len, k.encryption, k.mac)) == 0 &&
	    (r = authenticate(&k, span_sub(block, 0, KEYBLOCK_HEADER), span_of(clear, *n),
	    mac)) == 0) {
		if (sodium_memcmp(mac, sent, mac_length(k.des)) != 0)
			r = ERR_BLOCK_MAC;
		else if (form != KEYBLOCK_CLEAR)
			r = crypt_data(&k, block.p, false, clear, clear, *n);
	}
	sodium_memzero(&k, sizeof(k));
	return r;
}

static void
write_header(const struct keyblock_header *h, size_t length, uint8_t *out)
{
	out[0] = (uint8_t)h->version;
	for (size_t i = 4; i >= 1; i--) {
		out[i] = (uint8_t)('0' + length % 10);
		length /= 10;
	}
	memcpy(out + 5, h->usage, 2);
	out[7] = (uint8_t)h->algorithm;
	out[8] = (uint8_t)h->mode;
	memcpy(out + 9, h->key_version, 2);
	out[11] = (uint8_t)h->exportability;
	memcpy(out + 12, "00", 2);
	memcpy(out + LMK_AT, h->lmk, 2);
}

int
keyblock_seal_raw(const struct keyblock_header *h, enum keyblock_form form, const uint8_t *kek,
    size_t kek_len, uint8_t *clear, size_t n, uint8_t *out, size_t *length)
{
	struct keys k = { .len = kek_len, .des = h->version == '0' };
	size_t block = block_length(k.des), whole = (n + block - 1) / block * block;
	uint8_t mac[MAC_MAX], *data = out + KEYBLOCK_HEADER;
	size_t tail = 2 * mac_length(k.des);
	int r;

	*length = KEYBLOCK_HEADER + data_length(form, whole) + tail;
	if (whole > KEYBLOCK_RAW_MAX || *length > LENGTH_MOST)
		return ERR_KEY_LENGTH;
	if (h->count != 0)
		return ERR_BLOCK_COUNT;
	rng_bytes(clear + n, whole - n);
	write_header(h, *length, out);
	if ((r = keyblock_derive(h->version, kek, kek_len, k.encryption, k.mac)) == 0 &&
	    (form == KEYBLOCK_CLEAR ||
	    (r = crypt_data(&k, out, true, clear, clear, whole)) == 0) &&
	    (r = authenticate(&k, span_of(out, KEYBLOCK_HEADER), span_of(clear, whole),
	    mac)) == 0) {
		if (form == KEYBLOCK_TEXT)
			hex_encode(clear, whole, (char *)data);
		else
			memcpy(data, clear, whole);
		hex_encode(mac, mac_length(k.des), (char *)out + *length - tail);
	}
	sodium_memzero(&k, sizeof(k));
	return r;
}
