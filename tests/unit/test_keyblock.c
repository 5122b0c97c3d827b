/*
 * keyblock: blocks of third parties and of our model, and forged ones.
 *
 * Rows with the name of a vector come from captures and published tests; the
 * others were made with a model in Python (cryptography 48), apart from this
 * code. Blocks are written here with their tag.
 */
#include "crypto/keyblock.h"

#include <stdio.h>

#include <sodium.h>

#include "crypto/aes.h"
#include "crypto/cmac.h"
#include "crypto/des3.h"
#include "err.h"
#include "keys.h"
#include "rng.h"

#define LMK_3DES "0123456789ABCDEF8080808080808080FEDCBA9876543210"
#define LMK_AES  "9B71333A13F9FAE72F9D0E2DAB4AD6784718012F9244033F3F26A2DE0C8AA11A"

/* Padding that a row gives, instead of random bytes: rng.c is not linked. */
static uint8_t pad[64];

void
rng_bytes(void *out, size_t n)
{
	assert_true(n <= sizeof(pad));
	memcpy(out, pad, n);
}

void
rng_library_bytes(void *out, size_t n)
{
	randombytes_buf(out, n);
}

uint32_t
rng_below(uint32_t bound)
{
	return bound - 1;
}

void
rng_repeat(uint64_t seed)
{
	(void)seed;
}

