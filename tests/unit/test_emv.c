/* emv: card keys, session keys, cryptograms and ARPCs that were published. */
#include "crypto/emv.h"

#include "err.h"
#include "keys.h"

#define K2   "0123456789ABCDEFFEDCBA9876543210"
#define KJ   "13345779133457791334577913345779"
#define KAB  "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBB"
#define K1K1 "0123456789ABCDEF0123456789ABCDEF"
#define CARD "3456789012345600"	/* PAN 1234567890123456, sequence number 00 */
#define JPOS "000000010000000000001000084000000010800840980704001111111158003456A08003242000"

/* A span of the bytes of hexadecimal text, in the room of the caller. */
static struct span
bytes(const char *hex, uint8_t *room)
{
	return span_of(room, keys_bytes(hex, room));
}

/* pyemv's tests of ICC master keys. */
static const struct derive {
	const char *name;
	bool        b;
	const char *pan_psn;
	const char *key;
} derives[] = {
	{ "option A, PAN 99012345678901234, 45", false, "1234567890123445",
	    "67F8292358083E5EA7AB7FDA58D53B6B" },
	{ "option A, PAN 12345678901234567, 01", false, "4567890123456701",
	    "73AD54688CEF2934B0979857E3C719F1" },
	{ "option B, PAN 12345678901234567, 01", true, "01234567890123456701",
	    "AD406D7F6D7570916D75E5DCAB8CF737" },
	{ "option B, a digest with few digits", true, "00000000000000000523",
	    "2608BAA2378C92DAE0948A97E0CD230B" },
	{ "option B of a short PAN is A", true, "901234567890123445",
	    "67F8292358083E5EA7AB7FDA58D53B6B" },
};

static void
test_derive(void **state)
{
	const struct derive *row = *state;
	struct key *card = keys_key("");
	uint8_t room[16];

	assert_int_equal((row->b ? emv_card_b : emv_card)(keys_key(K2),
	    bytes(row->pan_psn, room), card), 0);
	keys_same(card->bytes, card->len, row->key);
	assert_true(card->odd);
	keys_done();
}

enum way { COMMON, VISA, TREE_2, TREE_4 };

/* pyemv's tests of session keys. */
static const struct session {
	const char *name;
	enum way    way;
	const char *card;
	const char *data;	/* or ATC */
	const char *iv;
	const char *key;
} sessions[] = {
	{ "common", COMMON, K2, "001C000000000000", NULL,
	    "E9FB384AF807B940FEDCEA613461B0C4" },
	{ "Visa's for scripts", VISA, K2, "000000000000001C", NULL,
	    "0123456789ABCDF2FEDCBA987654CDF2" },
	{ "tree of four branches, first leaf", TREE_4, K1K1, "0000",
	    "00000000000000000000000000000000", "80BF3145AECB948A5201DAB9EF469875" },
	{ "tree of four branches, with an IV", TREE_4, K1K1, "00FF",
	    "F0F0F0F0F0F0F0F0F0F0F0F0F0F0F0F0", "D579C8A4927589017FA1739B2C853BAD" },
	{ "tree of two branches, last leaf", TREE_2, K1K1, "FFFF",
	    "00000000000000000000000000000000", "F83E499EF786C20BC41310A176E3F84F" },
	{ "tree of two branches, with an IV", TREE_2, K1K1, "00FF",
	    "F0F0F0F0F0F0F0F0F0F0F0F0F0F0F0F0", "2086F81AAB731FF8CED9BF6DA7191CA2" },
};

static int
derive_session(enum way way, struct key *card, struct span data, struct span iv,
    struct key *session)
{
	switch (way) {
	case COMMON:
		return emv_session(card, data, session);
	case VISA:
		return emv_session_visa(card, data, session);
	default:
		return emv_session_tree(card, iv, data,
		    way == TREE_2 ? EMV_TREE_2_16 : EMV_TREE_4_8, session);
	}
}

static void
test_session(void **state)
{
	const struct session *row = *state;
	struct key *session = keys_key("");
	uint8_t room[8], iv[16];

	assert_int_equal(derive_session(row->way, keys_key(row->card), bytes(row->data, room),
	    row->iv != NULL ? bytes(row->iv, iv) : span_of(NULL, 0), session), 0);
	keys_same(session->bytes, session->len, row->key);
	assert_true(session->odd);
	keys_done();
}

