/*
 * key: the cache of opened keys and the scratch set of a request.
 *
 * Keys lie in the slab. What finds them, LMK, type and the encrypted field, is no
 * secret and lies outside. In place of a long field there is its hash: it has
 * 128 bits under a key of this process, so equal hashes are taken for equal
 * fields. Entries stand in a ring by last use; the oldest makes room, unless the
 * request that runs has opened it.
 */
#include "key.h"

#include <string.h>

#include <sodium.h>

#include "crypto/aes.h"
#include "crypto/des3.h"
#include "crypto/parity.h"
#include "err.h"
#include "keytype.h"
#include "lmk.h"
#include "rng.h"
#include "secret.h"

enum {
	BUCKETS = 2 * KEY_CACHE,
	RING    = KEY_CACHE,		/* the entry that is the ring's start */
	NONE    = 0xFFFF,
	SHORT   = 120,			/* characters of a field that is kept as it is */
	DIGEST  = crypto_shorthash_siphashx24_BYTES
};

/* Where a key came from, as it is looked for. */
struct name {
	uint64_t    hash;	/* its bucket */
	uint8_t     lmk;
	uint16_t    type;
	uint16_t    length;	/* of the field */
	struct span text;	/* the field or its digest */
	uint8_t     digest[DIGEST];
};

struct entry {
	uint64_t   hash;
	uint64_t   request;	/* that opened it last; 0: holds no key */
	uint16_t   next;	/* in its bucket */
	uint16_t   newer, older;
	uint16_t   type, length;
	uint8_t    lmk;
	bool       options;	/* a key block with optional blocks */
	uint8_t    text[SHORT];
};

static struct key   *keys;	/* KEY_CACHE, then KEY_SCRATCH; in the slab */
static struct entry  entries[KEY_CACHE + 1];
static uint16_t      buckets[BUCKETS];
static uint8_t       digest_key[crypto_shorthash_siphashx24_KEYBYTES];
static uint64_t      hash_key;
static uint64_t      request = 1;
static size_t        scratch_used;

static void
ring_remove(unsigned e)
{
	entries[entries[e].newer].older = entries[e].older;
	entries[entries[e].older].newer = entries[e].newer;
}

/* Put e in as the newest. */
static void
ring_insert(unsigned e)
{
	uint16_t newest = entries[RING].older;

	entries[e].older = newest;
	entries[e].newer = RING;
	entries[newest].newer = (uint16_t)e;
	entries[RING].older = (uint16_t)e;
}

int
key_init(void)
{
	if (keys != NULL)
		return 0;
	keys = secret_alloc((KEY_CACHE + KEY_SCRATCH) * sizeof(*keys));
	if (keys == NULL)
		return ERR_NO_MEMORY;
	for (size_t i = 0; i < KEY_CACHE + KEY_SCRATCH; i++)
		if ((keys[i].des = des3_new()) == NULL)
			return ERR_CRYPTO;
	for (size_t i = 0; i < BUCKETS; i++)
		buckets[i] = NONE;
	entries[RING].newer = entries[RING].older = RING;
	for (unsigned e = 0; e < KEY_CACHE; e++)
		ring_insert(e);
	randombytes_buf(digest_key, sizeof(digest_key));
	randombytes_buf(&hash_key, sizeof(hash_key));
	hash_key |= 1;
	return 0;
}

/* Which bucket: who guesses the key and fills one has us compare KEY_CACHE fields. */
static uint64_t
hash(uint64_t h, struct span text)
{
	uint64_t word;
	size_t i = 0;

	for (; text.n - i >= sizeof(word); i += sizeof(word)) {
		memcpy(&word, text.p + i, sizeof(word));
		h = (h ^ word) * hash_key;
		h ^= h >> 32;
	}
	for (; i < text.n; i++)
		h = (h ^ text.p[i]) * hash_key;
	return h ^ h >> 32;
}

/* name borrows from field. */
static void
name_of(const struct lmk *lmk, unsigned type, struct span field, struct name *name)
{
	name->lmk = (uint8_t)lmk_id(lmk);
	name->type = (uint16_t)type;
	name->length = (uint16_t)field.n;
	name->text = field;
	if (field.n > SHORT) {
		crypto_shorthash_siphashx24(name->digest, field.p, field.n, digest_key);
		name->text = span_of(name->digest, DIGEST);
	}
	name->hash = hash((uint64_t)type << 8 | name->lmk, name->text);
}

static uint16_t *
bucket_of(uint64_t h)
{
	return &buckets[h % BUCKETS];
}

static bool
is_named(const struct entry *e, const struct name *name)
{
	return e->hash == name->hash && e->lmk == name->lmk && e->type == name->type &&
	    e->length == name->length && memcmp(e->text, name->text.p, name->text.n) == 0;
}

static unsigned
find(const struct name *name)
{
	unsigned e = *bucket_of(name->hash);

	while (e != NONE && !is_named(&entries[e], name))
		e = entries[e].next;
	return e;
}