static const struct unwrap {
	const char *name, *kek, *block, *key, *kcv;
} unwraps[] = {
	{ "kb-iso1", LMK_AES,
	    "S10096C0TG00E00033C0789B4F31EAF09C2369718E56042A7F25CE120A1490CF25D5AC"
	    "9A96242903D2D7B92AB580BFBAA",
	    "730BC7029BDCA89B9BCD92089D7652B3", "B15040" },
	{ "kb-iso2", LMK_AES,
	    "S10096D0TB00N0003E28EE3EE557B3CD4D1239C692FCF9792F3C7F0D77952A57A7C64B"
	    "422A8673FDD663F5FCD88D7FE80",
	    "7C19B0D6DFA7C2EFCE620BB0C44C7340", "DAD604" },
	{ "kb-iso3", LMK_AES,
	    "S10096K0TN00E000353C5E6C6C42DDCD48EA0E2EF6ED4D0CF81F71EFEA8E7C0DFF7A1E"
	    "68F14B72082CA2265868C04F806",
	    "FD04B6F8E0A437D97A3462CB7F3D68B5", "A11629" },
	{ "kb-iso4", LMK_AES,
	    "S10096P0TB00E0003DBDDDC2ECFE9A09FBAE85D30BE33F2C3A36F90F9376D51B08107C"
	    "94589829CB0EF854682CA6FA90A",
	    "739E62976E387A0B8CEAC2104CB50D89", "DB5555" },
	{ "kb-iso5", LMK_AES,
	    "S10096P0TN00E00032064E90DF52228DC26D06EB751D3E3533D7B156209CAFDDBB067B"
	    "B71275981C2F6BA951AC759190D",
	    "B3DADA10E5ADDAADD0F219E9493126DA", "06B482" },
	{ "kb-mc1", LMK_AES,
	    "S10096B0AN00S000156B82A787599FA184E25CC67CD24EC67E213A6F95808FF9630E51"
	    "33D4441E445BCD6A901A898186F",
	    "AFF176C59049CAD1A171A0D55E9162F6", "30B3F2" },
	{ "kb-mc11", LMK_AES,
	    "S10128K0AN00S00014992CC54DBFA719AB7A7737F6A5DEE252384B03176F5A08BB75EA"
	    "F35F37C4CD86A0D7BD141A9BC6F77C9D81191A5F3E639AFC53C26D5325F",
	    "1234567890ABCDEFFEDCBA09876543211234567890ABCDEFFEDCBA0987654321", "F57B56" },
	{ "kb-mc2", LMK_AES,
	    "S10096B1AN00S00018BC6CA181E56E287AE228AF30042EB02458FCB6C0F0FEBA85131A"
	    "2428D1B9734CB14CA41B784D5AF",
	    "35F14B79557F9DAC781B525E796A1AB5", "DD3ABE" },
	{ "kb-mc6", LMK_AES,
	    "S10096B1AN00S00018BC6CA181E56E287AE228AF30042EB0299A2F2ECB2E33DBD6874B"
	    "A5AD16EDFC33FE7F26DCEB2E1AA",
	    "35F14B79557F9DAC781B525E796A1AB5", "DD3ABE" },
	{ "kb-mc7", LMK_AES,
	    "S10096B1AN00S00018BC6CA181E56E287AE228AF30042EB02AB833889479FEF72ABCAF"
	    "2D7DCFF9155D754D5500335436B",
	    "35F14B79557F9DAC781B525E796A1AB5", "DD3ABE" },
	{ "kb-mc9", LMK_AES,
	    "S10096B1AN00S00018BC6CA181E56E287AE228AF30042EB02CF256F3110E8682317CDF"
	    "BDFE65E3297A2B401FD19FA8BAE",
	    "35F14B79557F9DAC781B525E796A1AB5", "DD3ABE" },
	{ "kb-ut12", LMK_3DES,
	    "S00072K0TB00E00017CECF0FB9210B3CC93B9FFB304963C39CFFF94B837D318E1A6F1F"
	    "058",
	    "76E65BCDD3D923C15D9E239113E91F3B", "BB29F2" },
	{ "kb-ut13", LMK_3DES,
	    "S00072K0TB00E00019A75CB10B9C1359CFA732D39217C3667207E279FC9E845F64FEEE"
	    "9F0",
	    "0D32F132F8FD987051C4B52329914045", "116D94" },
	{ "kb-ut17", LMK_3DES,
	    "S00072M1TN00E0001FFE01E95CF21BDD0D74B6BEB70E3D9089110A50E6113C71BF8F80"
	    "9F5",
	    "762673ECB637ABD9A140625D94E515FE", "F808C2" },
	{ "kb-ut20", LMK_3DES,
	    "S00072P0TB00E0001EA421618B34F5FA1A77F7CF6480111B97CF0FAE7BD77D589EC921"
	    "EF9",
	    "98519E45CBB9291F49EFAD4AFEFDDC79", "4FE9FD" },
	{ "kb-ut21", LMK_3DES,
	    "S00072P0TB00N0001EA421618B34F5FA1A77F7CF6480111B921F02973DFC5A06F345B3"
	    "4FB",
	    "98519E45CBB9291F49EFAD4AFEFDDC79", "4FE9FD" },
	{ "kb-ut22", LMK_3DES,
	    "S00072V0TN00E000123721C789734ADC94BBA5A97A7926D5BAFA19AFC35D1D3126BD38"
	    "F85",
	    "2CF1CE9D52E53B1CC2D9F8F4E5B6B398", "210B96" },
	{ "kb-ut23", LMK_3DES,
	    "S00072V1TN00E00010AE0AD2B1990AB407FAD15059E287760A05DF4DA2391EAB138877"
	    "E22",
	    "38E6C12FC4CB168085230D0792315854", "31540C" },
	{ "kb-ut24", LMK_3DES,
	    "S00072V1TN00E00019412BA0AB9D9377261D2CDDB1C4A063ABF35B4CB9E98F7948A501"
	    "DA2",
	    "54A1521FDA7083E9C83E9EC4263786EC", "063DED" },
	{ "kb-ut25", LMK_3DES,
	    "S00072V2TN00E00014C0328F82856C4E6D7CCF7A9A1597CB0662C35A18CC72EB9CF979"
	    "17C",
	    "0B169746643829CD0489A8AB8A268016", "8ED1AC" },
	{ "kb-ut3", LMK_3DES,
	    "S0007272TN00E0001DE16F028F38CC385436D8E5B3DD4341F3E55379FBCB39710FE2BB"
	    "6B4",
	    "9EBA92C480D338D34C0BD33846CDFBFB", "4D66A4" },
	{ "kb-ut5", LMK_3DES,
	    "S00072B0TN00E0001566678078B5337915F4860C92F3FF2D6A6B11E8786F22DC8032EB"
	    "758",
	    "C8A16DABB957C1761652C1A49E836294", "97795F" },
	{ "kb-ut6", LMK_3DES,
	    "S00072C0TN00E0001A417975993E2331918759DD1656AC94306BE01C19FDE29E83A93A"
	    "B42",
	    "5179BFD6894C8937EFA1AD3BB9F2A17F", "EC7A50" },
	{ "kb-ut7", LMK_3DES,
	    "S00072D0TN00E00010EA718005998326E187E742CF400E5698F5E55E2A0A25A5FD9C5E"
	    "DDE",
	    "255DE58A08B9DF31DC927CD5E625FB20", "8EF13D" },
	{ "kb-ut8", LMK_3DES,
	    "S00072D0TN00E0001BD79343066F46B9C1279E2DE4382E56E6DD5BDCE0F850C7E44479"
	    "9D9",
	    "3DC72532F7940879E30B94FDC2E34062", "9E33BC" },
	{ "kb-ut9", LMK_3DES,
	    "S00072E0TN00E00017772090F5BDE6568F9B0EFDADD1D160CDB1655DE1984F00973EC3"
	    "596",
	    "4F2A25C49119019194F2D0AE43F4D579", "5E7AF8" },
	{ "tr31-10", "89E88CF7931444F334BD7547FC3F380C",
	    "RA0072P0TE00E0000F5161ED902807AF26F1D62263644BD24192FDB3193C730301CEE8"
	    "701",
	    "F039121BEC83D26B169BDCD5B22AAF8F", "" },
	{ "tr31-11", "DD7515F2BFC17F85CE48F3CA25CB21F6",
	    "RB0080P0TE00E000094B420079CC80BA3461F86FE26EFC4A3B8E4FA4C5F5341176EED7"
	    "B727B8A248E",
	    "3F419E1CB7079442AA37474C2EFBF8B8", "" },
	{ "tr31-13", "1D22BF32387C600AD97F9B97A51311AC",
	    "RB0104B0TX12S0100KS1800604B120F9292800000BB68BE8680A400D9191AD4ECE45B6"
	    "E6C0D21C4738A52190E248719E24B433627",
	    "E8BC63E5479455E26577F715D587FE68", "" },
	{ "tr31-14", "89E88CF7931444F334BD7547FC3F380C",
	    "RA0088P0TE00E00007DD4DD9566DC0E2F956DCAC0FDE9153159539373E9D82D3CD4AFD"
	    "305A7EF1BA67FE03712",
	    "F039121BEC83D26B169BDCD5B22AAF8F", "" },
	{ "tr31-17", "89E88CF7931444F334BD7547FC3F380C",
	    "RA0088P0TE00E00007DD4DD9566DC0E2F956DCAC0FDE91531723FD88F18DE071A57189"
	    "B4D3C483341ED79F4E0",
	    "F039121BEC83D26B169BDCD5B22AAF8F", "" },
	{ "tr31-18", "88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6",
	    "RD0112P0AE00E0000B82679114F470F540165EDFBF7E250FCEA43F810D215F8D207E2E"
	    "417C07156A27E8E31DA05F7425509593D03A457DC34",
	    "3F419E1CB7079442AA37474C2EFBF8B8", "" },
	{ "tr31-2", "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBB",
	    "RB0096M3TC00E0000B6CD513680EF255FC0DC590726FD0129A7CF6602E7F271631AB4E"
	    "E7350642F11181AF4CC12F12FD9",
	    "EEEEEEEEEEEEEEEE", "" },
	{ "tr31-4", "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBB",
	    "RA0088M3TC00E0000BE8AE894906D0B8F6FF555573A3907DC37FF13B12CE1CB8A97A97"
	    "C8414AE1A8FF9183122",
	    "CCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD", "" },
	{ "tr31-6", "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBB",
	    "RC0088M3TC00E00009BC6306FC31891BF87B3148463627B1D68C603D9FAB9074E4A0D2"
	    "E78D40B29905A826F5C",
	    "CCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD", "" },
	{ "tr31-7", "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCC",
	    "RA0088M3TC00E000022BD7EC46BBE2A6A73389D1BA6DB63120B386F912839F4679C052"
	    "3399E4D8D0F1D9A356E",
	    "CCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD", "" },
	{ "tr31-8", "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCC",
	    "RB0096M3TC00E0000C7C6FE86A5DE769C20DCA238C52341378B484D544A9764D43963C"
	    "3B2824AE56C2D07A565DD3AB342",
	    "CCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD", "" },
	{ "version A with options",
	    "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBB",
	    "RA0088D0TB05E0200KS08ABCDPB08ZZZZFC809DDC1D0DD33B91BD2C67B6354CB067DE1"
	    "8F128ECEC264042D316",
	    "0123456789ABCDEFFEDCBA9876543210", "" },
	{ "version D, a length of its own length",
	    "9B71333A13F9FAE72F9D0E2DAB4AD6784718012F9244033F3F26A2DE0C8AA11A",
	    "RD0176K0AN00S0200TS00021C2026-11-21T10:00:00ZPB045FD81F5A8CB3248771FF1"
	    "5C33A3D1F0594A907A433AB1816EC1DA67517EA0630568CCA8E7B6336F6DF10CD6C39C"
	    "4F13E71F2D1C4AEFC397E1B041D39EBE6280B",
	    "9B71333A13F9FAE72F9D0E2DAB4AD6784718012F9244033F3F26A2DE0C8AA11A", "" },
	{ "an HMAC key of 64 bytes",
	    LMK_AES,
	    "S1019265HC00N00005ADBC4A46C7921E1241251029747D07642301919BCDBFEF901766"
	    "3F3AB31D428E6E9BF51FE0BE1698FB9AC6E9B58B6567E31A2F80E906170396135E5401"
	    "48DCC3B8CB418F0C80D4D438F72F47E946F9E51D7D83BD6C912AA",
	    "0123456789ABCDEFFEDCBA98765432100123456789ABCDEFFEDCBA9876543210012345"
	    "6789ABCDEFFEDCBA98765432100123456789ABCDEFFEDCBA9876543210", "" },
	{ "all parts of a triple key",
	    LMK_3DES,
	    "S0008852TB00S00018793DD8FCE8B7285DFF6F4B1791F1CCB1C89BD6C8A209B3A0CF0A"
	    "C993EAEAB26AE7D4A0A",
	    "0123456789ABCDEFFEDCBA987654321089ABCDEF01234567", "" },
};

