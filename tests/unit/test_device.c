/* device: the records of J2 J4 JK NI, character by character. */
#include "rows.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "config.h"
#include "crypto/libcrypto.h"
#include "device.h"
#include "lmk.h"
#include "lmk_value.h"
#include "peers.h"
#include "secret.h"
#include "stats.h"
#include "usage.h"

static uint8_t out[8192];

static const struct date {
	const char *name;
	uint64_t    t;
	const char *date, *clock;
} dates[] = {
	{ "the epoch", 0, "700101", "000000" },
	{ "a day with two digits of each", 1795296659, "261121", "213059" },
	{ "a leap day", 1709251199, "240229", "235959" },
	{ "the last second of 2099", 4102444799, "991231", "235959" },
};

static void
test_date(void **state)
{
	const struct date *row = *state;

	device_date(row->t, out);
	assert_memory_equal(out, row->date, DEVICE_DATE);
	device_clock(row->t, out);
	assert_memory_equal(out, row->clock, DEVICE_DATE);
}

static void
test_ranges(void **state)
{
	const struct usage_load load = { .period = { 1, 2, 3, 4, 5, 6, 7, 8, 9,
	    99999999999 } };

	(void)state;
	assert_int_equal(device_ranges(&load, out), USAGE_RANGES * DEVICE_RANGE);
	assert_memory_equal(out, "0000100000000001;0100200000000002;", 34);
	assert_memory_equal(out + 153, "0901009999999999;", 17);
}

static void
test_volumes(void **state)
{
	static const struct usage_volumes v = { .n = 2,
		.command = { { "A0", 17 }, { "NC", 1234567890123 } } };

	(void)state;
	assert_int_equal(device_volumes(&v, out), 2 * DEVICE_VOLUME);
	assert_memory_equal(out, "A0000000000017NC999999999999", 28);
}

static void
check_lmks(bool authorised, const char *want)
{
	size_t n = device_lmks(authorised, out);

	assert_int_equal(n, strlen(want));
	assert_memory_equal(out, want, n);
}

/* None, one, twenty; and one in key change storage. */
static void
test_lmks(void **state)
{
	(void)state;
	check_lmks(false, "000000\x15");
	assert_int_equal(lmk_load(0, "test-variant"), 0);
	check_lmks(false, "010100" "00000V0Ttest-variant\x14\x15");
	check_lmks(true, "010100" "00101V0Ttest-variant\x14\x15");
	for (unsigned id = 1; id < LMK_IDS; id++)
		assert_int_equal(lmk_load(id, id % 2 ? "test-aes-kb" : "test-3des-kb"), 0);
	assert_int_equal(lmk_load(LMK_OLD_ANY, "sim-old"), 0);
	assert_int_equal(device_lmks(false, out), 6 + 21 + 10 * 20 + 9 * 21 + 1);
	assert_memory_equal(out, "202001" "00000V0Ttest-variant\x14" "01000K2Ttest-aes-kb\x14"
	    "02000K1Ttest-3des-kb\x14", 6 + 21 + 20 + 21);
	lmk_wipe();
}

/* What an officer wrote about an LMK is told rather than its name, blanks too. */
static void
test_comment(void **state)
{
	struct lmk_value *value = secret_alloc(sizeof(*value));

	(void)state;
	assert_int_equal(libcrypto_init(), 0);
	lmk_value_random(value, LMK_AES_BLOCK);
	assert_int_equal(lmk_put(0, "acme", "Acme's first LMK, 2026", false, value), 0);
	assert_int_equal(lmk_put(1, "acme-2", "", true, value), 0);
	check_lmks(false, "020100" "00000K2LAcme's first LMK, 2026\x14" "01000K2Tacme-2\x14\x15");
	secret_free(value);
	lmk_wipe();
}

static struct in6_addr
address(const char *text)
{
	struct in6_addr a;

	assert_int_equal(inet_pton(AF_INET6, text, &a), 1);
	return a;
}

static void
test_connections(void **state)
{
	static struct config config = { .connections = 200, .workers = 1 };
	static struct stats stats;
	const struct in6_addr four = address("::ffff:192.0.2.1"), six = address("2001:db8::1");
	struct peers *p = peers_new(200, 0);

	(void)state;
	stats.worker[0].bytes_in = 0xABC;
	stats.worker[1].bytes_out = 0x10;
	stats.worker[0].requests = 3;
	stats.worker[1].refused = 5000000000;
	assert_int_equal(device_connections(out), 0);
	assert_string_equal(device_serial(), "L00000000000");
	device_open(&config, &stats, peers_shown(p));
	assert_int_equal(device_connections(out), 0);
	peers_ports(p, (uint32_t)peers_take(p, &four), 40000, 1500);
	peers_ports(p, (uint32_t)peers_take(p, &six), 1, 65535);
	assert_int_equal(peers_take(p, NULL), 2);
	assert_int_equal(device_connections(out), 3 * DEVICE_CONNECTION);
	assert_memory_equal(out, "0" "05DC" "C0000201" "9C40" "0" "00000000"
	    "0" "FFFF" "00000000" "0001" "0" "00000000"
	    "0" "0000" "00000000" "0000" "0" "00000000", 3 * DEVICE_CONNECTION);
	peers_put(p, 1, PEERS_NOBODY);
	assert_int_equal(device_connections(out), 2 * DEVICE_CONNECTION);
	while (peers_take(p, &four) >= 0)
		;
	assert_int_equal(device_connections(out), DEVICE_CONNECTIONS * DEVICE_CONNECTION);
	device_counters(out);
	assert_memory_equal(out, "0000000000000010" "0000000000000ABC" "00000003" "00000003"
	    "00000000" "00000000" "00000000" "00000000" "00000000" "FFFFFFFF" "00000000",
	    DEVICE_COUNTERS);
	peers_free(p);
}

/* The same for one server whenever it starts, another for another one. */
static void
test_serial(void **state)
{
	static struct config config = { .port = 1500 };
	char first[DEVICE_SERIAL + 1];

	(void)state;
	device_open(&config, NULL, NULL);
	memcpy(first, device_serial(), sizeof(first));
	assert_int_equal(strspn(first, "L"), 1);
	assert_int_equal(strspn(first + 1, "0123456789ABCDEF"), DEVICE_SERIAL - 1);
	device_open(&config, NULL, NULL);
	assert_string_equal(device_serial(), first);
	config.port = 1600;
	device_open(&config, NULL, NULL);
	assert_string_not_equal(device_serial(), first);
	snprintf(config.serial, sizeof(config.serial), "S0246378732H");
	device_open(&config, NULL, NULL);
	assert_string_equal(device_serial(), "S0246378732H");
}

static int
setup(void **state)
{
	(void)state;
	return secret_init(false);
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, dates, test_date);
	rows_add(&r, "ten ranges", test_ranges, NULL);
	rows_add(&r, "volumes", test_volumes, NULL);
	rows_add(&r, "no LMK, one, twenty", test_lmks, NULL);
	rows_add(&r, "an LMK's comment", test_comment, NULL);
	rows_add(&r, "connections and counters", test_connections, NULL);
	rows_add(&r, "a serial number", test_serial, NULL);
	return rows_run(&r, "device", setup, NULL);
}
