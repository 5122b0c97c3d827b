/* hmackey: HMAC keys under the LMK and a ZMK, in this project's own layout. */
#include "hmackey.h"

#include "err.h"
#include "keys.h"
#include "lmk.h"

/* The key of RFC 2202 and RFC 4231, case 1, for SHA-1 and generation and
 * verification: the block of the shared vectors, made by another program. */
#define BLOCK "E54412DB13C576B3DD22951A130712958A9DC07953F9C2618739F6E60F572C4F"
#define HI    "B617318655057264E28BC0B6FB378C8EF146BE00"
#define ZMK   "0123456789ABCDEFFEDCBA9876543210"

static int
setup(void **state)
{
	return keys_setup(state) != 0 || lmk_load(0, "test-variant") != 0 ||
	    lmk_load(1, "test-aes-kb") != 0;
}

static struct span
bytes(const char *hex, uint8_t *room)
{
	return span_of(room, keys_bytes(hex, room));
}

static void
test_make(void **state)
{
	uint8_t room[64], mac[HASH_MAX];
	struct span block = bytes(BLOCK, room);
	const struct lmk *lmk = lmk_get(0);

	(void)state;
	assert_int_equal(hmackey_make(lmk, block, HASH_ID_SHA1, HMACKEY_GENERATE,
	    SPAN("Hi There"), mac), 0);
	keys_same(mac, 20, HI);
	assert_int_equal(hmackey_make(lmk, block, HASH_ID_SHA256, HMACKEY_GENERATE,
	    SPAN("Hi There"), mac), HMACKEY_ERR_HASH);
	assert_int_equal(hmackey_make(lmk_get(1), block, HASH_ID_SHA1, HMACKEY_GENERATE,
	    SPAN("Hi There"), mac), ERR_LMK);
	room[0] ^= 1;
	assert_int_equal(hmackey_make(lmk, block, HASH_ID_SHA1, HMACKEY_GENERATE,
	    SPAN("Hi There"), mac), HMACKEY_ERR_BLOCK);
	assert_int_equal(hmackey_make(lmk, span_of(room, 31), HASH_ID_SHA1,
	    HMACKEY_GENERATE, SPAN("Hi There"), mac), HMACKEY_ERR_BLOCK);
	assert_int_equal(hmackey_make(lmk, span_of(room, 0), HASH_ID_SHA1,
	    HMACKEY_GENERATE, SPAN("Hi There"), mac), HMACKEY_ERR_BLOCK);
}

/* Whatever bit is changed: never another answer than a refusal or a wrong MAC. */
static void
test_damage(void **state)
{
	uint8_t room[64], mac[HASH_MAX], right[20];
	struct span block = bytes(BLOCK, room);

	(void)state;
	keys_bytes(HI, right);
	for (size_t i = 0; i < 8 * block.n; i++) {
		room[i / 8] ^= (uint8_t)(1 << i % 8);
		if (hmackey_make(lmk_get(0), block, HASH_ID_SHA1, HMACKEY_BOTH,
		    SPAN("Hi There"), mac) == 0)
			assert_memory_not_equal(mac, right, sizeof(right));
		room[i / 8] ^= (uint8_t)(1 << i % 8);
	}
}

static const struct info {
	const char         *name;
	struct hmackey_info info;
	int                 want;
	size_t              n;
} infos[] = {
	{ "SHA-1, half of it", { HASH_ID_SHA1, HMACKEY_BOTH, 10 }, 0, 16 },
	{ "SHA-512, longest", { HASH_ID_SHA512, HMACKEY_BOTH, 128 }, 0, 136 },
	{ "SHA-512, too long", { HASH_ID_SHA512, HMACKEY_BOTH, 129 },
	    HMACKEY_ERR_LENGTH, 0 },
	{ "SHA-256, less than half", { HASH_ID_SHA256, HMACKEY_BOTH, 15 },
	    HMACKEY_ERR_LENGTH, 0 },
	{ "MD5", { HASH_ID_MD5, HMACKEY_BOTH, 16 }, HMACKEY_ERR_HASH, 0 },
	{ "no usage", { HASH_ID_SHA1, (enum hmackey_usage)0, 20 }, HMACKEY_ERR_USAGE, 0 },
	{ "usage 4", { HASH_ID_SHA1, (enum hmackey_usage)4, 20 }, HMACKEY_ERR_USAGE, 0 },
};

