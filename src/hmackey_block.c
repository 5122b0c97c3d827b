/*
 * hmackey_block: HMAC keys in key blocks.
 */
#include "hmackey.h"

#include <string.h>

#include <sodium.h>

#include "crypto/cipher.h"
#include "crypto/hmac.h"
#include "err.h"
#include "key.h"
#include "keytype.h"
#include "keyuse.h"
#include "secret.h"

enum { TYPE = 0x10C };

static const struct {
	char         usage[3];
	enum hash_id hash;
} usages[] = {
	{ "61", HASH_ID_SHA1 },
	{ "62", HASH_ID_SHA224 },
	{ "63", HASH_ID_SHA256 },
	{ "64", HASH_ID_SHA384 },
	{ "65", HASH_ID_SHA512 },
};

int
hmackey_block(struct key *key, const struct hmackey_info *info)
{
	static const char modes[] = { 'G', 'V', 'C' };	/* of enum hmackey_usage */
	size_t i = 0;
	int r;

	if ((r = hmackey_judge(info)) != 0)
		return r;
	if (info->len > KEY_MAX)
		return HMACKEY_ERR_LENGTH;
	while (usages[i].hash != info->hash)
		i++;
	key->header = (struct keyblock_header){
		.version = '1', .usage = { usages[i].usage[0], usages[i].usage[1] },
		.algorithm = 'H', .mode = modes[info->usage - HMACKEY_GENERATE],
		.key_version = { '0', '0' }, .exportability = 'S'
	};
	key_from_block(key, 'S', info->len);
	return 0;
}

int
hmackey_block_open(const struct lmk *lmk, struct span field, struct key **key)
{
	int r;

	if ((r = key_open(lmk, TYPE, field, key)) != 0)
		return r;
	if ((*key)->type != KEYTYPE_BLOCK || !keyuse_is(&(*key)->header, TYPE))
		return ERR_USAGE;
	return (*key)->header.key_version[0] == 'c' ? ERR_KEY_VERSION : 0;
}

int
hmackey_block_make(const struct key *key, enum hash_id hash, enum hmackey_usage use,
    struct span data, uint8_t mac[HASH_MAX])
{
	const char *modes = use == HMACKEY_GENERATE ? "CGN" : "CVN";
	size_t i = 0;

	while (memcmp(usages[i].usage, key->header.usage, 2) != 0)
		if (++i == sizeof(usages) / sizeof(usages[0]))
			return ERR_USAGE;
	if (usages[i].hash != hash)
		return HMACKEY_ERR_HASH;
	if (strchr(modes, key->header.mode) == NULL)
		return ERR_MODE;
	return hmac_make(hash, span_of(key->bytes, key->len), data, mac);
}

static enum cipher_mode
mode_of(enum hmackey_form form)
{
	return form == HMACKEY_ALONE_ECB ? CIPHER_ECB : CIPHER_CBC;
}

static size_t
whole_blocks(const struct key *zmk, size_t n)
{
	size_t block = cipher_block(zmk);

	return (n + block - 1) / block * block;
}

int
hmackey_block_export(const struct key *zmk, enum hmackey_form form, const struct key *key,
    uint8_t *out, size_t *n)
{
	uint8_t iv[CIPHER_BLOCK_MAX] = { 0 };
	struct key *clear = key_take();

	if (clear == NULL)
		return ERR_NO_ROOM;
	*n = whole_blocks(zmk, key->len);
	memset(clear->bytes, 0, sizeof(clear->bytes));
	memcpy(clear->bytes, key->bytes, key->len);
	return cipher_encrypt(zmk, mode_of(form), iv, span_of(clear->bytes, *n), out);
}

int
hmackey_block_import(const struct key *zmk, enum hmackey_form form, struct span sent,
    const struct hmackey_info *info, struct key *key)
{
	uint8_t iv[CIPHER_BLOCK_MAX] = { 0 };
	int r;

	if ((r = hmackey_block(key, info)) != 0)
		return r;
	if (sent.n != whole_blocks(zmk, info->len))
		return HMACKEY_ERR_BLOCK;
	return cipher_decrypt(zmk, mode_of(form), iv, sent, key->bytes);
}