/* Split, authenticate, judge: in the order of a caller. */
static int
open_block(const char *kek_hex, struct span text, struct keyblock_header *h, uint8_t *key,
    size_t *len)
{
	uint8_t kek[AES_KEY_MAX];
	size_t kek_len = keys_bytes(kek_hex, kek);
	int r;

	if ((r = keyblock_read((char)text.p[0], span_sub(text, 1, text.n - 1), h)) != 0 ||
	    (r = keyblock_unwrap(h, span_sub(text, 1, text.n - 1), kek, kek_len, key,
	    len)) != 0)
		return r;
	return keyblock_check(h);
}

/* The check value of the vector, by the key's algorithm. */
static void
check_kcv(char algorithm, const uint8_t *key, size_t len, const char *want)
{
	static const uint8_t zeros[16];
	uint8_t value[16];

	if (want[0] == '\0')
		return;
	if (algorithm == 'A')
		assert_int_equal(cmac_make(CMAC_AES, key, len, span_of(zeros, 16),
		    span_of(NULL, 0), value), 0);
	else
		assert_int_equal(des3_once(key, len, 1, zeros, value, 8), 0);
	keys_same(value, 3, want);
}

static void
test_unwrap(void **state)
{
	const struct unwrap *row = *state;
	struct keyblock_header h;
	uint8_t key[KEYBLOCK_KEY_MAX];
	size_t len;

	assert_int_equal(open_block(row->kek, span_str(row->block), &h, key, &len), 0);
	keys_same(key, len, row->key);
	check_kcv(h.algorithm, key, len, row->kcv);
}

