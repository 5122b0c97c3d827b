/* dukpt: the transactions of ANSI X9.24-1:2009, annex A.4, and the rules for a KSN. */
#include "crypto/dukpt.h"

#include "crypto/mac.h"
#include "err.h"
#include "keys.h"

#define BDK   "0123456789ABCDEFFEDCBA9876543210"
#define CLEAR "041274EDCBA9876F"	/* PIN 1234, account 401234567890 */

/* The annex's message for MACs, and the same with zeros behind it for data. */
static const char message[24] = "4012345678909D987";
enum { MESSAGE = 17, DATA = 24 };

/* KSN FFFF9876543210 + counter; MACs are the left half. */
static const struct row {
	const char *name;
	const char *key, *block, *mac, *mac_response, *data;
} rows[] = {
	{ "E00001", "042666B49184CFA368DE9628D0397BC9",
	    "1B9C1845EB993A7A", "9CCC7817", "20364223",
	    "FC0D53B7EA1FDA9EE68AAF2E70D9B9506229BE2AA993F04F" },
	{ "E00002", "C46551CEF9FD24B0AA9AD834130D3BC7",
	    "10A01C8D02C69107", "F608A9BC", "D1FCA6BE",
	    "A2B4E70F846E63D68775B7215EB4563DFD3037244C61CC13" },
	{ "E00003", "0DF3D9422ACA56E547676D07AD6BADFA",
	    "18DC07B94797B466", "20B59A4F", "BAD4CC9C",
	    "BD751E65F10E75B6C1D5B1D283496A36C2DE21D993C387A7" },
	{ "E00005", "5F8DC6D2C845C125508DDC048093B83F",
	    "5BC0AF22AD87B327", "0202B963", "5CBE3E81",
	    "9FD7BD1EC28845ACA93367A9DA9317BD555C6B33AE22D365" },
	{ "E00007", "0C8F780B7C8B49D0AE84A9EB2A6CE660",
	    "27711C16CB257F8E", "B11EB0D9", "053EFD39",
	    "24700BD6F17751531F2A16CE2AF7731101E6F87839C67244" },
	{ "E00008", "27F66D5244FF62E1AA6F6120EDEB4280",
	    "50E55547A5027551", "3679055B", "7FACA91D",
	    "5F6584DEAFC51B48A239B51C2DACA97176C01D9CA8EDC33C" },
	{ "E00009", "27E31064FDC565698900E2057F658E7E",
	    "536CF7F678ACFC8D", "26AA23DC", "37F17B8F",
	    "7CB9080923ED4D7D8D1B8A2849331684CC910522023BE537" },
	{ "E0000A", "6CF2500A22507C7CC776CEADC1E33014",
	    "EDABBA23221833FE", "1632621C", "CE038CC9",
	    "C221F5A8CA5DA909BE04938E0FB8DFCFB30ED0D62B590663" },
	{ "E0000E", "A80046087F5B8F245AAD95E18429084F",
	    "F17C9E1D72CD4950", "4EC79532", "55233989",
	    "48207931E5F6E5E3E02E7E1D7BED4E3232FCA67E66A31F61" },
	{ "E0000F", "93DD5B956C4878472E453AAEFD32A5AA",
	    "B170F6E7F7F2F64A", "82500D05", "AFE23CBA",
	    "166246602B1255114A4012513B0DD4A9E19E82C945860C55" },
	{ "E00010", "59598DCBD9BD94C094165CE453585F57",
	    "D5D9638559EF53D6", "D39D3A59", "9E933C88",
	    "53EDA44BDBCA037B2D3FEAEBAF73499336767BD1D0D09679" },
	{ "E00011", "2B5F01F4F0CC05EA639D523231BF1BA2",
	    "D544F8CDD292C863", "F094AF93", "631E7B39",
	    "086F3F46238B99AFB35DA42029675EE1FAB1C606307B35FB" },
	{ "E00013", "C3DF489FDF1153B4F03DE97C27DC4C2F",
	    "78649BD17D0DFA60", "79285A17", "FCE7A5A5",
	    "2FEAE132FA0E46B4ABF55A87477AFA907E598868BCC236DA" },
	{ "E00015", "E161D1956A61F6D2F37AFD7F9CC3699A",
	    "72105C22EBC791E6", "B2033EBD", "BDA3AEE1",
	    "42A9342FD5C1ACD20E137950A7368D2BBE884275B7906918" },
	{ "EFF801", "5BEE92627E97825C911BF619DF72CA3B",
	    "3A86BF003F835C9D", "97623632", "69D1EF47",
	    "55374FDBB3B2B4ED0751243FC0C54DB1F3F3CF76F0C0B3C4" },
	{ "EFF802", "64CA2F8AB93F61B01620B00BF77C7301",
	    "3DB977D05C36DF3F", "72608521", "BF7036B7",
	    "74A1250E3234DEDEB422FA7F862C484BBA6924DF9BC32CE5" },
	{ "EFF808", "12C380FCB72ED3C26FC6079AF63F4787",
	    "B0DA04AC90A36D85", "5E00713D", "E8D8026A",
	    "F87F61877DFF1CD39A635BEA4D15F81D30793B9157805BE4" },
	{ "EFF810", "D8007C833A1E3C49C6889B97A68C54FF",
	    "2CF02BD9C309EEDA", "1BCCF968", "9623FF45",
	    "4DEA2DDA8D079F8040CAD885C29A4037E9490480256D074D" },
	{ "EFF820", "A9C9FF9B735FDD49591F296B0BF0FD70",
	    "9D1E2F77AEEE81C6", "2F6D2191", "FF864D19",
	    "CE625FFBBB339C8305FA86CBFD192F4292B29962649947DD" },
	{ "EFF840", "0E3E221062CB5E03A384602783A004FA",
	    "40870B0F8BA2011C", "4DA4CBAC", "3CE7AD50",
	    "29DDF3F2C3B9BE76A8338E2B22BA668B68B46AAE9C714607" },
	{ "EFF900", "906AAC1751D4971A144D52C76C6E1F97",
	    "1A4C10AFBA03A430", "D6BEAA71", "5D461B71",
	    "C653AFCD3245ADB3B113FFC48B46BD0B6C5B3B5FB10044EE" },
	{ "EFFA00", "2B9E2CE7C2750337E10B54D2989EA6AF",
	    "849763B43E5F9CFF", "93930C9F", "531DA5F9",
	    "50EB117D8CB2BE5ADBBE98B6570C557C13622688A61D559D" },
	{ "F00000", "AA4D58DB653EC74A48C75F2F047DD2B5",
	    "73EC88AD0AC5830E", "7DFA9315", "1444BEC3",
	    "1E830E7F53FC171E35380145320233EF9C6F3B08CED984AB" },
};

