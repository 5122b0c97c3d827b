/* seal: every column of a row is bound to its sealed part, every row to the tally. */
#include "seal.h"

#include "err.h"
#include "rows.h"
#include "secret.h"

static struct master *master;
static struct seal *seal;
static struct store_row row;
static uint8_t *plain;

static void
some_row(void)
{
	memset(&row, 0, sizeof(row));
	strcpy(row.label, "name");
	strcpy(row.policy, "sign=0");
	row.version = 3;
	row.algorithm = 31;
	row.created = 5;
	row.sequence = 9;
	row.id[15] = 7;
	assert_int_equal(seal_row(seal, &row, SPAN("the private key")), 0);
}

enum what {
	NOTHING, LABEL, MOVED, POLICY, VERSION, ALGORITHM, STATE, CREATED, SEQUENCE, ID, TAG, NONCE,
	FORMAT, SHORTER, LONGER
};

static void
make_change(enum what what)
{
	switch (what) {
	case NOTHING: break;
	case LABEL: row.label[0] ^= 1; break;
	case MOVED:
		strcpy(row.label, "namesi");
		strcpy(row.policy, "gn=0");
		break;
	case POLICY: row.policy[0] = '\0'; break;
	case VERSION: row.version = 4; break;
	case ALGORITHM: row.algorithm++; break;
	case STATE: row.state = STORE_DISABLED; break;
	case CREATED: row.created--; break;
	case SEQUENCE: row.sequence--; break;
	case ID: row.id[0]++; break;
	case TAG: row.sealed[row.sealed_len - 1] ^= 1; break;
	case NONCE: row.sealed[1] ^= 1; break;
	case FORMAT: row.sealed[0]++; break;
	case SHORTER: row.sealed_len = SEAL_OVERHEAD - 1; break;
	case LONGER: row.sealed_len++; break;
	}
}

static const struct change {
	const char *name;
	enum what   what;
	int         want;
	int         tallied;	/* does the tally notice by itself? */
} changes[] = {
	{ "as it was sealed", NOTHING,   0,           0 },
	{ "label",            LABEL,     ERR_CORRUPT, 1 },
	{ "the end of the label in the policy", MOVED, ERR_CORRUPT, 1 },
	{ "policy",           POLICY,    ERR_CORRUPT, 1 },
	{ "version",          VERSION,   ERR_CORRUPT, 1 },
	{ "algorithm",        ALGORITHM, ERR_CORRUPT, 1 },
	{ "state",            STATE,  ERR_CORRUPT, 1 },
	{ "created",          CREATED,   ERR_CORRUPT, 1 },
	{ "sequence",         SEQUENCE,  ERR_CORRUPT, 1 },
	{ "id",               ID,        ERR_CORRUPT, 1 },
	{ "the tag",          TAG,    ERR_CORRUPT, 0 },
	{ "the nonce",        NONCE,     ERR_CORRUPT, 0 },
	{ "the format",       FORMAT,    ERR_CORRUPT, 0 },
	{ "shorter than any", SHORTER,   ERR_CORRUPT, 0 },
	{ "a byte more",      LONGER,    ERR_CORRUPT, 0 },
};

static void
test_change(void **state)
{
	const struct change *change = *state;
	uint8_t before[SEAL_TALLY] = { 0 }, after[SEAL_TALLY] = { 0 };
	size_t n;

	some_row();
	seal_tally(seal, &row, before);
	make_change(change->what);
	seal_tally(seal, &row, after);
	assert_int_equal(seal_row_open(seal, &row, plain, &n), change->want);
	assert_int_equal(memcmp(before, after, sizeof(before)) != 0, change->tallied);
	if (change->want == 0) {
		assert_int_equal(n, strlen("the private key"));
		assert_memory_equal(plain, "the private key", n);
	}
}

static void
test_tally(void **state)
{
	uint8_t tally[SEAL_TALLY] = { 0 }, zero[SEAL_TALLY] = { 0 }, two[SEAL_TALLY] = { 0 };

	(void)state;
	some_row();
	seal_tally(seal, &row, tally);
	assert_memory_not_equal(tally, zero, sizeof(zero));
	row.version++;
	seal_tally(seal, &row, two);
	seal_tally(seal, &row, tally);
	row.version--;
	seal_tally(seal, &row, two);
	assert_memory_equal(tally, two, sizeof(two));	/* in any order */
	seal_tally(seal, &row, tally);
	row.version++;
	seal_tally(seal, &row, tally);
	assert_memory_equal(tally, zero, sizeof(zero));
}