/* Any changed character is refused, and no key comes out. */
static void
test_forged(void **state)
{
	const struct unwrap *row = *state;
	char text[512];
	size_t n = strlen(row->block), len;
	uint8_t key[KEYBLOCK_KEY_MAX];
	struct keyblock_header h;

	assert_true(n < sizeof(text));
	for (size_t i = 1; i < n; i++) {
		memcpy(text, row->block, n);
		text[i] = text[i] == '0' ? '1' : '0';
		memset(key, 0, sizeof(key));
		assert_int_not_equal(open_block(row->kek, span_of(text, n), &h, key, &len),
		    0);
		assert_int_equal(key[0] | key[1] | key[7], 0);
		assert_int_not_equal(open_block(row->kek, span_of(row->block, i + 0), &h,
		    key, &len), 0);
	}
}

static const struct wrap {
	const char *name, *kek, *header, *options, *key, *pad, *block;
} wraps[] = {
	{ "drv-kb-opt-1", LMK_AES,
	    "1011272TB00E0200", "0005L", "0123456789ABCDEFFEDCBA9876543210",
	    "A0A1A2A3A4A5A6A7A8A9AAABACAD",
	    "S1011272TB00E02000005LPB0B0000000DDE2B54493EECEB2D80A2DA0A9F26C0958CC1"
	    "C56B2D6F7C836E0ECD61AAEB1F27E765A3316EBB238" },
	{ "drv-kb-wrap-1", LMK_3DES,
	    "0007272TB00E0000", "", "0123456789ABCDEFFEDCBA9876543210",
	    "A0A1A2A3A4A5",
	    "S0007272TB00E00006A54D4E79E1905CA1C2599660EB30A9C7D0143040D82D8FFB8942"
	    "C21" },
	{ "drv-kb-wrap-2", LMK_3DES,
	    "0008872TN00S0000", "", "0123456789ABCDEFFEDCBA987654321089ABCDEF01234567",
	    "A0A1A2A3A4A5",
	    "S0008872TN00S0000BA7DF158681A6763EB94AF18ED3591502818BBBE9B6EEB50C3EA9"
	    "58AFBB4A62FAA22FCF9" },
	{ "drv-kb-wrap-3", LMK_AES,
	    "1009672TB00E0000", "", "0123456789ABCDEFFEDCBA9876543210",
	    "A0A1A2A3A4A5A6A7A8A9AAABACAD",
	    "S1009672TB00E0000260C61387216C1775918C0E16AC93C9A33A0954553117CE99AB12"
	    "18FDF8423B87844C7CDA832AFBD" },
	{ "drv-kb-wrap-4", LMK_AES,
	    "1012852AB00N0000", "", "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
	    "A0A1A2A3A4A5A6A7A8A9AAABACAD",
	    "S1012852AB00N000029D9DCBA42A4ED85F8AB4D7263F65B886875BA2D80A5815B42975"
	    "49276BAE0D094C13862099374B6BE999AE41FC60FB438C247FA40D7DA31" },
	{ "drv-kb-wrap-5", LMK_3DES,
	    "00056P0DB00E0000", "", "0123456789ABCDEF",
	    "A0A1A2A3A4A5",
	    "S00056P0DB00E0000B0E1C56F9DA840A1F118BFC26D8C05DB6D902A3D" },
	{ "kb-wrap-3", LMK_3DES,
	    "00072B0TN00E0002", "", "735B3125EFF2E04ABFBFA1670180A168", "E370F35CCB09",
	    "S00072B0TN00E000256A37F894FD49E61DD3FA27FDE8919D07F7AA966F8BF39AB31D00"
	    "034" },
	{ "kb-wrap-4", LMK_AES,
	    "10096P0TE00E0000", "", "F039121BEC83D26B169BDCD5B22AAF8F", "23D4C749F32D15DF992467829C1E",
	    "S10096P0TE00E0000CF29A901B5B5DA7028693D4BE058A7B366D3CD2F5862D94E97BCD"
	    "6D9F28B414A377052CE7A04D821" },
	{ "drv-tr31-A", "0123456789ABCDEFFEDCBA9876543210",
	    "A0000P0TB00E0000", "", "0123456789ABCDEFFEDCBA9876543210",
	    "B0B1B2B3B4B5",
	    "RA0072P0TB00E00002456587D04C5822C9EFF42873EBEC36911BD5CF3B03E31C94D377"
	    "EC0" },
	{ "drv-tr31-B", "0123456789ABCDEFFEDCBA9876543210",
	    "B0000P0TB00E0000", "", "0123456789ABCDEFFEDCBA9876543210",
	    "B0B1B2B3B4B5",
	    "RB0080P0TB00E0000551AACA49BD9120011035F86B360D69816751F4161B21F39AB55D"
	    "43BE9455F15" },
	{ "drv-tr31-C", "0123456789ABCDEFFEDCBA987654321089ABCDEF01234567",
	    "C0000P0TB00E0000", "", "0123456789ABCDEFFEDCBA9876543210",
	    "B0B1B2B3B4B5",
	    "RC0072P0TB00E00000B825B2716B06AA40FE3102DE36A35566A1E37D31BFEF89E6973D"
	    "5A1" },
	{ "drv-tr31-D", "9B71333A13F9FAE72F9D0E2DAB4AD6784718012F9244033F3F26A2DE0C8AA11A",
	    "D0000P0TB00E0000", "", "0123456789ABCDEFFEDCBA9876543210",
	    "B0B1B2B3B4B5B6B7B8B9BABBBCBD",
	    "RD0112P0TB00E000066E2339005FBE6AD9907C1744C44C7D30BD3F62DC86F7EDCB0451"
	    "B936CB8E684154021E1E60D148FD5A8AF20C7B39F6A" },
};