/* Empty a key but keep its schedules' memory. */
static void
clear(struct key *key)
{
	struct des3 *des = key->des;
	struct aes *schedule = key->schedule;

	des3_wipe(des);
	aes_wipe(schedule);
	sodium_memzero(key, sizeof(*key));
	key->des = des;
	key->schedule = schedule;
}

static void
forget(unsigned e)
{
	uint16_t *at = bucket_of(entries[e].hash);

	if (entries[e].request == 0)
		return;
	while (*at != e)
		at = &entries[*at].next;
	*at = entries[e].next;
	entries[e].request = 0;
	clear(&keys[e]);
}

static int
unwrap_block(const struct lmk *lmk, struct span field, struct key *key)
{
	size_t len;
	int r;

	r = lmk_block_unwrap(lmk, span_sub(field, 1, field.n - 1), &key->header, key->bytes,
	    &len);
	if (r == 0)
		key_from_block(key, 'S', len);
	return r;
}

/* Unwrap field into the emptied key. */
static int
unwrap(const struct lmk *lmk, unsigned type, struct span field, struct key *key)
{
	uint8_t encrypted[DES_KEY_MAX];
	size_t len;
	int r;

	if (field.n != 0 && field.p[0] == 'S')
		return unwrap_block(lmk, field, key);
	if ((r = key_field_read(field, &key->scheme, encrypted, &len)) != 0)
		return r;
	if (lmk_scheme(lmk) != LMK_VARIANT)
		return ERR_LMK_SCHEME;
	if (keytype_pair(type) == KEYTYPE_NONE)
		return ERR_KEY_TYPE;
	if ((r = lmk_unwrap(lmk, type, key->scheme, encrypted, key->bytes, len)) != 0)
		return r;
	key->len = (uint8_t)len;
	key->type = (uint16_t)type;
	key->odd = parity_odd(key->bytes, len);
	return 0;
}

static void
enter(unsigned e, const struct name *name)
{
	entries[e].hash = name->hash;
	entries[e].lmk = name->lmk;
	entries[e].type = name->type;
	entries[e].length = name->length;
	memcpy(entries[e].text, name->text.p, name->text.n);
	entries[e].options = keys[e].header.count != 0;
	entries[e].next = *bucket_of(name->hash);
	*bucket_of(name->hash) = (uint16_t)e;
}

/* Open a key that is not in the cache, in place of the one unused for longest. */
static int
open_new(const struct lmk *lmk, struct span field, const struct name *name, unsigned *found)
{
	unsigned e = entries[RING].newer;
	int r;

	if (entries[e].request == request)
		return ERR_NO_ROOM;
	forget(e);
	if ((r = unwrap(lmk, name->type, field, &keys[e])) != 0) {
		clear(&keys[e]);
		return r;
	}
	enter(e, name);
	*found = e;
	return 0;
}

int
key_open(const struct lmk *lmk, unsigned type, struct span field, struct key **key)
{
	struct name name;
	unsigned e;
	int r;

	if (field.n > KEY_FIELD_MAX)
		return field.p[0] == 'S' ? ERR_BLOCK_FORMAT : ERR_INPUT;
	if (field.n != 0 && field.p[0] == 'S')
		type = KEYTYPE_BLOCK;
	name_of(lmk, type, field, &name);
	if ((e = find(&name)) == NONE && (r = open_new(lmk, field, &name, &e)) != 0)
		return r;
	entries[e].request = request;
	ring_remove(e);
	ring_insert(e);
	*key = &keys[e];
	/* The text that the key was first opened from may be gone. */
	if (entries[e].options)
		(*key)->header.blocks.p = field.p + 1 + KEYBLOCK_HEADER;
	return 0;
}

void
key_forget(void)
{
	for (unsigned e = 0; e < KEY_CACHE; e++) {
		if (entries[e].request != request)
			forget(e);
	}
	des3_forget_once();
}

struct key *
key_take(void)
{
	return scratch_used < KEY_SCRATCH ? &keys[KEY_CACHE + scratch_used++] : NULL;
}

bool
key_is_scratch(const struct key *key)
{
	return key >= keys + KEY_CACHE && key < keys + KEY_CACHE + KEY_SCRATCH;
}

void
key_put_all(void)
{
	while (scratch_used > 0)
		clear(&keys[KEY_CACHE + --scratch_used]);
	request++;
}

struct des3 *
key_des(struct key *key)
{
	if (key->aes)
		return NULL;
	if (!key->keyed) {
		if (des3_key(key->des, key->bytes, key->len) != 0)
			return NULL;
		key->keyed = true;
	}
	return key->des;
}

struct aes *
key_aes(struct key *key)
{
	if (!key->aes)
		return NULL;
	if (!key->keyed) {
		if ((key->schedule == NULL && (key->schedule = aes_new()) == NULL) ||
		    aes_key(key->schedule, key->bytes, key->len) != 0)
			return NULL;
		key->keyed = true;
	}
	return key->schedule;
}
