/* csr: requests that libcrypto reads and verifies. */
#include "crypto/csr.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "crypto/ecc.h"
#include "err.h"
#include "rsakeys.h"

static const struct row {
	const char  *name;
	bool         rsa;
	enum hash_id hash;
	const char  *names[CSR_NAMES], *subject;
} rows[] = {
	{ "RSA, all six names", true, HASH_ID_SHA256,
	    { "Public Cert", "Unit", "Org", "Arlington", "VA", "US" },
	    "/C=US/ST=VA/L=Arlington/O=Org/OU=Unit/CN=Public Cert" },
	{ "RSA, SHA-512, one name", true, HASH_ID_SHA512, { "device" }, "/CN=device" },
	{ "ECDSA, SHA-224", false, HASH_ID_SHA224, { "device", NULL, "Org" },
	    "/O=Org/CN=device" },
	{ "ECDSA, no name", false, HASH_ID_SHA384, { NULL }, "" },
};

static EVP_PKEY *
some_key(bool rsa, uint8_t *der, struct span *public)
{
	uint8_t numbers[RSA_BYTES + RSA_EXPONENT];
	struct rsa_public own;
	EVP_PKEY *key;
	size_t n;

	if (rsa) {
		key = rsakeys_private();
		assert_int_equal(rsa_public_of(key, numbers, &own), 0);
		*public = rsa_public_write(&own, RSA_SIGNED, der);
		return key;
	}
	assert_int_equal(ecc_generate(ECC_P256, &key), 0);
	assert_int_equal(ecc_public_write(key, der, &n), 0);
	*public = span_of(der, n);
	return key;
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct csr csr = { .rsa = row->rsa, .hash = row->hash };
	uint8_t der[RSA_PUBLIC_MAX];
	char pem[CSR_MAX], *subject;
	EVP_PKEY *key = some_key(row->rsa, der, &csr.public);
	X509_REQ *req;
	BIO *in;
	size_t n;

	for (int i = 0; i < CSR_NAMES; i++)
		if (row->names[i] != NULL)
			csr.name[i] = span_str(row->names[i]);
	assert_int_equal(csr_make(&csr, key, pem, &n), 0);
	in = BIO_new_mem_buf(pem, (int)n);
	req = PEM_read_bio_X509_REQ(in, NULL, NULL, NULL);
	assert_non_null(req);
	assert_int_equal(X509_REQ_verify(req, key), 1);
	assert_int_equal(EVP_PKEY_eq(X509_REQ_get0_pubkey(req), key), 1);
	subject = X509_NAME_oneline(X509_REQ_get_subject_name(req), NULL, 0);
	assert_string_equal(subject, row->subject);
	OPENSSL_free(subject);
	X509_REQ_free(req);
	BIO_free(in);
	EVP_PKEY_free(key);
}

static void
test_refused(void **state)
{
	static const uint8_t much[2000];
	struct csr csr = { .rsa = true, .hash = HASH_ID_SHA1 };
	uint8_t der[RSA_PUBLIC_MAX];
	char pem[CSR_MAX];
	EVP_PKEY *key = some_key(true, der, &csr.public);
	size_t n;

	(void)state;
	assert_int_equal(csr_make(&csr, key, pem, &n), ERR_INPUT);
	csr.hash = HASH_ID_SHA256;
	csr.name[0] = span_of(much, sizeof(much));
	assert_int_equal(csr_make(&csr, key, pem, &n), ERR_INPUT);
	EVP_PKEY_free(key);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	rows_add(&r, "another hash, too much of a subject", test_refused, NULL);
	return rows_run(&r, "csr", keys_setup, NULL);
}
