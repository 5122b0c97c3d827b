/*
 * libcrypto: everything that is fetched from libcrypto and kept, made ready.
 */
#ifndef LUAHSM_CRYPTO_LIBCRYPTO_H
#define LUAHSM_CRYPTO_LIBCRYPTO_H

/* Once per process, after secret_init and before key_init. 0 or ERR_CRYPTO. */
int libcrypto_init(void);

#endif
