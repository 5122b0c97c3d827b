/* emv: card keys, session keys, cryptograms and ARPCs that were published. */
#include "crypto/emv.h"

#include "err.h"
#include "keys.h"

#define K2   "0123456789ABCDEFFEDCBA9876543210"
#define KJ   "13345779133457791334577913345779"
#define CARD "3456789012345600"	/* PAN 1234567890123456, sequence number 00 */

/* pyemv's tests; the PAN/PSN block is the right-most 16 digits of both. */
static const struct derive {
	const char *name;
	const char *pan_psn;
	const char *key;
} derives[] = {
	{ "PAN 99012345678901234, 45", "1234567890123445", "67F8292358083E5EA7AB7FDA58D53B6B" },
	{ "PAN 12345678901234567, 01", "4567890123456701", "73AD54688CEF2934B0979857E3C719F1" },
};

static void
test_derive(void **state)
{
	const struct derive *row = *state;
	uint8_t y[8], key[EMV_KEY_LEN];

	keys_bytes(row->pan_psn, y);
	assert_int_equal(emv_card_key(keys_key(K2), span_of(y, 8), key), 0);
	keys_same(key, sizeof(key), row->key);
	keys_done();
}

/* pyemv's test of the common session key: R is ATC 001C and zeros. */
static void
test_session(void **state)
{
	uint8_t key[EMV_KEY_LEN], r[8] = { 0x00, 0x1C }, session[EMV_KEY_LEN];

	(void)state;
	keys_bytes(K2, key);
	assert_int_equal(emv_session_key(key, r, session), 0);
	keys_same(session, sizeof(session), "E9FB384AF807B940FEDCEA613461B0C4");
}

static const struct cryptogram {
	const char     *name;
	enum emv_scheme scheme;
	const char     *mk_ac;
	const char     *pan_psn;
	const char     *atc, *un;
	const char     *data;
	const char     *ac;
} cryptograms[] = {
	{ "Visa CVN 10 (go_hsm README)", EMV_VISA, K2, "1111111111111100", "005E", "52BF4585",
	    "0000000123000000000000000784800004800008402505220052BF45851800005E06011203",
	    "076C5766F738E9A6" },
	{ "Visa CVN 10 (pyemv)", EMV_VISA, K2, CARD, "001C", "52BF4585",
	    "0000000040000000000000000124800004800001241911050152BF45851800001C03A06010",
	    "29CCA15AE665FA2E" },
	{ "Visa (jPOS)", EMV_VISA, KJ, CARD, "3456", "11111111",
	    "00000001000000000000100008400000001080084098070400111111115800"
	    "3456A08003242000", "26C8A1042D1CAF3E" },
	{ "Amex as Visa", EMV_AMEX, KJ, CARD, "3456", "11111111",
	    "00000001000000000000100008400000001080084098070400111111115800"
	    "3456A08003242000", "26C8A1042D1CAF3E" },
	{ "Mastercard (jPOS)", EMV_MASTERCARD, KJ, CARD, "3456", "11111111",
	    "00000001000000000000100008400000001080084098070400111111115800"
	    "3456A08003242000", "9FFD1D52AE0EC0F3" },
	{ "Mastercard CVN 16, padded by the host (pyemv)", EMV_MASTERCARD, K2, CARD, "001C",
	    "ABCDEF12", "00000000999900000000000001248000000000012420990600ABCDEF12180000"
	    "1CA0000322000080", "24CCF3DEE3158C70" },
	{ "Mastercard CVN 17, padded by the host (pyemv)", EMV_MASTERCARD, K2, CARD, "001C",
	    "ABCDEF12", "00000000999900000000000001248000000000012420990600ABCDEF12180000"
	    "1CA0000322000000000000000322FF80", "EAE8A620A75648D8" },
};

static void
test_cryptogram(void **state)
{
	const struct cryptogram *row = *state;
	uint8_t y[8], atc[2], un[4], data[256], ac[EMV_CRYPTOGRAM_LEN];
	struct emv_card card = { span_of(y, 8), span_of(atc, 2), span_of(un, 4) };
	struct span text;

	keys_bytes(row->pan_psn, y);
	keys_bytes(row->atc, atc);
	keys_bytes(row->un, un);
	text = span_of(data, keys_bytes(row->data, data));
	assert_int_equal(emv_cryptogram(keys_key(row->mk_ac), row->scheme, &card, text, ac), 0);
	keys_same(ac, sizeof(ac), row->ac);
	keys_done();
}

