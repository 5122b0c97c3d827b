#include "ecckey.h"

#include <openssl/evp.h>
#include <sodium.h>

#include "err.h"
#include "secret.h"

enum { LENGTH_WORD = 2, WORK = 80 + 16 };

/* A length and a scalar, in the slab: one per process. */
static uint8_t *
get_work(void)
{
	static uint8_t *work;

	if (work == NULL)
		work = secret_alloc(WORK);
	return work;
}

int
ecckey_wrap(const struct lmk *lmk, const EVP_PKEY *key, const struct keyblock_header *h,
    uint8_t *out, size_t *n)
{
	struct keyblock_header own = *h;
	size_t len = ecc_length(ecc_curve_of(key));
	uint8_t *work = get_work();
	int r;

	if (work == NULL)
		return ERR_NO_MEMORY;
	memcpy(own.usage, "03", 2);
	own.algorithm = 'E';
	work[0] = (uint8_t)(8 * len >> 8);
	work[1] = (uint8_t)(8 * len);
	out[0] = 'S';
	if ((r = ecc_private_write(key, work + LENGTH_WORD)) == 0)
		r = lmk_raw_wrap(lmk, KEYBLOCK_TEXT, &own, work, LENGTH_WORD + len, out + 1, n);
	++*n;
	sodium_memzero(work, WORK);
	return r;
}

static int
judge(const struct keyblock_header *h, const char *modes)
{
	if (memcmp(h->usage, "03", 2) != 0)
		return ERR_USAGE;
	if (h->algorithm != 'E')
		return ERR_ALGORITHM;
	return strchr(modes, h->mode) != NULL ? 0 : ERR_MODE;
}

/* The key of the length and scalar in work, n bytes with the padding. */
static int
read_key(const uint8_t *work, size_t n, EVP_PKEY **key)
{
	size_t bits = (size_t)work[0] << 8 | work[1];

	for (int i = 0; i < ECC_CURVES; i++) {
		size_t len = ecc_length((enum ecc_curve)i);

		if (bits == 8 * len && LENGTH_WORD + len <= n)
			return ecc_private_read((enum ecc_curve)i,
			    span_of(work + LENGTH_WORD, len), key);
	}
	return ERR_INPUT;
}

int
ecckey_open(const struct lmk *lmk, struct span field, const char *modes, EVP_PKEY **key)
{
	struct keyblock_header h;
	uint8_t *work = get_work();
	size_t n;
	int r;

	if (work == NULL)
		return ERR_NO_MEMORY;
	if (lmk_scheme(lmk) == LMK_VARIANT)
		return ERR_LMK_SCHEME;
	if (field.n < 1 || field.p[0] != 'S' || field.n > ECCKEY_FIELD)
		return ERR_BLOCK_FORMAT;
	if ((r = lmk_raw_unwrap(lmk, KEYBLOCK_TEXT, span_sub(field, 1, field.n - 1), &h, work,
	    &n)) == 0 && (r = judge(&h, modes)) == 0 && (r = read_key(work, n, key)) == ERR_INPUT)
		r = ERR_BLOCK_LENGTH;
	sodium_memzero(work, WORK);
	return r;
}