static const struct cryptogram {
	const char *name;
	const char *mk_ac;
	const char *pan_psn;
	const char *r;		/* of the session, NULL: the card's own key */
	const char *data;
	const char *ac;
} cryptograms[] = {
	{ "Visa CVN 10 (go_hsm README)", K2, "1111111111111100", NULL,
	    "0000000123000000000000000784800004800008402505220052BF45851800005E06011203",
	    "076C5766F738E9A6" },
	{ "Visa CVN 10 (pyemv)", K2, CARD, NULL,
	    "0000000040000000000000000124800004800001241911050152BF45851800001C03A06010",
	    "29CCA15AE665FA2E" },
	{ "Visa CVN 18 (pyemv)", K2, CARD, "001C000000000000",
	    "0000000040000000000000000124800004800001241911050152BF45851800001C"
	    "06011203A0B8008000000000000000", "7A788EA6B8A3E733" },
	{ "Visa (jPOS)", KJ, CARD, NULL, JPOS, "26C8A1042D1CAF3E" },
	{ "Mastercard (jPOS)", KJ, CARD, "3456000011111111", JPOS, "9FFD1D52AE0EC0F3" },
	{ "Mastercard CVN 16, padded by the host (pyemv)", K2, CARD, "001C0000ABCDEF12",
	    "00000000999900000000000001248000000000012420990600ABCDEF12180000"
	    "1CA0000322000080", "24CCF3DEE3158C70" },
	{ "Mastercard CVN 17, padded by the host (pyemv)", K2, CARD, "001C0000ABCDEF12",
	    "00000000999900000000000001248000000000012420990600ABCDEF12180000"
	    "1CA0000322000000000000000322FF80", "EAE8A620A75648D8" },
};

static void
test_cryptogram(void **state)
{
	const struct cryptogram *row = *state;
	struct key *card = keys_key(""), *session = keys_key("");
	uint8_t y[8], r[8], data[256], ac[EMV_CRYPTOGRAM_LEN];

	assert_int_equal(emv_card(keys_key(row->mk_ac), bytes(row->pan_psn, y), card), 0);
	if (row->r != NULL)
		assert_int_equal(emv_session(card, bytes(row->r, r), session), 0);
	assert_int_equal(emv_cryptogram(row->r != NULL ? session : card,
	    bytes(row->data, data), ac), 0);
	keys_same(ac, sizeof(ac), row->ac);
	keys_done();
}

/* With a key as it is; pyemv and jPOS. */
static const struct arpc {
	const char *name;
	const char *key;
	const char *arqc, *arc;		/* or CSU and proprietary data */
	const char *own;		/* NULL: method 1 */
	const char *arpc;
} arpcs[] = {
	{ "method 1 (pyemv)", KAB, "1234567890ABCDEF", "0000", NULL, "F5E6F44147E2F1B0" },
	{ "method 2 (pyemv)", KAB, "1234567890ABCDEF", "00000000", "", "9308BEBC" },
};

/* With the card's own key. */
static const struct arpc card_arpcs[] = {
	{ "characters 00 (pyemv, Visa CVN 10)", K2, "29CCA15AE665FA2E", "3030", NULL,
	    "28993816AFAE4AEB" },
	{ "0010 (pyemv, Mastercard CVN 16)", K2, "24CCF3DEE3158C70", "0010", NULL,
	    "73F6BBF389A6586C" },
	{ "0010 (pyemv, Mastercard CVN 17)", K2, "EAE8A620A75648D8", "0010", NULL,
	    "29CF11FBDB9CA650" },
};

static void
check_arpc(const struct arpc *row, struct key *key)
{
	uint8_t arqc[8], arc[4], own[8], arpc[EMV_CRYPTOGRAM_LEN];
	size_t n = row->own != NULL ? EMV_ARPC2_LEN : EMV_CRYPTOGRAM_LEN;

	if (row->own != NULL)
		assert_int_equal(emv_arpc2(key, bytes(row->arqc, arqc),
		    bytes(row->arc, arc), bytes(row->own, own), arpc), 0);
	else
		assert_int_equal(emv_arpc(key, bytes(row->arqc, arqc),
		    bytes(row->arc, arc), arpc), 0);
	keys_same(arpc, n, row->arpc);
	keys_done();
}

static void
test_arpc(void **state)
{
	const struct arpc *row = *state;

	check_arpc(row, keys_key(row->key));
}

static void
test_card_arpc(void **state)
{
	const struct arpc *row = *state;
	struct key *card = keys_key("");
	uint8_t y[8];

	assert_int_equal(emv_card(keys_key(row->key), bytes(CARD, y), card), 0);
	check_arpc(row, card);
}

