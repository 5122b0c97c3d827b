/* mac: ISO 9797-1 and NIST SP 800-38B by their examples, whole and in pieces. */
#include "crypto/mac.h"

#include "crypto/cipher.h"
#include "err.h"
#include "keys.h"

#define K1   "0123456789ABCDEF"
#define K2   "0123456789ABCDEFFEDCBA9876543210"
#define KAB  "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBB"
#define T3   "8AA83BF8CBDA10620BC1BF19FBB6CD58BC313D4A371CA8B5"
#define T2   "4CF15134A2850DD58A3D10BA80570D38"
#define A128 "2B7E151628AED2A6ABF7158809CF4F3C"
#define A256 "603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4"
#define M8   "6BC1BEE22E409F96"
#define M16  M8 "E93D7E117393172A"
#define M32  M16 "AE2D8A571E03AC9C9EB76FAC45AF8E51"
#define M40  M32 "30C81C46A35CE411"
#define M64  M40 "E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710"

/* "Now is the time for all ", "Now is the time for it", "hello world" */
#define NOW_ALL "4E6F77206973207468652074696D6520666F7220616C6C20"
#define NOW_IT  "4E6F77206973207468652074696D6520666F72206974"
#define HELLO   "68656C6C6F20776F726C64"

static const struct row {
	const char        *name;
	enum mac_algorithm algorithm;
	enum mac_padding   padding;
	bool               aes;
	const char        *key, *data, *mac;
} rows[] = {
	{ "ISO 9797-1 annex B, algorithm 3, string 1, padding 1", MAC_RETAIL, MAC_PAD_ZEROS,
	    false, K2, NOW_ALL, "A1C72E74EA3FA9B6" },
	{ "ISO 9797-1 annex B, algorithm 3, string 1, padding 2", MAC_RETAIL, MAC_PAD_BIT,
	    false, K2, NOW_ALL, "E9086230CA3BE796" },
	{ "ISO 9797-1 annex B, algorithm 3, string 2, padding 1", MAC_RETAIL, MAC_PAD_ZEROS,
	    false, K2, NOW_IT, "2E2B1428CC78254F" },
	{ "ISO 9797-1 annex B, algorithm 3, string 2, padding 2", MAC_RETAIL, MAC_PAD_BIT,
	    false, K2, NOW_IT, "5A692CE64F404145" },
	{ "no padding, whole blocks", MAC_RETAIL, MAC_PAD_NONE, false, K2, NOW_ALL,
	    "A1C72E74EA3FA9B6" },
	{ "FIPS 113: one key makes algorithm 3 algorithm 1", MAC_RETAIL, MAC_PAD_ZEROS,
	    false, K1, "37363534333231204E6F77206973207468652074696D6520666F7220",
	    "F1D30F6849312CA4" },
	{ "FIPS 113, algorithm 1", MAC_CBC, MAC_PAD_ZEROS, false, K1,
	    "37363534333231204E6F77206973207468652074696D6520666F7220", "F1D30F6849312CA4" },
	{ "algorithm 1, two keys, padding 1 (psec)", MAC_CBC, MAC_PAD_ZEROS, false, KAB,
	    HELLO, "68D9038F23360DF3" },
	{ "algorithm 1, two keys, padding 2 (psec)", MAC_CBC, MAC_PAD_BIT, false, KAB,
	    HELLO, "32DC341271ACCD00" },
	/* With openssl enc -des-ede3: one block of zeros, one block of 80 00... */
	{ "no data, padding 1", MAC_RETAIL, MAC_PAD_ZEROS, false, K2, "",
	    "08D7B4FB629D0885" },
	{ "no data, padding 2", MAC_RETAIL, MAC_PAD_BIT, false, K2, "",
	    "F1FBCF2A56D19BA7" },
	/* The last block of openssl enc -aes-128-cbc with an IV of zeros. */
	{ "AES, algorithm 1", MAC_CBC, MAC_PAD_NONE, true, A128, M32,
	    "B148C17F309EE692287AE57CF12ADD49" },
	{ "SP 800-38B D.4, three keys, no data", MAC_CMAC, MAC_PAD_NONE, false, T3, "",
	    "B7A688E122FFAF95" },
	{ "SP 800-38B D.4, three keys, 8 bytes", MAC_CMAC, MAC_PAD_NONE, false, T3, M8,
	    "8E8F293136283797" },
	{ "SP 800-38B D.4, three keys, 20 bytes", MAC_CMAC, MAC_PAD_NONE, false, T3,
	    M16 "AE2D8A57", "743DDBE0CE2DC2ED" },
	{ "SP 800-38B D.4, three keys, 32 bytes", MAC_CMAC, MAC_PAD_NONE, false, T3, M32,
	    "33E6B1092400EAE5" },
	{ "SP 800-38B D.5, two keys, 20 bytes", MAC_CMAC, MAC_PAD_NONE, false, T2,
	    M16 "AE2D8A57", "62DD1B471902BD4E" },
	{ "SP 800-38B D.5, two keys, 32 bytes", MAC_CMAC, MAC_PAD_NONE, false, T2, M32,
	    "31B1E431DABC4EB8" },
	{ "SP 800-38B D.1, AES-128, no data", MAC_CMAC, MAC_PAD_NONE, true, A128, "",
	    "BB1D6929E95937287FA37D129B756746" },
	{ "SP 800-38B D.1, AES-128, 16 bytes", MAC_CMAC, MAC_PAD_NONE, true, A128, M16,
	    "070A16B46B4D4144F79BDD9DD04A287C" },
	{ "SP 800-38B D.1, AES-128, 40 bytes", MAC_CMAC, MAC_PAD_NONE, true, A128, M40,
	    "DFA66747DE9AE63030CA32611497C827" },
	{ "SP 800-38B D.3, AES-256, 64 bytes", MAC_CMAC, MAC_PAD_NONE, true, A256, M64,
	    "E1992190549F6ED5696A2C056C315410" },
};