static struct keyblock_header
header_of(const char *text, const char *options)
{
	struct keyblock_header h = { .version = text[0], .usage = { text[5], text[6] },
		.algorithm = text[7], .mode = text[8], .key_version = { text[9], text[10] },
		.exportability = text[11], .lmk = { text[14], text[15] },
		.count = options[0] != '\0', .blocks = span_str(options) };

	return h;
}

static void
test_wrap(void **state)
{
	const struct wrap *row = *state;
	struct keyblock_header h = header_of(row->header, row->options);
	uint8_t kek[AES_KEY_MAX], key[KEYBLOCK_KEY_MAX];
	size_t kek_len = keys_bytes(row->kek, kek), len = keys_bytes(row->key, key), n;
	char out[KEYBLOCK_MAX + 1];

	keys_bytes(row->pad, pad);
	assert_int_equal(keyblock_wrap(&h, kek, kek_len, key, len, out, &n), 0);
	out[n] = '\0';
	assert_string_equal(out, row->block + 1);
}

/* A PB block that a source had is made anew for the cipher of the target. */
static void
test_refill(void **state)
{
	struct keyblock_header h = header_of("0000072TB00E0000", ""), back;
	uint8_t kek[AES_KEY_MAX], key[KEYBLOCK_KEY_MAX];
	size_t kek_len = keys_bytes(LMK_AES, kek), len = keys_bytes(LMK_3DES, key), n;
	char out[KEYBLOCK_MAX];

	(void)state;
	h.version = '1';
	h.count = 2;
	h.blocks = SPAN("0005LPB07000" "0000");
	h.blocks.n = 12;
	assert_int_equal(keyblock_wrap(&h, kek, kek_len, key, len, out, &n), 0);
	assert_int_equal(keyblock_read('S', span_of(out, n), &back), 0);
	assert_int_equal(back.count, 2);
	assert_int_equal(back.blocks.n, 16);
	assert_true(span_is(keyblock_option(&back, "00"), "L"));
	assert_true(span_is(keyblock_option(&back, "PB"), "0000000"));
	assert_null(keyblock_option(&back, "KS").p);
}

