/* cipher: modes by the examples of NIST SP 800-38A and of other implementations. */
#include "crypto/cipher.h"

#include "err.h"
#include "keys.h"

#define A128 "2B7E151628AED2A6ABF7158809CF4F3C"
#define A192 "8E73B0F7DA0E6452C810F32B809079E562F8EAD2522C6B7B"
#define A256 "603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4"
#define IV   "000102030405060708090A0B0C0D0E0F"
#define P2   "6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51"
#define KJ   "13345779133457791334577913345779"
#define TWO  "00112233445566770011223344556677"
#define ZERO "0000000000000000"

static const struct row {
	const char      *name;
	bool             aes;
	enum cipher_mode mode;
	const char      *key, *iv, *clear, *cipher;
} rows[] = {
	{ "SP 800-38A F.1.1, ECB AES-128", true, CIPHER_ECB, A128, NULL, P2,
	    "3AD77BB40D7A3660A89ECAF32466EF97F5D3D58503B9699DE785895A96FDBAAF" },
	{ "SP 800-38A F.1.3, ECB AES-192", true, CIPHER_ECB, A192, NULL, P2,
	    "BD334F1D6E45F25FF712A214571FA5CC974104846D0AD3AD7734ECB3ECEE4EEF" },
	{ "SP 800-38A F.1.5, ECB AES-256", true, CIPHER_ECB, A256, NULL, P2,
	    "F3EED1BDB5D2A03C064B5A7E3DB181F8591CCB10D410ED26DC5BA74A31362870" },
	{ "SP 800-38A F.2.1, CBC AES-128", true, CIPHER_CBC, A128, IV, P2,
	    "7649ABAC8119B246CEE98E9B12E9197D5086CB9B507219EE95DB113A917678B2" },
	{ "SP 800-38A F.2.5, CBC AES-256", true, CIPHER_CBC, A256, IV, P2,
	    "F58C4C04D6E5F1BA779EABFB5F7BFBD69CFC4E967EDB808D679F777BC6702C7D" },
	{ "SP 800-38A F.3.7, CFB8 AES-128", true, CIPHER_CFB8, A128, IV,
	    "6BC1BEE22E409F96E93D7E117393172AAE2D", "3B79424C9C0DD436BACE9E0ED4586A4F32B9" },
	{ "SP 800-38A F.3.13, CFB128 AES-128", true, CIPHER_CFB, A128, IV, P2,
	    "3B3FD92EB72DAD20333449F8E83CFB4AC8A64537A0B3A93FCDE3CDAD9F1CE58B" },
	{ "SP 800-38A F.3.17, CFB128 AES-256", true, CIPHER_CFB, A256, IV, P2,
	    "DC7E84BFDA79164B7ECD8486985D386039FFED143B28B1C832113C6331E5407B" },
	/* The message of SP 800-67, B.1. */
	{ "SP 800-67 B.1, ECB, three keys", false, CIPHER_ECB,
	    "0123456789ABCDEF23456789ABCDEF01456789ABCDEF0123", NULL,
	    "5468652071756663", "A826FD8CE53B855F" },
	{ "DES as in FIPS 81, ECB", false, CIPHER_ECB, "0123456789ABCDEF", NULL,
	    "4E6F772069732074", "3FA40E8A984D4815" },
	{ "FIPS 81, CBC", false, CIPHER_CBC, "0123456789ABCDEF", "1234567890ABCDEF",
	    "4E6F77206973207468652074696D6520666F7220616C6C20",
	    "E5C7CDDE872BF27C43E934008C389C0F683788499A7C05F6" },
	{ "FIPS 81, CFB64", false, CIPHER_CFB, "0123456789ABCDEF", "1234567890ABCDEF",
	    "4E6F77206973207468652074696D6520666F7220616C6C20",
	    "F3096249C7F46E51A69E839B1A92F78403467133898EA622" },
	{ "FIPS 81, CFB8", false, CIPHER_CFB8, "0123456789ABCDEF", "1234567890ABCDEF",
	    "4E6F7720697320746865", "F31FDA07011462EE187F" },
	{ "jPOS, ECB", false, CIPHER_ECB, KJ, NULL, TWO, "ABFA6F3C28A8CB0CABFA6F3C28A8CB0C" },
	{ "jPOS, CBC", false, CIPHER_CBC, KJ, ZERO, TWO, "ABFA6F3C28A8CB0C99C22188F56DAE9F" },
	{ "jPOS, CFB8", false, CIPHER_CFB8, KJ, ZERO, TWO, "6F5DF407E1691DB1B049507DB318D6E2" },
	{ "jPOS, CFB64", false, CIPHER_CFB, KJ, ZERO, TWO, "6FA0EA8C194EDCFCC5028844E9D2FADF" },
};

