/*
 * key_block: keys in and out in key blocks. The blocks were made with a model in
 * Python (cryptography 48), apart from this code.
 */
#include "err.h"
#include "keys.h"
#include "keytype.h"

#define Z "0123456789ABCDEFFEDCBA9876543210"
#define A "9B71333A13F9FAE72F9D0E2DAB4AD6784718012F9244033F3F26A2DE0C8AA11A"
#define CLEAR "76E65BCDD3D923C15D9E239113E91F3B"

static const struct in {
	const char *name, *zmk, *field;
	int         want;
	const char *usage;
} ins[] = {
	{ "S under triple DES", Z,
	    "S0007272TB00N00FFF757AB86F2E3543E50010A8D136432CAA2C89E428F3"
	    "E006F3EF34AF9", 0, "72" },
	{ "R version B", Z,
	    "RB0080P0TB00S0000189DFE55A08B2A5DF6D472339719C8B75B380736BAB"
	    "3D686E72A67B93264DDF2", 0, "P0" },
	{ "R version A", Z,
	    "RA0072P0TB00S0000C14F87E541A07F255C0986BEBFE77C74CCA7C6D9F84"
	    "E911030DDF010", 0, "P0" },
	{ "R version D", A,
	    "RD0112P0TB00S00001BD5CF8E781DC0D57AD5759F85FD0CF848E239CF99F"
	    "F7B549D6514DFA8719EAB3DC2EF15D1B967EE4939AC9B89689225", 0, "P0" },
	{ "the ZKA master key", Z,
	    "RB008011TX00S000063EE2CD70B1F7B75A8D7856B1D9DA20CFCB5AA7CDB6"
	    "069367C543A223B18BAD2", 0, "53" },
	{ "S under an LMK", Z,
	    "S0007272TB00N0001F757AB86F2E3543E50010A8D136432CA6EC5D4E2970"
	    "E460A05427AF8", ERR_LMK_BLOCK, "" },
	{ "a version of the other cipher", A,
	    "RB0080P0TB00S0000A241400864C206B8DD8E670EA4A4B85C182CD21D28D"
	    "52E6ABDC89D3D99A17F1A", ERR_WRAPPING_KEY, "" },
	{ "under another key", Z,
	    "RB0080P0TB00S0000A12B5617918A367FF7CF93B61B58C0D4597E15A38B2"
	    "1F2C7FD1CC500D3A59369", ERR_BLOCK_MAC, "" },
	{ "an unknown usage", Z,
	    "S00072Z9TB00N00FFD226242006F640F12A4C13A905F033E6DA8988BB3A0"
	    "94783E97A2681", ERR_USAGE, "" },
};

static struct key *
zmk_of(const char *hex)
{
	struct key *zmk = keys_key(hex);

	zmk->aes = zmk->len == 32;
	return zmk;
}

static void
test_in(void **state)
{
	const struct in *row = *state;
	struct key *key = key_take();

	assert_int_equal(key_import_block(zmk_of(row->zmk), span_str(row->field), key),
	    row->want);
	if (row->want == 0) {
		keys_same(key->bytes, key->len, CLEAR);
		assert_memory_equal(key->header.usage, row->usage, 2);
		assert_int_equal(key->type, KEYTYPE_BLOCK);
		assert_int_equal(key->scheme, row->field[0]);
	}
	keys_done();
}

static const struct out {
	const char *name, *zmk;
	char        scheme, version;
	const char *usage;
	int         want;
	const char *start;
} outs[] = {
	{ "S under triple DES",     Z, 'S', 0,   "72", 0, "S0007272TB00N00FF" },
	{ "S under AES",            A, 'S', 0,   "72", 0, "S1009672TB00N00FF" },
	{ "R of its own choice",    Z, 'R', 0,   "72", 0, "RB0080P0TB00N0000" },
	{ "R of its own choice, AES", A, 'R', 0, "72", 0, "RD0112P0TB00N0000" },
	{ "R version C",            Z, 'R', 'C', "72", 0, "RC0072P0TB00N0000" },
	{ "R version D needs AES",  Z, 'R', 'D', "72", ERR_WRAPPING_KEY, "" },
	{ "R version B needs DES",  A, 'R', 'B', "72", ERR_WRAPPING_KEY, "" },
	{ "no such version",        Z, 'R', 'E', "72", ERR_WRAPPING_KEY, "" },
	{ "a usage TR-31 has not",  Z, 'R', 0,   "24", ERR_USAGE, "" },
};

static void
test_out(void **state)
{
	const struct out *row = *state;
	struct key *key = keys_key(CLEAR), *back = key_take(), *zmk = zmk_of(row->zmk);
	const struct keyblock_header h = { .version = '1',
		.usage = { row->usage[0], row->usage[1] }, .algorithm = 'T', .mode = 'B',
		.key_version = { '0', '0' }, .exportability = 'N' };
	const struct key_block_form form = { row->scheme, row->version, &h };
	char field[KEY_FIELD_MAX];
	size_t n;

	assert_int_equal(key_export_block(zmk, key, &form, field, &n), row->want);
	if (row->want == 0) {
		assert_memory_equal(field, row->start, strlen(row->start));
		assert_int_equal(key_import_block(zmk, span_of(field, n), back), 0);
		keys_same(back->bytes, back->len, CLEAR);
	}
	keys_done();
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, ins, test_in);
	ROWS(&r, outs, test_out);
	return rows_run(&r, "key_block", keys_setup, NULL);
}
