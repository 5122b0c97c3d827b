/* ibm3624: natural PINs, offsets, tables; and what is refused. */
#include "crypto/ibm3624.h"

#include "err.h"
#include "keys.h"

#define K1 "0123456789ABCDEF"
#define K2 K1 "FEDCBA9876543210"
#define K3 K2 "89ABCDEF01234567"

/* A table as ibm3624_table leaves it. */
static struct secret *
table_of(const char *digits)
{
	struct secret *table = secret_take();

	assert_non_null(table);
	table->len = 16;
	for (size_t i = 0; i < 16; i++)
		table->bytes[i] = (uint8_t)(digits[i] - '0');
	return table;
}

/*
 * Rows named by a block: published by the psec project with this table, which
 * a server would refuse. The others: openssl des-ede3-ecb and a table in python.
 */
static const struct row {
	const char *name;
	const char *pvk, *table, *validation, *account;
	unsigned    length;
	const char *offset, *pin;
} rows[] = {
	{ "1122334455667788", K2, "1234567890123456", "P1122334455667788", "000000000000", 4,
	    "0000FFFFFFFF", "4524" },
	{ "11223344556677FF", K2, "1234567890123456", "P11223344556677FF", "000000000000", 4,
	    "0000FFFFFFFF", "5518" },
	{ "1223344556677811", K2, "1234567890123456", "P1223344556677811", "000000000000", 4,
	    "0000FFFFFFFF", "3675" },
	{ "2233445566778811", K2, "1234567890123456", "P2233445566778811", "000000000000", 4,
	    "0000FFFFFFFF", "5550" },
	{ "1122334455667788, offset 1111", K2, "1234567890123456", "P1122334455667788",
	    "000000000000", 4, "1111FFFFFFFF", "5635" },
	{ "1122334455667788, offset 6586", K2, "1234567890123456", "P1122334455667788",
	    "000000000000", 4, "6586FFFFFFFF", "0000" },
	{ "1122334455667788, offset 7710", K2, "1234567890123456", "P1122334455667788",
	    "000000000000", 4, "7710FFFFFFFF", "1234" },
	{ "the account's end in the template", K2, "0123456789012345", "1122334455N7",
	    "233445566778", 4, "2972FFFFFFFF", "4524" },
	{ "a single-length PVK, twelve digits", K1, "0123456789012345", "4012345678NF",
	    "401234567890", 12, "690066558729", "123456789012" },
	{ "the whole PAN", K1, "0123456789012345", "4012345678NF", "FFFFF4012345678909", 12,
	    "690066558729", "123456789012" },
	{ "a triple-length PVK, N in front", K3, "0123456789012345", "N12345678901",
	    "401234567890", 5, "00213FFFFFFF", "98765" },
};

static struct ibm3624
card_of(const struct row *row)
{
	return (struct ibm3624){ .pvk = keys_key(row->pvk), .table = table_of(row->table),
		.validation = span_str(row->validation), .account = span_str(row->account),
		.length = row->length };
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	struct ibm3624 card = card_of(row);
	struct secret *pin = secret_take();
	char offset[IBM3624_OFFSET + 1] = "";

	assert_int_equal(ibm3624_pin(&card, span_str(row->offset), pin), 0);
	assert_int_equal(pin->len, strlen(row->pin));
	assert_memory_equal(pin->bytes, row->pin, pin->len);
	assert_int_equal(ibm3624_offset(&card, pin, offset), 0);
	assert_string_equal(offset, row->offset);
	keys_done();
}

static const struct bad {
	const char *name;
	const char *validation, *account, *offset, *pin;
	unsigned    length;
	int         offset_want, pin_want;
} bads[] = {
	{ "no N", "40123456789F", "401234567890", "0000FFFFFFFF", "1234", 4, ERR_INPUT,
	    ERR_INPUT },
	{ "two N", "40123456789NN", "401234567890", "0000FFFFFFFF", "1234", 4, ERR_INPUT,
	    ERR_INPUT },
	{ "a letter G", "4012345678NG", "401234567890", "0000FFFFFFFF", "1234", 4, ERR_INPUT,
	    ERR_INPUT },
	{ "an account of 11 digits", "4012345678NF", "40123456789", "0000FFFFFFFF", "1234", 4,
	    ERR_INPUT, ERR_INPUT },
	{ "check length 3", "4012345678NF", "401234567890", "0000FFFFFFFF", "123", 3,
	    ERR_INPUT, ERR_INPUT },
	{ "check length 13", "4012345678NF", "401234567890", "0000FFFFFFFF", "1234567890123",
	    13, ERR_INPUT, ERR_INPUT },
	{ "a PIN and an offset shorter than the check length", "4012345678NF", "401234567890",
	    "0000FFFFFFFF", "1234", 5, ERR_PIN_LENGTH, ERR_INPUT },
	{ "a PIN longer than the check length", "4012345678NF", "401234567890", "0000FFFFFFFF",
	    "12345", 4, ERR_PIN_LENGTH, 0 },
};

static void
test_bad(void **state)
{
	const struct bad *row = *state;
	struct ibm3624 card = { .pvk = keys_key(K1), .table = table_of("0123456789012345"),
		.validation = span_str(row->validation), .account = span_str(row->account),
		.length = row->length };
	char offset[IBM3624_OFFSET];

	assert_int_equal(ibm3624_offset(&card, keys_secret(row->pin), offset),
	    row->offset_want);
	assert_int_equal(ibm3624_pin(&card, span_str(row->offset), secret_take()),
	    row->pin_want);
	keys_done();
}

static const struct table {
	const char *name;
	const char *digits;
	int         want;
} tables[] = {
	{ "ten different digits", "0123456789012345", 0 },
	{ "eight different digits, one four times", "0000123456711234", 0 },
	{ "a digit five times", "0000012345671234", ERR_TABLE },
	{ "seven different digits", "0011223344556012", ERR_TABLE },
	{ "zeros and a one, as in the attack", "0000000001000000", ERR_TABLE },
	{ "a letter", "012345678901234A", ERR_TABLE },
};

static void
test_table(void **state)
{
	const struct table *row = *state;
	struct secret *table = secret_take();

	keys_bytes(row->digits, table->bytes);
	assert_int_equal(ibm3624_table(table), row->want);
	if (row->want == 0) {
		assert_int_equal(table->len, 16);
		for (size_t i = 0; i < 16; i++)
			assert_int_equal(table->bytes[i], row->digits[i] - '0');
	}
	keys_done();
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	ROWS(&r, bads, test_bad);
	ROWS(&r, tables, test_table);
	return rows_run(&r, "ibm3624", keys_setup, NULL);
}
