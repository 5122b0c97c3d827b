/* lmkpin: PINs under the test LMK by both methods. */
#include "crypto/lmkpin.h"

#include "err.h"
#include "keys.h"
#include "lmk.h"

/* fpe10: a model in python over openssl des-ede3-ecb. plain0: simulators' own. */
static const struct row {
	const char *name;
	enum lmk_pin_method method;
	const char *pin, *account, *text;
} rows[] = {
	{ "fpe10, 0000 and account 0", LMK_PIN_FPE10, "0000", "000000000000", "00743" },
	{ "fpe10, 1234", LMK_PIN_FPE10, "1234", "123456789012", "88982" },
	{ "fpe10, twelve digits", LMK_PIN_FPE10, "123456789012", "402345678901",
	    "7288812333205" },
	{ "fpe10, six digits", LMK_PIN_FPE10, "987654", "540008900009", "7850253" },
	{ "fpe10, four digits in seven places", LMK_PIN_FPE10, "1234", "401234567890",
	    "5794022" },
	{ "fpe10, four digits in six places", LMK_PIN_FPE10, "1234", "401234567890",
	    "499273" },
	{ "fpe10, the whole PAN", LMK_PIN_FPE10, "1234", "FFFFF4012345678909", "5794022" },
	{ "plain0, 1234", LMK_PIN_PLAIN0, "1234", "123456789012", "01234" },
	{ "plain0, six digits in thirteen places", LMK_PIN_PLAIN0, "123456", "123456789012",
	    "0123456FFFFFF" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct secret *pin = secret_take();
	char text[LMKPIN_MOST + 1] = "";

	assert_int_equal(lmkpin_seal(lmk_get(0), row->method, keys_secret(row->pin),
	    span_str(row->account), strlen(row->text), text), 0);
	assert_string_equal(text, row->text);
	assert_int_equal(lmkpin_open(lmk_get(0), row->method, span_str(row->text),
	    span_str(row->account), pin), 0);
	assert_int_equal(pin->len, strlen(row->pin));
	assert_memory_equal(pin->bytes, row->pin, pin->len);
	keys_done();
}

static const struct bad {
	const char *name;
	unsigned    lmk;
	enum lmk_pin_method method;
	const char *text, *account;
	int         want;
} bads[] = {
	{ "fpe10, another account", 0, LMK_PIN_FPE10, "88982", "123456789013", ERR_LMK_PIN },
	{ "fpe10, a digit more", 0, LMK_PIN_FPE10, "88983", "123456789012", ERR_LMK_PIN },
	{ "fpe10, a letter", 0, LMK_PIN_FPE10, "8898F", "123456789012", ERR_INPUT },
	{ "fpe10, four characters", 0, LMK_PIN_FPE10, "8898", "123456789012", ERR_INPUT },
	{ "fpe10, fourteen characters", 0, LMK_PIN_FPE10, "88982889828898", "123456789012",
	    ERR_INPUT },
	{ "fpe10, an account of 11 digits", 0, LMK_PIN_FPE10, "88982", "12345678901",
	    ERR_INPUT },
	{ "fpe10, a key block LMK", 1, LMK_PIN_FPE10, "88982", "123456789012", ERR_LMK },
	{ "plain0, no zero in front", 0, LMK_PIN_PLAIN0, "11234", "123456789012", ERR_LMK_PIN },
	{ "plain0, three digits", 0, LMK_PIN_PLAIN0, "0123F", "123456789012", ERR_LMK_PIN },
	{ "plain0, a digit behind F", 0, LMK_PIN_PLAIN0, "01234F5", "123456789012",
	    ERR_LMK_PIN },
	{ "plain0, a letter A", 0, LMK_PIN_PLAIN0, "01234AF", "123456789012", ERR_LMK_PIN },
};

static void
test_bad(void **state)
{
	const struct bad *row = *state;
	struct secret *pin = keys_secret("9999");

	assert_int_equal(lmkpin_open(lmk_get(row->lmk), row->method, span_str(row->text),
	    span_str(row->account), pin), row->want);
	assert_int_equal(pin->len, 0);
	keys_done();
}

static const struct length {
	const char *name;
	const char *pin;
	size_t      length;
} lengths[] = {
	{ "a PIN of three digits",          "123",           5 },
	{ "a PIN as long as the field",     "12345",         5 },
	{ "a PIN of thirteen digits",       "1234567890123", 14 },
};

static void
test_length(void **state)
{
	const struct length *row = *state;
	char text[LMKPIN_MOST + 1];

	assert_int_equal(lmkpin_seal(lmk_get(0), LMK_PIN_FPE10, keys_secret(row->pin),
	    SPAN("123456789012"), row->length, text), ERR_PIN_LENGTH);
	keys_done();
}

/* The same text is another PIN under every account, and the schedule follows the LMK. */
static void
test_reload(void **state)
{
	char text[LMKPIN_MOST + 1] = "";

	(void)state;
	lmk_wipe();
	assert_int_equal(lmk_load(0, "test-variant"), 0);
	assert_int_equal(lmk_load(1, "test-aes-kb"), 0);
	assert_int_equal(lmkpin_seal(lmk_get(0), LMK_PIN_FPE10, keys_secret("1234"),
	    SPAN("123456789012"), 5, text), 0);
	assert_string_equal(text, "88982");
	keys_done();
}

static void
test_reference(void **state)
{
	char text[LMKPIN_REFERENCE + 1] = "";

	(void)state;
	assert_int_equal(lmkpin_reference(lmk_get(0), SPAN("401234567890"), text), 0);
	assert_string_equal(text, "987820200545");
	assert_int_equal(lmkpin_reference(lmk_get(0), SPAN("40123456789"), text), ERR_INPUT);
	assert_int_equal(lmkpin_reference(lmk_get(1), SPAN("401234567890"), text), ERR_LMK);
}

static int
setup(void **state)
{
	return keys_setup(state) != 0 || lmk_load(0, "test-variant") != 0 ||
	    lmk_load(1, "test-aes-kb") != 0;
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	ROWS(&r, bads, test_bad);
	ROWS(&r, lengths, test_length);
	rows_add(&r, "after a reload of the LMK", test_reload, NULL);
	rows_add(&r, "reference number", test_reference, NULL);
	return rows_run(&r, "lmkpin", setup, NULL);
}
