/*
 * sign: every algorithm signs what it verifies and nothing else; published
 * vectors. Those of Wycheproof are read from LUAHSM_SHARED (../shared), where
 * that is there.
 */
#include "crypto/sign.h"

#include <stdio.h>
#include <unistd.h>

#include <jansson.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sodium.h>

#include "err.h"
#include "rows.h"
#include "secret.h"

static uint8_t signature[SIGN_SIGNATURE], data[8192];
static char pem[SIGN_PEM];
static uint8_t *der;

/* RSA key pairs take their time, more so under valgrind: the largest ones in the long form. */
static bool
too_slow(const struct algorithm *a)
{
	const char *all = getenv("LUAHSM_FULL");

	return a->bits > 3000 && (all == NULL || strcmp(all, "1") != 0);
}

/* Through all forms of a key: generated, opened again, public part alone. */
static void
test_algorithm(void **state)
{
	const struct algorithm *a = *state, *other = a->code == 1 ? &algorithms[1] : &algorithms[0];
	struct sign_key *k, *again, *public;
	size_t n, der_len, pem_len, len = a->hash == HASH_NONE ? 100 :
	    algorithm_digest_length(a->hash);
	struct span what = span_of(data, len);

	if (too_slow(a)) {
		print_message("LUAHSM_FULL=1 runs this\n");
		skip();
	}
	randombytes_buf(data, sizeof(data));
	assert_non_null(k = sign_generate(a));
	assert_int_equal(sign_private(k, der, &der_len), 0);
	assert_int_equal(sign_public(k, pem, &pem_len), 0);
	assert_memory_equal(pem, "-----BEGIN PUBLIC KEY-----\n", 27);
	assert_memory_equal(pem + pem_len - 25, "-----END PUBLIC KEY-----\n", 25);
	assert_non_null(again = sign_open(a, span_of(der, der_len)));
	assert_non_null(public = sign_open_public(a, span_of(pem, pem_len)));
	assert_null(sign_open(other, span_of(der, der_len)));
	assert_null(sign_open_public(other, span_of(pem, pem_len)));
	assert_null(sign_open(a, span_of(der, der_len - 1)));
	assert_null(sign_open(a, span_of(der, der_len + 1)));

	for (int i = 0; i < 3; i++) {
		assert_int_equal(sign_make(again, a->hash, what, signature, &n), 0);
		assert_int_equal(sign_verify(public, a->hash, what, span_of(signature, n)), 0);
		data[i] ^= 1;
		assert_int_equal(sign_verify(public, a->hash, what, span_of(signature, n)),
		    ERR_VERIFY);
		data[i] ^= 1;
		for (size_t at = 0; at < n; at += 5) {
			signature[at] ^= 2;
			assert_int_equal(sign_verify(k, a->hash, what, span_of(signature, n)),
			    ERR_VERIFY);
			signature[at] ^= 2;
		}
	}
	assert_int_equal(sign_verify(k, a->hash, what, span_of(signature, n - 1)), ERR_VERIFY);
	assert_int_equal(sign_verify(k, a->hash, what, SPAN("bad signature")), ERR_VERIFY);
	assert_int_equal(sign_verify(k, a->hash, what, SPAN("")), ERR_VERIFY);
	sign_free(k);
	sign_free(again);
	sign_free(public);
}

/* What a key of that algorithm signs. */
static const struct fit {
	const char *name, *algorithm;
	unsigned    hash;
	size_t      n;
	int         want;
} fits[] = {
	{ "P-256 and 28 bytes",           "ecdsa-p256", HASH_SHA224, 28, 0 },
	{ "P-256 and 64 bytes",           "ecdsa-p256", HASH_SHA512, 64, 0 },
	{ "P-521 and 32 bytes",           "ecdsa-p521", HASH_SHA256, 32, 0 },
	{ "P-256 and a message",          "ecdsa-p256", HASH_NONE,   32, ERR_DIGEST },
	{ "a digest too short",           "ecdsa-p256", HASH_SHA256, 31, ERR_DIGEST },
	{ "a digest of another hash",     "ecdsa-p256", HASH_SHA256, 48, ERR_DIGEST },
	{ "an unknown hash",              "ecdsa-p256", 3,           20, ERR_DIGEST },
	{ "RSA and 28 bytes",             "rsa-2048",   HASH_SHA224, 28, 0 },
	{ "RSA and 64 bytes",             "rsa-2048",   HASH_SHA512, 64, 0 },
	{ "RSA and a message",            "rsa-2048",   HASH_NONE,   32, ERR_DIGEST },
	{ "PSS and 48 bytes",             "rsa-pss-2048", HASH_SHA384, 48, 0 },
	{ "Ed25519 and no message",       "ed25519",    HASH_NONE,   0,  0 },
	{ "Ed25519 and a long message",   "ed25519",    HASH_NONE,   8192, 0 },
	{ "Ed25519 and a digest",         "ed25519",    HASH_SHA512, 64, ERR_WANTS_MESSAGE },
	{ "Ed25519ph and its digest",     "ed25519ph",  HASH_SHA512, 64, 0 },
	{ "Ed25519ph and another digest", "ed25519ph",  HASH_SHA256, 32, ERR_DIGEST },
	{ "Ed25519ph and a message",      "ed25519ph",  HASH_NONE,   64, ERR_DIGEST },
};

