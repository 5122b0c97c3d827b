/*
 * secret: the slab, its slots, and a first-fit allocator for what lives long.
 *
 * Which units are taken is kept outside the slab, where a stray write into a
 * key can't damage it. Memory that nobody has is always zero: whoever gives
 * some back wipes it, so nobody who takes some has to.
 */
#include "secret.h"

#include <assert.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <openssl/crypto.h>
#include <sodium.h>

#include "err.h"

/*
 * The long part holds KEY_CACHE and KEY_SCRATCH opened keys, each with two
 * contexts of triple DES and, if an AES key was ever in its place, two of AES,
 * 832 bytes each (measured: 184 and 584 bytes, in units), and leaves about
 * 550 KiB, of which 16 opened RSA keys of 4096 bits take 170. The whole is a multiple of any
 * page size, so that it ends exactly at the guard page and its first bytes,
 * the read-only part, are pages of their own.
 */
enum {
	UNIT      = 64,
	SLOTS     = 4096,
	UNITS     = 24576,
	SLAB_SIZE = SECRET_FIXED + SLOTS * SECRET_SLOT + UNITS * UNIT
};

static_assert(sizeof(struct secret) == SECRET_SLOT, "a secret fills its slot");

static uint8_t       *slab;		/* NULL until secret_init */
static struct secret *slots;
static size_t         slots_used;
static uint8_t       *units;
static uint16_t       taken[UNITS];	/* at the first unit of a piece: its units */
static size_t         units_used;
static size_t         lowest;		/* no unit below this one is free */
static bool           entered;

/* Raise the limit on locked memory as far as this user may. */
static void
raise_limit(void)
{
	struct rlimit want = { RLIM_INFINITY, RLIM_INFINITY }, have;

	if (setrlimit(RLIMIT_MEMLOCK, &want) == 0 ||
	    getrlimit(RLIMIT_MEMLOCK, &have) != 0)
		return;
	have.rlim_cur = have.rlim_max;
	(void)setrlimit(RLIMIT_MEMLOCK, &have);
}

int
secret_relock(bool must_lock)
{
	/* Without the lock the rest of the protection still stands. */
	(void)madvise(slab, SLAB_SIZE, MADV_DONTDUMP);
	if (sodium_mlock(slab, SLAB_SIZE) != 0 && must_lock)
		return ERR_SYSTEM;
	return 0;
}

/* How many units n bytes take; 0 when that is no size that fits. */
static size_t
units_for(size_t n)
{
	return n == 0 || n > (size_t)UNITS * UNIT ? 0 : (n + UNIT - 1) / UNIT;
}

void *
secret_alloc(size_t size)
{
	size_t want = units_for(size), run = 0;

	for (size_t i = lowest; want != 0 && i < UNITS;) {
		if (taken[i] != 0) {
			i += taken[i];
			run = 0;
			continue;
		}
		i++;
		if (++run == want) {
			taken[i - want] = (uint16_t)want;
			if (i - want == lowest)
				lowest = i;
			units_used += want;
			return units + (i - want) * UNIT;
		}
	}
	return NULL;
}

/* The piece that p is the start of, as an index into taken. */
static size_t
unit_of(const void *p)
{
	size_t at = (size_t)((const uint8_t *)p - units);

	assert((const uint8_t *)p >= units && at % UNIT == 0 && taken[at / UNIT] != 0);
	return at / UNIT;
}

void
secret_free(void *p)
{
	size_t i;

	if (p == NULL)
		return;
	i = unit_of(p);
	sodium_memzero(p, (size_t)taken[i] * UNIT);
	units_used -= taken[i];
	taken[i] = 0;
	if (i < lowest)
		lowest = i;
}

bool
secret_holds(const void *p)
{
	/* One comparison for both ends: below the slab wraps around to far above it. */
	return slab != NULL && (uintptr_t)p - (uintptr_t)slab < SLAB_SIZE;
}

struct secret *
secret_take(void)
{
	return slots_used < SLOTS ? &slots[slots_used++] : NULL;
}

void
secret_put_all(void)
{
	sodium_memzero(slots, slots_used * sizeof(*slots));
	slots_used = 0;
}

void *
secret_fixed(bool writable)
{
	if (mprotect(slab, SECRET_FIXED, PROT_READ | (writable ? PROT_WRITE : 0)) != 0)
		return NULL;
	return slab;
}

void
secret_enter(void)
{
	assert(!entered);
	entered = true;
}

void
secret_leave(void)
{
	assert(entered);
	entered = false;
}

size_t
secret_slots_used(void)
{
	return slots_used;
}

size_t
secret_bytes_used(void)
{
	return units_used * UNIT;
}

/* libcrypto's malloc, realloc and free. It asks for no bytes at times and takes NULL. */
static void *
crypto_malloc(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	if (n == 0)
		return NULL;
	return entered ? secret_alloc(n) : malloc(n);
}

static size_t
size_of(void *p)
{
	return secret_holds(p) ? (size_t)taken[unit_of(p)] * UNIT : malloc_usable_size(p);
}

static void
crypto_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	if (p == NULL)
		return;
	if (secret_holds(p)) {
		secret_free(p);
		return;
	}
	sodium_memzero(p, malloc_usable_size(p));
	free(p);
}

/* Never grows in place and never leaves the old bytes behind; a piece stays in its home. */
static void *
crypto_realloc(void *p, size_t n, const char *file, int line)
{
	void *q;
	size_t have;

	if (p == NULL)
		return crypto_malloc(n, file, line);
	if (n == 0) {
		crypto_free(p, file, line);
		return NULL;
	}
	have = size_of(p);
	q = secret_holds(p) ? secret_alloc(n) : crypto_malloc(n, file, line);
	if (q == NULL)
		return NULL;
	memcpy(q, p, have < n ? have : n);
	crypto_free(p, file, line);
	return q;
}

int
secret_init(bool must_lock)
{
	assert(slab == NULL);
	if (sodium_init() < 0)
		return ERR_CRYPTO;
	raise_limit();
	if ((slab = sodium_malloc(SLAB_SIZE)) == NULL)
		return ERR_NO_MEMORY;
	sodium_memzero(slab, SLAB_SIZE);
	slots = (struct secret *)(void *)(slab + SECRET_FIXED);
	units = slab + SECRET_FIXED + SLOTS * SECRET_SLOT;
	if (secret_fixed(false) == NULL)
		return ERR_SYSTEM;
	if (CRYPTO_set_mem_functions(crypto_malloc, crypto_realloc, crypto_free) != 1)
		return ERR_CRYPTO;
	return secret_relock(must_lock);
}