static struct key *
derive(const char *counter, enum dukpt_use use)
{
	struct key *key = key_take();
	uint8_t ksn[DUKPT_KSN_LEN];
	char text[DUKPT_KSN_MOST + 1] = "FFFF9876543210";

	memcpy(text + 14, counter, 6);
	assert_non_null(key);
	assert_int_equal(dukpt_ksn(span_str(text), ksn), 0);
	assert_int_equal(dukpt_derive(keys_key(BDK), ksn, use, key), 0);
	assert_int_equal(key->len, 16);
	return key;
}

static void
check_mac(const char *counter, enum dukpt_use use, const char *want)
{
	struct key *key = derive(counter, use);
	uint8_t mac[MAC_LEN];

	assert_int_equal(mac_retail(key->bytes, key->len, MAC_PAD_ZEROS,
	    span_of(message, MESSAGE), mac), 0);
	keys_same(mac, MAC_LEN / 2, want);
	keys_done();
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	uint8_t block[DES_BLOCK], data[DATA], chained[DES_BLOCK] = { 0 };
	struct key *key;

	keys_same(derive(row->name, DUKPT_TRANSACTION)->bytes, 16, row->key);
	key = derive(row->name, DUKPT_PIN);
	keys_bytes(CLEAR, block);
	assert_int_equal(des3_encrypt(key_des(key), block, block, sizeof(block)), 0);
	keys_same(block, sizeof(block), row->block);
	keys_done();
	check_mac(row->name, DUKPT_MAC, row->mac);
	check_mac(row->name, DUKPT_MAC_RESPONSE, row->mac_response);
	key = derive(row->name, DUKPT_DATA);
	for (size_t i = 0; i < DATA; i += DES_BLOCK) {
		assert_int_equal(des3_cbc_once(key->bytes, key->len, chained,
		    (const uint8_t *)message + i, DES_BLOCK), 0);
		memcpy(data + i, chained, DES_BLOCK);
	}
	keys_same(data, DATA, row->data);
	keys_done();
}

