/*
 * rsakey: keys under the test LMKs. What the fields look like is shown by the
 * vectors of EI, EM and EO, which were checked in Python; here is what they do.
 */
#include "rsakey.h"

#include <openssl/evp.h>

#include "err.h"
#include "rsakeys.h"
#include "rsastore.h"
#include "userstore.h"

enum { VARIANT, AES_BLOCK_LMK, DES_BLOCK_LMK };

static const struct keyblock_header plain = { .key_version = "00", .exportability = 'S' };

static uint8_t field[RSAKEY_FIELD];
static size_t  field_n;

static void
wrap(unsigned lmk, enum rsakey_type type)
{
	EVP_PKEY *key = rsakeys_private();

	assert_int_equal(rsakey_wrap(lmk_get(lmk), key, type, &plain, field, &field_n), 0);
	rsa_free(key);
}

static const struct uses {
	const char      *name;
	unsigned         lmk;
	enum rsakey_type type;
	int              sign, decrypt;
} uses[] = {
	{ "signature", VARIANT, RSAKEY_SIGNATURE, 0, RSAKEY_ERR_TYPE },
	{ "key management", VARIANT, RSAKEY_MANAGEMENT, RSAKEY_ERR_TYPE, 0 },
	{ "both", VARIANT, RSAKEY_BOTH, 0, 0 },
	{ "ICC", VARIANT, RSAKEY_ICC, RSAKEY_ERR_TYPE, RSAKEY_ERR_TYPE },
	{ "signature, AES block", AES_BLOCK_LMK, RSAKEY_SIGNATURE, 0, RSAKEY_ERR_TYPE },
	{ "key management, AES block", AES_BLOCK_LMK, RSAKEY_MANAGEMENT, RSAKEY_ERR_TYPE, 0 },
	{ "both, AES block", AES_BLOCK_LMK, RSAKEY_BOTH, 0, 0 },
	{ "ICC, AES block", AES_BLOCK_LMK, RSAKEY_ICC, RSAKEY_ERR_TYPE, RSAKEY_ERR_TYPE },
	{ "TLS, triple DES block", DES_BLOCK_LMK, RSAKEY_TLS, RSAKEY_ERR_TYPE,
	    RSAKEY_ERR_TYPE },
	{ "both, triple DES block", DES_BLOCK_LMK, RSAKEY_BOTH, 0, 0 },
};

static void
test_use(void **state)
{
	const struct uses *row = *state;
	const struct lmk *lmk = lmk_get(row->lmk);
	EVP_PKEY *key, *own = rsakeys_private();

	wrap(row->lmk, row->type);
	assert_int_equal(rsakey_open(lmk, span_of(field, field_n), RSAKEY_ANY, &key), 0);
	assert_int_equal(EVP_PKEY_eq(key, own), 1);
	assert_true(secret_holds(key));
	assert_int_equal(rsakey_open(lmk, span_of(field, field_n), RSAKEY_SIGN, &key),
	    row->sign);
	assert_int_equal(rsakey_open(lmk, span_of(field, field_n), RSAKEY_DECRYPT, &key),
	    row->decrypt);
	if (row->lmk != VARIANT)	/* the block without FFFF is one too */
		assert_int_equal(rsakey_open(lmk, span_of(field + 4, field_n - 4), RSAKEY_ANY,
		    &key), 0);
	rsa_free(own);
}

/* Whatever byte is changed, nothing opens: no half of the numbers is ever used. */
static void
test_changed(void **state)
{
	const struct uses *row = *state;
	EVP_PKEY *key;

	wrap(row->lmk, row->type);
	for (size_t i = 0; i < field_n; i += 5) {
		field[i] ^= 1;
		assert_int_not_equal(rsakey_open(lmk_get(row->lmk), span_of(field, field_n),
		    RSAKEY_ANY, &key), 0);
		field[i] ^= 1;
	}
	for (size_t n = 0; n < field_n; n += 7)
		assert_int_not_equal(rsakey_open(lmk_get(row->lmk), span_of(field, n),
		    RSAKEY_ANY, &key), 0);
}

static void
test_index(void **state)
{
	EVP_PKEY *key;

	(void)state;
	assert_int_equal(rsakey_open(lmk_get(VARIANT), SPAN("05"), RSAKEY_ANY, &key),
	    RSAKEY_ERR_KEY);
	wrap(VARIANT, RSAKEY_BOTH);
	rsastore_put(5, span_of(field, field_n));
	assert_int_equal(rsakey_open(lmk_get(VARIANT), SPAN("05"), RSAKEY_SIGN, &key), 0);
	assert_int_equal(rsakey_open(lmk_get(AES_BLOCK_LMK), SPAN("05"), RSAKEY_SIGN, &key),
	    ERR_LMK_SCHEME);
	assert_int_equal(rsakey_open(lmk_get(VARIANT), SPAN("21"), RSAKEY_SIGN, &key),
	    RSAKEY_ERR_KEY);
	assert_int_equal(rsakey_open(lmk_get(VARIANT), SPAN("0004K000"), RSAKEY_SIGN, &key),
	    ERR_NO_STORAGE);
	assert_int_equal(userstore_put_text(0, span_of(field + 4, field_n - 4)), 0);
	assert_int_equal(rsakey_open(lmk_get(VARIANT), SPAN("0004K000"), RSAKEY_SIGN, &key), 0);
	assert_int_equal(userstore_put_text(0, span_of(field + 4, field_n - 5)), 0);
	assert_int_equal(rsakey_open(lmk_get(VARIANT), SPAN("0004K000"), RSAKEY_SIGN, &key),
	    RSAKEY_ERR_LENGTH);
}