static void
test_head(void **state)
{
	struct store_head head = { .format = 1, .epoch = 5, .wrap_len = 4, .wrap = "abc" }, bad;
	struct seal_count count = { .rows = 77, .tally = { 1, 2, 3 } }, back;

	(void)state;
	seal_head(seal, &head, &count);
	assert_int_equal(seal_head_open(seal, &head, &back), 0);
	assert_memory_equal(&back, &count, sizeof(count));
	bad = head;
	bad.epoch++;
	assert_int_equal(seal_head_open(seal, &bad, &back), ERR_CORRUPT);
	bad = head;
	bad.wrap[0] ^= 1;
	assert_int_equal(seal_head_open(seal, &bad, &back), ERR_CORRUPT);
	bad = head;
	bad.format++;
	assert_int_equal(seal_head_open(seal, &bad, &back), ERR_CORRUPT);
	for (size_t i = 0; i < head.sealed_len; i++) {
		bad = head;
		bad.sealed[i] ^= 4;
		assert_int_equal(seal_head_open(seal, &bad, &back), ERR_CORRUPT);
	}
}

static void
test_keys(void **state)
{
	uint8_t wrap[MASTER_WRAP], a[SEAL_KEY], b[SEAL_KEY];
	struct seal *other = seal_new(master, wrap), *same;
	size_t n;
	int r;

	(void)state;
	some_row();
	assert_int_equal(seal_row_open(other, &row, plain, &n), ERR_CORRUPT);
	assert_non_null(same = seal_open(master, span_of(wrap, sizeof(wrap)), &r));
	assert_int_equal(seal_row(other, &row, SPAN("x")), 0);
	assert_int_equal(seal_row_open(same, &row, plain, &n), 0);
	seal_subkey(other, "audit", a);
	seal_subkey(same, "audit", b);
	assert_memory_equal(a, b, sizeof(a));
	seal_subkey(same, "rows", b);
	assert_memory_not_equal(a, b, sizeof(a));
	wrap[MASTER_WRAP - 1] ^= 1;
	assert_null(seal_open(master, span_of(wrap, sizeof(wrap)), &r));
	assert_int_equal(r, ERR_VERIFY);
	seal_free(other);
	seal_free(same);
}

static void
test_sizes(void **state)
{
	size_t n;

	(void)state;
	some_row();
	memset(plain, 'x', SEAL_PLAIN);
	assert_int_equal(seal_row(seal, &row, span_of(plain, SEAL_PLAIN)), 0);
	assert_int_equal(row.sealed_len, STORE_SEALED);
	assert_int_equal(seal_row_open(seal, &row, plain, &n), 0);
	assert_int_equal(n, SEAL_PLAIN);
	assert_int_equal(seal_row(seal, &row, span_of(plain, SEAL_PLAIN + 1)), ERR_TOO_LONG);
	assert_int_equal(seal_row(seal, &row, span_of(plain, 0)), 0);
	assert_int_equal(seal_row_open(seal, &row, plain, &n), 0);
	assert_int_equal(n, 0);
}

static int
setup(void **state)
{
	uint8_t wrap[MASTER_WRAP];
	char dir[] = "/tmp/luahsm-test-XXXXXX", path[60];

	(void)state;
	if (secret_init(false) != 0 || mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/master.key", dir);
	master = master_from_file(path, true, stderr);
	if (remove(path) != 0 || remove(dir) != 0 || master == NULL)
		return -1;
	seal = seal_new(master, wrap);
	plain = secret_alloc(SEAL_PLAIN);
	return seal != NULL && plain != NULL ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	seal_free(seal);
	master_free(master);
	secret_free(plain);
	return secret_bytes_used() == 0 ? 0 : -1;
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, changes, test_change);
	rows_add(&r, "a tally has no order, and takes back", test_tally, NULL);
	rows_add(&r, "the head's parts are bound", test_head, NULL);
	rows_add(&r, "a data key of one's own, and keys of it", test_keys, NULL);
	rows_add(&r, "longest and shortest", test_sizes, NULL);
	return rows_run(&r, "seal", setup, teardown);
}
