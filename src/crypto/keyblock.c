/*
 * keyblock: reading, authenticating, encrypting and writing (spec: keys.md 4.2, 4.4).
 */
#include "crypto/keyblock.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "charset.h"
#include "crypto/aes.h"
#include "crypto/cmac.h"
#include "crypto/des3.h"
#include "crypto/keyblock_version.h"
#include "err.h"
#include "hex.h"
#include "rng.h"

enum {
	LENGTH_WORD = 2,		/* key length in bits, before the key */
	DATA_MAX    = KEYBLOCK_MAX / 2,	/* bytes of encrypted key */
	MAC_MAX     = 16,
	LENGTH_AT   = 1,
	USAGE_AT    = 5,
	COUNT_AT    = 12,
	LMK_AT      = 14
};

/* What one block is worked on with: secret, on the stack, wiped by its owner. */
struct work {
	uint8_t encryption[AES_KEY_MAX], mac[AES_KEY_MAX];
	uint8_t data[DATA_MAX];
};

/* A decimal number of n digits, or -1. */
static long
decimal(const uint8_t *p, size_t n)
{
	long value = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		value = 10 * value + (p[i] - '0');
	}
	return value;
}

/* Where the encrypted key of a block stands that keyblock_read has split. */
static struct span
data_of(const struct keyblock_version *v, const struct keyblock_header *h, struct span text)
{
	size_t at = KEYBLOCK_HEADER + h->blocks.n;

	return span_sub(text, at, text.n - at - 2u * v->mac_len);
}

static void
read_header(struct span text, struct keyblock_header *h)
{
	h->version = (char)text.p[0];
	memcpy(h->usage, text.p + USAGE_AT, 2);
	h->algorithm = (char)text.p[USAGE_AT + 2];
	h->mode = (char)text.p[USAGE_AT + 3];
	memcpy(h->key_version, text.p + USAGE_AT + 4, 2);
	h->exportability = (char)text.p[USAGE_AT + 6];
	memcpy(h->lmk, text.p + LMK_AT, 2);
}

int
keyblock_read(char tag, struct span text, struct keyblock_header *h)
{
	const struct keyblock_version *v;
	long count;
	size_t n;

	if (text.n < KEYBLOCK_HEADER || text.n > KEYBLOCK_MAX || !charset_all(text, CHAR_PRINT) ||
	    (v = keyblock_version((char)text.p[0])) == NULL || v->tag != tag ||
	    decimal(text.p + LENGTH_AT, 4) != (long)text.n)
		return ERR_BLOCK_FORMAT;
	read_header(text, h);
	if (v->tag == 'R' && memcmp(h->lmk, "00", 2) != 0)
		return ERR_BLOCK_FORMAT;
	count = decimal(text.p + COUNT_AT, 2);
	if (count < 0 || count > KEYBLOCK_OPTIONAL)
		return ERR_BLOCK_COUNT;
	h->count = (uint8_t)count;
	h->blocks = span_sub(text, KEYBLOCK_HEADER, text.n - KEYBLOCK_HEADER);
	n = keyblock_options_length(h->blocks, h->count);
	if ((n == 0 && count != 0) || n % v->block != 0)
		return ERR_BLOCK_OPTION;
	h->blocks.n = n;
	if (text.n - KEYBLOCK_HEADER - n < 2u * v->mac_len + 2u * v->block ||
	    data_of(v, h, text).n % (2u * v->block) != 0 ||
	    !charset_all(span_sub(text, KEYBLOCK_HEADER + n, text.n - KEYBLOCK_HEADER - n),
	    CHAR_HEX))
		return ERR_BLOCK_FORMAT;
	return 0;
}

/* The MAC, not cut. data: the key as the version wants it. */
static int
authenticate(const struct keyblock_version *v, const uint8_t *key, size_t key_len,
    struct span head, struct span data, uint8_t mac[MAC_MAX])
{
	int r;

	if (v->derived)
		return cmac_make(v->des ? CMAC_3DES : CMAC_AES, key, key_len, head, data, mac);
	memset(mac, 0, MAC_MAX);
	/* Header and optional blocks are whole cipher blocks: keyblock_read saw to that. */
	assert(head.n % DES_BLOCK == 0);
	if ((r = des3_cbc_once(key, key_len, mac, head.p, head.n)) != 0)
		return r;
	return des3_cbc_once(key, key_len, mac, data.p, data.n);
}

