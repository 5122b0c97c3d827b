/* lua_cipher: what scripts can do with data keys, and what they can't. */
#include "hsm.h"

/* K makes a key of a kind; the body is the handler's. */
static const struct row {
	const char *name;
	const char *body;
	const char *want;
} rows[] = {
	{ "a ZEK", "cipher.encrypt(K 'ZEK', 0, '12345678')", "T200" },
	{ "a DEK", "cipher.decrypt(K 'DEK', 0, '12345678')", "T200" },
	{ "a TEK", "cipher.encrypt(K 'TEK', 0, '12345678')", "T200" },
	{ "a key of DUKPT data",
	    "cipher.encrypt(dukpt.derive(K 'BDK', 'FFFF9876543210E00001', 'data'), 0, "
	    "'12345678')", "T200" },
	{ "a key of a DUKPT PIN",
	    "cipher.decrypt(dukpt.derive(K 'BDK', 'FFFF9876543210E00001', 'pin'), 0, "
	    "'12345678')", "T241" },
	{ "a ZPK", "cipher.decrypt(K 'ZPK', 0, '12345678')", "T241" },
	{ "a TMK", "cipher.decrypt(K 'TMK', 0, '12345678')", "T241" },
	{ "a BDK", "cipher.encrypt(K 'BDK', 0, '12345678')", "T241" },
	{ "from a DEK to a ZPK",
	    "cipher.translate(K 'DEK', 0, K 'ZPK', 0, '12345678')", "T241" },
	{ "a secret as data", "cipher.encrypt(K 'DEK', 0, pin.random(8))", "T241" },
	{ "mode 4", "cipher.encrypt(K 'DEK', 4, '12345678')", "T241" },
	{ "no data", "cipher.encrypt(K 'DEK', 2, '', '0011223344556677')", "T280" },
	{ "half a block", "cipher.decrypt(K 'DEK', 2, '1234', '0011223344556677')", "T280" },
	{ "half a block, own code",
	    "cipher.encrypt(K 'DEK', 2, '1234', '0011223344556677', 6)", "T206" },
	{ "half a block to translate, own code",
	    "cipher.translate(K 'DEK', 0, K 'ZEK', 0, '1234', nil, nil, 6)", "T206" },
	{ "no IV", "cipher.encrypt(K 'DEK', 1, '12345678')", "T241" },
	{ "half an IV", "cipher.encrypt(K 'DEK', 1, '12345678', '00112233')", "T215" },
	{ "there and back",
	    "local k = K 'DEK'; local iv = '0011223344556677'; a.out = cipher.decrypt(k, 3, "
	    "cipher.encrypt(k, 3, '12345678', iv), iv)", "T20012345678" },
	{ "translated, then decrypted",
	    "local k, to = K 'DEK', K 'ZEK'; local iv = '0011223344556677'; a.out = "
	    "cipher.decrypt(to, 2, cipher.translate(k, 1, to, 2, cipher.encrypt(k, 1, "
	    "'12345678', iv), iv, iv), iv)", "T20012345678" },
	{ "the next IV",
	    "a.out = cipher.next(K 'DEK', '1234567812345678')", "T2003132333435363738" },
	{ "the next IV of too little", "cipher.next(K 'DEK', '1234567')", "T280" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	assert_string_equal(hsm_do("[6] = 'x'", row->body), row->want);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_row);
	return rows_run(&r, "lua_cipher", hsm_setup, hsm_teardown);
}