/* Made, used, sent to a ZMK in three forms and taken back: the MAC stays the same. */
static void
test_random(void **state)
{
	const struct info *row = *state;
	const struct lmk *lmk = lmk_get(0);
	struct key *zmk = keys_key(ZMK);
	uint8_t block[HMACKEY_BLOCK], sent[HMACKEY_BLOCK], back[HMACKEY_BLOCK];
	uint8_t mac[HASH_MAX], again[HASH_MAX];
	size_t n = 0, m;

	assert_int_equal(hmackey_random(lmk, &row->info, block, &n), row->want);
	assert_int_equal(n, row->n);
	if (row->want != 0)
		return;
	assert_int_equal(hmackey_make(lmk, span_of(block, n), row->info.hash, HMACKEY_VERIFY,
	    SPAN("data"), mac), 0);
	for (int form = HMACKEY_LAYOUT; form <= HMACKEY_ALONE_CBC; form++) {
		assert_int_equal(hmackey_export(lmk, zmk, (enum hmackey_form)form,
		    span_of(block, n), sent, &m), 0);
		assert_int_equal(hmackey_import(lmk, zmk, (enum hmackey_form)form,
		    span_of(sent, m), &row->info, back, &m), 0);
		assert_int_equal(m, n);
		assert_memory_equal(back, block, n);
		assert_int_equal(hmackey_make(lmk, span_of(back, m), row->info.hash,
		    HMACKEY_VERIFY, SPAN("data"), again), 0);
		assert_memory_equal(again, mac, hash_length(row->info.hash));
	}
	keys_done();
}

/* The key alone under the ZMK, with openssl enc -des-ede3 -nopad. */
static void
test_import(void **state)
{
	static const struct hmackey_info info = { HASH_ID_SHA1, HMACKEY_BOTH, 20 };
	uint8_t room[32], out[HMACKEY_BLOCK];
	struct key *zmk = keys_key(ZMK);
	struct hmackey_info other = info;
	struct span sent = bytes("2E89CB4BD505FBA62E89CB4BD505FBA61DACB43E9EE04A21", room);
	size_t n = 0;

	(void)state;
	assert_int_equal(hmackey_import(lmk_get(0), zmk, HMACKEY_ALONE_ECB, sent, &info, out,
	    &n), 0);
	keys_same(out, n, BLOCK);
	other.len = 25;
	assert_int_equal(hmackey_import(lmk_get(0), zmk, HMACKEY_ALONE_ECB, sent, &other, out,
	    &n), HMACKEY_ERR_BLOCK);
	other.len = 2;
	assert_int_equal(hmackey_import(lmk_get(0), zmk, HMACKEY_ALONE_ECB, sent, &other, out,
	    &n), HMACKEY_ERR_LENGTH);
	assert_int_equal(hmackey_import(lmk_get(0), zmk, HMACKEY_LAYOUT, sent, NULL, out, &n),
	    HMACKEY_ERR_BLOCK);
	keys_done();
}

static void
test_change(void **state)
{
	uint8_t room[64], out[HMACKEY_BLOCK];
	struct span block = bytes(BLOCK, room);
	size_t n = 0;

	(void)state;
	assert_int_equal(hmackey_change(lmk_get(0), lmk_get(0), block, out, &n), 0);
	keys_same(out, n, BLOCK);
	assert_int_equal(hmackey_change(lmk_get(0), lmk_get(1), block, out, &n), ERR_LMK);
}

/* Out of our layout, to be put into a key block. */
static void
test_open(void **state)
{
	uint8_t room[64];
	struct span block = bytes(BLOCK, room);
	struct key *key = key_take();

	(void)state;
	assert_int_equal(hmackey_open(lmk_get(0), block, key), 0);
	keys_same(key->bytes, key->len, "0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B");
	assert_memory_equal(key->header.usage, "61", 2);
	assert_int_equal(key->header.mode, 'C');
	assert_int_equal(hmackey_open(lmk_get(0), span_of(room, 31), key), HMACKEY_ERR_BLOCK);
	keys_done();
}

int
main(void)
{
	static struct rows r;

	rows_add(&r, "the shared vectors' key", test_make, NULL);
	rows_add(&r, "damaged blocks", test_damage, NULL);
	ROWS(&r, infos, test_random);
	rows_add(&r, "a key alone", test_import, NULL);
	rows_add(&r, "to a key block", test_open, NULL);
	rows_add(&r, "to another LMK", test_change, NULL);
	return rows_run(&r, "hmackey", setup, NULL);
}
