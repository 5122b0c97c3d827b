#include "hmackey.h"

#include <string.h>

#include <sodium.h>

#include "crypto/cipher.h"
#include "crypto/des3.h"
#include "crypto/hmac.h"
#include "err.h"
#include "key.h"
#include "lmk.h"
#include "rng.h"
#include "secret.h"

enum {
	TYPE = 0x10C,		/* LMK 34-35 variant 1 */
	HEAD = 6		/* bytes before the key */
};

/* An opened key as it is laid out, in the slab: one per process. */
struct work {
	uint8_t clear[HMACKEY_BLOCK];
};

static struct work *work;

static struct work *
get_work(void)
{
	if (work == NULL)
		work = secret_alloc(sizeof(*work));
	return work;
}

static void
done(void)
{
	if (work != NULL)
		sodium_memzero(work, sizeof(*work));
}

static size_t
whole_blocks(size_t n)
{
	return (n + DES_BLOCK - 1) / DES_BLOCK * DES_BLOCK;
}

int
hmackey_judge(const struct hmackey_info *info)
{
	if (!hmac_hash(info->hash))
		return HMACKEY_ERR_HASH;
	if (info->usage < HMACKEY_GENERATE || info->usage > HMACKEY_BOTH)
		return HMACKEY_ERR_USAGE;
	if (info->len < hash_length(info->hash) / 2 || info->len > HMACKEY_MAX)
		return HMACKEY_ERR_LENGTH;
	return 0;
}

/* Put the head before the key, which is in its place already, and zeros behind
 * it. Returns the whole length. */
static size_t
lay_out(const struct hmackey_info *info)
{
	const uint8_t head[HEAD] = {
		0, (uint8_t)info->hash, (uint8_t)info->usage, 0,
		(uint8_t)(info->len >> 8), (uint8_t)info->len
	};
	size_t n = HEAD + info->len;

	memcpy(work->clear, head, HEAD);
	memset(work->clear + n, 0, sizeof(work->clear) - n);
	return whole_blocks(n);
}

/* Read the head of n clear bytes and judge all but the key. */
static int
read_head(size_t n, struct hmackey_info *info)
{
	const uint8_t *p = work->clear;

	info->hash = (enum hash_id)p[1];
	info->usage = (enum hmackey_usage)p[2];
	info->len = (size_t)(p[4] << 8 | p[5]);
	if (p[0] != 0 || p[3] != 0 || hmackey_judge(info) != 0 ||
	    whole_blocks(HEAD + info->len) != n ||
	    !sodium_is_zero(p + HEAD + info->len, n - HEAD - info->len))
		return HMACKEY_ERR_BLOCK;
	return 0;
}

/* CBC block by block: an LMK encrypts no more than a key's part at a time. */
static int
lmk_encrypt(const struct lmk *lmk, uint8_t *out, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i += DES_BLOCK) {
		for (size_t k = 0; i > 0 && k < DES_BLOCK; k++)
			work->clear[i + k] ^= out[i - DES_BLOCK + k];
		r = lmk_wrap(lmk, TYPE, 'Z', work->clear + i, out + i, DES_BLOCK);
	}
	return r;
}

static int
lmk_decrypt(const struct lmk *lmk, struct span block)
{
	int r = 0;

	for (size_t i = 0; i < block.n && r == 0; i += DES_BLOCK) {
		r = lmk_unwrap(lmk, TYPE, 'Z', block.p + i, work->clear + i, DES_BLOCK);
		for (size_t k = 0; i > 0 && k < DES_BLOCK; k++)
			work->clear[i + k] ^= block.p[i - DES_BLOCK + k];
	}
	return r;
}

static int
check_length(struct span block)
{
	if (get_work() == NULL)
		return ERR_NO_MEMORY;
	return block.n <= HEAD || block.n % DES_BLOCK != 0 || block.n > HMACKEY_BLOCK ?
	    HMACKEY_ERR_BLOCK : 0;
}

