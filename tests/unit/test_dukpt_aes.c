/* dukpt_aes: initial keys, from a capture and from the standard's test vectors. */
#include "crypto/dukpt_aes.h"

#include "err.h"
#include "keys.h"

/* The first is a payShield 10K's; the second X9.24-3, annex B; the others python, AES-ECB. */
static const struct row {
	const char *name, *bdk, *id;
	size_t      len;
	int         want;
	const char *key, *kcv;
} rows[] = {
	{ "AES-128, captured", "AFF176C59049CAD1A171A0D55E9162F6", "FFFFFFFFFFFFFF42", 16, 0,
	    "35F14B79557F9DAC781B525E796A1AB5", "DD3ABE" },
	{ "AES-128, X9.24-3", "FEDCBA9876543210F1F1F1F1F1F1F1F1", "1234567890123456", 16, 0,
	    "1273671EA26AC29AFA4D1084127652A1", "" },
	{ "AES-256",
	    "9B71333A13F9FAE72F9D0E2DAB4AD6784718012F9244033F3F26A2DE0C8AA11A", "1234567890123456", 32, 0,
	    "67CE4C67A491C05BE3657A9BC72356E99EC3E2D21B6034DD5DB1CDBA848BBA8F", "" },
	{ "AES-192 from AES-256",
	    "9B71333A13F9FAE72F9D0E2DAB4AD6784718012F9244033F3F26A2DE0C8AA11A", "1234567890123456", 24, 0,
	    "590B3FF1AA47297AA308E1A04D91217DF3E7DB1F70A71E92", "" },
	{ "longer than the BDK", "FEDCBA9876543210F1F1F1F1F1F1F1F1", "1234567890123456", 32,
	    ERR_KEY_LENGTH, "", "" },
	{ "an identifier of 15 digits", "FEDCBA9876543210F1F1F1F1F1F1F1F1", "123456789012345",
	    16, ERR_INPUT, "", "" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct key *bdk = keys_key(row->bdk), *key = key_take();
	char kcv[6];

	bdk->aes = true;
	assert_int_equal(dukpt_aes_initial_key(bdk, span_str(row->id), row->len, key), row->want);
	if (row->want == 0) {
		keys_same(key->bytes, key->len, row->key);
		assert_int_equal(key_kcv(key, 6, kcv), 0);
		assert_memory_equal(kcv, row->kcv, strlen(row->kcv));
	}
	keys_done();
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "dukpt_aes", keys_setup, NULL);
}
