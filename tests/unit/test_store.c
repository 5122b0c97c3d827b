/* store: rows and head come back as they were put, on SQLite and on PostgreSQL alike. */
#include "store.h"

#include "err.h"
#include "stores.h"

static struct store_row row, got;

static struct store *
opened(const char *where)
{
	struct store *s = store_open(where, stderr);

	assert_non_null(s);
	return s;
}

static const struct store_row *
some_row(const char *label, uint32_t version)
{
	memset(&row, 0, sizeof(row));
	snprintf(row.label, sizeof(row.label), "%s", label);
	row.version = version;
	memset(row.id, (int)version, sizeof(row.id));
	row.algorithm = 31;
	row.state = STORE_DISABLED;
	row.created = 1700000000;
	row.sequence = 0x123456789AULL;
	strcpy(row.policy, "sign=1000");
	row.sealed_len = 300;
	for (size_t i = 0; i < row.sealed_len; i++)
		row.sealed[i] = (uint8_t)i;
	return &row;
}

static struct store_head
some_head(uint64_t epoch)
{
	struct store_head head = { .format = 1, .epoch = epoch, .wrap_len = 3, .sealed_len = 4 };

	memcpy(head.wrap, "a\0b", 3);
	memcpy(head.sealed, "\377\0\1\2", 4);
	return head;
}

static void
put(struct store *s, const char *label, uint32_t version)
{
	assert_int_equal(store_begin(s), 0);
	assert_int_equal(store_row_put(s, some_row(label, version), true), 0);
	assert_int_equal(store_commit(s), 0);
}

static void
test_new(void **state)
{
	struct store *s = opened(stores_where(*state));
	struct store_head head;

	assert_int_equal(store_head_get(s, &head), 0);
	assert_int_equal(store_row_get(s, "k", 0, &got), 0);
	assert_int_equal(store_row_get(s, "k", 1, &got), 0);
	assert_int_equal(store_walk(s, NULL, NULL), 0);
	store_close(s);
}

static void
test_head(void **state)
{
	const char *where = stores_where(*state);
	struct store *s = opened(where);
	struct store_head head = some_head(7), back;

	assert_int_equal(store_begin(s), 0);
	assert_int_equal(store_head_put(s, &head, 0), 0);
	assert_int_equal(store_commit(s), 0);
	store_close(s);

	s = opened(where);
	assert_int_equal(store_head_get(s, &back), 1);
	assert_memory_equal(&back, &head, sizeof(head));
	head = some_head(8);
	assert_int_equal(store_begin(s), 0);
	assert_int_equal(store_head_put(s, &head, 6), 1);
	store_rollback(s);
	assert_int_equal(store_begin(s), 0);
	assert_int_equal(store_head_put(s, &head, 0), 1);
	store_rollback(s);
	assert_int_equal(store_head_get(s, &back), 1);
	assert_int_equal(back.epoch, 7);
	assert_int_equal(store_begin(s), 0);
	assert_int_equal(store_head_put(s, &head, 7), 0);
	assert_int_equal(store_commit(s), 0);
	assert_int_equal(store_head_get(s, &back), 1);
	assert_int_equal(back.epoch, 8);
	store_close(s);
}

static void
test_row(void **state)
{
	const char *where = stores_where(*state);
	struct store *s = opened(where);

	put(s, "k", 1);
	store_close(s);
	s = opened(where);
	assert_int_equal(store_row_get(s, "k", 1, &got), 1);
	assert_memory_equal(&got, some_row("k", 1), sizeof(got));
	assert_int_equal(store_row_get(s, "k", 2, &got), 0);
	assert_int_equal(store_row_get(s, "K", 1, &got), 0);
	store_close(s);
}

static void
test_newest(void **state)
{
	struct store *s = opened(stores_where(*state));

	for (uint32_t version = 1; version <= 11; version++)
		put(s, "k", version);
	put(s, "k2", 99);
	assert_int_equal(store_row_get(s, "k", 0, &got), 1);
	assert_int_equal(got.version, 11);
	store_close(s);
}