static struct key *
row_key(const struct row *row)
{
	struct key *key = keys_key(row->key);

	key->aes = row->aes;
	return key;
}

static void
test_row(void **state)
{
	const struct row *row = *state;
	uint8_t iv[CIPHER_BLOCK_MAX] = { 0 }, in[64], out[64];
	struct key *key = row_key(row);
	size_t n = keys_bytes(row->clear, in);

	if (row->iv != NULL)
		keys_bytes(row->iv, iv);
	assert_int_equal(cipher_encrypt(key, row->mode, iv, span_of(in, n), out), 0);
	keys_same(out, n, row->cipher);
	if (row->iv != NULL) {
		assert_memory_equal(iv, out + n - cipher_block(key), cipher_block(key));
		keys_bytes(row->iv, iv);
	}
	/* And back, in place. */
	assert_int_equal(cipher_decrypt(key, row->mode, iv, span_of(out, n), out), 0);
	keys_same(out, n, row->clear);
	if (row->iv != NULL)
		keys_same(iv, cipher_block(key), row->cipher + 2 * (n - cipher_block(key)));
	keys_done();
}

/* In pieces of a block, or for CFB8 of a byte, with the IV handed on. */
static void
test_pieces(void **state)
{
	const struct row *row = *state;
	uint8_t iv[CIPHER_BLOCK_MAX] = { 0 }, in[64], out[64];
	struct key *key = row_key(row);
	size_t n = keys_bytes(row->clear, in);
	size_t piece = row->mode == CIPHER_CFB8 ? 1 : cipher_block(key);

	if (row->iv != NULL)
		keys_bytes(row->iv, iv);
	for (size_t i = 0; i < n; i += piece)
		assert_int_equal(cipher_encrypt(key, row->mode, iv,
		    span_of(in + i, piece), out + i), 0);
	keys_same(out, n, row->cipher);
	keys_done();
}

static void
test_refused(void **state)
{
	uint8_t iv[CIPHER_BLOCK_MAX] = { 0 }, out[32] = { 0 };
	struct key *key = keys_key(KJ);

	(void)state;
	assert_int_equal(cipher_encrypt(key, CIPHER_ECB, iv, span_of(out, 7), out),
	    ERR_DATA_LENGTH);
	assert_int_equal(cipher_encrypt(key, CIPHER_CFB, iv, span_of(out, 12), out),
	    ERR_DATA_LENGTH);
	assert_int_equal(cipher_encrypt(key, CIPHER_ECB, iv, span_of(out, 0), out), 0);
	key->aes = true;
	assert_int_equal(cipher_encrypt(key, CIPHER_CBC, iv, span_of(out, 8), out),
	    ERR_DATA_LENGTH);
	key->len = 8;
	assert_int_equal(cipher_encrypt(key, CIPHER_CBC, iv, span_of(out, 16), out),
	    ERR_KEY_LENGTH);
	key->aes = false;
	key->len = 32;
	assert_int_equal(cipher_encrypt(key, CIPHER_ECB, iv, span_of(out, 8), out),
	    ERR_KEY_LENGTH);
	keys_done();
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	ROWS(&r, rows, test_pieces);
	rows_add(&r, "lengths that do not fit", test_refused, NULL);
	return rows_run(&r, "cipher", keys_setup, NULL);
}
