/* dcvv: dynamic codes of other implementations, and what is refused. */
#include "crypto/dcvv.h"

#include "err.h"
#include "keys.h"

#define JPOS "13345779133457791334577913345779"	/* jPOS' test key */

/* jPOS' own test; option B: SHA-1 and openssl des-ede3-ecb in python. */
static const struct visa {
	const char *name;
	const char *mk;
	char        option;
	const char *pan, *expiry, *service, *atc;
	int         want;
	const char *code;
} visas[] = {
	{ "jPOS", JPOS, 'A', "123456789012", "1310", "226", "3210", 0, "719" },
	{ "the last four digits of the counter", JPOS, 'A', "123456789012", "1310", "226",
	    "003210", 0, "719" },
	{ "option B, PAN of 19 digits", JPOS, 'B', "1234567890123456789", "1310", "226",
	    "003210", 0, "562" },
	{ "option B, short PAN", JPOS, 'B', "123456789012", "1310", "226", "3210", 0, "719" },
	{ "option C", JPOS, 'C', "123456789012", "1310", "226", "3210", ERR_INPUT, NULL },
	{ "PAN of four digits", JPOS, 'A', "1234", "1310", "226", "3210", ERR_INPUT, NULL },
	{ "PAN of 20 digits", JPOS, 'A', "12345678901234567890", "1310", "226", "3210",
	    ERR_INPUT, NULL },
	{ "counter of three digits", JPOS, 'A', "123456789012", "1310", "226", "321",
	    ERR_INPUT, NULL },
	{ "a letter in the counter", JPOS, 'A', "123456789012", "1310", "226", "321A",
	    ERR_INPUT, NULL },
	{ "a single-length key", "1334577913345779", 'A', "123456789012", "1310", "226", "3210",
	    ERR_KEY_LENGTH, NULL },
};

static void
test_visa(void **state)
{
	const struct visa *row = *state;
	char code[DCVV_DIGITS + 1] = "";

	assert_int_equal(dcvv_visa(keys_key(row->mk), row->option, span_str(row->pan),
	    span_str(row->expiry), span_str(row->service), span_str(row->atc), code),
	    row->want);
	if (row->want == 0)
		assert_string_equal(code, row->code);
	keys_done();
}

/* The first two: thalessimulatorlibrary's own tests; the next two: jPOS'. */
static const struct cvc3 {
	const char *name;
	const char *mk, *pan, *psn, *track, *un;
	long        atc;
	int         want;
	const char *code;
} cvc3s[] = {
	{ "counter 5", "01234567899876543210012345678998", "5413123556784803", "00",
	    "5413123556784803D09061019000990000000F", "00000772", 0x0005, 0, "07333" },
	{ "counter 28", "01234567899876543210012345678998", "5413123556784801", "00",
	    "5413123556784801D09061019000990000000F", "00000772", 0x001C, 0, "49225" },
	{ "jPOS", JPOS, "1234567890123456", "00", "1234567890123456D12012061000110000000F",
	    "00002710", 0x2710, 0, "39464" },
	{ "jPOS, track padded further", JPOS, "1234567890123456", "00",
	    "1234567890123456D12012061000110000000FFFFFFFFFFF", "00002710", 0x2710, 0,
	    "45423" },
	{ "counter 65536", JPOS, "1234567890123456", "00", "12", "00002710", 65536, ERR_INPUT,
	    NULL },
	{ "unpredictable number of seven digits", JPOS, "1234567890123456", "00", "12",
	    "0002710", 1, ERR_INPUT, NULL },
	{ "sequence number of one digit", JPOS, "1234567890123456", "0", "12", "00002710", 1,
	    ERR_INPUT, NULL },
	{ "a triple-length key", JPOS "1334577913345779", "1234567890123456", "00", "12",
	    "00002710", 1, ERR_KEY_LENGTH, NULL },
};

static void
test_cvc3(void **state)
{
	const struct cvc3 *row = *state;
	char code[DCVV_CVC3_DIGITS + 1] = "";
	uint8_t track[64];
	size_t n = keys_bytes(row->track, track);

	assert_int_equal(dcvv_cvc3(keys_key(row->mk), 'A', span_str(row->pan),
	    span_str(row->psn), span_of(track, n), span_str(row->un), row->atc, code),
	    row->want);
	if (row->want == 0)
		assert_string_equal(code, row->code);
	keys_done();
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, visas, test_visa);
	ROWS(&r, cvc3s, test_cvc3);
	return rows_run(&r, "dcvv", keys_setup, NULL);
}
