#include "tr34.h"

#include <stdio.h>

#include <sodium.h>

#include "crypto/der.h"
#include "crypto/des3.h"
#include "crypto/parity.h"
#include "crypto/rsa.h"
#include "err.h"
#include "rng.h"
#include "secret.h"

enum { WORK = 2048, EPHEMERAL = DES_KEY_MAX };

#define PKCS(a, b) "\x2A\x86\x48\x86\xF7\x0D\x01" a b
#define OID_DATA       SPAN(PKCS("\x07", "\x01"))
#define OID_ENVELOPED  SPAN(PKCS("\x07", "\x03"))
#define OID_TYPE       SPAN(PKCS("\x09", "\x03"))
#define OID_DIGEST     SPAN(PKCS("\x09", "\x04"))
#define OID_NONCE      SPAN(PKCS("\x09", "\x19\x03"))
#define OID_OAEP       SPAN(PKCS("\x01", "\x07"))
#define OID_MGF1       SPAN(PKCS("\x01", "\x08"))
#define OID_PSPECIFIED SPAN(PKCS("\x01", "\x09"))
#define OID_SHA256     SPAN("\x60\x86\x48\x01\x65\x03\x04\x02\x01")
#define OID_DES3_CBC   SPAN("\x2A\x86\x48\x86\xF7\x0D\x03\x07")

int
tr34_header(const struct keyblock_header *h, size_t len, char version,
    char out[KEYBLOCK_HEADER])
{
	char text[KEYBLOCK_HEADER + 8];
	struct keyblock_header own = *h;
	const char *usage = keyblock_tr31_usage(h->usage);
	size_t block, mac;
	int r;

	own.version = version != '\0' ? version : h->algorithm == 'A' ? 'D' : 'B';
	own.count = 0;
	own.blocks = span_of(NULL, 0);
	if (h->version < 'A' && usage == NULL)
		return ERR_USAGE;
	if (h->version < 'A')
		memcpy(own.usage, usage, 2);
	memcpy(own.lmk, "00", 2);
	if ((r = keyblock_check(&own)) != 0)
		return r;
	block = keyblock_is_des(own.version) ? 8 : 16;
	mac = own.version == 'D' ? 32 : own.version == 'B' ? 16 : 8;
	snprintf(text, sizeof(text), "%c%04u%.2s%c%c%.2s%c0000", own.version,
	    (unsigned)(KEYBLOCK_HEADER + 2 * ((2 + len + block - 1) / block * block) + mac) %
	    10000, own.usage, own.algorithm, own.mode, own.key_version, own.exportability);
	memcpy(out, text, KEYBLOCK_HEADER);
	return 0;
}

/* SEQUENCE { OID, what was written since mark }. */
static void
wrap_with_oid(struct der_writer *w, struct span oid, size_t mark)
{
	der_element(w, DER_OID, oid);
	der_wrap(w, DER_SEQUENCE, mark);
}

static void
put_sha256(struct der_writer *w)
{
	size_t mark = der_mark(w);

	der_element(w, DER_NULL, span_of(NULL, 0));
	wrap_with_oid(w, OID_SHA256, mark);
}

/* RSAES-OAEP with SHA-256 in all places (RFC 4055). */
static void
put_oaep(struct der_writer *w)
{
	size_t all = der_mark(w), mark;

	der_element(w, DER_OCTETS, span_of(NULL, 0));
	wrap_with_oid(w, OID_PSPECIFIED, all);
	der_wrap(w, 0xA2, all);
	mark = der_mark(w);
	put_sha256(w);
	wrap_with_oid(w, OID_MGF1, mark);
	der_wrap(w, 0xA1, mark);
	mark = der_mark(w);
	put_sha256(w);
	der_wrap(w, 0xA0, mark);
	der_wrap(w, DER_SEQUENCE, all);
	wrap_with_oid(w, OID_OAEP, all);
}

/* SET { SEQUENCE { 0, device, OAEP, the ephemeral key } }. */
static int
put_recipient(struct der_writer *w, const struct tr34 *t, EVP_PKEY *device,
    const uint8_t *ephemeral)
{
	static const struct rsa_scheme oaep = { RSA_OAEP, HASH_ID_SHA256, { NULL, 0 } };
	uint8_t wrapped[RSA_BYTES];
	size_t all = der_mark(w), n;
	int r;

	if ((r = rsa_encrypt(device, &oaep, span_of(ephemeral, EPHEMERAL), wrapped, &n)) != 0)
		return r;
	der_element(w, DER_OCTETS, span_of(wrapped, n));
	put_oaep(w);
	der_put(w, t->krd);
	der_element(w, DER_INTEGER, SPAN("\0"));
	der_wrap(w, DER_SEQUENCE, all);
	der_wrap(w, DER_SET, all);
	return 0;
}

