/* hash: FIPS 180-4 and RFC 1321 examples, MDC-2 as ISO 10118-2 has it. */
#include "crypto/hash.h"

#include "err.h"
#include "keys.h"

#define ABC448 "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"

static const struct row {
	const char  *name;
	enum hash_id id;
	const char  *data;
	const char  *digest;
} rows[] = {
	{ "SHA-1, abc", HASH_ID_SHA1, "abc", "A9993E364706816ABA3E25717850C26C9CD0D89D" },
	{ "SHA-1, 448 bits", HASH_ID_SHA1, ABC448,
	    "84983E441C3BD26EBAAE4AA1F95129E5E54670F1" },
	{ "MD5, abc (RFC 1321)", HASH_ID_MD5, "abc", "900150983CD24FB0D6963F7D28E17F72" },
	{ "MD5, nothing (RFC 1321)", HASH_ID_MD5, "", "D41D8CD98F00B204E9800998ECF8427E" },
	{ "SHA-224, abc", HASH_ID_SHA224, "abc",
	    "23097D223405D8228642A477BDA255B32AADBCE4BDA0B3F7E36C9DA7" },
	{ "SHA-256, abc", HASH_ID_SHA256, "abc",
	    "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD" },
	{ "SHA-256, 448 bits", HASH_ID_SHA256, ABC448,
	    "248D6A61D20638B8E5C026930C3E6039A33CE45964FF2167F6ECEDD419DB06C1" },
	{ "SHA-384, abc", HASH_ID_SHA384, "abc",
	    "CB00753F45A35E8BB5A03D699AC65007272C32AB0EDED1631A8B605A43FF5BED"
	    "8086072BA1E7CC2358BAECA134C825A7" },
	{ "SHA-512, abc", HASH_ID_SHA512, "abc",
	    "DDAF35A193617ABACC417349AE20413112E6FA4E89A97EA20A9EEEE64B55D39A"
	    "2192992A274FC1A836BA3C23A3FEEBBD454D4423643CE80E2A9AC94FA54CA49F" },
	{ "MDC-2, ISO 10118-2", HASH_ID_MDC2, "Now is the time for all ",
	    "42E50CD224BACEBA760BDD2BD409281A" },
	/* The last block filled with zeros: as OpenSSL with MDC-2 does it. */
	{ "MDC-2, half a block at the end", HASH_ID_MDC2, "Hello World!",
	    "5FFCD01A29B2E97D43416E59D534DFDB" },
	{ "MDC-2, nothing", HASH_ID_MDC2, "", "52525252525252522525252525252525" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	uint8_t digest[HASH_MAX];

	/* Twice: a context that is kept must start anew. */
	for (int i = 0; i < 2; i++) {
		assert_int_equal(hash_make(row->id, span_str(row->data), digest), 0);
		keys_same(digest, hash_length(row->id), row->digest);
	}
}

static void
test_unknown(void **state)
{
	uint8_t digest[HASH_MAX];

	(void)state;
	assert_int_equal(hash_make(HASH_ID_NONE, SPAN("abc"), digest), ERR_INPUT);
	assert_int_equal(hash_make((enum hash_id)0, SPAN("abc"), digest), ERR_INPUT);
	assert_int_equal(hash_make((enum hash_id)9, SPAN("abc"), digest), ERR_INPUT);
	assert_int_equal(hash_length((enum hash_id)99), 0);
	assert_null(hash_name(HASH_ID_MDC2));
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	rows_add(&r, "no such hash", test_unknown, NULL);
	return rows_run(&r, "hash", keys_setup, NULL);
}
