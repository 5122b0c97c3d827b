#include "crypto/csr.h"

#include <sodium.h>

#include "crypto/der.h"
#include "crypto/ecc.h"
#include "crypto/rsa.h"
#include "err.h"

enum { BODY_MAX = 2048, LINE = 64, COUNTRY = 5 };

/* The attributes of a name, in the order of struct csr. */
static const struct span name_oids[CSR_NAMES] = {
	{ (const uint8_t *)"\x55\x04\x03", 3 },		/* commonName */
	{ (const uint8_t *)"\x55\x04\x0B", 3 },		/* organizationalUnitName */
	{ (const uint8_t *)"\x55\x04\x0A", 3 },		/* organizationName */
	{ (const uint8_t *)"\x55\x04\x07", 3 },		/* localityName */
	{ (const uint8_t *)"\x55\x04\x08", 3 },		/* stateOrProvinceName */
	{ (const uint8_t *)"\x55\x04\x06", 3 },		/* countryName */
};

/* Last byte of the algorithms' identifiers, RSA and ECDSA, by hash. */
static const struct {
	uint8_t rsa, ecdsa;
} algorithms[HASH_IDS] = {
	[HASH_ID_SHA224] = { 14, 1 }, [HASH_ID_SHA256] = { 11, 2 },
	[HASH_ID_SHA384] = { 12, 3 }, [HASH_ID_SHA512] = { 13, 4 },
};

/* SEQUENCE { OID } with NULL for RSA; last: the identifier's last byte. */
static void
put_algorithm(struct der_writer *w, bool rsa, uint8_t last)
{
	static const uint8_t ecdsa[] = { 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03 };
	static const uint8_t pkcs1[] = { 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01 };
	size_t mark = der_mark(w), oid;

	if (rsa)
		der_element(w, DER_NULL, span_of(NULL, 0));
	oid = der_mark(w);
	der_put(w, span_of(&last, 1));
	der_put(w, rsa ? span_of(pkcs1, sizeof(pkcs1)) : span_of(ecdsa, sizeof(ecdsa)));
	der_wrap(w, DER_OID, oid);
	der_wrap(w, DER_SEQUENCE, mark);
}

/* A BIT STRING of whole bytes. */
static void
put_bits(struct der_writer *w, struct span bytes)
{
	size_t mark = der_mark(w);

	der_put(w, bytes);
	der_put(w, SPAN("\0"));
	der_wrap(w, DER_BITS, mark);
}

static void
put_public(struct der_writer *w, const struct csr *csr)
{
	size_t mark = der_mark(w);

	if (!csr->rsa) {
		der_put(w, csr->public);
		return;
	}
	put_bits(w, csr->public);
	put_algorithm(w, true, 1);
	der_wrap(w, DER_SEQUENCE, mark);
}

/* Country first, as names are written: what is put first stands last. */
static void
put_subject(struct der_writer *w, const struct csr *csr)
{
	size_t all = der_mark(w);

	for (unsigned i = 0; i < CSR_NAMES; i++) {
		size_t mark = der_mark(w);

		if (csr->name[i].n == 0)
			continue;
		der_element(w, i == COUNTRY ? DER_PRINTABLE : DER_UTF8, csr->name[i]);
		der_element(w, DER_OID, name_oids[i]);
		der_wrap(w, DER_SEQUENCE, mark);
		der_wrap(w, DER_SET, mark);
	}
	der_wrap(w, DER_SEQUENCE, all);
}

/* CertificationRequestInfo: version 0, subject, key, no attributes. */
static void
put_info(struct der_writer *w, const struct csr *csr)
{
	size_t mark = der_mark(w);

	der_element(w, 0xA0, span_of(NULL, 0));
	put_public(w, csr);
	put_subject(w, csr);
	der_element(w, DER_INTEGER, SPAN("\0"));
	der_wrap(w, DER_SEQUENCE, mark);
}

/* Base64 in lines between the two that say what it is. */
static int
write_pem(struct span der, char *out, size_t *n)
{
	static const char head[] = "-----BEGIN CERTIFICATE REQUEST-----\n";
	static const char tail[] = "-----END CERTIFICATE REQUEST-----\n";
	char text[CSR_MAX];
	size_t length, at = sizeof(head) - 1;

	if (sodium_base64_encoded_len(der.n, sodium_base64_VARIANT_ORIGINAL) >
	    CSR_MAX - CSR_MAX / LINE - sizeof(head) - sizeof(tail))
		return ERR_INPUT;
	sodium_bin2base64(text, sizeof(text), der.p, der.n, sodium_base64_VARIANT_ORIGINAL);
	length = strlen(text);
	memcpy(out, head, at);
	for (size_t i = 0; i < length; i += LINE) {
		size_t part = length - i < LINE ? length - i : LINE;

		memcpy(out + at, text + i, part);
		out[at + part] = '\n';
		at += part + 1;
	}
	memcpy(out + at, tail, sizeof(tail) - 1);
	*n = at + sizeof(tail) - 1;
	return 0;
}

int
csr_make(const struct csr *csr, EVP_PKEY *key, char *out, size_t *n)
{
	uint8_t buffer[BODY_MAX], whole[BODY_MAX + RSA_BYTES + 64], signature[RSA_BYTES];
	uint8_t last = csr->rsa ? algorithms[csr->hash].rsa : algorithms[csr->hash].ecdsa;
	struct der_writer w;
	struct span info;
	size_t length;
	int r;

	if (last == 0)
		return ERR_INPUT;
	der_begin(&w, buffer, sizeof(buffer));
	put_info(&w, csr);
	if ((info = der_written(&w)).p == NULL)
		return ERR_INPUT;
	r = csr->rsa ? rsa_sign(key, RSA_PKCS1, csr->hash, info, signature, &length) :
	    ecc_sign(key, csr->hash, info, signature, &length);
	if (r != 0)
		return r;
	der_begin(&w, whole, sizeof(whole));
	put_bits(&w, span_of(signature, length));
	put_algorithm(&w, csr->rsa, last);
	der_put(&w, info);
	der_wrap(&w, DER_SEQUENCE, sizeof(whole));
	return write_pem(der_written(&w), out, n);
}