/* With openssl enc -des-ede3 -nopad, step by step as emv.h says. */
static const struct data_mac {
	const char *name;
	const char *data;
	const char *mac;
} data_macs[] = {
	{ "filled with zeros", "0A0B0C0D0E",       "185E3669" },
	{ "a whole block",     "0102030405060708", "91764EE3" },
};

static void
test_data_mac(void **state)
{
	const struct data_mac *row = *state;
	struct key *card = keys_key("");
	uint8_t y[8], data[16], mac[EMV_DATA_MAC_LEN];

	assert_int_equal(emv_card(keys_key(K2), bytes(CARD, y), card), 0);
	assert_int_equal(emv_data_mac(card, bytes(row->data, data), mac), 0);
	keys_same(mac, sizeof(mac), row->mac);
	keys_done();
}

/* Made with emv_code's inverse: a block of counters encrypted by des3_once. */
static const struct counters {
	const char *name;
	const char *clear;
	int         want;
} counters[] = {
	{ "an amount and a number",   "0000000123450780", 0 },
	{ "a letter in the amount",   "00000001234A0780", ERR_VERIFY },
	{ "a letter in front",        "A000000123450780", ERR_VERIFY },
	{ "another byte at the end",  "0000000123450700", ERR_VERIFY },
};

static void
test_counters(void **state)
{
	const struct counters *row = *state;
	struct key *key = keys_key(K2);
	uint8_t block[8], clear[EMV_COUNTERS_LEN];

	keys_bytes(row->clear, block);
	assert_int_equal(des3_once(key->bytes, key->len, 1, block, block, 8), 0);
	assert_int_equal(emv_counters(key, span_of(block, 8), clear), row->want);
	if (row->want == 0)
		keys_same(clear, sizeof(clear), "00000001234507");
	keys_done();
}

static const struct bad {
	const char *name;
	const char *key;
	size_t      n;		/* bytes of what is 8, and 2, 4, 16 in proportion */
	int         want;
} bads[] = {
	{ "a single-length key", "0123456789ABCDEF",    8, ERR_KEY_LENGTH },
	{ "a triple-length key", K2 "89ABCDEF01234567", 8, ERR_KEY_LENGTH },
	{ "data cut short",      K2,                    4, ERR_INPUT },
};

static void
test_bad(void **state)
{
	static const uint8_t zeros[16];
	const struct bad *row = *state;
	struct key *key = keys_key(row->key), *out = keys_key("");
	struct span block = span_of(zeros, row->n), atc = span_of(zeros, row->n / 4);
	struct span csu = span_of(zeros, row->n / 2), iv = span_of(zeros, 2 * row->n);
	uint8_t bytes8[8];

	assert_int_equal(emv_card(key, block, out), row->want);
	assert_int_equal(emv_session(key, block, out), row->want);
	assert_int_equal(emv_session_visa(key, block, out), row->want);
	assert_int_equal(emv_session_tree(key, iv, atc, EMV_TREE_2_16, out), row->want);
	assert_int_equal(emv_arpc(key, block, atc, bytes8), row->want);
	assert_int_equal(emv_arpc2(key, block, csu, csu, bytes8), row->want);
	assert_int_equal(emv_code(key, block, bytes8), row->want);
	assert_int_equal(emv_counters(key, block, bytes8), row->want);
	if (row->want == ERR_KEY_LENGTH) {
		assert_int_equal(emv_cryptogram(key, block, bytes8), row->want);
		assert_int_equal(emv_data_mac(key, block, bytes8), row->want);
	}
	keys_done();
}

static void
test_bad_b(void **state)
{
	static const uint8_t digits[12] = { 0x12 };
	static const uint8_t letters[10] = { 0x1A };
	struct key *key = keys_key(K2), *out = keys_key("");

	(void)state;
	assert_int_equal(emv_card_b(key, span_of(digits, 1), out), ERR_INPUT);
	assert_int_equal(emv_card_b(key, span_of(digits, 11), out), ERR_INPUT);
	assert_int_equal(emv_card_b(key, span_of(digits, 12), out), ERR_INPUT);
	assert_int_equal(emv_card_b(key, span_of(letters, 10), out), ERR_INPUT);
	keys_done();
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, derives, test_derive);
	ROWS(&r, sessions, test_session);
	ROWS(&r, cryptograms, test_cryptogram);
	ROWS(&r, arpcs, test_arpc);
	ROWS(&r, card_arpcs, test_card_arpc);
	ROWS(&r, data_macs, test_data_mac);
	ROWS(&r, counters, test_counters);
	ROWS(&r, bads, test_bad);
	rows_add(&r, "PANs that option B does not take", test_bad_b, NULL);
	return rows_run(&r, "emv", keys_setup, NULL);
}