/* The test AES LMK's two keys, as a calculator shows them. */
static void
test_derive(void **state)
{
	uint8_t kek[AES_KEY_MAX], encryption[AES_KEY_MAX], mac[AES_KEY_MAX];

	(void)state;
	keys_bytes(LMK_AES, kek);
	assert_int_equal(keyblock_derive('1', kek, 32, encryption, mac), 0);
	keys_same(encryption, 32,
	    "1B39BAA881FCEDC1CD5138CC5A31F2E82E1BB7EA3B29CF875F6AAB21268F0D17");
	keys_same(mac, 32, "B9C8CD6543528A1C6859765503FBB3A87C533BC73933513AF534A90F525308F2");
	assert_int_equal(keyblock_derive_use('1', kek, 32, 0x55, 2, mac), 0);
	keys_same(mac, 32, "374EFF9610B72EFA4073BB29E8C12B33A0646D62073188495B8382352B36ED2C");
	assert_int_equal(keyblock_derive_use('0', kek, 8, 0x55, 2, mac), ERR_KEY_LENGTH);
	assert_int_equal(keyblock_derive('0', kek, 8, encryption, mac), ERR_KEY_LENGTH);
	assert_int_equal(keyblock_derive('A', kek, 32, encryption, mac), ERR_KEY_LENGTH);
	assert_int_equal(keyblock_derive('2', kek, 16, encryption, mac), ERR_BLOCK_FORMAT);
}

#define REST "D4E79E1905CA1C2599660EB30A9C7D0143040D82D8FFB8942C21"
#define DATA "6A54" REST

