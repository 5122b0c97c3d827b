/* pinblock4: blocks of X9.24-3, of the psec project and of our own making. */
#include "crypto/pinblock4.h"

#include "err.h"
#include "keys.h"

/* Rows without a source: openssl aes-ecb in python. */
static const struct row {
	const char *name;
	const char *key, *block, *pan;
	int         want;
	const char *pin;
} rows[] = {
	{ "X9.24-3, counter 1", "AF8CB133A78F8DC2D1359F18527593FB",
	    "A912150391AB65A67E52883D81CE2D15", "4111111111111111", 0, "1234" },
	{ "X9.24-3, counter 3", "7D69F01F3B45449F62C7816ECE723268",
	    "A5A27E82B43A9A866A93D7ABE89CEF93", "4111111111111111", 0, "1234" },
	{ "X9.24-3, counter 7", "6ECF912F3B18CA11A7A27BB60705FD09",
	    "4A8E6B8C7DBEE6CBA6DC774F0CB83396", "4111111111111111", 0, "1234" },
	{ "X9.24-3, counter 8", "4D9DF3FBEE3448FC3E676D04320A90F5",
	    "8308BB857C17F390369F761F8EB358FA", "4111111111111111", 0, "1234" },
	{ "psec, code 24", "4FE3F0311936FBCE44F17159F1659CF09B2BF8913BB514A1",
	    "51334B00A6CBA3EC7B1C6F871F060AFC", "2129100799029059903", ERR_PIN_LENGTH, "" },
	{ "psec, code 20", "E60B15B90ABDF14CEE337C97440F0D6E",
	    "7D5AF4C33667A2098626027FB7A9A1B7", "4266229809609384667", ERR_PIN_BLOCK, "" },
	{ "twelve digits, PAN of 19", "00112233445566778899AABBCCDDEEFF",
	    "D2C1DE70B7492BAD61CEDEBC3D843984", "1234567890123456789", 0, "123456789012" },
	{ "PAN of 12 digits", "00112233445566778899AABBCCDDEEFF",
	    "D5F1C1B00FB98D1F961424461CD51112", "123456789012", 0, "12345" },
	{ "PAN of 9 digits", "00112233445566778899AABBCCDDEEFF",
	    "1036E2AF54F8751AE4455E49C83D5275", "123456789", 0, "1234" },
	{ "AES-256", "00112233445566778899AABBCCDDEEFFFFEEDDCCBBAA99887766554433221100",
	    "86C289A0D367498292E7F7742929C2AF", "4111111111111111", 0, "1234" },
	{ "control 3", "00112233445566778899AABBCCDDEEFF",
	    "E4266F217FAB23610A5ED6DA786F890B", "4111111111111111", ERR_PIN_BLOCK, "" },
	{ "length 3", "00112233445566778899AABBCCDDEEFF",
	    "F2629C45D7553B4F79AF91C4A572D25A", "4111111111111111", ERR_PIN_LENGTH, "" },
	{ "length 13", "00112233445566778899AABBCCDDEEFF",
	    "2B2EC657BE5D14875431CE7673512B6D", "4111111111111111", ERR_PIN_LENGTH, "" },
	{ "a letter in the PIN", "00112233445566778899AABBCCDDEEFF",
	    "885D615EC4E101C1B474ACA592D807AC", "4111111111111111", ERR_PIN_BLOCK, "" },
	{ "filler F", "00112233445566778899AABBCCDDEEFF",
	    "6B44D0E220C4283369B6AA94BD27D3ED", "4111111111111111", ERR_PIN_BLOCK, "" },
	{ "another PAN", "00112233445566778899AABBCCDDEEFF",
	    "F4DF86A4AE200E19E0F01167BD3DEFD9", "4111111111111112", ERR_PIN_BLOCK, "" },
	{ "PAN of 20 digits", "00112233445566778899AABBCCDDEEFF",
	    "00000000000000000000000000000000", "12345678901234567890", ERR_INPUT, "" },
	{ "no PAN", "00112233445566778899AABBCCDDEEFF",
	    "00000000000000000000000000000000", "", ERR_INPUT, "" },
	{ "block of 31 digits", "00112233445566778899AABBCCDDEEFF",
	    "0000000000000000000000000000000", "4111111111111111", ERR_INPUT, "" },
};

static struct key *
aes_key_of(const char *hex)
{
	struct key *key = keys_key(hex);

	key->aes = true;
	return key;
}

static void
test_open(void **state)
{
	const struct row *row = *state;
	struct secret *pin = keys_secret("9999");

	assert_int_equal(pinblock4_open(aes_key_of(row->key), span_str(row->block),
	    span_str(row->pan), pin), row->want);
	assert_int_equal(pin->len, strlen(row->pin));
	assert_memory_equal(pin->bytes, row->pin, pin->len);
	keys_done();
}

static void
test_seal(void **state)
{
	const struct row *row = *state;
	char one[PINBLOCK4_DIGITS], two[PINBLOCK4_DIGITS];
	struct key *key = aes_key_of(row->key);
	struct secret *pin = secret_take();

	assert_int_equal(row->want, 0);
	assert_int_equal(pinblock4_seal(key, keys_secret(row->pin), span_str(row->pan), one), 0);
	assert_int_equal(pinblock4_seal(key, keys_secret(row->pin), span_str(row->pan), two), 0);
	assert_true(memcmp(one, two, sizeof(one)) != 0);
	assert_int_equal(pinblock4_open(key, span_of(one, sizeof(one)), span_str(row->pan), pin),
	    0);
	assert_int_equal(pin->len, strlen(row->pin));
	assert_memory_equal(pin->bytes, row->pin, pin->len);
	keys_done();
}

static void
test_refused(void **state)
{
	char out[PINBLOCK4_DIGITS];

	(void)state;
	assert_int_equal(pinblock4_seal(keys_key("00112233445566778899AABBCCDDEEFF"),
	    keys_secret("1234"), SPAN("4111111111111111"), out), ERR_KEY_LENGTH);
	assert_int_equal(pinblock4_seal(aes_key_of("00112233445566778899AABBCCDDEEFF"),
	    keys_secret("123"), SPAN("4111111111111111"), out), ERR_PIN_LENGTH);
	assert_int_equal(pinblock4_seal(aes_key_of("00112233445566778899AABBCCDDEEFF"),
	    keys_secret("1234567890123"), SPAN("4111111111111111"), out), ERR_PIN_LENGTH);
	keys_done();
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_open);
	rows_add(&r, "seal: twelve digits", test_seal, &rows[6]);
	rows_add(&r, "seal: PAN of 9 digits", test_seal, &rows[8]);
	rows_add(&r, "seal: AES-256", test_seal, &rows[9]);
	rows_add(&r, "refused", test_refused, NULL);
	return rows_run(&r, "pinblock4", keys_setup, NULL);
}
