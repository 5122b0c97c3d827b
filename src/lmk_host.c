#include "lmk_host.h"

#include <stdbool.h>
#include <string.h>

#include <sodium.h>

#include "crypto/aes.h"
#include "crypto/des3.h"
#include "err.h"
#include "lmk.h"
#include "secret.h"

/* A PIN takes twenty blocks: schedules are kept, each for one LMK. */
static struct kept {
	const struct lmk *lmk;	/* NULL: without a key */
	struct des3      *des;
	struct aes       *aes;
} kept[LMK_REFERENCES + 1];

static bool
is_aes(const struct lmk *lmk)
{
	return lmk_scheme(lmk) == LMK_AES_BLOCK;
}

size_t
lmk_host_block(const struct lmk *lmk)
{
	return is_aes(lmk) ? AES_BLOCK : DES_BLOCK;
}

void
lmk_host_wipe(void)
{
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		des3_wipe(kept[i].des);
		aes_wipe(kept[i].aes);
		kept[i].lmk = NULL;
	}
}

static int
set_key(struct kept *k, const struct lmk *lmk, enum lmk_host use)
{
	static uint8_t *key;
	size_t len;
	int r;

	if (key == NULL && (key = secret_alloc(LMK_HOST_KEY)) == NULL)
		return ERR_NO_MEMORY;
	if (is_aes(lmk) ? k->aes == NULL && (k->aes = aes_new()) == NULL :
	    k->des == NULL && (k->des = des3_new()) == NULL)
		return ERR_NO_MEMORY;
	k->lmk = NULL;
	if ((r = lmk_host_key(lmk, use, key, &len)) == 0)
		r = is_aes(lmk) ? aes_key(k->aes, key, len) : des3_key(k->des, key, len);
	if (r == 0)
		k->lmk = lmk;
	sodium_memzero(key, LMK_HOST_KEY);
	return r;
}

int
lmk_host_encrypt(const struct lmk *lmk, enum lmk_host use, const uint8_t *in, uint8_t *out)
{
	struct kept *k = &kept[use];
	int r;

	if (k->lmk != lmk && (r = set_key(k, lmk, use)) != 0)
		return r;
	return is_aes(lmk) ? aes_encrypt(k->aes, in, out, AES_BLOCK) :
	    des3_encrypt(k->des, in, out, DES_BLOCK);
}

int
lmk_host_decrypt(const struct lmk *lmk, enum lmk_host use, const uint8_t *in, uint8_t *out)
{
	struct kept *k = &kept[use];
	int r;

	if (k->lmk != lmk && (r = set_key(k, lmk, use)) != 0)
		return r;
	return is_aes(lmk) ? aes_decrypt(k->aes, in, out, AES_BLOCK) :
	    des3_decrypt(k->des, in, out, DES_BLOCK);
}

int
lmk_host_seal_iv(const struct lmk *lmk, const uint8_t iv[LMK_HOST_IV],
    uint8_t out[LMK_HOST_BLOCK])
{
	memset(out, 0, LMK_HOST_BLOCK);
	memcpy(out, iv, LMK_HOST_IV);
	return lmk_host_encrypt(lmk, LMK_IVS, out, out);
}

int
lmk_host_open_iv(const struct lmk *lmk, struct span sealed, uint8_t iv[LMK_HOST_IV])
{
	uint8_t block[LMK_HOST_BLOCK];
	int r;

	if (sealed.n != lmk_host_block(lmk))
		return ERR_INPUT;
	if ((r = lmk_host_decrypt(lmk, LMK_IVS, sealed.p, block)) == 0 &&
	    !sodium_is_zero(block + LMK_HOST_IV, sealed.n - LMK_HOST_IV))
		r = ERR_INPUT;
	if (r == 0)
		memcpy(iv, block, LMK_HOST_IV);
	sodium_memzero(block, sizeof(block));
	return r;
}
