/* endpoint: the two ends understand each other; values with openssl enc -des-ede -nopad. */
#include "crypto/endpoint.h"

#include "keys.h"

#define KEK "0123456789ABCDEFFEDCBA9876543210"

static void
test_answer(void **state)
{
	/* 1122334455667788 and its complement under the key. */
	uint8_t krs[ENDPOINT_LEN], krr[ENDPOINT_LEN];
	struct key *kek = keys_key(KEK);

	(void)state;
	keys_bytes("3EB3B72576BBBE83", krs);
	assert_int_equal(endpoint_answer(kek, krs, krr), 0);
	keys_same(krr, sizeof(krr), "1355AB0EE3123AE8");
	assert_int_equal(endpoint_answer(kek, krr, krr), 0);
	assert_memory_equal(krr, krs, sizeof(krs));
	keys_done();
}

static void
test_ask(void **state)
{
	uint8_t krs[ENDPOINT_LEN], krr[ENDPOINT_LEN], again[ENDPOINT_LEN];
	struct key *kek = keys_key(KEK);

	(void)state;
	assert_int_equal(endpoint_ask(kek, krs, krr), 0);
	assert_int_equal(endpoint_answer(kek, krs, again), 0);
	assert_memory_equal(again, krr, sizeof(krr));
	assert_int_equal(endpoint_ask(kek, again, krr), 0);
	assert_memory_not_equal(again, krs, sizeof(krs));
	keys_done();
}

int
main(void)
{
	static struct rows r;

	rows_add(&r, "answer", test_answer, NULL);
	rows_add(&r, "ask", test_ask, NULL);
	return rows_run(&r, "endpoint", keys_setup, NULL);
}
