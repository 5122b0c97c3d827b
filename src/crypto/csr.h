/*
 * csr: certificate requests, PKCS#10 in PEM.
 */
#ifndef LUAHSM_CRYPTO_CSR_H
#define LUAHSM_CRYPTO_CSR_H

#include <stdbool.h>

#include <openssl/types.h>

#include "crypto/hash.h"
#include "span.h"

enum { CSR_MAX = 4096, CSR_NAMES = 6 };

/*
 * What is asked for: subject texts in the order common name, organisational unit,
 * organisation, locality, state, country, of which empty ones are left out; public is RSA's
 * SEQUENCE { n, e } (rsa) or SubjectPublicKeyInfo.
 */
struct csr {
	bool         rsa;
	enum hash_id hash;	/* one of SHA-2 */
	struct span  public;
	struct span  name[CSR_NAMES];
};

/*
 * Write the request, signed by PKCS#1 v1.5 or ECDSA, to out (CSR_MAX characters)
 * and its length to *n. 0; ERR_INPUT (hash, or too much subject); failures of
 * rsa_sign and ecc_sign.
 */
int csr_make(const struct csr *csr, EVP_PKEY *key, char *out, size_t *n);

#endif
