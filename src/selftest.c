/*
 * selftest: one table of tests, each with its source.
 */
#include "selftest.h"

#include <stdbool.h>
#include <string.h>

#include "crypto/cipher.h"
#include "crypto/cvv.h"
#include "crypto/des3.h"
#include "crypto/hash.h"
#include "crypto/hmac.h"
#include "crypto/mac.h"
#include "crypto/pin.h"
#include "key.h"
#include "secret.h"
#include "span.h"

/* The keys of the examples in NIST SP 800-67, B.1, in their three lengths. */
static const uint8_t key3[24] = {
	0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF,
	0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0x01,
	0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0x01, 0x23
};

/* The key of the examples in ISO 9797-1 and in the CVV and PVV literature. */
static const uint8_t key2[16] = {
	0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF,
	0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10
};

/* Encrypt text and decrypt it again. */
static bool
des_works(const uint8_t *key, size_t len, const char *text, const uint8_t *want, size_t n)
{
	uint8_t block[3 * DES_BLOCK];

	return des3_once(key, len, 1, (const uint8_t *)text, block, n) == 0 &&
	    memcmp(block, want, n) == 0 && des3_once(key, len, 0, block, block, n) == 0 &&
	    memcmp(block, text, n) == 0;
}

/* NIST SP 800-67, B.1. */
static bool
test_tdes3(void)
{
	static const uint8_t want[] = {
		0xA8, 0x26, 0xFD, 0x8C, 0xE5, 0x3B, 0x85, 0x5F,
		0xCC, 0xE2, 0x1C, 0x81, 0x12, 0x25, 0x6F, 0xE6,
		0x68, 0xD5, 0xC0, 0x5D, 0xD9, 0xB6, 0xB9, 0x00
	};

	return des_works(key3, sizeof(key3), "The qufck brown fox jump", want, sizeof(want));
}

/* The check value of the key, as a payShield tells it. */
static bool
test_tdes2(void)
{
	static const uint8_t want[] = { 0x08, 0xD7, 0xB4, 0xFB, 0x62, 0x9D, 0x08, 0x85 };

	return des_works(key2, sizeof(key2), "\0\0\0\0\0\0\0", want, sizeof(want));
}

/* ISO 9797-1, annex B: algorithm 3, padding method 1, data string 1. */
static bool
test_mac(void)
{
	static const uint8_t want[] = { 0xA1, 0xC7, 0x2E, 0x74, 0xEA, 0x3F, 0xA9, 0xB6 };
	uint8_t mac[MAC_LEN];

	return mac_retail(key2, sizeof(key2), MAC_PAD_ZEROS, SPAN("Now is the time for all "),
	    mac) == 0 && memcmp(mac, want, sizeof(want)) == 0;
}

/* A scratch key with the value of key2, or NULL. */
static struct key *
take_key2(void)
{
	struct key *key = key_take();

	if (key != NULL) {
		memcpy(key->bytes, key2, sizeof(key2));
		key->len = sizeof(key2);
	}
	return key;
}

/* The worked example that the CVV literature repeats. */
static bool
test_cvv(void)
{
	struct key *cvk = take_key2();
	char cvv[CVV_DIGITS];

	return cvk != NULL && cvv_make(cvk, SPAN("4123456789012345"), SPAN("8701"),
	    SPAN("101"), cvv) == 0 && memcmp(cvv, "561", sizeof(cvv)) == 0;
}

/* A published example: PAN 1122334455667788, index 1, PIN 4524. */
static bool
test_pvv(void)
{
	struct key *pvk = take_key2();
	struct secret *pin = secret_take();
	char pvv[PIN_PVV_DIGITS];

	if (pvk == NULL || pin == NULL)
		return false;
	memcpy(pin->bytes, "4524", 4);
	pin->len = 4;
	return pin_pvv(pvk, pin, SPAN("233445566778"), '1', pvv) == 0 &&
	    memcmp(pvv, "8523", sizeof(pvv)) == 0;
}