/* CBC in place over n bytes; iv is used up. */
static int
crypt_data(const struct keyblock_version *v, const uint8_t *key, size_t key_len, uint8_t *iv,
    bool encrypt, uint8_t *data, size_t n)
{
	struct aes *aes;

	if (v->des)
		return encrypt ? des3_cbc_encrypt_once(key, key_len, iv, data, data, n) :
		    des3_cbc_decrypt_once(key, key_len, iv, data, data, n);
	if ((aes = aes_once(key, key_len)) == NULL)
		return ERR_KEY_LENGTH;
	return encrypt ? aes_cbc_encrypt(aes, iv, data, data, n) :
	    aes_cbc_decrypt(aes, iv, data, data, n);
}

/* Authenticate and decrypt: w->data is the clear key data. n bytes of it. */
static int
open_data(const struct keyblock_version *v, struct work *w, size_t kek_len, struct span head,
    size_t n, const uint8_t sent[MAC_MAX])
{
	uint8_t iv[AES_BLOCK], mac[MAC_MAX];
	int r = 0;

	memcpy(iv, v->over_clear ? sent : head.p, v->block);
	if (v->over_clear)
		r = crypt_data(v, w->encryption, kek_len, iv, false, w->data, n);
	if (r != 0 ||
	    (r = authenticate(v, w->mac, kek_len, head, span_of(w->data, n), mac)) != 0)
		return r;
	if (sodium_memcmp(mac, sent, v->mac_len) != 0)
		return ERR_BLOCK_MAC;
	if (!v->over_clear)
		r = crypt_data(v, w->encryption, kek_len, iv, false, w->data, n);
	return r;
}

/* Is len bytes a length that keys of the algorithm have? */
static bool
length_fits(char algorithm, size_t len)
{
	switch (algorithm) {
	case 'D':
		return len == 8;
	case 'T':
		return len == 16 || len == 24;
	case 'A':
		return len == 16 || len == 24 || len == 32;
	case 'H':
		return len >= 1 && len <= KEYBLOCK_KEY_MAX;
	default:
		return false;
	}
}

/* Blocks of other makers call a single DES key T too. */
static int
take_key(const struct keyblock_header *h, const uint8_t *data, size_t n, uint8_t *key,
    size_t *len)
{
	size_t bits = (size_t)data[0] << 8 | data[1];

	*len = bits / 8;
	if (h->algorithm == '\0' || strchr("DTAH", h->algorithm) == NULL)
		return ERR_ALGORITHM;
	if (bits % 8 != 0 || *len > n - LENGTH_WORD || *len > KEYBLOCK_KEY_MAX ||
	    !(length_fits(h->algorithm, *len) ||
	    (h->algorithm == 'T' && *len == 8 && keyblock_version(h->version)->tag == 'R')))
		return ERR_BLOCK_LENGTH;
	memcpy(key, data + LENGTH_WORD, *len);
	return 0;
}

int
keyblock_unwrap(const struct keyblock_header *h, struct span text, const uint8_t *kek,
    size_t kek_len, uint8_t *key, size_t *len)
{
	const struct keyblock_version *v = keyblock_version(h->version);
	struct span data = data_of(v, h, text);
	struct span head = span_sub(text, 0, KEYBLOCK_HEADER + h->blocks.n);
	uint8_t sent[MAC_MAX];
	struct work w;
	int r;

	if ((r = hex_decode(data, w.data, data.n / 2)) == 0 &&
	    (r = hex_decode(span_sub(text, text.n - 2u * v->mac_len, 2u * v->mac_len), sent,
	    v->mac_len)) == 0 &&
	    (r = keyblock_derive(h->version, kek, kek_len, w.encryption, w.mac)) == 0 &&
	    (r = open_data(v, &w, kek_len, head, data.n / 2, sent)) == 0)
		r = take_key(h, w.data, data.n / 2, key, len);
	sodium_memzero(&w, sizeof(w));
	return r;
}

