/* keystore_open: whatever was changed outside is refused, and nothing else is lost. */
#include "keystores.h"

#include "err.h"

enum what {
	ID, ALGORITHM, STATE, CREATED, SEQUENCE, POLICY, SEALED, FORMAT, NOTHING, SHORTER, OLDER,
	SWAPPED
};

static struct store_row old;

static void
tamper_with(enum what what)
{
	switch (what) {
	case ID: row.id[3] ^= 1; break;
	case ALGORITHM: row.algorithm = 2; break;
	case STATE: row.state = STORE_ENABLED; break;
	case CREATED: row.created--; break;
	case SEQUENCE: row.sequence++; break;
	case POLICY: strcpy(row.policy, "sign=1"); break;
	case SEALED: row.sealed[row.sealed_len / 2] ^= 0x10; break;
	case FORMAT: row.sealed[0] ^= 2; break;
	case NOTHING: row.sealed_len = 0; break;
	case SHORTER: row.sealed_len--; break;
	case OLDER: row = old; break;
	case SWAPPED:
		memcpy(row.sealed, old.sealed, sizeof(row.sealed));
		row.sealed_len = old.sealed_len;
	}
}

/* Done to version 1 of k, which is disabled; old is the row as it was before that. */
static const struct tamper {
	const char *name;
	enum what   what;
	const char *want;	/* no start, and why; NULL: a start, but not with this row */
} tampers[] = {
	{ "another id",              ID,        "older" },
	{ "another algorithm",       ALGORITHM, "older" },
	{ "enabled again",           STATE,     "older" },
	{ "another time",            CREATED,   "older" },
	{ "another sequence",        SEQUENCE,  "older" },
	{ "another policy",          POLICY,    "older" },
	{ "the row as it once was",  OLDER,     "older" },
	{ "the sealed part as it once was", SWAPPED, NULL },
	{ "a bit of the sealed part", SEALED,   NULL },
	{ "another format byte",     FORMAT,    NULL },
	{ "no sealed part",          NOTHING,   NULL },
	{ "a sealed part cut short", SHORTER,   NULL },
};

static void
tamper(const char *where, const struct tamper *t)
{
	struct keystore *ks = opened(where);
	struct store *s;

	create(ks, "k", "one");
	old = row;
	create(ks, "other", "two");
	assert_int_equal(keystore_set_state(ks, "k", 1, STORE_DISABLED, &row), 0);
	keystore_close(ks);
	assert_non_null(s = store_open(where, stderr));
	assert_int_equal(store_row_get(s, "k", 1, &row), 1);
	tamper_with(t->what);
	assert_int_equal(store_begin(s), 0);
	assert_int_equal(store_row_put(s, &row, false), 0);
	assert_int_equal(store_commit(s), 0);
	store_close(s);
	ks = try_open(where, master);
	if (t->want != NULL) {
		assert_null(ks);
		if (strstr(said, t->want) == NULL)
			fail_msg("%s: said %s", t->name, said);
		return;
	}
	if (ks == NULL)
		fail_msg("%s: not opened: %s", t->name, said);
	assert_non_null(strstr(said, "key k version 1"));
	assert_int_equal(keystore_find(ks, "k", 1, &row), ERR_CORRUPT);
	assert_int_equal(keystore_find(ks, "k", 0, &row), ERR_CORRUPT);
	assert_int_equal(rotate(ks, "k", "x"), ERR_CORRUPT);
	assert_int_equal(keystore_set_state(ks, "k", 1, STORE_ENABLED, &row), ERR_CORRUPT);
	expect(ks, "other", 0, "two");
	assert_int_equal(create(ks, "new", "three"), 0);
	keystore_close(ks);
}

static void
test_tamper(void **state)
{
	for (size_t i = 0; i < sizeof(tampers) / sizeof(tampers[0]); i++)
		tamper(stores_where(*state), &tampers[i]);
}

static void
test_moved(void **state)
{
	const char *where = stores_where(*state);
	struct keystore *ks = opened(where);
	struct store *s;

	create(ks, "k", "one");
	keystore_close(ks);
	assert_non_null(s = store_open(where, stderr));
	strcpy(row.label, "l");
	assert_int_equal(store_begin(s), 0);
	assert_int_equal(store_row_put(s, &row, true), 0);
	assert_int_equal(store_commit(s), 0);
	store_close(s);
	assert_null(try_open(where, master));
	assert_non_null(strstr(said, "2 rows where it should have 1"));
}