static struct key *
row_key(const struct row *row)
{
	struct key *key = keys_key(row->key);

	key->aes = row->aes;
	return key;
}

static void
test_whole(void **state)
{
	const struct row *row = *state;
	struct key *key = row_key(row);
	uint8_t data[64], mac[MAC_MAX] = { 0 };
	size_t n = keys_bytes(row->data, data);

	assert_int_equal(mac_finish(key, row->algorithm, row->padding, span_of(data, n),
	    mac), 0);
	keys_same(mac, cipher_block(key), row->mac);
	keys_done();
}

/* A block a piece, and what is left as the last one. */
static void
test_pieces(void **state)
{
	const struct row *row = *state;
	struct key *key = row_key(row);
	uint8_t data[64], mac[MAC_MAX] = { 0 };
	size_t n = keys_bytes(row->data, data), block = cipher_block(key), i = 0;

	for (; i + block < n; i += block)
		assert_int_equal(mac_chain(key, row->algorithm, span_of(data + i, block),
		    mac), 0);
	assert_int_equal(mac_finish(key, row->algorithm, row->padding,
	    span_of(data + i, n - i), mac), 0);
	keys_same(mac, block, row->mac);
	keys_done();
}

/* In two pieces, each longer than the chunks that are encrypted at once. */
static void
test_long(void **state)
{
	static uint8_t data[4096];
	uint8_t whole[MAC_MAX] = { 0 }, parts[MAC_MAX] = { 0 };
	struct key *key = keys_key(A128);

	(void)state;
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7);
	key->aes = true;
	assert_int_equal(mac_finish(key, MAC_CBC, MAC_PAD_BIT, span_of(data, 4001), whole), 0);
	assert_int_equal(mac_chain(key, MAC_CBC, span_of(data, 2048), parts), 0);
	assert_int_equal(mac_finish(key, MAC_CBC, MAC_PAD_BIT, span_of(data + 2048, 1953),
	    parts), 0);
	assert_memory_equal(whole, parts, MAC_MAX);
	keys_done();
}

static void
test_retail(void **state)
{
	uint8_t key[24], mac[MAC_LEN];

	(void)state;
	keys_bytes(K2, key);
	assert_int_equal(mac_retail(key, 16, MAC_PAD_ZEROS, SPAN("Now is the time for all "),
	    mac), 0);
	keys_same(mac, sizeof(mac), "A1C72E74EA3FA9B6");
	/* With a third part that repeats the first nothing changes. */
	keys_bytes(K1, key + 16);
	assert_int_equal(mac_retail(key, 24, MAC_PAD_ZEROS, SPAN("Now is the time for all "),
	    mac), 0);
	keys_same(mac, sizeof(mac), "A1C72E74EA3FA9B6");
	assert_int_equal(mac_retail(key, 0, MAC_PAD_BIT, SPAN("x"), mac), ERR_KEY_LENGTH);
	assert_int_equal(mac_retail(key, 12, MAC_PAD_BIT, SPAN("x"), mac), ERR_KEY_LENGTH);
}

static void
test_refused(void **state)
{
	uint8_t mac[MAC_MAX] = { 0 };
	struct key *des = keys_key(K2), *aes = keys_key(A128);

	(void)state;
	aes->aes = true;
	assert_int_equal(mac_finish(des, MAC_CBC, MAC_PAD_NONE, SPAN("seven.."), mac),
	    ERR_DATA_LENGTH);
	assert_int_equal(mac_finish(des, MAC_CBC, MAC_PAD_NONE, SPAN(""), mac),
	    ERR_DATA_LENGTH);
	assert_int_equal(mac_chain(des, MAC_CBC, SPAN("seven.."), mac), ERR_DATA_LENGTH);
	assert_int_equal(mac_chain(des, MAC_CBC, SPAN(""), mac), ERR_DATA_LENGTH);
	assert_int_equal(mac_chain(aes, MAC_CBC, SPAN("eight..."), mac), ERR_DATA_LENGTH);
	assert_int_equal(mac_chain(aes, MAC_RETAIL, SPAN("eight..."), mac), ERR_KEY_LENGTH);
	assert_int_equal(mac_finish(aes, MAC_RETAIL, MAC_PAD_BIT, SPAN("x"), mac),
	    ERR_KEY_LENGTH);
	/* A CMAC that ended with a whole block before this can't be told any more. */
	assert_int_equal(mac_chain(des, MAC_CMAC, SPAN("eight..."), mac), 0);
	assert_int_equal(mac_finish(des, MAC_CMAC, MAC_PAD_NONE, SPAN(""), mac),
	    ERR_DATA_LENGTH);
	keys_done();
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_whole);
	ROWS(&r, rows, test_pieces);
	rows_add(&r, "long pieces", test_long, NULL);
	rows_add(&r, "retail MAC in one call", test_retail, NULL);
	rows_add(&r, "what is refused", test_refused, NULL);
	return rows_run(&r, "mac", keys_setup, NULL);
}
