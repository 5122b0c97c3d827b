#include "crypto/ecc.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <sodium.h>

#include "err.h"
#include "secret.h"

enum { POINT_MAX = 1 + 2 * ECC_BYTES, PREFIX_MAX = 26, COUNTER = 4 };

/* SubjectPublicKeyInfo up to the point: the algorithm, the curve, the head of the BIT STRING. */
static const struct curve {
	const char *name;
	int         nid;
	uint8_t     bytes, prefix_n;
	uint8_t     prefix[PREFIX_MAX];
} curves[ECC_CURVES] = {
	[ECC_P256] = { "P-256", NID_X9_62_prime256v1, 32, 26, {
	    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
	    0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00 } },
	[ECC_P384] = { "P-384", NID_secp384r1, 48, 23, {
	    0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
	    0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00 } },
	[ECC_P521] = { "P-521", NID_secp521r1, 66, 25, {
	    0x30, 0x81, 0x9B, 0x30, 0x10, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02,
	    0x01, 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23, 0x03, 0x81, 0x86, 0x00 } },
};

static EC_GROUP *groups[ECC_CURVES];

/* Everything once, so that none of libcrypto's own tables ends up in the slab. They
 * are the same for all curves: this one's arithmetic is the fastest by far. */
static bool
try_all(void)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", curves[ECC_P256].name);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	uint8_t digest[20] = { 0 }, out[ECC_SIGNATURE];
	size_t n = sizeof(out);
	bool ok = ctx != NULL && EVP_PKEY_sign_init(ctx) == 1 &&
	    EVP_PKEY_sign(ctx, out, &n, digest, sizeof(digest)) == 1 &&
	    EVP_PKEY_derive_init(ctx) == 1;

	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(key);
	return ok;
}

int
ecc_init(void)
{
	int r = try_all() ? 0 : ERR_CRYPTO;

	for (int i = 0; i < ECC_CURVES; i++) {
		if (groups[i] == NULL)
			groups[i] = EC_GROUP_new_by_curve_name(curves[i].nid);
		if (groups[i] == NULL)
			r = ERR_CRYPTO;
	}
	ERR_clear_error();
	return r;
}

size_t
ecc_length(enum ecc_curve curve)
{
	return curves[curve].bytes;
}

int
ecc_generate(enum ecc_curve curve, EVP_PKEY **key)
{
	secret_enter();
	*key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", curves[curve].name);
	secret_leave();
	return *key != NULL ? 0 : ERR_CRYPTO;
}

enum ecc_curve
ecc_curve_of(const EVP_PKEY *key)
{
	int bits = EVP_PKEY_get_bits(key);

	return bits == 256 ? ECC_P256 : bits == 384 ? ECC_P384 : ECC_P521;
}

int
ecc_private_write(const EVP_PKEY *key, uint8_t *out)
{
	int n = (int)ecc_length(ecc_curve_of(key));
	BIGNUM *scalar = NULL;
	int r = ERR_CRYPTO;

	secret_enter();
	if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &scalar) == 1 &&
	    BN_bn2binpad(scalar, out, n) == n)
		r = 0;
	BN_clear_free(scalar);
	secret_leave();
	return r;
}

/* libcrypto's key of a point and, unless it is NULL, a scalar. */
static int
make_key(enum ecc_curve curve, struct span point, const BIGNUM *scalar, EVP_PKEY **key)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	int r = ERR_CRYPTO;

	*key = NULL;
	if (ctx != NULL && b != NULL &&
	    OSSL_PARAM_BLD_push_utf8_string(b, OSSL_PKEY_PARAM_GROUP_NAME,
	    curves[curve].name, 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(b, OSSL_PKEY_PARAM_PUB_KEY, point.p,
	    point.n) == 1 &&
	    (scalar == NULL ||
	    OSSL_PARAM_BLD_push_BN(b, OSSL_PKEY_PARAM_PRIV_KEY, scalar) == 1) &&
	    (params = OSSL_PARAM_BLD_to_param(b)) != NULL &&
	    EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, key, scalar == NULL ? EVP_PKEY_PUBLIC_KEY :
	    EVP_PKEY_KEYPAIR, params) == 1)
		r = 0;
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(b);
	EVP_PKEY_CTX_free(ctx);
	return r;
}

/* The point of a scalar: an uncompressed one, or ERR_INPUT when there is none. */
static int
find_point(enum ecc_curve curve, const BIGNUM *scalar, uint8_t *point, size_t *n)
{
	const EC_GROUP *group = groups[curve];
	EC_POINT *q = EC_POINT_new(group);
	int r = ERR_CRYPTO;

	if (BN_is_zero(scalar) || BN_cmp(scalar, EC_GROUP_get0_order(group)) >= 0)
		r = ERR_INPUT;
	else if (q != NULL && EC_POINT_mul(group, q, scalar, NULL, NULL, NULL) == 1 &&
	    (*n = EC_POINT_point2oct(group, q, POINT_CONVERSION_UNCOMPRESSED, point,
	    POINT_MAX, NULL)) != 0)
		r = 0;
	EC_POINT_clear_free(q);
	return r;
}

