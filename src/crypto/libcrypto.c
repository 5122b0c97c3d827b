#include "crypto/libcrypto.h"

#include "crypto/aes.h"
#include "crypto/cipher.h"
#include "crypto/cmac.h"
#include "crypto/des3.h"
#include "crypto/hash.h"
#include "crypto/hmac.h"

int
libcrypto_init(void)
{
	int r;

	if ((r = des3_init()) == 0 && (r = aes_init()) == 0 && (r = cmac_init()) == 0 &&
	    (r = cipher_init()) == 0 && (r = hash_init()) == 0)
		r = hmac_init();
	return r;
}
