/*
 * lmk_block: key blocks under a key block LMK.
 */
#include "lmk.h"

#include "err.h"
#include "lmk_inside.h"

/* Is a block that was read under this LMK? One in storage has had any identifier. */
static int
judge_block(const struct lmk *lmk, const struct keyblock_header *h)
{
	if (h->version != (lmk->value.scheme == LMK_AES_BLOCK ? '1' : '0'))
		return ERR_LMK_SCHEME;
	if (lmk->id < LMK_OLD && (h->lmk[0] != (char)('0' + lmk->id / 10) ||
	    h->lmk[1] != (char)('0' + lmk->id % 10)))
		return ERR_LMK_BLOCK;
	return 0;
}

/* The header of a block under this LMK. */
static struct keyblock_header
own_header(const struct lmk *lmk, const struct keyblock_header *h)
{
	struct keyblock_header own = *h;

	own.version = lmk->value.scheme == LMK_AES_BLOCK ? '1' : '0';
	own.lmk[0] = (char)('0' + lmk->id / 10);
	own.lmk[1] = (char)('0' + lmk->id % 10);
	return own;
}

int
lmk_block_unwrap(const struct lmk *lmk, struct span text, struct keyblock_header *h,
    uint8_t *key, size_t *len)
{
	int r;

	if (lmk->value.scheme == LMK_VARIANT)
		return ERR_LMK_SCHEME;
	if ((r = keyblock_read('S', text, h)) != 0 || (r = judge_block(lmk, h)) != 0)
		return r;
	if ((r = keyblock_unwrap(h, text, lmk->value.bytes, lmk->value.len, key, len)) != 0)
		return r;
	return keyblock_check(h);
}

int
lmk_block_wrap(const struct lmk *lmk, const struct keyblock_header *h, const uint8_t *key,
    size_t len, char *out, size_t *n)
{
	struct keyblock_header own = own_header(lmk, h);
	int r;

	if (lmk->value.scheme == LMK_VARIANT)
		return ERR_LMK_SCHEME;
	if (lmk->value.scheme == LMK_3DES_BLOCK && h->algorithm != 'D' && h->algorithm != 'T')
		return ERR_WEAKER_LMK;
	if ((r = keyblock_check(&own)) != 0)
		return r;
	return keyblock_wrap(&own, lmk->value.bytes, lmk->value.len, key, len, out, n);
}

int
lmk_raw_unwrap(const struct lmk *lmk, enum keyblock_form form, struct span block,
    struct keyblock_header *h, uint8_t *clear, size_t *n)
{
	int r;

	if (lmk->value.scheme == LMK_VARIANT)
		return ERR_LMK_SCHEME;
	if ((r = keyblock_read_raw(block, form, h)) != 0 ||
	    (r = judge_block(lmk, h)) != 0 || (r = keyblock_open_raw(block, form,
	    lmk->value.bytes, lmk->value.len, clear, n)) != 0)
		return r;
	return keyblock_check(h);
}

int
lmk_raw_wrap(const struct lmk *lmk, enum keyblock_form form, const struct keyblock_header *h,
    uint8_t *clear, size_t n, uint8_t *out, size_t *length)
{
	struct keyblock_header own = own_header(lmk, h);
	int r;

	if (lmk->value.scheme == LMK_VARIANT)
		return ERR_LMK_SCHEME;
	if (lmk->value.scheme == LMK_3DES_BLOCK && h->algorithm == 'E')
		return ERR_WEAKER_LMK;
	if ((r = keyblock_check(&own)) != 0)
		return r;
	return keyblock_seal_raw(&own, form, lmk->value.bytes, lmk->value.len, clear, n, out,
	    length);
}
