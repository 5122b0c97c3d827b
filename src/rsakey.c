/*
 * rsakey: private keys: wrapped, opened, and kept open for a while.
 */
#include "rsakey.h"

#include <openssl/evp.h>
#include <sodium.h>

#include "crypto/des3.h"
#include "err.h"
#include "rng.h"
#include "rsastore.h"
#include "secret.h"
#include "userstore.h"

enum {
	TYPE_PRIVATE  = 0x00C,	/* LMK 34-35 */
	LENGTH_DIGITS = 4,
	INDEX_DIGITS  = 2,
	KEPT          = 16	/* opened keys */
};

struct tag {
	uint64_t word[2];
};

/* One opened key. */
static struct kept {
	EVP_PKEY        *key;	/* NULL: a free place */
	struct tag       tag;
	uint64_t         used;	/* when it was last asked for */
	enum rsakey_type type;
} kept[KEPT];

static uint64_t clock_ticks;
static uint8_t  hash_key[crypto_shorthash_siphashx24_KEYBYTES];

/* Numbers being wrapped or opened, in the slab: one per process. */
static uint8_t *work;

static int
get_work(void)
{
	if (work == NULL) {
		work = secret_alloc(KEYBLOCK_RAW_MAX);
		randombytes_buf(hash_key, sizeof(hash_key));
	}
	return work != NULL ? 0 : ERR_NO_MEMORY;
}

static void
done(void)
{
	if (work != NULL)
		sodium_memzero(work, KEYBLOCK_RAW_MAX);
}

/* Usage and mode of a type in a key block. */
static const struct {
	char usage[3], mode;
} blocks[] = {
	[RSAKEY_SIGNATURE]  = { "03", 'S' },
	[RSAKEY_MANAGEMENT] = { "03", 'D' },
	[RSAKEY_BOTH]       = { "03", 'N' },
	[RSAKEY_ICC]        = { "04", 'N' },
	[RSAKEY_TLS]        = { "06", 'N' },
};

/* The type that a header stands for. */
static int
type_of(const struct keyblock_header *h, enum rsakey_type *type)
{
	for (unsigned i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		bool same = memcmp(h->usage, blocks[i].usage, 2) == 0;

		*type = (enum rsakey_type)i;
		if (same && (i > RSAKEY_BOTH || h->mode == blocks[i].mode))
			return 0;
	}
	return ERR_USAGE;
}

static bool
may(enum rsakey_type type, enum rsakey_use use)
{
	switch (use) {
	case RSAKEY_SIGN:
		return type == RSAKEY_SIGNATURE || type == RSAKEY_BOTH;
	case RSAKEY_DECRYPT:
		return type == RSAKEY_MANAGEMENT || type == RSAKEY_BOTH;
	default:
		return true;
	}
}

/* CBC block by block: an LMK encrypts no more than a key's part at a time. */
static int
encrypt(const struct lmk *lmk, uint8_t *out, size_t n)
{
	int r = 0;

	for (size_t i = 0; i < n && r == 0; i += DES_BLOCK) {
		for (size_t k = 0; i > 0 && k < DES_BLOCK; k++)
			work[i + k] ^= out[i - DES_BLOCK + k];
		r = lmk_wrap(lmk, TYPE_PRIVATE, 'Z', work + i, out + i, DES_BLOCK);
	}
	return r;
}

static int
decrypt(const struct lmk *lmk, struct span blob)
{
	int r = 0;

	for (size_t i = 0; i < blob.n && r == 0; i += DES_BLOCK) {
		r = lmk_unwrap(lmk, TYPE_PRIVATE, 'Z', blob.p + i, work + i, DES_BLOCK);
		for (size_t k = 0; i > 0 && k < DES_BLOCK; k++)
			work[i + k] ^= blob.p[i - DES_BLOCK + k];
	}
	return r;
}

static void
put_length(size_t length, uint8_t *out)
{
	for (size_t i = LENGTH_DIGITS; i-- > 0; length /= 10)
		out[i] = (uint8_t)('0' + length % 10);
}

/* PROJECT: the five numbers, random bytes, and the type in the last byte of whole blocks. */
static int
wrap_variant(const struct lmk *lmk, size_t numbers, enum rsakey_type type, uint8_t *out,
    size_t *n)
{
	size_t whole = (numbers + 1 + DES_BLOCK - 1) / DES_BLOCK * DES_BLOCK;

	rng_bytes(work + numbers, whole - numbers - 1);
	work[whole - 1] = (uint8_t)type;
	put_length(whole, out);
	*n = LENGTH_DIGITS + whole;
	return encrypt(lmk, out + LENGTH_DIGITS, whole);
}

