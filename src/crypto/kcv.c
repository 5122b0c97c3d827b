/*
 * kcv: key check values (spec: keys.md 3.5).
 */
#include "crypto/kcv.h"

#include <assert.h>

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