static const struct arpc {
	const char *name;
	const char *arqc, *arc;
	const char *arpc;
} arpcs[] = {
	{ "characters 00 (pyemv, Visa CVN 10)", "29CCA15AE665FA2E", "3030", "28993816AFAE4AEB" },
	{ "0010 (pyemv, Mastercard CVN 16)", "24CCF3DEE3158C70", "0010", "73F6BBF389A6586C" },
	{ "0010 (pyemv, Mastercard CVN 17)", "EAE8A620A75648D8", "0010", "29CF11FBDB9CA650" },
};

static void
test_arpc(void **state)
{
	const struct arpc *row = *state;
	uint8_t y[8], arqc[8], arc[2], arpc[EMV_CRYPTOGRAM_LEN];

	keys_bytes(CARD, y);
	keys_bytes(row->arqc, arqc);
	keys_bytes(row->arc, arc);
	assert_int_equal(emv_arpc(keys_key(K2), span_of(y, 8), span_of(arqc, 8),
	    span_of(arc, 2), arpc), 0);
	keys_same(arpc, sizeof(arpc), row->arpc);
	keys_done();
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
	uint8_t y[8], data[16], mac[EMV_DATA_MAC_LEN];
	struct span text = span_of(data, keys_bytes(row->data, data));

	keys_bytes(CARD, y);
	assert_int_equal(emv_data_mac(keys_key(K2), span_of(y, 8), text, mac), 0);
	keys_same(mac, sizeof(mac), row->mac);
	keys_done();
}

static const struct bad {
	const char *name;
	const char *key;
	size_t      pan_psn, atc, un;
	int         want;
} bads[] = {
	{ "a single-length key",  "0123456789ABCDEF",     8, 2, 4, ERR_KEY_LENGTH },
	{ "a triple-length key",  K2 "89ABCDEF01234567",  8, 2, 4, ERR_KEY_LENGTH },
	{ "PAN/PSN cut short",    K2,                     7, 2, 4, ERR_INPUT },
	{ "ATC cut short",        K2,                     8, 1, 4, ERR_INPUT },
	{ "UN cut short",         K2,                     8, 2, 3, ERR_INPUT },
};

static void
test_bad(void **state)
{
	static const uint8_t zeros[8];
	const struct bad *row = *state;
	struct key *key = keys_key(row->key);
	struct emv_card card = {
		span_of(zeros, row->pan_psn), span_of(zeros, row->atc), span_of(zeros, row->un)
	};
	uint8_t out[EMV_CRYPTOGRAM_LEN];

	assert_int_equal(emv_cryptogram(key, EMV_VISA, &card, SPAN("x"), out), row->want);
	if (row->atc == EMV_ATC_LEN && row->un == EMV_UN_LEN) {
		assert_int_equal(emv_arpc(key, card.pan_psn, span_of(zeros, 8),
		    span_of(zeros, 2), out), row->want);
		assert_int_equal(emv_data_mac(key, card.pan_psn, SPAN("x"), out), row->want);
	}
	keys_done();
}

static void
test_bad_arpc(void **state)
{
	static const uint8_t zeros[8];
	struct key *key = keys_key(K2);
	uint8_t out[EMV_CRYPTOGRAM_LEN];

	(void)state;
	assert_int_equal(emv_arpc(key, span_of(zeros, 8), span_of(zeros, 7), span_of(zeros, 2),
	    out), ERR_INPUT);
	assert_int_equal(emv_arpc(key, span_of(zeros, 8), span_of(zeros, 8), span_of(zeros, 3),
	    out), ERR_INPUT);
	keys_done();
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, derives, test_derive);
	ROWS(&r, cryptograms, test_cryptogram);
	ROWS(&r, arpcs, test_arpc);
	ROWS(&r, data_macs, test_data_mac);
	ROWS(&r, bads, test_bad);
	rows_add(&r, "common session key", test_session, NULL);
	rows_add(&r, "ARQC or ARC of another length", test_bad_arpc, NULL);
	return rows_run(&r, "emv", keys_setup, NULL);
}