static void
test_limits(void **state)
{
	struct store *s = opened(stores_where(*state));
	char label[STORE_LABEL + 1];

	memset(label, '~', STORE_LABEL);
	label[STORE_LABEL] = '\0';
	some_row(label, UINT32_MAX);
	memset(row.policy, 'p', sizeof(row.policy) - 1);
	row.sealed_len = sizeof(row.sealed);
	memset(row.sealed, 0xA5, sizeof(row.sealed));
	row.created = INT64_MAX;
	row.sequence = INT64_MAX;
	row.algorithm = 255;
	row.state = STORE_DESTROYED;
	assert_int_equal(store_begin(s), 0);
	assert_int_equal(store_row_put(s, &row, true), 0);
	assert_int_equal(store_commit(s), 0);
	assert_int_equal(store_row_get(s, label, UINT32_MAX, &got), 1);
	assert_memory_equal(&got, &row, sizeof(row));

	some_row("e", 1);
	row.policy[0] = '\0';
	memset(row.policy, 0, sizeof(row.policy));
	row.sealed_len = 0;
	memset(row.sealed, 0, sizeof(row.sealed));
	assert_int_equal(store_begin(s), 0);
	assert_int_equal(store_row_put(s, &row, true), 0);
	assert_int_equal(store_commit(s), 0);
	assert_int_equal(store_row_get(s, "e", 1, &got), 1);
	assert_memory_equal(&got, &row, sizeof(row));
	store_close(s);
}

static void
test_change(void **state)
{
	struct store *s = opened(stores_where(*state));

	put(s, "k", 1);
	assert_int_equal(store_begin(s), 0);
	assert_int_equal(store_row_put(s, some_row("k", 1), true), 1);
	store_rollback(s);
	assert_int_equal(store_begin(s), 0);
	assert_int_equal(store_row_put(s, some_row("k", 2), false), 1);
	store_rollback(s);
	some_row("k", 1);
	row.state = STORE_ENABLED;
	row.sealed_len = 5;
	assert_int_equal(store_begin(s), 0);
	assert_int_equal(store_row_put(s, &row, false), 0);
	assert_int_equal(store_commit(s), 0);
	assert_int_equal(store_row_get(s, "k", 0, &got), 1);
	assert_int_equal(got.state, STORE_ENABLED);
	assert_int_equal(got.sealed_len, 5);
	store_close(s);
}

static void
test_rollback(void **state)
{
	const char *where = stores_where(*state);
	struct store *s = opened(where);

	put(s, "k", 1);
	assert_int_equal(store_begin(s), 0);
	assert_int_equal(store_row_put(s, some_row("k", 2), true), 0);
	store_rollback(s);
	assert_int_equal(store_row_get(s, "k", 2, &got), 0);
	assert_int_equal(store_begin(s), 0);
	assert_int_equal(store_row_put(s, some_row("k", 3), true), 0);
	store_close(s);
	s = opened(where);
	assert_int_equal(store_row_get(s, "k", 0, &got), 1);
	assert_int_equal(got.version, 1);
	store_close(s);
}

static char seen[200];

static int
note(const struct store_row *r, void *arg)
{
	size_t n = strlen(seen);

	snprintf(seen + n, sizeof(seen) - n, "%s%u ", r->label, r->version);
	return arg != NULL && strcmp(r->label, arg) == 0 ? 5 : 0;
}

static void
test_walk(void **state)
{
	struct store *s = opened(stores_where(*state));
	char stop[] = "a";

	put(s, "b", 2);
	put(s, "a", 10);
	put(s, "B", 1);
	put(s, "a", 9);
	put(s, "a/b", 1);
	put(s, "b", 1);
	seen[0] = '\0';
	assert_int_equal(store_walk(s, note, NULL), 0);
	assert_string_equal(seen, "B1 a9 a10 a/b1 b1 b2 ");
	seen[0] = '\0';
	assert_int_equal(store_walk(s, note, stop), 5);
	assert_string_equal(seen, "B1 a9 ");
	store_close(s);
}