/* The numbers in a SEQUENCE, and random bytes. */
static int
wrap_block(const struct lmk *lmk, size_t numbers, const struct keyblock_header *h,
    uint8_t *out, size_t *n)
{
	uint8_t head[4] = { 0x30, 0x82, (uint8_t)(numbers >> 8), (uint8_t)numbers };
	size_t length;
	int r;

	if (numbers < 0x100) {
		head[1] = 0x81;
		head[2] = (uint8_t)numbers;
	}
	length = numbers < 0x100 ? 3 : 4;
	memmove(work + length, work, numbers);
	memcpy(work, head, length);
	memcpy(out, "FFFFS", LENGTH_DIGITS + 1);
	r = lmk_raw_wrap(lmk, KEYBLOCK_RAW, h, work, length + numbers,
	    out + LENGTH_DIGITS + 1, n);
	*n += LENGTH_DIGITS + 1;
	return r;
}

int
rsakey_wrap(const struct lmk *lmk, EVP_PKEY *key, enum rsakey_type type,
    const struct keyblock_header *h, uint8_t *out, size_t *n)
{
	struct keyblock_header own;
	size_t numbers;
	int r;

	if (lmk_scheme(lmk) == LMK_3DES_BLOCK && EVP_PKEY_get_bits(key) > RSAKEY_DES3_BITS)
		return ERR_WEAKER_LMK;
	if ((r = get_work()) != 0)
		return r;
	if ((r = rsa_private_write(key, work, &numbers)) == 0) {
		if (lmk_scheme(lmk) == LMK_VARIANT) {
			r = wrap_variant(lmk, numbers, type, out, n);
		} else {
			own = *h;
			memcpy(own.usage, blocks[type].usage, 2);
			own.algorithm = 'R';
			own.mode = blocks[type].mode;
			r = wrap_block(lmk, numbers, &own, out, n);
		}
	}
	done();
	return r;
}

/* What a field holds: the key itself, and whether that is a block. */
/* A key in user storage, named in place of one: a key block, or else encrypted. */
static int
split_stored(struct span *key, bool *block)
{
	static uint8_t stored[USERSTORE_LONG];
	int r;

	if ((r = userstore_field(*key, stored, &key->n)) != 0)
		return r;
	key->p = stored;
	if ((*block = stored[0] == 'S'))
		*key = span_sub(*key, 1, key->n - 1);
	return !*block && key->n % DES_BLOCK != 0 ? RSAKEY_ERR_LENGTH : 0;
}

static int
split(struct span field, struct span *key, bool *block)
{
	size_t length = 0;

	*block = true;
	if (field.n > 1 && field.p[0] == 'S') {
		*key = span_sub(field, 1, field.n - 1);
		return 0;
	}
	if (field.n <= LENGTH_DIGITS)
		return RSAKEY_ERR_LENGTH;
	*key = span_sub(field, LENGTH_DIGITS, field.n - LENGTH_DIGITS);
	if (memcmp(field.p, "FFFF", LENGTH_DIGITS) == 0)
		return key->p[0] == 'S' ? split(*key, key, block) : RSAKEY_ERR_LENGTH;
	*block = false;
	for (size_t i = 0; i < LENGTH_DIGITS; i++) {
		if (field.p[i] < '0' || field.p[i] > '9')
			return RSAKEY_ERR_LENGTH;
		length = 10 * length + (field.p[i] - '0');
	}
	if (length == LENGTH_DIGITS && userstore_is_index(*key))
		return split_stored(key, block);
	return length != key->n || length % DES_BLOCK != 0 || length > KEYBLOCK_RAW_MAX ?
	    RSAKEY_ERR_LENGTH : 0;
}

static int
open_variant(const struct lmk *lmk, struct span blob, struct kept *k)
{
	size_t used;
	int r;

	if (lmk_scheme(lmk) != LMK_VARIANT)
		return ERR_LMK_SCHEME;
	if ((r = decrypt(lmk, blob)) != 0 ||
	    (r = rsa_private_read(span_of(work, blob.n), &k->key, &used)) != 0)
		return r == ERR_INPUT ? RSAKEY_ERR_KEY : r;
	k->type = (enum rsakey_type)work[blob.n - 1];
	if (used < blob.n && blob.n - used <= DES_BLOCK && k->type <= RSAKEY_TLS)
		return 0;
	rsa_free(k->key);
	k->key = NULL;
	return RSAKEY_ERR_KEY;
}