/* Open a block under the LMK into work. */
static int
open_block(const struct lmk *lmk, struct span block, struct hmackey_info *info)
{
	int r;

	if ((r = check_length(block)) != 0 || (r = lmk_decrypt(lmk, block)) != 0)
		return r;
	return read_head(block.n, info);
}

int
hmackey_random(const struct lmk *lmk, const struct hmackey_info *info, uint8_t *out,
    size_t *n)
{
	int r;

	if ((r = hmackey_judge(info)) != 0)
		return r;
	if (get_work() == NULL)
		return ERR_NO_MEMORY;
	rng_bytes(work->clear + HEAD, info->len);
	*n = lay_out(info);
	r = lmk_encrypt(lmk, out, *n);
	done();
	return r;
}

int
hmackey_make(const struct lmk *lmk, struct span block, enum hash_id hash,
    enum hmackey_usage use, struct span data, uint8_t mac[HASH_MAX])
{
	struct hmackey_info info;
	int r;

	if ((r = open_block(lmk, block, &info)) == 0) {
		if (info.hash != hash)
			r = HMACKEY_ERR_HASH;
		else if ((info.usage & use) == 0)
			r = HMACKEY_ERR_USAGE;
		else
			r = hmac_make(hash, span_of(work->clear + HEAD, info.len), data, mac);
	}
	done();
	return r;
}

int
hmackey_import(const struct lmk *lmk, const struct key *zmk, enum hmackey_form form,
    struct span block, const struct hmackey_info *info, uint8_t *out, size_t *n)
{
	uint8_t iv[CIPHER_BLOCK_MAX] = { 0 };
	size_t head = form == HMACKEY_LAYOUT ? 0 : HEAD;
	struct hmackey_info found;
	int r;

	if ((r = check_length(block)) != 0)
		return r;
	if (form != HMACKEY_LAYOUT && ((r = hmackey_judge(info)) != 0 ||
	    whole_blocks(info->len) != block.n))
		return r != 0 ? r : HMACKEY_ERR_BLOCK;
	r = cipher_decrypt(zmk, form == HMACKEY_ALONE_ECB ? CIPHER_ECB : CIPHER_CBC, iv,
	    block, work->clear + head);
	if (r == 0 && form == HMACKEY_LAYOUT)
		r = read_head(block.n, &found);
	if (r == 0) {
		*n = lay_out(form == HMACKEY_LAYOUT ? &found : info);
		r = lmk_encrypt(lmk, out, *n);
	}
	done();
	return r;
}

int
hmackey_export(const struct lmk *lmk, const struct key *zmk, enum hmackey_form form,
    struct span block, uint8_t *out, size_t *n)
{
	uint8_t iv[CIPHER_BLOCK_MAX] = { 0 };
	size_t head = form == HMACKEY_LAYOUT ? 0 : HEAD;
	struct hmackey_info info;
	int r;

	if ((r = open_block(lmk, block, &info)) == 0) {
		*n = form == HMACKEY_LAYOUT ? block.n : whole_blocks(info.len);
		r = cipher_encrypt(zmk, form == HMACKEY_ALONE_ECB ? CIPHER_ECB : CIPHER_CBC,
		    iv, span_of(work->clear + head, *n), out);
	}
	done();
	return r;
}

int
hmackey_open(const struct lmk *lmk, struct span block, struct key *key)
{
	struct hmackey_info info;
	int r;

	if ((r = open_block(lmk, block, &info)) == 0 && (r = hmackey_block(key, &info)) == 0)
		memcpy(key->bytes, work->clear + HEAD, info.len);
	done();
	return r;
}

int
hmackey_change(const struct lmk *from, const struct lmk *to, struct span block,
    uint8_t *out, size_t *n)
{
	struct hmackey_info info;
	int r;

	if ((r = open_block(from, block, &info)) == 0) {
		*n = block.n;
		r = lmk_encrypt(to, out, *n);
	}
	done();
	return r;
}
