/* peers: limits hold, and nobody frees what is another's. */
#include "rows.h"

#include <arpa/inet.h>

#include "peers.h"

static struct in6_addr
address(const char *text)
{
	struct in6_addr a;

	assert_int_equal(inet_pton(AF_INET6, text, &a), 1);
	return a;
}

static void
test_full(void **state)
{
	struct peers *p = peers_new(3, 0);
	int64_t token[3];

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_in_range(token[i] = peers_take(p, NULL), 0, 2);
		peers_give(p, (uint32_t)token[i], i % 2);
	}
	assert_int_equal(peers_take(p, NULL), PEERS_FULL);
	assert_int_equal(peers_of(p, 0), 2);
	peers_put(p, (uint32_t)token[1], 1);
	assert_int_equal(peers_count(p), 2);
	assert_int_equal(peers_take(p, NULL), token[1]);
	peers_free(p);
}

static void
test_per_address(void **state)
{
	struct peers *p = peers_new(10, 2);
	const struct in6_addr a = address("::ffff:192.0.2.1"), b = address("2001:db8::1");
	int64_t first;

	(void)state;
	assert_true((first = peers_take(p, &a)) >= 0);
	assert_true(peers_take(p, &a) >= 0);
	assert_int_equal(peers_take(p, &a), PEERS_FULL);
	assert_true(peers_take(p, &b) >= 0);
	for (int i = 0; i < 5; i++)	/* Unix sockets have no address */
		assert_true(peers_take(p, NULL) >= 0);
	peers_put(p, (uint32_t)first, PEERS_NOBODY);
	assert_true(peers_take(p, &a) >= 0);
	peers_free(p);
}

static void
test_others(void **state)
{
	struct peers *p = peers_new(4, 0);
	uint32_t token = (uint32_t)peers_take(p, NULL);

	(void)state;
	peers_give(p, token, 1);
	peers_put(p, token, 0);
	peers_put(p, token, PEERS_NOBODY);
	peers_put(p, 4, 1);
	peers_put(p, UINT32_MAX, 1);
	assert_int_equal(peers_count(p), 1);
	peers_put(p, token, 1);
	peers_put(p, token, 1);
	assert_int_equal(peers_count(p), 0);
	assert_int_equal(peers_of(p, 1), 0);
	peers_free(p);
}

static void
test_lost(void **state)
{
	struct peers *p = peers_new(6, 0);

	(void)state;
	for (int i = 0; i < 6; i++)
		peers_give(p, (uint32_t)peers_take(p, NULL), i % 3);
	peers_lost(p, 1);
	assert_int_equal(peers_count(p), 4);
	assert_int_equal(peers_of(p, 1), 0);
	assert_int_equal(peers_of(p, 2), 2);
	assert_true(peers_take(p, NULL) >= 0);
	assert_true(peers_take(p, NULL) >= 0);
	assert_int_equal(peers_take(p, NULL), PEERS_FULL);
	peers_free(p);
}

int
main(void)
{
	struct rows r = { 0 };

	rows_add(&r, "no more than the limit", test_full, NULL);
	rows_add(&r, "no more than the limit from one address", test_per_address, NULL);
	rows_add(&r, "only its worker gives a connection up", test_others, NULL);
	rows_add(&r, "a lost worker's connections are gone", test_lost, NULL);
	return rows_run(&r, "peers", NULL, NULL);
}