static int
open_block(const struct lmk *lmk, struct span block, struct kept *k)
{
	struct keyblock_header h;
	size_t n, used, head;
	int r;

	if (block.n > KEYBLOCK_HEADER + KEYBLOCK_RAW_MAX + 16)
		return ERR_BLOCK_FORMAT;
	if ((r = lmk_raw_unwrap(lmk, KEYBLOCK_RAW, block, &h, work, &n)) != 0)
		return r;
	if (h.algorithm != 'R' || (r = type_of(&h, &k->type)) != 0)
		return r != 0 ? r : ERR_ALGORITHM;
	/* The padding behind the SEQUENCE is not of its length: its head is read by hand. */
	head = work[1] == 0x82 ? 4 : 3;
	if (work[0] != 0x30 || (work[1] != 0x82 && work[1] != 0x81))
		return RSAKEY_ERR_KEY;
	r = rsa_private_read(span_of(work + head, n - head), &k->key, &used);
	return r == ERR_INPUT ? RSAKEY_ERR_KEY : r;
}

/* The place of that key; or the one that was unused for longest, emptied. */
static struct kept *
find(const struct tag *tag, bool *found)
{
	struct kept *oldest = &kept[0];

	*found = true;
	for (unsigned i = 0; i < KEPT; i++) {
		if (kept[i].key != NULL && kept[i].tag.word[0] == tag->word[0] &&
		    kept[i].tag.word[1] == tag->word[1])
			return &kept[i];
		if (kept[i].used < oldest->used)
			oldest = &kept[i];
	}
	*found = false;
	rsa_free(oldest->key);
	*oldest = (struct kept){ 0 };
	return oldest;
}

static struct tag
tag_of(const struct lmk *lmk, struct span key, bool block)
{
	uint8_t name[2 + RSAKEY_FIELD];
	struct tag tag;

	name[0] = (uint8_t)lmk_id(lmk);
	name[1] = block;
	memcpy(name + 2, key.p, key.n);
	crypto_shorthash_siphashx24((uint8_t *)&tag, name, 2 + key.n, hash_key);
	return tag;
}

/* The opened key of a field that is no index. */
static int
open_field(const struct lmk *lmk, struct span field, struct kept **k)
{
	struct span key;
	struct tag tag;
	bool block, found;
	int r;

	if ((r = get_work()) != 0 || (r = split(field, &key, &block)) != 0)
		return r;
	if (key.n > RSAKEY_FIELD)
		return ERR_BLOCK_FORMAT;
	tag = tag_of(lmk, key, block);
	*k = find(&tag, &found);
	if (!found)
		r = block ? open_block(lmk, key, *k) : open_variant(lmk, key, *k);
	done();
	(*k)->tag = tag;
	(*k)->used = ++clock_ticks;
	return r;
}

/* The same of any field. */
static int
open_any(const struct lmk *lmk, struct span field, struct kept **k)
{
	uint8_t stored[RSASTORE_MAX];
	unsigned index;

	if (field.n != INDEX_DIGITS)
		return open_field(lmk, field, k);
	index = (field.p[0] - '0') * 10u + (field.p[1] - '0');
	if (index >= RSASTORE_INDEXES)
		return RSAKEY_ERR_KEY;
	field = span_of(stored, rsastore_get(index, stored));
	return field.n != 0 ? open_field(lmk, field, k) : RSAKEY_ERR_KEY;
}

int
rsakey_open(const struct lmk *lmk, struct span field, enum rsakey_use use, EVP_PKEY **key)
{
	struct kept *k;
	int r;

	if ((r = open_any(lmk, field, &k)) != 0)
		return r;
	*key = k->key;
	return may(k->type, use) ? 0 : RSAKEY_ERR_TYPE;
}

int
rsakey_move(const struct lmk *from, const struct lmk *to, struct span field,
    const struct keyblock_header *h, uint8_t *out, size_t *n)
{
	struct kept *k;
	int r;

	if ((r = open_any(from, field, &k)) != 0)
		return r;
	return rsakey_wrap(to, k->key, k->type, h, out, n);
}

void
rsakey_forget(void)
{
	for (unsigned i = 0; i < KEPT; i++) {
		rsa_free(kept[i].key);
		kept[i] = (struct kept){ 0 };
	}
}
