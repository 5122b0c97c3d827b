/*
 * wycheproof: Google's vectors for RSA, when they lie in vectors/wycheproof below
 * LUAHSM_SHARED (by default ../shared): signatures and paddings made to be wrong in every way
 * that was ever got wrong.
 */
#include <stdio.h>
#include <unistd.h>

#include <jansson.h>
#include <openssl/evp.h>

#include "crypto/der.h"
#include "err.h"
#include "rsakeys.h"

static uint8_t *slab;	/* RSA_PRIVATE_MAX */

static const struct set {
	const char      *name;
	bool             verify;
	enum rsa_padding padding;
	const char      *file;
} sets[] = {
	{ "signatures, 2048 bits", true, RSA_PKCS1, "rsa_signature_2048_sha256" },
	{ "signatures, 3072 bits", true, RSA_PKCS1, "rsa_signature_3072_sha256" },
	{ "signatures, 4096 bits", true, RSA_PKCS1, "rsa_signature_4096_sha256" },
	{ "PSS, 2048 bits", true, RSA_PSS, "rsa_pss_2048_sha256_mgf1_32" },
	{ "decryption, PKCS#1 v1.5", false, RSA_PKCS1, "rsa_pkcs1_2048" },
	{ "decryption, OAEP", false, RSA_OAEP, "rsa_oaep_2048_sha256_mgf1sha256" },
};

static uint8_t
nibble(char c)
{
	return (uint8_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

/* Bytes of the member's hexadecimal text, the caller's to free. */
static uint8_t *
member(const json_t *object, const char *name, struct span *bytes)
{
	const char *text = json_string_value(json_object_get(object, name));
	size_t n = text != NULL ? strlen(text) / 2 : 0;
	uint8_t *p = malloc(n + 1);

	assert_non_null(p);
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(nibble(text[2 * i]) << 4 | nibble(text[2 * i + 1]));
	*bytes = span_of(p, n);
	return p;
}

/* The group's private key through our own form: the five numbers of its PKCS#8. */
static EVP_PKEY *
private_of(const json_t *group)
{
	struct span der, body, skip, inner, numbers;
	uint8_t *p = member(group, "privateKeyPkcs8", &der);
	struct der_writer w;
	struct span part[5];
	EVP_PKEY *key;
	size_t used;

	assert_int_equal(der_take(&der, DER_SEQUENCE, &body), 0);
	assert_int_equal(der_take(&body, DER_INTEGER, &skip), 0);
	assert_int_equal(der_take(&body, DER_SEQUENCE, &skip), 0);
	assert_int_equal(der_take(&body, DER_OCTETS, &inner), 0);
	assert_int_equal(der_take(&inner, DER_SEQUENCE, &body), 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(der_take(&body, DER_INTEGER, &skip), 0);
	for (int i = 0; i < 5; i++)
		assert_int_equal(der_take_number(&body, &part[i]), 0);
	der_begin(&w, slab, RSA_PRIVATE_MAX);
	for (int i = 5; i-- > 0;) {
		static const uint8_t zeros[RSA_HALF];
		size_t mark = der_mark(&w);

		der_put(&w, part[i]);
		der_put(&w, span_of(zeros, 128 - part[i].n));
		der_wrap(&w, DER_INTEGER, mark);
	}
	numbers = der_written(&w);
	assert_int_equal(rsa_private_read(numbers, &key, &used), 0);
	free(p);
	return key;
}

static EVP_PKEY *
public_of(const json_t *group)
{
	struct span der;
	uint8_t *p = member(group, "publicKeyAsn", &der);
	struct rsa_public numbers;
	EVP_PKEY *key;

	assert_int_equal(rsa_public_read(der, &numbers), 0);
	assert_int_equal(rsa_public_key(&numbers, &key), 0);
	free(p);
	return key;
}

/* Did we take it? */
static bool
taken(const struct set *set, EVP_PKEY *key, const json_t *test)
{
	struct span message, sent, label;
	uint8_t *m = member(test, "msg", &message), *l = member(test, "label", &label);
	uint8_t *s = member(test, set->verify ? "sig" : "ct", &sent);
	bool good;

	if (set->verify) {
		good = rsa_verify(key, set->padding, HASH_ID_SHA256, message, sent) == 0;
	} else {
		const struct rsa_scheme scheme = { set->padding, HASH_ID_SHA256, label };
		size_t n;
		int r = rsa_decrypt(key, &scheme, sent, slab, &n);

		good = r == 0 && n == message.n && memcmp(slab, message.p, n) == 0;
		/* One failure for all but a wrong length. */
		assert_true(r == 0 || r == RSA_ERR_BLOCK || r == RSA_ERR_LENGTH);
	}
	free(m);
	free(l);
	free(s);
	return good;
}

static void
test_set(void **state)
{
	const struct set *set = *state;
	const char *shared = getenv("LUAHSM_SHARED");
	char path[512];
	json_t *file, *group, *test;
	size_t i, k, tests = 0;

	snprintf(path, sizeof(path), "%s/vectors/wycheproof/%s_test.json",
	    shared != NULL ? shared : "../shared", set->file);
	if (access(path, R_OK) != 0) {
		print_message("skipped: there is no %s (LUAHSM_SHARED)\n", path);
		skip();
	}
	file = json_load_file(path, 0, NULL);
	assert_non_null(file);
	json_array_foreach(json_object_get(file, "testGroups"), i, group) {
		EVP_PKEY *key = set->verify ? public_of(group) : private_of(group);

		json_array_foreach(json_object_get(group, "tests"), k, test) {
			const char *result =
			    json_string_value(json_object_get(test, "result"));
			const char *comment =
			    json_string_value(json_object_get(test, "comment"));
			bool good = taken(set, key, test);
			/* A salt of another length is as good: command EY. */
			bool want = strcmp(result, "valid") == 0 ||
			    strncmp(comment, "s_len changed", 13) == 0;

			tests++;
			if (strcmp(result, "acceptable") != 0 && good != want)
				fail_msg("test %d: %s", (int)json_integer_value(
				    json_object_get(test, "tcId")), comment);
		}
		EVP_PKEY_free(key);
	}
	assert_true(tests > 30);
	json_decref(file);
}

static int
setup(void **state)
{
	if (keys_setup(state) != 0)
		return 1;
	slab = secret_alloc(RSA_PRIVATE_MAX);
	return slab == NULL;
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, sets, test_set);
	return rows_run(&r, "wycheproof", setup, NULL);
}
