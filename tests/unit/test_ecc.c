/*
 * ecc: the key agreements of RFC 5903 (8.1 to 8.3), derivation as NIST's CAVS 12.0
 * example of ANSI X9.63 and Python's cryptography 48 have it.
 */
#include "crypto/ecc.h"

#include <openssl/evp.h>

#include "err.h"
#include "keys.h"

static const struct agrees {
	const char    *name;
	enum ecc_curve curve;
	const char    *i, *r, *z;
} agrees[] = {
	{ "P-256", ECC_P256,
	    "C88F01F510D9AC3F70A292DAA2316DE544E9AAB8AFE84049C62A9C57862D1433",
	    "C6EF9C5D78AE012A011164ACB397CE2088685D8F06BF9BE0B283AB46476BEE53",
	    "D6840F6B42F6EDAFD13116E0E12565202FEF8E9ECE7DCE03812464D04B9442DE" },
	{ "P-384", ECC_P384,
	    "099F3C7034D4A2C699884D73A375A67F7624EF7C6B3C0F160647B67414DCE655"
	    "E35B538041E649EE3FAEF896783AB194",
	    "41CB0779B4BDB85D47846725FBEC3C9430FAB46CC8DC5060855CC9BDA0AA2942"
	    "E0308312916B8ED2960E4BD55A7448FC",
	    "11187331C279962D93D604243FD592CB9D0A926F422E47187521287E7156C5C4"
	    "D603135569B9E9D09CF5D4A270F59746" },
	{ "P-521", ECC_P521,
	    "0037ADE9319A89F4DABDB3EF411AACCCA5123C61ACAB57B5393DCE47608172A0"
	    "95AA85A30FE1C2952C6771D937BA9777F5957B2639BAB072462F68C27A57382D4A52",
	    "0145BA99A847AF43793FDD0E872E7CDFA16BE30FDC780F97BCCC3F078380201E"
	    "9C677D600B343757A3BDBF2A3163E4C2F869CCA7458AA4A4EFFC311F5CB151685EB9",
	    "01144C7D79AE6956BC8EDB8E7C787C4521CB086FA64407F97894E5E6B2D79B04"
	    "D1427E73CA4BAA240A34786859810C06B3C715A3A8CC3151F2BEE417996D19F3DDEA" },
};

static uint8_t *slab;	/* a scalar, a coordinate */

static EVP_PKEY *
from_text(enum ecc_curve curve, const char *scalar)
{
	EVP_PKEY *key;
	size_t n = keys_bytes(scalar, slab);

	assert_int_equal(n, ecc_length(curve));
	assert_int_equal(ecc_private_read(curve, span_of(slab, n), &key), 0);
	assert_true(secret_holds(key));
	return key;
}

static void
test_agree(void **state)
{
	const struct agrees *row = *state;
	EVP_PKEY *i = from_text(row->curve, row->i), *r = from_text(row->curve, row->r), *peer;
	uint8_t public[ECC_PUBLIC];
	size_t n;

	for (int turn = 0; turn < 2; turn++) {
		assert_int_equal(ecc_public_write(turn == 0 ? r : i, public, &n), 0);
		assert_int_equal(ecc_public_read(span_of(public, n), &peer), 0);
		assert_int_equal(ecc_curve_of(peer), row->curve);
		assert_int_equal(ecc_agree(turn == 0 ? i : r, peer, slab), 0);
		keys_same(slab, ecc_length(row->curve), row->z);
		EVP_PKEY_free(peer);
	}
	assert_int_equal(ecc_private_write(i, slab), 0);
	keys_same(slab, ecc_length(row->curve), row->i);
	EVP_PKEY_free(i);
	EVP_PKEY_free(r);
}

/* Whatever bit of a public key is turned, it is no key, or is another one. */
static void
test_bits(void **state)
{
	const struct agrees *row = *state;
	EVP_PKEY *key = from_text(row->curve, row->i), *peer;
	uint8_t public[ECC_PUBLIC];
	size_t n;

	assert_int_equal(ecc_public_write(key, public, &n), 0);
	for (size_t at = 0; at < n; at++) {
		public[at] ^= 4;
		assert_int_equal(ecc_public_read(span_of(public, n), &peer), ERR_INPUT);
		assert_null(peer);
		public[at] ^= 4;
		assert_int_equal(ecc_public_read(span_of(public, at), &peer), ERR_INPUT);
	}
	EVP_PKEY_free(key);
}

