/*
 * kcv: key check values (spec: keys.md 3.5).
 */
#include "crypto/kcv.h"

#include <assert.h>

#include "crypto/cmac.h"
#include "crypto/des3.h"
#include "hex.h"

int
kcv_make(struct des3 *d, unsigned digits, char *hex)
{
	uint8_t block[DES_BLOCK] = { 0 };
	int r;

	assert(digits % 2 == 0 && digits <= KCV_DIGITS);
	if ((r = des3_encrypt(d, block, block, sizeof(block))) == 0)
		hex_encode(block, digits / 2, hex);
	return r;
}

int
kcv_make_aes(const uint8_t *key, size_t len, unsigned digits, char *hex)
{
	static const uint8_t zeros[CMAC_MAX];
	uint8_t mac[CMAC_MAX];
	int r;

	assert(digits % 2 == 0 && digits <= KCV_DIGITS);
	r = cmac_make(CMAC_AES, key, len, span_of(zeros, sizeof(zeros)), span_of(NULL, 0), mac);
	if (r == 0)
		hex_encode(mac, digits / 2, hex);
	return r;
}
