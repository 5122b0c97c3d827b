/*
 * keyblock_version: in what the versions of key blocks differ, for keyblock.c.
 */
#ifndef LUAHSM_CRYPTO_KEYBLOCK_VERSION_H
#define LUAHSM_CRYPTO_KEYBLOCK_VERSION_H

#include "crypto/keyblock.h"

struct keyblock_version {
	char    name, tag;
	bool    des;
	bool    derived;	/* keys by CMAC; else by exclusive or */
	bool    over_clear;	/* MAC over the clear key, and the MAC is the IV */
	uint8_t mac_len, block;
};

/* NULL: there is no such version. */
const struct keyblock_version *keyblock_version(char name);

#endif