int
ecc_private_read(enum ecc_curve curve, struct span scalar, EVP_PKEY **key)
{
	uint8_t point[POINT_MAX];
	BIGNUM *d;
	size_t n;
	int r = ERR_CRYPTO;

	*key = NULL;
	if (scalar.n != curves[curve].bytes)
		return ERR_INPUT;
	secret_enter();
	d = BN_bin2bn(scalar.p, (int)scalar.n, NULL);
	if (d != NULL) {
		BN_set_flags(d, BN_FLG_CONSTTIME);
		if ((r = find_point(curve, d, point, &n)) == 0)
			r = make_key(curve, span_of(point, n), d, key);
	}
	BN_clear_free(d);
	secret_leave();
	return r;
}

int
ecc_public_write(const EVP_PKEY *key, uint8_t *out, size_t *n)
{
	const struct curve *curve = &curves[ecc_curve_of(key)];
	size_t want = 1 + 2u * curve->bytes;

	memcpy(out, curve->prefix, curve->prefix_n);
	if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY,
	    out + curve->prefix_n, want, n) != 1 || *n != want)
		return ERR_CRYPTO;
	*n += curve->prefix_n;
	return 0;
}

/* Is it a point of the curve, and not the one at infinity? */
static bool
is_point(EVP_PKEY *key)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	bool ok = ctx != NULL && EVP_PKEY_public_check(ctx) == 1;

	EVP_PKEY_CTX_free(ctx);
	return ok;
}

int
ecc_public_read(struct span der, EVP_PKEY **key)
{
	int r = ERR_INPUT;

	*key = NULL;
	for (int i = 0; i < ECC_CURVES; i++) {
		size_t head = curves[i].prefix_n, point = 1 + 2u * curves[i].bytes;

		if (der.n != head + point || memcmp(der.p, curves[i].prefix, head) != 0 ||
		    der.p[head] != POINT_CONVERSION_UNCOMPRESSED)
			continue;
		if (make_key((enum ecc_curve)i, span_sub(der, head, point), NULL, key) == 0 &&
		    is_point(*key))
			r = 0;
	}
	if (r != 0) {
		EVP_PKEY_free(*key);
		*key = NULL;
	}
	ERR_clear_error();
	return r;
}

int
ecc_agree(EVP_PKEY *own, EVP_PKEY *peer, uint8_t *z)
{
	size_t n = ecc_length(ecc_curve_of(own));
	EVP_PKEY_CTX *ctx;
	int r = 0;

	secret_enter();
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL);
	if (ctx == NULL || EVP_PKEY_derive_init(ctx) != 1 ||
	    EVP_PKEY_derive_set_peer(ctx, peer) != 1 || EVP_PKEY_derive(ctx, z, &n) != 1)
		r = ERR_CRYPTO;
	EVP_PKEY_CTX_free(ctx);
	secret_leave();
	return r;
}

/* Everything that is hashed for one block, in the slab: one per process. */
static uint8_t *
get_work(void)
{
	static uint8_t *work;

	if (work == NULL)
		work = secret_alloc(HASH_MAX + COUNTER + ECC_BYTES + ECC_INFO);
	return work;
}

int
ecc_derive(enum ecc_kdf kdf, enum hash_id hash, struct span z, struct span info,
    uint8_t *out, size_t n)
{
	uint8_t *block = get_work(), *input, *counter;
	size_t len = hash_length(hash), all = COUNTER + z.n + info.n;
	int r = 0;

	if (block == NULL)
		return ERR_NO_MEMORY;
	if (len == 0 || info.n > ECC_INFO || z.n > ECC_BYTES || n > ECC_DERIVED)
		return ERR_INPUT;
	input = block + HASH_MAX;
	counter = kdf == ECC_CONCATENATION ? input : input + z.n;
	memset(counter, 0, COUNTER);
	memcpy(kdf == ECC_CONCATENATION ? input + COUNTER : input, z.p, z.n);
	if (info.n != 0)
		memcpy(input + COUNTER + z.n, info.p, info.n);
	for (size_t at = 0; at < n && r == 0; at += len) {
		counter[COUNTER - 1]++;
		r = hash_make(hash, span_of(input, all), block);
		memcpy(out + at, block, n - at < len ? n - at : len);
	}
	sodium_memzero(block, HASH_MAX + all);
	return r;
}

int
ecc_sign(EVP_PKEY *key, enum hash_id hash, struct span data, uint8_t *out, size_t *n)
{
	uint8_t digest[HASH_MAX];
	EVP_PKEY_CTX *ctx;
	int r;

	if ((r = hash_make(hash, data, digest)) != 0)
		return r;
	*n = ECC_SIGNATURE;
	secret_enter();
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
	if (ctx == NULL || EVP_PKEY_sign_init(ctx) != 1 ||
	    EVP_PKEY_sign(ctx, out, n, digest, hash_length(hash)) != 1)
		r = ERR_CRYPTO;
	EVP_PKEY_CTX_free(ctx);
	secret_leave();
	return r;
}
