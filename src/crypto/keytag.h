/*
 * keytag: a name for a key and what it was used on, that tells neither.
 */
#ifndef LUAHSM_CRYPTO_KEYTAG_H
#define LUAHSM_CRYPTO_KEYTAG_H

#include <stdint.h>

#include "span.h"

enum { KEYTAG_SECRET = 32 };

/*
 * A hash of key and subject, keyed with a secret of this server, so that nobody
 * else can look for the account that it stands for. Never 0.
 */
uint64_t keytag(const uint8_t secret[KEYTAG_SECRET], struct span key, struct span subject);

#endif