/* The optional blocks, with a PB block of our own when they are not whole cipher blocks. */
static int
write_options(const struct keyblock_version *v, const struct keyblock_header *h, uint8_t *out,
    size_t *n, unsigned *count)
{
	static const char digit[] = "0123456789ABCDEF";
	struct span filler = keyblock_option(h, "PB");
	size_t fill;

	*count = h->count - (filler.p != NULL ? 1u : 0);
	*n = keyblock_options_length(h->blocks, *count);
	if (*n > KEYBLOCK_MAX / 2)
		return ERR_NO_ROOM;
	if (*n != 0)
		memcpy(out, h->blocks.p, *n);
	if ((fill = (v->block - *n % v->block) % v->block) == 0)
		return 0;
	if (fill < 4)
		fill += v->block;
	memset(out + *n, '0', fill);
	memcpy(out + *n, "PB", 2);
	out[*n + 2] = (uint8_t)digit[fill / 16];
	out[*n + 3] = (uint8_t)digit[fill % 16];
	*n += fill;
	++*count;
	return *count <= KEYBLOCK_OPTIONAL ? 0 : ERR_BLOCK_COUNT;
}

static void
put_decimal(uint8_t *out, size_t digits, size_t value)
{
	while (digits-- > 0) {
		out[digits] = (uint8_t)('0' + value % 10);
		value /= 10;
	}
}

/* Header and optional blocks for data_len bytes of encrypted key; *n: what is written. */
static int
write_header(const struct keyblock_version *v, const struct keyblock_header *h, size_t data_len,
    uint8_t *out, size_t *n)
{
	unsigned count;
	int r;

	if ((r = write_options(v, h, out + KEYBLOCK_HEADER, n, &count)) != 0)
		return r;
	*n += KEYBLOCK_HEADER;
	out[0] = (uint8_t)h->version;
	put_decimal(out + LENGTH_AT, 4, *n + 2 * data_len + 2u * v->mac_len);
	memcpy(out + USAGE_AT, h->usage, 2);
	out[USAGE_AT + 2] = (uint8_t)h->algorithm;
	out[USAGE_AT + 3] = (uint8_t)h->mode;
	memcpy(out + USAGE_AT + 4, h->key_version, 2);
	out[USAGE_AT + 6] = (uint8_t)h->exportability;
	put_decimal(out + COUNT_AT, 2, count);
	memcpy(out + LMK_AT, h->lmk, 2);
	return 0;
}

/* Encrypt w->data and make the MAC, in the version's order. */
static int
seal_data(const struct keyblock_version *v, struct work *w, size_t kek_len, struct span head,
    size_t n, uint8_t mac[MAC_MAX])
{
	uint8_t iv[AES_BLOCK];
	int r = 0;

	if (v->over_clear)
		r = authenticate(v, w->mac, kek_len, head, span_of(w->data, n), mac);
	memcpy(iv, v->over_clear ? mac : head.p, v->block);
	if (r != 0 ||
	    (r = crypt_data(v, w->encryption, kek_len, iv, true, w->data, n)) != 0)
		return r;
	if (!v->over_clear)
		r = authenticate(v, w->mac, kek_len, head, span_of(w->data, n), mac);
	return r;
}

int
keyblock_wrap(const struct keyblock_header *h, const uint8_t *kek, size_t kek_len,
    const uint8_t *key, size_t len, char *out, size_t *n)
{
	const struct keyblock_version *v = keyblock_version(h->version);
	size_t data_len;
	uint8_t mac[MAC_MAX] = { 0 };
	struct work w;
	int r;

	if (v == NULL || len > KEYBLOCK_KEY_MAX)
		return v == NULL ? ERR_BLOCK_FORMAT : ERR_KEY_LENGTH;
	data_len = (LENGTH_WORD + len + v->block - 1) / v->block * v->block;
	w.data[0] = (uint8_t)(8 * len >> 8);
	w.data[1] = (uint8_t)(8 * len);
	memcpy(w.data + LENGTH_WORD, key, len);
	rng_bytes(w.data + LENGTH_WORD + len, data_len - LENGTH_WORD - len);
	if ((r = write_header(v, h, data_len, (uint8_t *)out, n)) == 0 &&
	    (r = keyblock_derive(h->version, kek, kek_len, w.encryption, w.mac)) == 0 &&
	    (r = seal_data(v, &w, kek_len, span_of(out, *n), data_len, mac)) == 0) {
		hex_encode(w.data, data_len, out + *n);
		hex_encode(mac, v->mac_len, out + *n + 2 * data_len);
		*n += 2 * data_len + 2u * v->mac_len;
	}
	sodium_memzero(&w, sizeof(w));
	return r;
}