static void
test_scalars(void **state)
{
	EVP_PKEY *key;

	(void)state;
	memset(slab, 0, 32);
	assert_int_equal(ecc_private_read(ECC_P256, span_of(slab, 32), &key), ERR_INPUT);
	slab[31] = 1;
	assert_int_equal(ecc_private_read(ECC_P256, span_of(slab, 32), &key), 0);
	EVP_PKEY_free(key);
	memset(slab, 0xFF, 32);
	assert_int_equal(ecc_private_read(ECC_P256, span_of(slab, 32), &key), ERR_INPUT);
	assert_int_equal(ecc_private_read(ECC_P256, span_of(slab, 31), &key), ERR_INPUT);
}

static void
test_new(void **state)
{
	size_t before = secret_bytes_used();
	uint8_t public[ECC_PUBLIC], signature[ECC_SIGNATURE];
	uint8_t *z = secret_alloc(ECC_BYTES);
	EVP_PKEY *key, *peer;
	size_t n;

	(void)state;
	for (int i = 0; i < ECC_CURVES; i++) {
		static const size_t lengths[] = { 91, 120, 158 };

		assert_int_equal(ecc_generate((enum ecc_curve)i, &key), 0);
		assert_true(secret_holds(key));
		assert_int_equal(ecc_curve_of(key), i);
		assert_int_equal(ecc_public_write(key, public, &n), 0);
		assert_int_equal(n, lengths[i]);
		assert_int_equal(ecc_public_read(span_of(public, n), &peer), 0);
		assert_int_equal(ecc_agree(key, peer, z), 0);
		assert_int_equal(ecc_sign(key, HASH_ID_SHA256, SPAN("data"), signature, &n), 0);
		assert_true(n > 8 && n <= ECC_SIGNATURE);
		EVP_PKEY_free(key);
		EVP_PKEY_free(peer);
	}
	secret_free(z);
	assert_int_equal(secret_bytes_used(), before);
}

static const struct derives {
	const char  *name;
	enum ecc_kdf kdf;
	const char  *z, *info, *key;
} derives[] = {
	{ "X9.63 (CAVS)", ECC_X963, "96C05619D56C328AB95FE84B18264B08725B85E33FD34F08", "",
	    "443024C3DAE66B95E6F5670601558F71" },
	{ "X9.63, two blocks", ECC_X963,
	    "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", "info",
	    "D652DB03B5AD319001E98864FD76139BFF0E0DC2F17CABEB9E5E6393C9ED7DEE"
	    "D5651A221D677054" },
	{ "concatenation, two blocks", ECC_CONCATENATION,
	    "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", "info",
	    "C3D6E2A35AC18F4771D72FF4A7E577EA7B98AE7FA6B6F165BBD17D7C1A24B91F"
	    "4660044D61757DF5" },
};

static void
test_derive(void **state)
{
	const struct derives *row = *state;
	uint8_t out[ECC_DERIVED];
	size_t n = keys_bytes(row->z, slab), want = strlen(row->key) / 2;

	assert_int_equal(ecc_derive(row->kdf, HASH_ID_SHA256, span_of(slab, n),
	    span_str(row->info), out, want), 0);
	keys_same(out, want, row->key);
	assert_int_equal(ecc_derive(row->kdf, HASH_ID_NONE, span_of(slab, n),
	    span_str(row->info), out, want), ERR_INPUT);
}

static int
setup(void **state)
{
	if (keys_setup(state) != 0)
		return 1;
	slab = secret_alloc(ECC_BYTES);
	return slab == NULL;
}

int
main(void)
{
	static struct rows r;

	/* first: what a curve leaves behind, it leaves when it is used first */
	rows_add(&r, "new pairs live in the slab and leave it", test_new, NULL);
	ROWS(&r, agrees, test_agree);
	ROWS(&r, agrees, test_bits);
	ROWS(&r, derives, test_derive);
	rows_add(&r, "scalars that are none", test_scalars, NULL);
	return rows_run(&r, "ecc", setup, NULL);
}