/* Form: judged before the authenticator. */
static const struct form {
	const char *name, *block;
	int         want;
} forms[] = {
	{ "whole",                    "S0007272TB00E0000" DATA, 0 },
	{ "a tag of another family",  "R0007272TB00E0000" DATA, ERR_BLOCK_FORMAT },
	{ "an unknown version",       "S2007272TB00E0000" DATA, ERR_BLOCK_FORMAT },
	{ "a length that is not its own", "S0007372TB00E0000" DATA, ERR_BLOCK_FORMAT },
	{ "a length with a letter",   "S0007A72TB00E0000" DATA, ERR_BLOCK_FORMAT },
	{ "nothing but a header",     "S0001672TB00E0000",      ERR_BLOCK_FORMAT },
	{ "less than a header",       "S0001572TB00E000",       ERR_BLOCK_FORMAT },
	{ "the least there can be",   "S0004072TB00E00006A54D4E79E1905CAB8942C21", 0 },
	{ "a key cut inside a block", "S0005872TB00E00006A54D4E79E1905CA1C2599660EB30A9C7D014304",
	    ERR_BLOCK_FORMAT },
	{ "a digit that is none",     "S0007272TB00E0000x" "A54D4E79E1905CA1C2599660EB30A9C7D0143040D8"
	    "2D8FFB8942C21", ERR_BLOCK_FORMAT },
	{ "nine optional blocks",     "S0007272TB00E0900" DATA, ERR_BLOCK_COUNT },
	{ "a count that is none",     "S0007272TB00E0X00" DATA, ERR_BLOCK_COUNT },
	{ "an option past the end",   "S0007272TB00E0100" "00FF" REST, ERR_BLOCK_OPTION },
	{ "an option without end",    "S0007272TB00E0100" "0003" REST, ERR_BLOCK_OPTION },
	{ "options not whole blocks", "S0007272TB00E0100" "0005" REST, ERR_BLOCK_OPTION },
	{ "reserved is not 00",       "RA0072P0TE00E0001F5161ED902807AF26F1D62263644BD24192FDB31"
	    "93C730301CEE8701", ERR_BLOCK_FORMAT },
};

static void
test_form(void **state)
{
	const struct form *row = *state;
	struct span text = span_str(row->block);
	struct keyblock_header h;

	assert_int_equal(keyblock_read(row->block[0], span_sub(text, 1, text.n - 1), &h),
	    row->want);
}

/* What a header may say: its fields, as in a block. */
static const struct judge {
	const char *name, *header, *options;
	unsigned    count;
	int         want;
} judges[] = {
	{ "a PIN key",               "1000072TB00E0000", "", 0, 0 },
	{ "of the generic usage",    "10000P0AN99S0000", "", 0, 0 },
	{ "a component",             "1000052TBc9N0000", "", 0, 0 },
	{ "an unknown usage",        "10000Q0TB00E0000", "", 0, ERR_USAGE },
	{ "a usage of TR-31 only",   "10000I0TB00E0000", "", 0, ERR_USAGE },
	{ "that usage in TR-31",     "B0000I0TB00E0000", "", 0, 0 },
	{ "a usage of the maker's",  "D000010AB00E0000", "", 0, 0 },
	{ "no usage at all",         "B0000ZZTB00E0000", "", 0, ERR_USAGE },
	{ "AES for single DES only", "10000M1AG00E0000", "", 0, ERR_ALGORITHM },
	{ "an unknown algorithm",    "10000P0XB00E0000", "", 0, ERR_ALGORITHM },
	{ "HMAC as a PIN key",       "10000P0HB00E0000", "", 0, ERR_ALGORITHM },
	{ "a PIN key that signs",    "10000P0TS00E0000", "", 0, ERR_MODE },
	{ "a BDK that encrypts",     "10000B0TE00E0000", "", 0, ERR_MODE },
	{ "an unknown mode",         "B0000P0TZ00E0000", "", 0, ERR_MODE },
	{ "version with a letter",   "10000P0TB0AE0000", "", 0, ERR_KEY_VERSION },
	{ "component zero",          "10000P0TBc0E0000", "", 0, ERR_KEY_VERSION },
	{ "version of TR-31",        "B0000P0TB1AE0000", "", 0, 0 },
	{ "version with a space",    "B0000P0TB 1E0000", "", 0, ERR_KEY_VERSION },
	{ "exportability X",         "10000P0TB00X0000", "", 0, ERR_EXPORT },
	{ "a status",                "10000P0TB00E0000", "0005LPB0B0000000", 2, 0 },
	{ "no such status",          "10000P0TB00E0000", "0005XPB0B0000000", 2, ERR_BLOCK_STATUS },
	{ "encryption method",       "10000P0TB00E0000", "010600", 1, 0 },
	{ "another one",             "10000P0TB00E0000", "010601", 1, ERR_BLOCK_ENCRYPTION },
	{ "authentication method",   "10000P0TB00E0000", "020601", 1, ERR_BLOCK_AUTHENTICATION },
	{ "a start date",            "10000P0TB00E0000", "03112026:11:21:10", 1, 0 },
	{ "no such month",           "10000P0TB00E0000", "03112026:13:21:10", 1, ERR_BLOCK_START },
	{ "no such hour",            "10000P0TB00E0000", "04112026:12:21:24", 1, ERR_BLOCK_END },
	{ "a text",                  "10000P0TB00E0000", "0505x", 1, 0 },
	{ "an empty text",           "10000P0TB00E0000", "0504", 1, ERR_BLOCK_DATA },
	{ "a block version",         "10000P0TB00E0000", "KV081234", 1, 0 },
	{ "cut short",               "10000P0TB00E0000", "KV07123", 1, ERR_BLOCK_DATA },
	{ "an unknown option",       "10000P0TB00E0000", "XX05x", 1, ERR_BLOCK_OPTION },
	{ "a status twice",          "10000P0TB00E0000", "0005L0005L", 2, ERR_BLOCK_REPEATED },
	{ "padding that is not last", "10000P0TB00E0000", "PB040005L", 2, ERR_BLOCK_OPTION },
};