/* Fifty fields of one key: the slab holds sixteen of them, and none when they are forgotten. */
static void
test_kept(void **state)
{
	size_t most = 0, now;
	EVP_PKEY *key;

	(void)state;
	rsakey_forget();
	for (int i = 0; i < 50; i++) {
		wrap(AES_BLOCK_LMK, RSAKEY_BOTH);	/* other padding each time */
		assert_int_equal(rsakey_open(lmk_get(AES_BLOCK_LMK), span_of(field, field_n),
		    RSAKEY_ANY, &key), 0);
		now = secret_bytes_used();
		if (i == 15)
			most = now;
		assert_true(i < 16 || now == most);
	}
	rsakey_forget();
	assert_true(secret_bytes_used() < most);
	assert_int_equal(rsakey_open(lmk_get(AES_BLOCK_LMK), span_of(field, field_n),
	    RSAKEY_ANY, &key), 0);
}

static void
test_move(void **state)
{
	uint8_t out[RSAKEY_FIELD];
	EVP_PKEY *key;
	size_t n;

	(void)state;
	wrap(VARIANT, RSAKEY_SIGNATURE);
	assert_int_equal(rsakey_move(lmk_get(VARIANT), lmk_get(AES_BLOCK_LMK),
	    span_of(field, field_n), &plain, out, &n), 0);
	assert_int_equal(rsakey_open(lmk_get(AES_BLOCK_LMK), span_of(out, n), RSAKEY_SIGN,
	    &key), 0);
	assert_int_equal(rsakey_open(lmk_get(AES_BLOCK_LMK), span_of(out, n), RSAKEY_DECRYPT,
	    &key), RSAKEY_ERR_TYPE);
}

/* The examples of the HSM 8000 host command manual, under the public test LMK. */
#define MANUAL "30470240AE213EBDFE272616058114CA5D6E8DDD2F976EF0C6D6F6ADE0204E916CE0" \
	"B5C704A1A9F1F631F578D7B87D1981951BB99A572400AC43BB3AF8C2A4068A0052250203010001"

static const struct vouched {
	const char *name, *auth, *mac;
} vouched[] = {
	{ "manual, with authentication data", "AUTHEN-DATA", "9C350891" },
	{ "manual, without", "", "530548CE" },
};

static void
test_vouch(void **state)
{
	const struct vouched *row = *state;
	uint8_t der[128], out[RSAKEY_PUBLIC], buffer[RSAKEY_PUBLIC];
	struct span auth = span_of(der + keys_bytes(MANUAL, der), strlen(row->auth));
	struct span key = span_of(der, (size_t)(auth.p - der));
	struct rsa_public public;
	size_t n;

	memcpy(der + key.n, row->auth, auth.n);
	assert_int_equal(rsakey_vouch(lmk_get(VARIANT), key, auth, NULL, out, &n), 0);
	keys_same(out, RSAKEY_MAC, row->mac);
	assert_int_equal(n, RSAKEY_MAC + key.n);
	memcpy(out + n, row->auth, auth.n);
	auth.p = out + n;
	assert_int_equal(rsakey_public(lmk_get(VARIANT), span_of(out, n), auth, buffer,
	    &public), 0);
	assert_int_equal(rsa_public_bits(&public), 512);
	out[1] ^= 1;
	assert_int_equal(rsakey_public(lmk_get(VARIANT), span_of(out, n), auth, buffer,
	    &public), ERR_VERIFY);
	assert_int_equal(rsakey_public(lmk_get(AES_BLOCK_LMK), span_of(out, n), auth, buffer,
	    &public), ERR_LMK_SCHEME);
}

static void
test_vouch_block(void **state)
{
	struct keyblock_header h = plain;
	uint8_t der[128], out[RSAKEY_PUBLIC], buffer[RSAKEY_PUBLIC];
	struct span key = span_of(der, keys_bytes(MANUAL, der)), none = span_of(NULL, 0);
	struct rsa_public public;
	size_t n;

	(void)state;
	h.mode = 'V';
	assert_int_equal(rsakey_vouch(lmk_get(AES_BLOCK_LMK), key, none, &h, out, &n), 0);
	assert_true(rsakey_is_block(span_of(out, n)));
	assert_int_equal(rsakey_public(lmk_get(AES_BLOCK_LMK), span_of(out, n), none, buffer,
	    &public), 0);
	assert_int_equal(rsa_public_bits(&public), 512);
	assert_int_equal(rsakey_public(lmk_get(VARIANT), span_of(out, n), none, buffer,
	    &public), ERR_LMK_SCHEME);
	out[60] ^= 1;
	assert_int_equal(rsakey_public(lmk_get(AES_BLOCK_LMK), span_of(out, n), none, buffer,
	    &public), ERR_BLOCK_MAC);
}

static int
setup(void **state)
{
	for (unsigned id = 0; id < 3; id++)
		if (id == 0 && (keys_setup(state) != 0 || rsastore_init() != 0 ||
		    userstore_init(USERSTORE_ANY) != 0))
			return 1;
		else if (lmk_load(id, lmk_names[id]) != 0)
			return 1;
	return 0;
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, uses, test_use);
	rows_add(&r, "a blob that was changed", test_changed, &uses[2]);
	rows_add(&r, "a block that was changed", test_changed, &uses[6]);
	rows_add(&r, "keys by index", test_index, NULL);
	rows_add(&r, "as many opened keys as are kept", test_kept, NULL);
	rows_add(&r, "from a variant LMK to key blocks, its type with it", test_move, NULL);
	ROWS(&r, vouched, test_vouch);
	rows_add(&r, "a public key in a block", test_vouch_block, NULL);
	return rows_run(&r, "rsakey", setup, NULL);
}
