/* lmkpin: PINs under the test LMK by both methods. */
#include "crypto/lmkpin.h"

#include "err.h"
#include "keys.h"
#include "lmk.h"

/* LMKs: 0 variant, 1 AES, 2 triple DES. fpe10: models in python over openssl des-ede3-ecb
 * and aes-256-ecb. plain0: simulators' own. */
static const struct row {
	const char *name;
	enum lmk_pin_method method;
	const char *pin, *account, *text;
	unsigned    lmk;
	size_t      length;	/* 0: of text */
} rows[] = {
	{ "fpe10, 0000 and account 0", LMK_PIN_FPE10, "0000", "000000000000", "00743", 0, 0 },
	{ "fpe10, 1234", LMK_PIN_FPE10, "1234", "123456789012", "88982", 0, 0 },
	{ "fpe10, twelve digits", LMK_PIN_FPE10, "123456789012", "402345678901",
	    "7288812333205", 0, 0 },
	{ "fpe10, six digits", LMK_PIN_FPE10, "987654", "540008900009", "7850253", 0, 0 },
	{ "fpe10, four digits in seven places", LMK_PIN_FPE10, "1234", "401234567890",
	    "5794022", 0, 0 },
	{ "fpe10, four digits in six places", LMK_PIN_FPE10, "1234", "401234567890",
	    "499273", 0, 0 },
	{ "fpe10, the whole PAN", LMK_PIN_FPE10, "1234", "FFFFF4012345678909", "5794022", 0, 0 },
	{ "fpe10, 1234, triple DES", LMK_PIN_FPE10, "1234", "401234567890", "24198", 2, 0 },
	{ "fpe10, 5678, triple DES", LMK_PIN_FPE10, "5678", "401234567890", "42884", 2, 0 },
	{ "fpe10, 1234, AES", LMK_PIN_FPE10, "1234", "401234567890",
	    "J4ECEC2C39808D93074E08290CB61AEDF", 1, 5 },
	{ "fpe10, 1234, AES, longer PINs allowed", LMK_PIN_FPE10, "1234", "401234567890",
	    "J4ECEC2C39808D93074E08290CB61AEDF", 1, 13 },
	{ "fpe10, twelve digits, AES", LMK_PIN_FPE10, "123456789012", "401234567890",
	    "JA667DB978BCE71257F2F8BE595C840CA", 1, 13 },
	{ "plain0, 1234, AES", LMK_PIN_PLAIN0, "1234", "123456789012",
	    "J01234FFFFFFFFFFFFFFFFFFFFFFFFFFF", 1, 5 },
	{ "plain0, 1234", LMK_PIN_PLAIN0, "1234", "123456789012", "01234", 0, 0 },
	{ "plain0, six digits in thirteen places", LMK_PIN_PLAIN0, "123456", "123456789012",
	    "0123456FFFFFF", 0, 0 },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct secret *pin = secret_take();
	char text[LMKPIN_MOST + 1] = "";
	size_t length = row->length != 0 ? row->length : strlen(row->text);

	assert_int_equal(lmkpin_length(lmk_get(row->lmk), length), strlen(row->text));
	assert_int_equal(lmkpin_seal(lmk_get(row->lmk), row->method, keys_secret(row->pin),
	    span_str(row->account), length, text), 0);
	assert_string_equal(text, row->text);
	assert_int_equal(lmkpin_open(lmk_get(row->lmk), row->method, span_str(row->text),
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
	{ "fpe10, digits for an AES LMK", 1, LMK_PIN_FPE10, "88982", "123456789012",
	    ERR_PIN_TAG },
	{ "fpe10, the AES form for a variant LMK", 0, LMK_PIN_FPE10,
	    "J4ECEC2C39808D93074E08290CB61AEDF", "401234567890", ERR_PIN_TAG },
	{ "fpe10, the AES form for a triple DES LMK", 2, LMK_PIN_FPE10,
	    "J4ECEC2C39808D93074E08290CB61AEDF", "401234567890", ERR_PIN_TAG },
	{ "fpe10, AES, another account", 1, LMK_PIN_FPE10,
	    "J4ECEC2C39808D93074E08290CB61AEDF", "401234567891", ERR_LMK_PIN },
	{ "fpe10, AES, a bit more", 1, LMK_PIN_FPE10,
	    "J4ECEC2C39808D93074E08290CB61AED0", "401234567890", ERR_LMK_PIN },
	{ "fpe10, AES, a PIN of three digits", 1, LMK_PIN_FPE10,
	    "J66C343918CFCE377E97B533FFD913C35", "401234567890", ERR_LMK_PIN },
	{ "fpe10, AES, a digit short", 1, LMK_PIN_FPE10,
	    "J4ECEC2C39808D93074E08290CB61AED", "401234567890", ERR_INPUT },
	{ "fpe10, AES, a letter G", 1, LMK_PIN_FPE10,
	    "J4ECEC2C39808D93074E08290CB61AEDG", "401234567890", ERR_INPUT },
	{ "no text", 0, LMK_PIN_FPE10, "", "123456789012", ERR_INPUT },
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

/* The same as with digits, for who may see it; the text is the model's. */
static void
test_letter(void **state)
{
	const struct lmk *lmk = lmk_get(1);
	struct span text = span_str("J54CEE0FCEE9A46F95E9774629724B49D");
	struct span account = span_str("401234567890");
	struct secret *pin = secret_take();
	char again[LMKPIN_MOST];

	(void)state;
	assert_true(lmkpin_has_letters(lmk, LMK_PIN_FPE10));
	assert_false(lmkpin_has_letters(lmk, LMK_PIN_PLAIN0));
	assert_false(lmkpin_has_letters(lmk_get(2), LMK_PIN_FPE10));
	assert_int_equal(lmkpin_open(lmk, LMK_PIN_FPE10, text, account, pin), LMKPIN_UNREAD);
	assert_int_equal(pin->len, 4);
	assert_int_equal(lmkpin_seal(lmk, LMK_PIN_FPE10, pin, account, 5, again), 0);
	assert_memory_equal(again, text.p, text.n);
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
	assert_int_equal(lmk_load(2, "test-3des-kb"), 0);
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
	assert_int_equal(lmkpin_reference(lmk_get(1), SPAN("401234567890"), text), 0);
	assert_string_equal(text, "571733180429");
	assert_int_equal(lmkpin_reference(lmk_get(2), SPAN("401234567890"), text), 0);
	assert_string_equal(text, "056746574352");
}

static int
setup(void **state)
{
	return keys_setup(state) != 0 || lmk_load(0, "test-variant") != 0 ||
	    lmk_load(1, "test-aes-kb") != 0 || lmk_load(2, "test-3des-kb") != 0;
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	ROWS(&r, bads, test_bad);
	rows_add(&r, "fpe10, AES, a PIN with a letter", test_letter, NULL);
	ROWS(&r, lengths, test_length);
	rows_add(&r, "after a reload of the LMK", test_reload, NULL);
	rows_add(&r, "reference number", test_reference, NULL);
	return rows_run(&r, "lmkpin", setup, NULL);
}
