/* libcrypto 3.0 has its random source replaced so, or by a provider of a thousand lines. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/libcrypto.h"

#include <openssl/rand.h>

#include "crypto/aes.h"
#include "crypto/cipher.h"
#include "crypto/cmac.h"
#include "crypto/des3.h"
#include "crypto/ecc.h"
#include "crypto/hash.h"
#include "crypto/hmac.h"
#include "crypto/rsa.h"
#include "err.h"
#include "rng.h"

static int
random_bytes(unsigned char *out, int n)
{
	rng_library_bytes(out, (size_t)n);
	return 1;
}

static int
random_status(void)
{
	return 1;
}

/* Keys and paddings that libcrypto makes come from rng too: repeatable in proofs. */
static const RAND_METHOD random_method = {
	.bytes = random_bytes, .pseudorand = random_bytes, .status = random_status
};

int
libcrypto_init(void)
{
	int r;

	if (RAND_set_rand_method(&random_method) != 1)
		return ERR_CRYPTO;
	if ((r = des3_init()) == 0 && (r = aes_init()) == 0 && (r = cmac_init()) == 0 &&
	    (r = cipher_init()) == 0 && (r = hash_init()) == 0)
		r = hmac_init();
	if (r == 0)
		r = rsa_init();
	if (r == 0)
		r = ecc_init();
	return r;
}