/* NIST SP 800-38A, F.2.1, first block: AES-128 in CBC mode, there and back. */
static bool
test_aes(void)
{
	static const uint8_t value[] = {
		0x2B, 0x7E, 0x15, 0x16, 0x28, 0xAE, 0xD2, 0xA6,
		0xAB, 0xF7, 0x15, 0x88, 0x09, 0xCF, 0x4F, 0x3C
	};
	static const uint8_t clear[] = {
		0x6B, 0xC1, 0xBE, 0xE2, 0x2E, 0x40, 0x9F, 0x96,
		0xE9, 0x3D, 0x7E, 0x11, 0x73, 0x93, 0x17, 0x2A
	};
	static const uint8_t want[] = {
		0x76, 0x49, 0xAB, 0xAC, 0x81, 0x19, 0xB2, 0x46,
		0xCE, 0xE9, 0x8E, 0x9B, 0x12, 0xE9, 0x19, 0x7D
	};
	uint8_t iv[16], block[16];
	struct key *key = key_take();

	if (key == NULL)
		return false;
	memcpy(key->bytes, value, sizeof(value));
	key->len = sizeof(value);
	key->aes = true;
	for (size_t i = 0; i < sizeof(iv); i++)
		iv[i] = (uint8_t)i;
	if (cipher_encrypt(key, CIPHER_CBC, iv, span_of(clear, sizeof(clear)), block) != 0 ||
	    memcmp(block, want, sizeof(want)) != 0)
		return false;
	for (size_t i = 0; i < sizeof(iv); i++)
		iv[i] = (uint8_t)i;
	return cipher_decrypt(key, CIPHER_CBC, iv, span_of(block, sizeof(block)), block) == 0 &&
	    memcmp(block, clear, sizeof(clear)) == 0;
}

/* FIPS 180-4's example abc. */
static bool
test_hash(void)
{
	static const uint8_t want[] = {
		0xBA, 0x78, 0x16, 0xBF, 0x8F, 0x01, 0xCF, 0xEA,
		0x41, 0x41, 0x40, 0xDE, 0x5D, 0xAE, 0x22, 0x23,
		0xB0, 0x03, 0x61, 0xA3, 0x96, 0x17, 0x7A, 0x9C,
		0xB4, 0x10, 0xFF, 0x61, 0xF2, 0x00, 0x15, 0xAD
	};
	uint8_t digest[HASH_MAX];

	return hash_make(HASH_ID_SHA256, SPAN("abc"), digest) == 0 &&
	    memcmp(digest, want, sizeof(want)) == 0;
}

/* RFC 4231, case 2. */
static bool
test_hmac(void)
{
	static const uint8_t want[] = {
		0x5B, 0xDC, 0xC1, 0x46, 0xBF, 0x60, 0x75, 0x4E,
		0x6A, 0x04, 0x24, 0x26, 0x08, 0x95, 0x75, 0xC7,
		0x5A, 0x00, 0x3F, 0x08, 0x9D, 0x27, 0x39, 0x83,
		0x9D, 0xEC, 0x58, 0xB9, 0x64, 0xEC, 0x38, 0x43
	};
	uint8_t mac[HASH_MAX];

	return hmac_make(HASH_ID_SHA256, SPAN("Jefe"), SPAN("what do ya want for nothing?"),
	    mac) == 0 && memcmp(mac, want, sizeof(want)) == 0;
}

static const struct {
	const char *name;
	bool      (*works)(void);
} tests[] = {
	{ "TDES, three keys", test_tdes3 },
	{ "TDES, two keys",   test_tdes2 },
	{ "retail MAC",       test_mac },
	{ "CVV",              test_cvv },
	{ "PVV",              test_pvv },
	{ "AES",              test_aes },
	{ "SHA-256",          test_hash },
	{ "HMAC",             test_hmac },
};

const char *
selftest_run(void)
{
	const char *failed = NULL;

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]) && failed == NULL; i++)
		if (!tests[i].works())
			failed = tests[i].name;
	key_put_all();
	secret_put_all();
	return failed;
}
