#include "crypto/rsa.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <sodium.h>

#include "crypto/der.h"
#include "err.h"
#include "secret.h"

enum { PUBLIC_LEAST = 256 };	/* bits of a modulus that is taken for one */

enum { P, Q, DP, DQ, QINV, PARTS };

static const char *const part_names[PARTS] = {
	OSSL_PKEY_PARAM_RSA_FACTOR1, OSSL_PKEY_PARAM_RSA_FACTOR2,
	OSSL_PKEY_PARAM_RSA_EXPONENT1, OSSL_PKEY_PARAM_RSA_EXPONENT2,
	OSSL_PKEY_PARAM_RSA_COEFFICIENT1
};

/* Fetched here, so that none of libcrypto's own tables ends up in the slab. */
int
rsa_init(void)
{
	static EVP_SIGNATURE *signature;
	static EVP_ASYM_CIPHER *cipher;
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	int r = ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_keygen_init(ctx) == 1 ? 0 : ERR_CRYPTO;

	if (signature == NULL)
		signature = EVP_SIGNATURE_fetch(NULL, "RSA", NULL);
	if (cipher == NULL)
		cipher = EVP_ASYM_CIPHER_fetch(NULL, "RSA", NULL);
	if (signature == NULL || cipher == NULL)
		r = ERR_CRYPTO;
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	return r;
}

unsigned
rsa_public_bits(const struct rsa_public *key)
{
	unsigned bits = (unsigned)(8 * key->n.n);

	for (uint8_t top = key->n.p[0]; (top & 0x80) == 0 && bits > 0; bits--)
		top = (uint8_t)(top << 1);
	return bits;
}

/* An odd number that is not 1, of so many bytes at most. */
static bool
is_odd(struct span number, size_t most)
{
	return number.n <= most && (number.p[number.n - 1] & 1) != 0 &&
	    (number.n > 1 || number.p[0] != 1);
}

int
rsa_public_read(struct span der, struct rsa_public *key)
{
	struct span body;

	if (der.n > RSA_PUBLIC_MAX || der_take(&der, DER_SEQUENCE, &body) != 0 || der.n != 0 ||
	    der_take_number(&body, &key->n) != 0 || der_take_number(&body, &key->e) != 0 ||
	    body.n != 0 || !is_odd(key->n, RSA_BYTES) || !is_odd(key->e, RSA_EXPONENT) ||
	    rsa_public_bits(key) < PUBLIC_LEAST)
		return ERR_INPUT;
	return 0;
}

struct span
rsa_public_write(const struct rsa_public *key, enum rsa_encoding encoding, uint8_t *out)
{
	bool plain = encoding == RSA_UNSIGNED;
	struct der_writer w;

	der_begin(&w, out, RSA_PUBLIC_MAX);
	der_number(&w, key->e, plain);
	der_number(&w, key->n, plain);
	der_wrap(&w, DER_SEQUENCE, RSA_PUBLIC_MAX);
	return der_written(&w);
}

/* libcrypto's key of the numbers pushed on b: public, or the whole pair. */
static int
from_numbers(OSSL_PARAM_BLD *b, int selection, EVP_PKEY **key)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(b);
	int r = ERR_CRYPTO;

	*key = NULL;
	if (ctx != NULL && params != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, key, selection, params) == 1)
		r = 0;
	OSSL_PARAM_free(params);
	EVP_PKEY_CTX_free(ctx);
	return r;
}

int
rsa_public_key(const struct rsa_public *key, EVP_PKEY **out)
{
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	BIGNUM *n = BN_bin2bn(key->n.p, (int)key->n.n, NULL);
	BIGNUM *e = BN_bin2bn(key->e.p, (int)key->e.n, NULL);
	int r = ERR_CRYPTO;

	*out = NULL;
	if (b != NULL && n != NULL && e != NULL &&
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, e) == 1)
		r = from_numbers(b, EVP_PKEY_PUBLIC_KEY, out);
	BN_free(n);
	BN_free(e);
	OSSL_PARAM_BLD_free(b);
	return r;
}

int
rsa_public_of(const EVP_PKEY *key, uint8_t *buffer, struct rsa_public *out)
{
	BIGNUM *n = NULL, *e = NULL;
	int r = ERR_CRYPTO;

	if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
	    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &e) == 1 &&
	    BN_num_bytes(n) <= RSA_BYTES && BN_num_bytes(e) <= RSA_EXPONENT) {
		out->n = span_of(buffer, (size_t)BN_bn2bin(n, buffer));
		out->e = span_of(buffer + out->n.n, (size_t)BN_bn2bin(e, buffer + out->n.n));
		r = 0;
	}
	BN_free(n);
	BN_free(e);
	return r;
}

int
rsa_generate(unsigned bits, struct span exponent, EVP_PKEY **key)
{
	EVP_PKEY_CTX *ctx;
	BIGNUM *e;
	int r = ERR_CRYPTO;

	*key = NULL;
	if (exponent.n == 0 || !is_odd(exponent, RSA_EXPONENT))
		return ERR_INPUT;
	secret_enter();
	ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	e = BN_bin2bn(exponent.p, (int)exponent.n, NULL);
	if (ctx != NULL && e != NULL && EVP_PKEY_keygen_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, (int)bits) == 1 &&
	    EVP_PKEY_CTX_set1_rsa_keygen_pubexp(ctx, e) == 1 &&
	    EVP_PKEY_keygen(ctx, key) == 1)
		r = 0;
	BN_free(e);
	EVP_PKEY_CTX_free(ctx);
	secret_leave();
	return r;
}

