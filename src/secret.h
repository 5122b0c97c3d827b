/*
 * secret: the one guarded slab of this process, and the only home of key and
 * PIN bytes.
 *
 * The slab is a single sodium_malloc: guard pages around it, locked in
 * memory, left out of core files. It is cut in three: slots of 64 bytes that
 * live for one request (secret_take), a part for what lives longer: opened
 * keys and libcrypto's key schedules (secret_alloc), and pages that are
 * read-only but while LMKs are loaded (secret_fixed).
 *
 * One process, one thread, one slab: after fork the child calls
 * secret_relock, since locks are not inherited.
 */
#ifndef LUAHSM_SECRET_H
#define LUAHSM_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SECRET_SLOT  = 64,
	SECRET_MAX   = 60,	/* bytes of one secret */
	SECRET_FIXED = 64 * 1024	/* whole pages, whatever their size */
};

/* One slot. Bytes past len are zero. */
struct secret {
	uint32_t len;
	uint8_t  bytes[SECRET_MAX];
};

/*
 * Make the slab. Call once, before libcrypto is used: it also routes
 * libcrypto's memory through here (wiped on free; inside secret_enter and
 * secret_leave taken from the slab).
 * must_lock: fail when the memory can't be locked (strict profile).
 * 0, ERR_NO_MEMORY, ERR_CRYPTO (libcrypto is in use already), or ERR_SYSTEM
 * when must_lock and locking failed, or the read-only part can't be made so.
 */
int secret_init(bool must_lock);

/* Lock the inherited slab in a forked child. Same failures. */
int secret_relock(bool must_lock);

/* A zeroed slot for this request, or NULL when all are taken. */
struct secret *secret_take(void);

/* Wipe and take back every slot of the request. */
void secret_put_all(void);

/* Zeroed memory in the slab that lives until secret_free (which wipes). NULL: full. */
void *secret_alloc(size_t size);
void  secret_free(void *p);

/*
 * The SECRET_FIXED bytes of the read-only part, zeroed at first: writable
 * until the next call says otherwise. NULL: the system refused.
 */
void *secret_fixed(bool writable);

/* Between these two calls libcrypto allocates from the slab. They do not nest. */
void secret_enter(void);
void secret_leave(void);

/* Does p point into the slab? */
bool secret_holds(const void *p);

/* Slots in use now, and bytes of the long-lived part in use: for tests and status. */
size_t secret_slots_used(void);
size_t secret_bytes_used(void);

#endif
