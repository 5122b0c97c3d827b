/* hmac: the cases of RFC 2202 and RFC 4231. */
#include "crypto/hmac.h"

#include "err.h"
#include "keys.h"

#define B10 "0B0B0B0B0B0B0B0B0B0B"
#define B20 B10 B10
#define A10 "AAAAAAAAAAAAAAAAAAAA"
#define A30 A10 A10 A10
#define JEFE "4A656665"
#define WHAT "what do ya want for nothing?"
#define HI   "Hi There"
#define BIG  "Test Using Larger Than Block-Size Key - Hash Key First"

static const struct row {
	const char  *name;
	enum hash_id id;
	const char  *key;
	const char  *data;
	const char  *mac;
} rows[] = {
	{ "RFC 2202, case 1", HASH_ID_SHA1, B20, HI,
	    "B617318655057264E28BC0B6FB378C8EF146BE00" },
	{ "RFC 2202, case 2", HASH_ID_SHA1, JEFE, WHAT,
	    "EFFCDF6AE5EB2FA2D27416D5F184DF9C259A7C79" },
	{ "RFC 2202, case 6", HASH_ID_SHA1, A30 A30 A10 A10, BIG,
	    "AA4AE5E15272D00E95705637CE8A3B55ED402112" },
	{ "RFC 4231, case 1, SHA-224", HASH_ID_SHA224, B20, HI,
	    "896FB1128ABBDF196832107CD49DF33F47B4B1169912BA4F53684B22" },
	{ "RFC 4231, case 1, SHA-256", HASH_ID_SHA256, B20, HI,
	    "B0344C61D8DB38535CA8AFCEAF0BF12B881DC200C9833DA726E9376C2E32CFF7" },
	{ "RFC 4231, case 2, SHA-256", HASH_ID_SHA256, JEFE, WHAT,
	    "5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843" },
	{ "RFC 4231, case 1, SHA-384", HASH_ID_SHA384, B20, HI,
	    "AFD03944D84895626B0825F4AB46907F15F9DADBE4101EC682AA034C7CEBC59C"
	    "FAEA9EA9076EDE7F4AF152E8B2FA9CB6" },
	{ "RFC 4231, case 1, SHA-512", HASH_ID_SHA512, B20, HI,
	    "87AA7CDEA5EF619D4FF0B4241A1D6CB02379F4E2CE4EC2787AD0B30545E17CDE"
	    "DAA833B7D6B8A702038B274EAEA3F4E4BE9D914EEB61F1702E696C203A126854" },
	{ "RFC 4231, case 6, SHA-256", HASH_ID_SHA256, A30 A30 A30 A30 A10 "AA", BIG,
	    "60E431591EE0B67F0D8A26AACBF5B77F8E0BC6213728C5140546040F0EE37F54" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	uint8_t key[160], mac[HASH_MAX];
	size_t len = keys_bytes(row->key, key);

	/* Twice: nothing of the first may stay. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(hmac_make(row->id, span_of(key, len), span_str(row->data),
		    mac), 0);
		keys_same(mac, hash_length(row->id), row->mac);
	}
}

static void
test_refused(void **state)
{
	uint8_t mac[HASH_MAX];

	(void)state;
	assert_int_equal(hmac_make(HASH_ID_MD5, SPAN("key"), SPAN("x"), mac), ERR_INPUT);
	assert_int_equal(hmac_make(HASH_ID_MDC2, SPAN("key"), SPAN("x"), mac), ERR_INPUT);
	assert_int_equal(hmac_make(HASH_ID_SHA1, SPAN(""), SPAN("x"), mac), ERR_KEY_LENGTH);
}

/* Slab in use does not grow from one MAC to the next. */
static void
test_memory(void **state)
{
	uint8_t mac[HASH_MAX];
	size_t used;

	(void)state;
	assert_int_equal(hmac_make(HASH_ID_SHA256, SPAN("key"), SPAN("x"), mac), 0);
	used = secret_bytes_used();
	for (int i = 0; i < 100; i++)
		assert_int_equal(hmac_make(HASH_ID_SHA256, SPAN("key"), SPAN("x"), mac), 0);
	assert_int_equal(secret_bytes_used(), used);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	rows_add(&r, "no such hash, no key", test_refused, NULL);
	rows_add(&r, "memory", test_memory, NULL);
	return rows_run(&r, "hmac", keys_setup, NULL);
}