void
rsa_free(EVP_PKEY *key)
{
	EVP_PKEY_free(key);
}

/* One number as an INTEGER of half bytes. */
static int
write_part(const EVP_PKEY *key, const char *name, size_t half, struct der_writer *w)
{
	BIGNUM *number = NULL;
	uint8_t bytes[RSA_HALF];
	int r = ERR_CRYPTO;

	if (EVP_PKEY_get_bn_param(key, name, &number) == 1 &&
	    BN_bn2binpad(number, bytes, (int)half) == (int)half) {
		der_element(w, DER_INTEGER, span_of(bytes, half));
		r = 0;
	}
	BN_clear_free(number);
	sodium_memzero(bytes, sizeof(bytes));
	return r;
}

int
rsa_private_write(const EVP_PKEY *key, uint8_t *out, size_t *n)
{
	size_t half = ((size_t)EVP_PKEY_get_bits(key) / 2 + 7) / 8;
	struct der_writer w;
	struct span written;
	int r = 0;

	if (half > RSA_HALF)
		return ERR_CRYPTO;
	secret_enter();
	der_begin(&w, out, RSA_PRIVATE_MAX);
	for (int i = PARTS; i-- > 0 && r == 0;)
		r = write_part(key, part_names[i], half, &w);
	secret_leave();
	written = der_written(&w);
	*n = written.n;
	if (r == 0)
		memmove(out, written.p, written.n);
	return r;
}

/* a b mod m is 1? */
static bool
are_inverse(const BIGNUM *a, const BIGNUM *b, const BIGNUM *m, BN_CTX *bn)
{
	BIGNUM *x = BN_CTX_get(bn);

	return x != NULL && BN_mod_mul(x, a, b, m, bn) == 1 && BN_is_one(x);
}

/* The numbers of a pair being made; all in the slab. */
struct numbers {
	BN_CTX *bn;
	BIGNUM *part[PARTS];
	BIGNUM *n, *e, *d;
};

/* n, e and d from the five, and do they fit each other? */
static bool
complete(struct numbers *k)
{
	BIGNUM *p1 = BN_CTX_get(k->bn), *q1 = BN_CTX_get(k->bn), *phi = BN_CTX_get(k->bn);

	k->n = BN_CTX_get(k->bn);
	k->e = BN_CTX_get(k->bn);
	k->d = BN_CTX_get(k->bn);
	if (k->d == NULL || BN_cmp(k->part[P], k->part[Q]) <= 0 ||
	    !BN_is_odd(k->part[P]) || !BN_is_odd(k->part[Q]) ||
	    BN_sub(p1, k->part[P], BN_value_one()) != 1 ||
	    BN_sub(q1, k->part[Q], BN_value_one()) != 1 || BN_is_zero(q1) ||
	    BN_mul(k->n, k->part[P], k->part[Q], k->bn) != 1 ||
	    BN_mul(phi, p1, q1, k->bn) != 1)
		return false;
	BN_set_flags(p1, BN_FLG_CONSTTIME);
	BN_set_flags(phi, BN_FLG_CONSTTIME);
	return BN_mod_inverse(k->e, k->part[DP], p1, k->bn) != NULL &&
	    BN_num_bytes(k->e) <= RSA_EXPONENT && BN_is_odd(k->e) && !BN_is_one(k->e) &&
	    are_inverse(k->e, k->part[DQ], q1, k->bn) &&
	    are_inverse(k->part[Q], k->part[QINV], k->part[P], k->bn) &&
	    BN_mod_inverse(k->d, k->e, phi, k->bn) != NULL;
}

static int
make_pair(const struct numbers *k, EVP_PKEY **key)
{
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	int r = ERR_CRYPTO;
	bool ok = b != NULL && OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_N, k->n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_E, k->e) == 1 &&
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_RSA_D, k->d) == 1;

	for (int i = 0; i < PARTS && ok; i++)
		ok = OSSL_PARAM_BLD_push_BN(b, part_names[i], k->part[i]) == 1;
	if (ok)
		r = from_numbers(b, EVP_PKEY_KEYPAIR, key);
	OSSL_PARAM_BLD_free(b);
	return r;
}

/* The five INTEGERs at the start of numbers. */
static int
read_parts(struct span *numbers, struct numbers *k)
{
	struct span part;
	size_t half = 0;

	for (int i = 0; i < PARTS; i++) {
		if (der_take(numbers, DER_INTEGER, &part) != 0 || part.n > RSA_HALF ||
		    part.n < PUBLIC_LEAST / 16 || (i > 0 && part.n != half))
			return ERR_INPUT;
		half = part.n;
		if ((k->part[i] = BN_CTX_get(k->bn)) == NULL ||
		    BN_bin2bn(part.p, (int)part.n, k->part[i]) == NULL)
			return ERR_CRYPTO;
		BN_set_flags(k->part[i], BN_FLG_CONSTTIME);
	}
	return 0;
}

int
rsa_private_read(struct span numbers, EVP_PKEY **key, size_t *used)
{
	struct numbers k = { 0 };
	size_t all = numbers.n;
	int r;

	*key = NULL;
	secret_enter();
	if ((k.bn = BN_CTX_new()) == NULL) {
		secret_leave();
		return ERR_CRYPTO;
	}
	BN_CTX_start(k.bn);
	if ((r = read_parts(&numbers, &k)) == 0)
		r = complete(&k) ? make_pair(&k, key) : ERR_INPUT;
	*used = all - numbers.n;
	BN_CTX_end(k.bn);
	BN_CTX_free(k.bn);
	secret_leave();
	return r;
}