static void
test_fit(void **state)
{
	const struct fit *row = *state;
	static struct sign_key *k;
	static const char *made;
	struct span what = span_of(data, row->n);
	size_t n = 0;

	/* one key serves the rows in a row that want it */
	if (made == NULL || strcmp(made, row->algorithm) != 0) {
		sign_free(k);
		assert_non_null(k = sign_generate(algorithm_named(row->algorithm)));
		made = row->algorithm;
	}
	assert_int_equal(sign_make(k, row->hash, what, signature, &n), row->want);
	assert_int_equal(sign_verify(k, row->hash, what, span_of(signature, n)), row->want);
	if (row == &fits[sizeof(fits) / sizeof(fits[0]) - 1])
		sign_free(k);
}

/* RFC 8032, 7.1. */
static const struct rfc8032 {
	const char *name, *seed, *public, *message, *signature;
} rfc8032[] = {
	{ "RFC 8032, 7.1, test 1",
	    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
	    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
	    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
	    "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
	{ "RFC 8032, 7.1, test 2",
	    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
	    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
	    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
	    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
	{ "RFC 8032, 7.1, test 3",
	    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
	    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
	    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
	    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
};

static size_t
from_hex(const char *text, uint8_t *out, size_t room)
{
	size_t n;

	assert_int_equal(sodium_hex2bin(out, room, text, strlen(text), NULL, &n, NULL), 0);
	return n;
}

static void
test_rfc8032(void **state)
{
	/* PKCS#8 in front of the seed: RFC 8410, 7 */
	static const uint8_t head[] = {
		0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20
	};
	const struct rfc8032 *row = *state;
	uint8_t want[64];
	size_t n, message = from_hex(row->message, data, sizeof(data));
	struct sign_key *k;

	memcpy(der, head, sizeof(head));
	from_hex(row->seed, der + sizeof(head), 32);
	from_hex(row->signature, want, sizeof(want));
	assert_non_null(k = sign_open(algorithm_named("ed25519"), span_of(der, sizeof(head) + 32)));
	assert_int_equal(sign_make(k, HASH_NONE, span_of(data, message), signature, &n), 0);
	assert_int_equal(n, 64);
	assert_memory_equal(signature, want, sizeof(want));
	assert_int_equal(sign_verify(k, HASH_NONE, span_of(data, message), span_of(want, 64)), 0);
	sign_free(k);
}

/* RFC 6979, A.2.5: P-256, SHA-256, message "sample". */
static void
test_rfc6979(void **state)
{
	static const char public[] = "-----BEGIN PUBLIC KEY-----\n"
	    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYP7UuiVanTHJYet0xjVtaMBJuJI7\n"
	    "Yfps5mliLmDyn7Z5A/4QCLi8maQa6elWKLxk8vGyDC1+n1F3o8KU1EYimQ==\n"
	    "-----END PUBLIC KEY-----\n";
	struct sign_key *k = sign_open_public(algorithm_named("ecdsa-p256"), span_str(public));
	size_t n = from_hex("3046022100EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84E"
	    "AF3716022100F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
	    signature, sizeof(signature));

	(void)state;
	assert_non_null(k);
	crypto_hash_sha256(data, (const uint8_t *)"sample", 6);
	assert_int_equal(sign_verify(k, HASH_SHA256, span_of(data, 32), span_of(signature, n)), 0);
	data[31] ^= 1;
	assert_int_equal(sign_verify(k, HASH_SHA256, span_of(data, 32), span_of(signature, n)),
	    ERR_VERIFY);
	sign_free(k);
}

/* Private numbers lie in libcrypto's secure heap or the slab. */
static void
test_home(void **state)
{
	static const char *const names[] = { "ecdsa-p256", "rsa-2048", "ed25519" };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		size_t heap = CRYPTO_secure_used(), slab = secret_bytes_used();
		struct sign_key *k = sign_generate(algorithm_named(names[i]));

		assert_non_null(k);
		assert_true(CRYPTO_secure_used() > heap);
		assert_int_equal(secret_bytes_used() > slab, i == 2);
		sign_free(k);
		assert_int_equal(CRYPTO_secure_used(), heap);
		assert_int_equal(secret_bytes_used(), slab);
	}
}

/* --- Wycheproof ---------------------------------------------------------- */

static struct wycheproof {
	const char *algorithm, *file;
	char        name[160];
	bool        there;
} wycheproof[] = {
	{ "ecdsa-p256", "ecdsa_secp256r1_sha256_test.json", "", false },
	{ "ecdsa-p384", "ecdsa_secp384r1_sha384_test.json", "", false },
	{ "ecdsa-p521", "ecdsa_secp521r1_sha512_test.json", "", false },
	{ "rsa-2048", "rsa_signature_2048_sha256_test.json", "", false },
	{ "rsa-3072", "rsa_signature_3072_sha256_test.json", "", false },
	{ "rsa-4096", "rsa_signature_4096_sha256_test.json", "", false },
	{ "rsa-pss-2048", "rsa_pss_2048_sha256_mgf1_32_test.json", "", false },
	{ "ed25519", "ed25519_test.json", "", false },
};

static void
wycheproof_path(const char *file, char path[512])
{
	const char *shared = getenv("LUAHSM_SHARED");

	snprintf(path, 512, "%s/vectors/wycheproof/%s", shared != NULL ? shared : "../shared",
	    file);
}

/* Hash the message as the key's algorithm does. */
static struct span
prepared(const struct algorithm *a, const uint8_t *message, size_t n, uint8_t digest[64])
{
	static const EVP_MD *(*const hashes[])(void) = {
		[HASH_SHA256] = EVP_sha256, [HASH_SHA384] = EVP_sha384, [HASH_SHA512] = EVP_sha512
	};
	unsigned len = 0;

	if (a->hash == HASH_NONE)
		return span_of(message, n);
	assert_int_equal(EVP_Digest(message, n, digest, &len, hashes[a->hash](), NULL), 1);
	return span_of(digest, len);
}

/*
 * The accepted must verify, the rejected must not. The one "acceptable" case is
 * a DigestInfo of RSA without its NULL; signatures of old programs: refused.
 */
static void
judge(const struct algorithm *a, struct sign_key *k, const json_t *test)
{
	static uint8_t message[8192], sig[64 * 1024];
	const char *result = json_string_value(json_object_get(test, "result"));
	uint8_t digest[64];
	size_t n = from_hex(json_string_value(json_object_get(test, "msg")), message,
	    sizeof(message));
	size_t len = from_hex(json_string_value(json_object_get(test, "sig")), sig, sizeof(sig));
	int r = sign_verify(k, a->hash, prepared(a, message, n, digest), span_of(sig, len));

	if (r != (strcmp(result, "valid") == 0 ? 0 : ERR_VERIFY))
		fail_msg("case %lld is %s, got %d",
		    json_integer_value(json_object_get(test, "tcId")), result, r);
}

static void
test_wycheproof(void **state)
{
	const struct wycheproof *row = *state;
	const struct algorithm *a = algorithm_named(row->algorithm);
	char path[512];
	json_t *root, *group, *test;
	size_t i, j;
	json_int_t n = 0;

	if (!row->there)
		skip();
	wycheproof_path(row->file, path);
	assert_non_null(root = json_load_file(path, 0, NULL));
	json_array_foreach(json_object_get(root, "testGroups"), i, group) {
		struct sign_key *k = sign_open_public(a,
		    span_str(json_string_value(json_object_get(group, "publicKeyPem"))));

		if (k == NULL)
			fail_msg("group %zu: its key is refused", i);
		json_array_foreach(json_object_get(group, "tests"), j, test) {
			judge(a, k, test);
			n++;
		}
		sign_free(k);
	}
	assert_int_equal(n, json_integer_value(json_object_get(root, "numberOfTests")));
	json_decref(root);
}

static void
find_wycheproof(void)
{
	char path[512];

	for (size_t i = 0; i < sizeof(wycheproof) / sizeof(wycheproof[0]); i++) {
		struct wycheproof *w = &wycheproof[i];

		wycheproof_path(w->file, path);
		w->there = access(path, R_OK) == 0;
		snprintf(w->name, sizeof(w->name), "Wycheproof, %s%s", w->algorithm,
		    w->there ? "" : ": the files are not there (LUAHSM_SHARED)");
	}
}

static int
setup(void **state)
{
	(void)state;
	if (secret_init(false) != 0 || sign_init() != 0 || sign_init() != 0)
		return -1;
	return (der = secret_alloc(SIGN_DER)) != NULL ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	secret_free(der);
	/* libcrypto's own generator stays in its secure heap */
	return secret_bytes_used() == 0 ? 0 : -1;
}

int
main(void)
{
	struct rows r = { 0 };
	static char names[32][80];

	find_wycheproof();
	for (size_t i = 0; i < algorithms_count; i++) {
		snprintf(names[i], sizeof(names[i]), "%s%s", algorithms[i].name,
		    too_slow(&algorithms[i]) ? ": LUAHSM_FULL=1 runs this" : "");
		rows_add(&r, names[i], test_algorithm, &algorithms[i]);
	}
	ROWS(&r, fits, test_fit);
	ROWS(&r, rfc8032, test_rfc8032);
	rows_add(&r, "RFC 6979, A.2.5", test_rfc6979, NULL);
	rows_add(&r, "where private numbers lie", test_home, NULL);
	ROWS(&r, wycheproof, test_wycheproof);
	return rows_run(&r, "sign", setup, teardown);
}
