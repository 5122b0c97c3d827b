/*
 * tr34: headers, and what does not fit. The whole of a message is shown by the
 * vectors of B8, which were opened in Python, and by tests/run/rsa.py.
 */
#include "tr34.h"

#include <openssl/evp.h>

#include "err.h"
#include "rsakeys.h"

static const struct row {
	const char            *name;
	struct keyblock_header h;
	size_t                 len;
	char                   version;
	int                    want;
	const char            *text;
} rows[] = {
	{ "a ZPK", { .version = '1', .usage = "72", .algorithm = 'T', .mode = 'N',
	    .key_version = "00", .exportability = 'S' }, 16, '\0', 0, "B0080P0TN00S0000" },
	{ "as version A", { .version = '1', .usage = "72", .algorithm = 'T', .mode = 'N',
	    .key_version = "07", .exportability = 'E' }, 24, 'A', 0, "A0088P0TN07E0000" },
	{ "an AES key", { .version = '1', .usage = "K1", .algorithm = 'A', .mode = 'B',
	    .key_version = "00", .exportability = 'S' }, 32, '\0', 0, "D0144K1AB00S0000" },
	{ "a usage that TR-31 has not", { .version = '1', .usage = "24", .algorithm = 'A',
	    .mode = 'B', .key_version = "00", .exportability = 'S' }, 16, '\0', ERR_USAGE, "" },
	{ "no such mode", { .version = '1', .usage = "72", .algorithm = 'T', .mode = '?',
	    .key_version = "00", .exportability = 'S' }, 16, '\0', ERR_MODE, "" },
};

static void
test_header(void **state)
{
	const struct row *row = *state;
	char text[KEYBLOCK_HEADER];

	assert_int_equal(tr34_header(&row->h, row->len, row->version, text), row->want);
	if (row->want == 0)
		assert_memory_equal(text, row->text, sizeof(text));
}

static void
test_room(void **state)
{
	static uint8_t name[3000], out[TR34_MAX], again[TR34_MAX];
	static const uint8_t key[16];
	struct tr34 t = { .kdh = span_of(name, 10), .krd = span_of(name, 10),
		.key = span_of(key, sizeof(key)), .header = "B0080P0TN00S000" };
	EVP_PKEY *device = rsakeys_public();
	struct span made, twice;

	(void)state;
	assert_int_equal(tr34_envelope(&t, device, out, &made), 0);
	assert_true(made.p[0] == 0x30 && made.p + made.n == out + TR34_MAX);
	t.kdh.n = sizeof(name);
	assert_int_equal(tr34_envelope(&t, device, out, &made), ERR_NO_ROOM);
	t.kdh.n = 10;
	t.krd.n = sizeof(name);
	assert_int_equal(tr34_envelope(&t, device, out, &made), 0);
	assert_int_equal(tr34_attributes(t.header, span_of(name, 3000), made, again, &twice),
	    0);
	assert_int_equal(tr34_attributes(t.header, span_of(name, 8), made, again, &twice), 0);
	assert_true(twice.p[0] == 0x31);
	assert_int_equal(tr34_attributes(t.header, span_of(name, 8), SPAN("none"), out, &made),
	    ERR_INPUT);
	EVP_PKEY_free(device);
}

int
main(void)
{
	static struct rows r;

	ROWS(&r, rows, test_header);
	rows_add(&r, "what fits and what does not", test_room, NULL);
	return rows_run(&r, "tr34", keys_setup, NULL);
}