static const struct {
	uint64_t    epoch;	/* added to it */
	uint32_t    format;
	size_t      wrap, sealed;	/* a byte of it that is changed, +1 */
	size_t      cut;	/* of sealed */
	const char *want;
} heads[] = {
	{ .epoch = 1, .want = "head" },
	{ .format = 1, .want = "newer version" },
	{ .wrap = 60, .want = "another master key" },
	{ .wrap = 2, .want = "wrap" },
	{ .sealed = 50, .want = "head" },
	{ .cut = 1, .want = "head" },
};

static void
tamper_with_head(struct store_head *head, size_t i)
{
	head->epoch += heads[i].epoch;
	head->format += heads[i].format;
	if (heads[i].wrap != 0)
		head->wrap[heads[i].wrap - 1] ^= 0x40;
	if (heads[i].sealed != 0)
		head->sealed[heads[i].sealed - 1] ^= 1;
	head->sealed_len -= heads[i].cut;
}

static void
test_head(void **state)
{
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		const char *where = stores_where(*state);
		struct keystore *ks = opened(where);
		struct store_head head;
		struct store *s;
		uint64_t was;

		create(ks, "k", "one");
		keystore_close(ks);
		assert_non_null(s = store_open(where, stderr));
		assert_int_equal(store_head_get(s, &head), 1);
		was = head.epoch;
		tamper_with_head(&head, i);
		assert_int_equal(store_begin(s), 0);
		assert_int_equal(store_head_put(s, &head, was), 0);
		assert_int_equal(store_commit(s), 0);
		store_close(s);
		assert_null(try_open(where, master));
		if (strstr(said, heads[i].want) == NULL)
			fail_msg("row %zu: said %s", i, said);
	}
}

/* --- damaged files, with SQLite ------------------------------------------ */

static size_t
read_all(uint8_t *out, size_t room)
{
	FILE *f = fopen(stores_path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(out, 1, room, f);
	fclose(f);
	return n;
}

static void
write_all(const uint8_t *p, size_t n)
{
	FILE *f = fopen(stores_path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	fclose(f);
}

/* Each key is what it was, or refused; a store that does not open says why. */
static void
judge(int *refused)
{
	struct keystore *ks = try_open(stores_path, master);
	struct keystore_pair pair;

	if (ks == NULL) {
		assert_true(strlen(said) > 10);
		++*refused;
		return;
	}
	for (int i = 0; i < 4; i++) {
		char label[20];
		int r;

		snprintf(label, sizeof(label), "k%d", i);
		if ((r = keystore_find(ks, label, 1, &row)) != 1) {
			assert_true(r < 0);
			assert_true(strlen(keystore_error(ks)) > 10);
			++*refused;
			continue;
		}
		assert_int_equal(keystore_pair(ks, &row, plain, &pair), 0);
		assert_true(span_is(pair.private, label));
	}
	keystore_close(ks);
}

static uint8_t image[256 * 1024], copy[sizeof(image)];

static size_t
make_image(void)
{
	struct keystore *ks = opened(stores_where(&sqlite));
	char label[20];

	for (int i = 0; i < 4; i++) {
		snprintf(label, sizeof(label), "k%d", i);
		assert_int_equal(create(ks, label, label), 0);
	}
	keystore_close(ks);
	return read_all(image, sizeof(image));
}

static void
test_flip(void **state)
{
	size_t n = make_image();
	int refused = 0, flips = times(300, 10000);

	(void)state;
	srandom(2);
	for (int i = 0; i < flips; i++) {
		size_t bit = (size_t)random() % (8 * n);

		memcpy(copy, image, n);
		copy[bit / 8] ^= (uint8_t)(1 << bit % 8);
		write_all(copy, n);
		judge(&refused);
	}
	print_message("%d flips, %d refusals\n", flips, refused);
	assert_true(refused > 0);
}

static void
test_truncate(void **state)
{
	size_t n = make_image();

	(void)state;
	for (size_t left = 512; left < n; left += 512) {
		int refused = 0;

		write_all(image, left);
		judge(&refused);
		assert_true(refused > 0);
	}
}

int
main(void)
{
	struct rows r = { 0 };

	stores_begin();
	stores_add(&r, "a row that was changed outside", test_tamper);
	stores_add(&r, "a row under another name", test_moved);
	stores_add(&r, "a head that was changed outside", test_head);
	rows_add(&r, "flipped bits", test_flip, NULL);
	rows_add(&r, "a file cut short", test_truncate, NULL);
	return stores_end(rows_run(&r, "keystore_open", keystores_setup, keystores_teardown));
}