/* The key with who sends it and its header, padded; clear is in the slab. */
static struct span
write_clear(const struct tr34 *t, uint8_t *clear)
{
	uint8_t fill[DES_BLOCK];
	struct der_writer w;
	struct span body;
	size_t mark;

	/* Padding is known only when the rest is written: that starts a block further left. */
	der_begin(&w, clear, WORK - DES_BLOCK);
	der_element(&w, DER_OCTETS, span_of(t->header, KEYBLOCK_HEADER));
	der_wrap(&w, DER_SET, WORK - DES_BLOCK);
	wrap_with_oid(&w, OID_DATA, WORK - DES_BLOCK);
	der_element(&w, DER_OCTETS, t->key);
	der_put(&w, t->kdh);
	der_element(&w, DER_INTEGER, SPAN("\1"));
	mark = WORK - DES_BLOCK;
	der_wrap(&w, DER_SEQUENCE, mark);
	body = der_written(&w);
	if (body.p == NULL)
		return body;
	memset(fill, (int)(DES_BLOCK - body.n % DES_BLOCK), sizeof(fill));
	memcpy(clear + mark, fill, DES_BLOCK - body.n % DES_BLOCK);
	return span_of(body.p, body.n + (DES_BLOCK - body.n % DES_BLOCK));
}

/* SEQUENCE { data, SEQUENCE { 3DES, iv }, [0] the key under the ephemeral one }. */
static int
put_content(struct der_writer *w, const struct tr34 *t, const uint8_t *ephemeral,
    uint8_t *clear)
{
	uint8_t iv[DES_BLOCK], first[DES_BLOCK];
	struct span in = write_clear(t, clear);
	uint8_t *data = clear + (in.p - clear);
	size_t all = der_mark(w), mark;
	int r;

	if (in.p == NULL)
		return ERR_NO_ROOM;
	rng_bytes(iv, sizeof(iv));
	memcpy(first, iv, sizeof(iv));
	if ((r = des3_cbc_encrypt_once(ephemeral, EPHEMERAL, iv, data, data, in.n)) != 0)
		return r;
	der_element(w, DER_CONTEXT, in);
	mark = der_mark(w);
	der_element(w, DER_OCTETS, span_of(first, sizeof(first)));
	wrap_with_oid(w, OID_DES3_CBC, mark);
	der_element(w, DER_OID, OID_DATA);
	der_wrap(w, DER_SEQUENCE, all);
	return 0;
}

int
tr34_envelope(const struct tr34 *t, EVP_PKEY *device, uint8_t *out, struct span *made)
{
	static uint8_t *work;	/* the ephemeral key and the clear content, in the slab */
	struct der_writer w;
	int r;

	if (work == NULL && (work = secret_alloc(EPHEMERAL + WORK)) == NULL)
		return ERR_NO_MEMORY;
	rng_bytes(work, EPHEMERAL);
	parity_force(work, EPHEMERAL);
	der_begin(&w, out, TR34_MAX);
	if ((r = put_content(&w, t, work, work + EPHEMERAL)) == 0 &&
	    (r = put_recipient(&w, t, device, work)) == 0) {
		der_element(&w, DER_INTEGER, SPAN("\0"));
		der_wrap(&w, DER_SEQUENCE, TR34_MAX);
		*made = der_written(&w);
		r = made->p != NULL ? 0 : ERR_NO_ROOM;
	}
	sodium_memzero(work, EPHEMERAL + WORK);
	return r;
}

/* SEQUENCE { type, SET { what was written since mark } }. */
static void
wrap_attribute(struct der_writer *w, struct span type, size_t mark)
{
	der_wrap(w, DER_SET, mark);
	wrap_with_oid(w, type, mark);
}

int
tr34_attributes(const char header[KEYBLOCK_HEADER], struct span nonce, struct span enveloped,
    uint8_t *out, struct span *made)
{
	uint8_t digest[HASH_MAX];
	struct der_writer w;
	struct span body;
	size_t mark;
	int r;

	/* Over the contents alone: what becomes the eContent. */
	if (der_take(&enveloped, DER_SEQUENCE, &body) != 0)
		return ERR_INPUT;
	if ((r = hash_make(HASH_ID_SHA256, body, digest)) != 0)
		return r;
	der_begin(&w, out, TR34_MAX);
	mark = der_mark(&w);
	der_element(&w, DER_OCTETS, span_of(digest, hash_length(HASH_ID_SHA256)));
	wrap_attribute(&w, OID_DIGEST, mark);
	mark = der_mark(&w);
	der_element(&w, DER_OCTETS, span_of(header, KEYBLOCK_HEADER));
	wrap_attribute(&w, OID_DATA, mark);
	mark = der_mark(&w);
	der_element(&w, DER_OCTETS, nonce);
	wrap_attribute(&w, OID_NONCE, mark);
	mark = der_mark(&w);
	der_element(&w, DER_OID, OID_ENVELOPED);
	wrap_attribute(&w, OID_TYPE, mark);
	der_wrap(&w, DER_SET, TR34_MAX);
	*made = der_written(&w);
	return made->p != NULL ? 0 : ERR_NO_ROOM;
}