/* The key of data responses: its mask applied to the published key, then itself encrypted. */
static void
test_data_response(void **state)
{
	(void)state;
	keys_same(derive("E00001", DUKPT_DATA_RESPONSE)->bytes, 16,
	    "AD7BFC8B06AD3A08A560B4105CF8D9E5");
	keys_done();
}

static void
test_initial(void **state)
{
	struct key *key = key_take();

	(void)state;
	assert_int_equal(dukpt_initial_key(keys_key(BDK), SPAN("FFFF9876543210E"), key), 0);
	/* published as 6AC292FAA1315B4D858AB3A3D7D5933A; parity is made odd */
	keys_same(key->bytes, 16, "6BC292FBA1315B4C858AB3A2D6D5923B");
	assert_int_equal(dukpt_initial_key(keys_key(BDK), SPAN("FFFF9876543210F"), key),
	    ERR_INPUT);
	assert_int_equal(dukpt_initial_key(keys_key(BDK), SPAN("FFFF9876543210"), key), ERR_INPUT);
	assert_int_equal(dukpt_initial_key(keys_key(BDK "0123456789ABCDEF"),
	    SPAN("FFFF9876543210E"), key), ERR_KEY_LENGTH);
	keys_done();
}

static const struct ksn {
	const char *name;
	const char *text;
	int         want;
	const char *bytes;
	bool        good;
} ksns[] = {
	{ "whole",                  "FFFF9876543210E00001", 0, "FFFF9876543210E00001", true },
	{ "16 digits behind F",     "9876543210E00001", 0, "FFFF9876543210E00001", true },
	{ "12 digits behind F",     "3210E0000003", 0, "FFFFFFFF3210E0000003", true },
	{ "counter of ten ones",    "FFFF9876543210FFF800", 0, "FFFF9876543210FFF800", true },
	{ "counter of eleven ones", "FFFF9876543210FFFC00", 0, "FFFF9876543210FFFC00", false },
	{ "counter of one bit, the top", "FFFF9876543210F00000", 0, "FFFF9876543210F00000", true },
	{ "counter of 21 ones",     "FFFF9876543210FFFFFF", 0, "FFFF9876543210FFFFFF", false },
	{ "counter of zero behind a device of ones", "FFFFFFFFFFFFFFE00000", 0,
	    "FFFFFFFFFFFFFFE00000", false },
	{ "counter of zero",        "FFFF9876543210E00000", 0, "FFFF9876543210E00000", false },
	{ "21 digits",              "FFFFF9876543210E00001", ERR_INPUT, NULL, false },
	{ "a letter G",             "FFFF9876543210E0000G", ERR_INPUT, NULL, false },
};

static void
test_ksn(void **state)
{
	const struct ksn *row = *state;
	uint8_t ksn[DUKPT_KSN_LEN];

	assert_int_equal(dukpt_ksn(span_str(row->text), ksn), row->want);
	if (row->want != 0)
		return;
	keys_same(ksn, sizeof(ksn), row->bytes);
	assert_int_equal(dukpt_counter_good(ksn), row->good);
}

static void
test_length(void **state)
{
	static const uint8_t ksn[DUKPT_KSN_LEN];
	struct key *key = key_take();

	(void)state;
	assert_int_equal(dukpt_derive(keys_key("0123456789ABCDEF"), ksn, DUKPT_PIN, key),
	    ERR_KEY_LENGTH);
	keys_done();
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	ROWS(&r, ksns, test_ksn);
	rows_add(&r, "data response", test_data_response, NULL);
	rows_add(&r, "initial keys", test_initial, NULL);
	rows_add(&r, "a single-length BDK", test_length, NULL);
	return rows_run(&r, "dukpt", keys_setup, NULL);
}