static void
test_judge(void **state)
{
	const struct judge *row = *state;
	struct keyblock_header h = header_of(row->header, row->options);

	h.count = (uint8_t)row->count;
	assert_int_equal(keyblock_options_length(h.blocks, h.count), h.blocks.n);
	assert_int_equal(keyblock_check(&h), row->want);
}

/* Authentic, yet the key is not as long as its algorithm's keys are. */
static void
test_length(void **state)
{
	struct keyblock_header h = header_of("1000072AB00E0000", ""), back;
	uint8_t kek[AES_KEY_MAX], key[KEYBLOCK_KEY_MAX] = { 0 };
	size_t kek_len = keys_bytes(LMK_AES, kek), n, len;
	char out[KEYBLOCK_MAX];

	(void)state;
	assert_int_equal(keyblock_wrap(&h, kek, kek_len, key, 8, out, &n), 0);
	assert_int_equal(keyblock_read('S', span_of(out, n), &back), 0);
	assert_int_equal(keyblock_unwrap(&back, span_of(out, n), kek, kek_len, key, &len),
	    ERR_BLOCK_LENGTH);
	assert_int_equal(keyblock_unwrap(&back, span_of(out, n), kek, 16, key, &len),
	    ERR_BLOCK_MAC);
	assert_int_equal(keyblock_unwrap(&back, span_of(out, n), kek, 8, key, &len),
	    ERR_KEY_LENGTH);
}

static void
test_usages(void **state)
{
	(void)state;
	assert_string_equal(keyblock_tr31_usage("72"), "P0");
	assert_string_equal(keyblock_tr31_usage("53"), "11");
	assert_null(keyblock_tr31_usage("01"));
	assert_null(keyblock_tr31_usage("ZZ"));
	assert_true(keyblock_knows_usage("65"));
	assert_false(keyblock_knows_usage("66"));
	assert_true(keyblock_is_des('0') && keyblock_is_des('C'));
	assert_false(keyblock_is_des('1') || keyblock_is_des('D') || keyblock_is_des('E'));
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, unwraps, test_unwrap);
	ROWS(&r, unwraps, test_forged);
	ROWS(&r, wraps, test_wrap);
	ROWS(&r, forms, test_form);
	ROWS(&r, judges, test_judge);
	rows_add(&r, "padding is made anew", test_refill, NULL);
	rows_add(&r, "derivation from an AES LMK", test_derive, NULL);
	rows_add(&r, "a length that does not fit", test_length, NULL);
	rows_add(&r, "usages in TR-31", test_usages, NULL);
	return rows_run(&r, "keyblock", keys_setup, NULL);
}
