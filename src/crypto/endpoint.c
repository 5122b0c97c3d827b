#include "crypto/endpoint.h"

#include <sodium.h>

#include "crypto/des3.h"
#include "err.h"
#include "key.h"
#include "rng.h"

int
endpoint_answer(struct key *kek, const uint8_t krs[ENDPOINT_LEN], uint8_t krr[ENDPOINT_LEN])
{
	struct des3 *des = key_des(kek);
	uint8_t number[DES_BLOCK];
	int r;

	if (des == NULL)
		return ERR_CRYPTO;
	if ((r = des3_decrypt(des, krs, number, sizeof(number))) == 0) {
		for (size_t i = 0; i < sizeof(number); i++)
			number[i] = (uint8_t)~number[i];
		r = des3_encrypt(des, number, krr, sizeof(number));
	}
	sodium_memzero(number, sizeof(number));
	return r;
}

int
endpoint_ask(struct key *kek, uint8_t krs[ENDPOINT_LEN], uint8_t krr[ENDPOINT_LEN])
{
	/* Under the key a random block is a random number as good as any. */
	rng_bytes(krs, ENDPOINT_LEN);
	return endpoint_answer(kek, krs, krr);
}
