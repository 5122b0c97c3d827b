/* rsaform: keys as they stand inside the RSA padding. */
#include "rsaform.h"

#include "keys.h"

static const struct row {
	const char  *name;
	enum rsaform form;
	const char  *clear;
	int          want;
	size_t       key, iv;
} rows[] = {
	{ "key and IV", RSAFORM_DER, "30140408010203040506070804080000000000000000", 0, 8, 8 },
	{ "key alone in DER", RSAFORM_DER, "300A04080102030405060708", 0, 8, 0 },
	{ "a plain key", RSAFORM_PLAIN, "0102030405060708", 0, 8, 0 },
	{ "the key alone", RSAFORM_ALONE, "", 0, 0, 0 },
	{ "an IV of 7 bytes", RSAFORM_DER, "3013040801020304050607080407" "00000000000000",
	    RSAFORM_ERR, 0, 0 },
	{ "bytes behind it", RSAFORM_DER, "300A0408010203040506070800", RSAFORM_ERR, 0, 0 },
	{ "an element too many", RSAFORM_DER, "30160408010203040506070804080000000000000000" "0500",
	    RSAFORM_ERR, 0, 0 },
	{ "no SEQUENCE", RSAFORM_DER, "0102030405060708", RSAFORM_ERR, 0, 0 },
	{ "no OCTET STRING", RSAFORM_DER, "300A02080102030405060708", RSAFORM_ERR, 0, 0 },
	{ "nothing", RSAFORM_DER, "", RSAFORM_ERR, 0, 0 },
};

static void
test_read(void **state)
{
	const struct row *row = *state;
	uint8_t clear[64], again[64];
	struct span in = span_of(clear, keys_bytes(row->clear, clear)), out;
	struct rsaform_key k;

	assert_int_equal(rsaform_read(row->form, in, &k), row->want);
	if (row->want != 0)
		return;
	assert_int_equal(k.key.n, row->key);
	assert_int_equal(k.iv.n, row->iv);
	if (row->form == RSAFORM_DER && k.iv.n == 0)
		return;		/* is never written */
	out = rsaform_write(row->form, &k, again, sizeof(again));
	assert_int_equal(out.n, in.n);
	assert_memory_equal(out.p, in.p, in.n);
}

static void
test_room(void **state)
{
	static const uint8_t zeros[24];
	const struct rsaform_key k = { { zeros, 24 }, { zeros, 8 } };
	uint8_t buffer[38];

	(void)state;
	assert_non_null(rsaform_write(RSAFORM_DER, &k, buffer, 38).p);
	assert_null(rsaform_write(RSAFORM_DER, &k, buffer, 37).p);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_read);
	rows_add(&r, "no room", test_room, NULL);
	return rows_run(&r, "rsaform", NULL, NULL);
}