/* A second process is refused by SQLite; on PostgreSQL two writers meet at the head. */
static void
test_two(void **state)
{
	const struct stores_row *kind = *state;
	const char *where = stores_where(kind);
	struct store *s = opened(where), *t;
	struct store_head head = some_head(1);
	char said[300] = "";
	FILE *err = fmemopen(said, sizeof(said), "w");

	assert_int_equal(store_begin(s), 0);
	assert_int_equal(store_head_put(s, &head, 0), 0);
	assert_int_equal(store_commit(s), 0);
	t = store_open(where, err);
	fclose(err);
	if (!kind->pg) {
		assert_null(t);
		assert_non_null(strstr(said, where));
		assert_non_null(strstr(said, "another process"));
	} else {
		assert_non_null(t);
		head.epoch = 2;
		assert_int_equal(store_begin(s), 0);
		assert_int_equal(store_head_put(s, &head, 1), 0);
		assert_int_equal(store_commit(s), 0);
		assert_int_equal(store_begin(t), 0);
		assert_int_equal(store_head_put(t, &head, 1), 1);
		store_rollback(t);
	}
	store_close(t);
	store_close(s);
}

/* Files that are no store of ours: each refused with a reason. */
static const struct file {
	const char *name;
	const char *content;	/* NULL: none is made */
	mode_t      mode;
	const char *path;	/* behind the folder */
	const char *want;
} files[] = {
	{ "not a database",      "no database, but long enough to look at it twice: "
	    "0123456789012345678901234567890123456789012345678901234567890123456789", 0600,
	    "/x.db", "damaged" },
	{ "others may read it",  "", 0644, "/x.db", "mode 0600" },
	{ "a folder",            NULL, 0, "/", "directory" },
	{ "a folder that is not there", NULL, 0, "/no/x.db", "No such file" },
};

static void
test_file(void **state)
{
	const struct file *file = *state;
	char path[100], said[300] = "";
	FILE *err = fmemopen(said, sizeof(said), "w"), *f;

	snprintf(path, sizeof(path), "%s%s", stores_dir, file->path);
	if (file->content != NULL) {
		assert_non_null(f = fopen(path, "w"));
		fputs(file->content, f);
		fclose(f);
		assert_int_equal(chmod(path, file->mode), 0);
	}
	assert_null(store_open(path, err));
	fclose(err);
	if (strstr(said, file->want) == NULL)
		fail_msg("said: %s", said);
	unlink(path);
}

static void
test_mode(void **state)
{
	struct stat st;
	struct store *s = opened(stores_where(&(struct stores_row){ .pg = 0 }));
	char link_path[100], said[300] = "";
	FILE *err = fmemopen(said, sizeof(said), "w");

	(void)state;
	assert_int_equal(stat(stores_path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	store_close(s);
	snprintf(link_path, sizeof(link_path), "%s/link", stores_dir);
	assert_int_equal(symlink(stores_path, link_path), 0);
	assert_null(store_open(link_path, err));
	fclose(err);
	assert_non_null(strstr(said, "symbolic link"));
	unlink(link_path);
}

static void
test_no_server(void **state)
{
	char said[300] = "";
	FILE *err = fmemopen(said, sizeof(said), "w");

	(void)state;
	assert_null(store_open("postgresql://x@/y?host=/nowhere", err));
	fclose(err);
	assert_non_null(strstr(said, "PostgreSQL"));
	assert_non_null(strstr(said, "/nowhere"));
}

int
main(void)
{
	struct rows r = { 0 };

	stores_begin();
	stores_add(&r, "a new store is empty", test_new);
	stores_add(&r, "the head comes back, and changes by its epoch", test_head);
	stores_add(&r, "a row comes back", test_row);
	stores_add(&r, "version 0 is the newest", test_newest);
	stores_add(&r, "longest and shortest values", test_limits);
	stores_add(&r, "rows are replaced, never twice there", test_change);
	stores_add(&r, "what is not committed is not there", test_rollback);
	stores_add(&r, "a walk is by label and version, bytewise", test_walk);
	stores_add(&r, "two at a time", test_two);
	ROWS(&r, files, test_file);
	rows_add(&r, "the file is its owner's alone, and no link", test_mode, NULL);
	rows_add(&r, "a server that is not there is named", test_no_server, NULL);
	return stores_end(rows_run(&r, "store", NULL, NULL));
}
