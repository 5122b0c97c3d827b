/*
 * seal: what is bound to what, and libsodium's AEAD around it.
 */
#include "seal.h"

#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "err.h"
#include "rng.h"
#include "secret.h"

enum {
	FORMAT = 1,
	NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
	/* format, what it is; each text with its length in front */
	BOUND = 2 + STORE_ID + 4 + 1 + 1 + 8 + 8 + 4 + STORE_LABEL + 4 + STORE_POLICY,
	HEAD_PLAIN = 8 + SEAL_TALLY
};

static_assert(SEAL_OVERHEAD == 1 + NONCE + TAG, "what sealing adds");

struct seal {
	uint8_t data[SEAL_KEY];
	uint8_t rows[SEAL_KEY];
	uint8_t head[SEAL_KEY];
	uint8_t tally[SEAL_KEY];
};

/* Bytes that go into the associated data, one after the other. */
struct bound {
	uint8_t p[BOUND];
	size_t  n;
};

static void
bind_number(struct bound *b, uint64_t v, size_t bytes)
{
	for (size_t i = bytes; i > 0; i--, v >>= 8)
		b->p[b->n + i - 1] = (uint8_t)v;
	b->n += bytes;
}

static void
bind_bytes(struct bound *b, const void *p, size_t n)
{
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

static void
bind_text(struct bound *b, const char *text)
{
	bind_number(b, strlen(text), 4);
	bind_bytes(b, text, strlen(text));
}

static void
bind_row(struct bound *b, const struct store_row *row)
{
	b->n = 0;
	bind_number(b, FORMAT, 1);
	bind_number(b, 'R', 1);
	bind_bytes(b, row->id, STORE_ID);
	bind_number(b, row->version, 4);
	bind_number(b, row->algorithm, 1);
	bind_number(b, row->state, 1);
	bind_number(b, (uint64_t)row->created, 8);
	bind_number(b, row->sequence, 8);
	bind_text(b, row->label);
	bind_text(b, row->policy);
}

static void
bind_head(struct bound *b, const struct store_head *head)
{
	b->n = 0;
	bind_number(b, FORMAT, 1);
	bind_number(b, 'H', 1);
	bind_number(b, head->format, 4);
	bind_number(b, head->epoch, 8);
	bind_number(b, head->wrap_len, 4);
	bind_bytes(b, head->wrap, head->wrap_len);
}

static void
derive(struct seal *s)
{
	seal_subkey(s, "rows", s->rows);
	seal_subkey(s, "head", s->head);
	seal_subkey(s, "tally", s->tally);
}

struct seal *
seal_new(const struct master *m, uint8_t wrap[MASTER_WRAP])
{
	struct seal *s = secret_alloc(sizeof(*s));

	if (s == NULL)
		return NULL;
	rng_bytes(s->data, sizeof(s->data));
	derive(s);
	if (master_wrap(m, s->data, wrap) == 0)
		return s;
	seal_free(s);
	return NULL;
}

struct seal *
seal_open(const struct master *m, struct span wrap, int *r)
{
	struct seal *s = secret_alloc(sizeof(*s));

	*r = s == NULL ? ERR_NO_MEMORY : master_unwrap(m, wrap, s->data);
	if (*r == 0) {
		derive(s);
		return s;
	}
	seal_free(s);
	return NULL;
}

void
seal_free(struct seal *s)
{
	secret_free(s);
}

int
seal_rewrap(const struct seal *s, const struct master *m, uint8_t wrap[MASTER_WRAP])
{
	return master_wrap(m, s->data, wrap);
}

void
seal_subkey(const struct seal *s, const char *purpose, uint8_t key[SEAL_KEY])
{
	crypto_generichash(key, SEAL_KEY, (const unsigned char *)purpose, strlen(purpose), s->data,
	    sizeof(s->data));
}

/* out: format, nonce, ciphertext and tag. Returns its length. */
static size_t
close_up(const uint8_t key[SEAL_KEY], const struct bound *b, struct span plain, uint8_t *out)
{
	out[0] = FORMAT;
	rng_bytes(out + 1, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + 1 + NONCE, NULL, plain.p, plain.n, b->p,
	    b->n, NULL, out + 1, key);
	return plain.n + SEAL_OVERHEAD;
}

/* out has room for what is sealed. 0 or ERR_CORRUPT. */
static int
open_up(const uint8_t key[SEAL_KEY], const struct bound *b, struct span sealed, uint8_t *out)
{
	if (sealed.n < SEAL_OVERHEAD || sealed.p[0] != FORMAT ||
	    crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed.p + 1 + NONCE,
	    sealed.n - 1 - NONCE, b->p, b->n, sealed.p + 1, key) != 0)
		return ERR_CORRUPT;
	return 0;
}

int
seal_row(const struct seal *s, struct store_row *row, struct span plain)
{
	struct bound b;

	if (plain.n > SEAL_PLAIN)
		return ERR_TOO_LONG;
	bind_row(&b, row);
	row->sealed_len = close_up(s->rows, &b, plain, row->sealed);
	return 0;
}

int
seal_row_open(const struct seal *s, const struct store_row *row, uint8_t *out, size_t *n)
{
	struct bound b;
	int r;

	bind_row(&b, row);
	*n = 0;
	if ((r = open_up(s->rows, &b, span_of(row->sealed, row->sealed_len), out)) == 0)
		*n = row->sealed_len - SEAL_OVERHEAD;
	return r;
}

void
seal_tally(const struct seal *s, const struct store_row *row, uint8_t tally[SEAL_TALLY])
{
	struct bound b;
	uint8_t one[SEAL_TALLY];

	/* A keyed hash per row, all added up without carry: no order, and nobody
	 * without the key finds another set of rows with the same sum. */
	bind_row(&b, row);
	crypto_generichash(one, sizeof(one), b.p, b.n, s->tally, sizeof(s->tally));
	for (size_t i = 0; i < SEAL_TALLY; i++)
		tally[i] ^= one[i];
}

void
seal_head(const struct seal *s, struct store_head *head, const struct seal_count *count)
{
	struct bound b, plain = { .n = 0 };

	bind_head(&b, head);
	bind_number(&plain, count->rows, 8);
	bind_bytes(&plain, count->tally, SEAL_TALLY);
	head->sealed_len = close_up(s->head, &b, span_of(plain.p, plain.n), head->sealed);
}

int
seal_head_open(const struct seal *s, const struct store_head *head, struct seal_count *count)
{
	uint8_t plain[HEAD_PLAIN];
	struct bound b;

	bind_head(&b, head);
	if (head->sealed_len != HEAD_PLAIN + SEAL_OVERHEAD ||
	    open_up(s->head, &b, span_of(head->sealed, head->sealed_len), plain) != 0)
		return ERR_CORRUPT;
	count->rows = 0;
	for (size_t i = 0; i < 8; i++)
		count->rows = count->rows << 8 | plain[i];
	memcpy(count->tally, plain + 8, SEAL_TALLY);
	return 0;
}
