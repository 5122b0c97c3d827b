/*
 * store_sqlite: the store in one file, owned by one process.
 *
 * A rollback journal with synchronous=EXTRA, not a write-ahead log: Debian's
 * SQLite has a race between checkpoint and reset of one, and signing keys
 * are written rarely (spec: threats 6.1). The lock is taken once and kept, so
 * that a second daemon is refused at its start and not at its first write.
 */
#include "store.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "err.h"
#include "ownfile.h"
#include "store_sql.h"

struct sqlite {
	struct store  store;
	sqlite3      *db;
	sqlite3_stmt *statement[SQL_STATEMENTS];
	char          path[];
};

static struct sqlite *
of(struct store *s)
{
	return (struct sqlite *)s;
}

/* What SQLite says of the last call, as a failure with its cause. */
static int
failed(struct sqlite *s)
{
	int code = sqlite3_extended_errcode(s->db), primary = code & 0xFF;
	const char *hint = "";

	switch (primary) {
	case SQLITE_BUSY:
		hint = ": another process has it open; one daemon at a time";
		break;
	case SQLITE_FULL:
		hint = ": no space is left on the disk";
		break;
	case SQLITE_READONLY:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
		hint = ": the file or its folder cannot be written";
		break;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		hint = ": the file is damaged; restore a backup";
		break;
	case SQLITE_IOERR:
		/* After a failed fsync the kernel may have dropped what it could not write. */
		s->store.broken = true;
		hint = ": the disk failed; nothing more is written until it is opened anew";
		break;
	default:
		break;
	}
	return store_fail(&s->store, primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB ?
	    ERR_CORRUPT : ERR_SYSTEM, "%s: %s%s", s->path, sqlite3_errmsg(s->db), hint);
}

static int
execute(struct sqlite *s, const char *sql)
{
	if (s->store.broken)
		return store_fail(&s->store, ERR_SYSTEM, "%s: the disk failed before: restart",
		    s->path);
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : failed(s);
}

/* A statement, ready for its parameters. NULL after store_fail. */
static sqlite3_stmt *
prepared(struct sqlite *s, enum store_sql which)
{
	if (s->store.broken) {
		execute(s, "");
		return NULL;
	}
	if (s->statement[which] == NULL && sqlite3_prepare_v3(s->db, store_sql[which], -1,
	    SQLITE_PREPARE_PERSISTENT, &s->statement[which], NULL) != SQLITE_OK) {
		failed(s);
		return NULL;
	}
	return s->statement[which];
}

static int
finish(sqlite3_stmt *st, int r)
{
	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return r;
}

/* Parameters count from 1 here, as the SQL has them. */
static void
bind_bytes(sqlite3_stmt *st, int i, const void *p, size_t n)
{
	/* An empty blob needs a pointer too: NULL would be SQL's NULL. */
	sqlite3_bind_blob(st, i, n > 0 ? p : "", (int)n, SQLITE_STATIC);
}

static void
bind_number(sqlite3_stmt *st, int i, uint64_t value)
{
	sqlite3_bind_int64(st, i, (sqlite3_int64)value);
}

/* Run one that changes rows: 0 one has changed, 1 none has, or a failure. */
static int
change(struct sqlite *s, sqlite3_stmt *st)
{
	int r = sqlite3_step(st);

	if (r == SQLITE_DONE)
		return finish(st, sqlite3_changes(s->db) == 1 ? 0 : 1);
	if (sqlite3_extended_errcode(s->db) == SQLITE_CONSTRAINT_PRIMARYKEY)
		return finish(st, 1);
	return finish(st, failed(s));
}

/* A column of at most room bytes. false: it is no blob, or longer. */
static bool
column_bytes(sqlite3_stmt *st, int i, void *out, size_t room, size_t *n)
{
	*n = (size_t)sqlite3_column_bytes(st, i);
	if (sqlite3_column_type(st, i) != SQLITE_BLOB || *n > room)
		return false;
	if (*n > 0)
		memcpy(out, sqlite3_column_blob(st, i), *n);
	return true;
}

/* The same as a text with a NUL behind it; room counts the NUL. */
static bool
column_text(sqlite3_stmt *st, int i, char *out, size_t room)
{
	size_t n;

	if (!column_bytes(st, i, out, room - 1, &n) || memchr(out, '\0', n) != NULL)
		return false;
	out[n] = '\0';
	return true;
}

/* A column that is a number up to most. */
static bool
column_number(sqlite3_stmt *st, int i, uint64_t most, uint64_t *out)
{
	*out = (uint64_t)sqlite3_column_int64(st, i);
	return sqlite3_column_type(st, i) == SQLITE_INTEGER && *out <= most;
}

/* The row that the statement stands on. 1, or ERR_CORRUPT. */
static int
take_row(struct sqlite *s, sqlite3_stmt *st, struct store_row *row)
{
	uint64_t version, algorithm, state, created;
	size_t id;

	memset(row, 0, sizeof(*row));
	if (!column_text(st, COLUMN_LABEL, row->label, sizeof(row->label)) ||
	    !column_number(st, COLUMN_VERSION, UINT32_MAX, &version) ||
	    !column_bytes(st, COLUMN_ID, row->id, STORE_ID, &id) || id != STORE_ID ||
	    !column_number(st, COLUMN_ALGORITHM, UINT8_MAX, &algorithm) ||
	    !column_number(st, COLUMN_STATE, STORE_DESTROYED, &state) ||
	    !column_number(st, COLUMN_CREATED, INT64_MAX, &created) ||
	    !column_number(st, COLUMN_SEQUENCE, INT64_MAX, &row->sequence) ||
	    !column_text(st, COLUMN_POLICY, row->policy, sizeof(row->policy)) ||
	    !column_bytes(st, COLUMN_SEALED, row->sealed, sizeof(row->sealed), &row->sealed_len))
		return store_fail(&s->store, ERR_CORRUPT, "%s: the row of key %.40s is damaged; "
		    "restore a backup", s->path, row->label);
	row->version = (uint32_t)version;
	row->algorithm = (uint8_t)algorithm;
	row->state = (uint8_t)state;
	row->created = (int64_t)created;
	return 1;
}

static int
sqlite_begin(struct store *s)
{
	return execute(of(s), "BEGIN IMMEDIATE");
}

static void
sqlite_rollback(struct store *s)
{
	char error[STORE_ERROR];

	/* what went wrong before is what matters, not that this may fail */
	memcpy(error, s->error, sizeof(error));
	if (sqlite3_get_autocommit(of(s)->db) == 0)
		(void)sqlite3_exec(of(s)->db, "ROLLBACK", NULL, NULL, NULL);
	memcpy(s->error, error, sizeof(error));
}

static int
sqlite_commit(struct store *s)
{
	int r = execute(of(s), "COMMIT");

	if (r != 0)
		sqlite_rollback(s);
	return r;
}

static int
sqlite_head_get(struct store *store, struct store_head *head)
{
	struct sqlite *s = of(store);
	sqlite3_stmt *st = prepared(s, SQL_HEAD_GET);
	uint64_t format;
	int r;

	if (st == NULL)
		return ERR_SYSTEM;
	memset(head, 0, sizeof(*head));
	r = sqlite3_step(st);
	if (r == SQLITE_DONE)
		return finish(st, 0);
	if (r != SQLITE_ROW)
		return finish(st, failed(s));
	if (!column_number(st, 0, UINT32_MAX, &format) ||
	    !column_number(st, 1, INT64_MAX, &head->epoch) ||
	    !column_bytes(st, 2, head->wrap, sizeof(head->wrap), &head->wrap_len) ||
	    !column_bytes(st, 3, head->sealed, sizeof(head->sealed), &head->sealed_len))
		return finish(st, store_fail(store, ERR_CORRUPT, "%s: its head is damaged; restore "
		    "a backup", s->path));
	head->format = (uint32_t)format;
	return finish(st, 1);
}

static int
sqlite_head_put(struct store *store, const struct store_head *head, uint64_t was)
{
	struct sqlite *s = of(store);
	sqlite3_stmt *st = prepared(s, was == 0 ? SQL_HEAD_INSERT : SQL_HEAD_UPDATE);

	if (st == NULL)
		return ERR_SYSTEM;
	bind_number(st, 1, head->format);
	bind_number(st, 2, head->epoch);
	bind_bytes(st, 3, head->wrap, head->wrap_len);
	bind_bytes(st, 4, head->sealed, head->sealed_len);
	if (was != 0)
		bind_number(st, 5, was);
	return change(s, st);
}

static int
sqlite_row_get(struct store *store, const char *label, uint32_t version, struct store_row *row)
{
	struct sqlite *s = of(store);
	sqlite3_stmt *st = prepared(s, version == 0 ? SQL_ROW_NEWEST : SQL_ROW_GET);
	int r;

	if (st == NULL)
		return ERR_SYSTEM;
	bind_bytes(st, 1, label, strlen(label));
	if (version != 0)
		bind_number(st, 2, version);
	r = sqlite3_step(st);
	if (r == SQLITE_DONE)
		return finish(st, 0);
	return finish(st, r == SQLITE_ROW ? take_row(s, st, row) : failed(s));
}

static int
sqlite_row_put(struct store *store, const struct store_row *row, bool fresh)
{
	struct sqlite *s = of(store);
	sqlite3_stmt *st = prepared(s, fresh ? SQL_ROW_INSERT : SQL_ROW_UPDATE);

	if (st == NULL)
		return ERR_SYSTEM;
	bind_bytes(st, COLUMN_LABEL + 1, row->label, strlen(row->label));
	bind_number(st, COLUMN_VERSION + 1, row->version);
	bind_bytes(st, COLUMN_ID + 1, row->id, STORE_ID);
	bind_number(st, COLUMN_ALGORITHM + 1, row->algorithm);
	bind_number(st, COLUMN_STATE + 1, row->state);
	bind_number(st, COLUMN_CREATED + 1, (uint64_t)row->created);
	bind_number(st, COLUMN_SEQUENCE + 1, row->sequence);
	bind_bytes(st, COLUMN_POLICY + 1, row->policy, strlen(row->policy));
	bind_bytes(st, COLUMN_SEALED + 1, row->sealed, row->sealed_len);
	return change(s, st);
}

static int
sqlite_walk(struct store *store, store_visit *visit, void *arg)
{
	struct sqlite *s = of(store);
	sqlite3_stmt *st = prepared(s, SQL_WALK);
	struct store_row *row = malloc(sizeof(*row));
	int r = SQLITE_ROW, told = 0;

	if (st == NULL || row == NULL) {
		free(row);
		return ERR_SYSTEM;
	}
	while (told == 0 && (r = sqlite3_step(st)) == SQLITE_ROW) {
		told = take_row(s, st, row);
		if (told == 1)
			told = visit(row, arg);
	}
	free(row);
	if (told == 0 && r != SQLITE_DONE)
		told = failed(s);
	return finish(st, told);
}

static void
sqlite_close(struct store *store)
{
	struct sqlite *s = of(store);

	for (int i = 0; i < SQL_STATEMENTS; i++)
		sqlite3_finalize(s->statement[i]);
	sqlite3_close(s->db);
	free(s);
}

static const struct store_calls calls = {
	.close = sqlite_close,
	.begin = sqlite_begin,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
	.head_get = sqlite_head_get,
	.head_put = sqlite_head_put,
	.row_get = sqlite_row_get,
	.row_put = sqlite_row_put,
	.walk = sqlite_walk,
};

/* Take the lock for good, and see to the tables. 0 or a failure. */
static int
set_up(struct sqlite *s)
{
	static const char pragmas[] =
	    "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; "
	    "PRAGMA synchronous = EXTRA; PRAGMA trusted_schema = OFF; "
	    "PRAGMA cell_size_check = ON; PRAGMA secure_delete = ON;";
	int r;

	if ((r = execute(s, pragmas)) != 0 || (r = execute(s, "BEGIN EXCLUSIVE")) != 0)
		return r;
	for (size_t i = 0; i < sizeof(store_tables) / sizeof(store_tables[0]) && r == 0; i++)
		r = execute(s, store_tables[i]);
	if (r != 0) {
		sqlite_rollback(&s->store);
		return r;
	}
	return sqlite_commit(&s->store);
}

struct store *
store_open_sqlite(const char *path, FILE *err)
{
	struct sqlite *s;
	int fd = ownfile_open(path, O_RDWR | O_CREAT, err);

	if (fd < 0)
		return NULL;
	close(fd);	/* it was only to be made, or looked at */
	if ((s = calloc(1, sizeof(*s) + strlen(path) + 1)) == NULL) {
		fprintf(err, "%s: out of memory\n", path);
		return NULL;
	}
	strcpy(s->path, path);
	s->store.calls = &calls;
	if (sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW |
	    SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		if (s->db != NULL)
			failed(s);
		fprintf(err, "%s\n", s->db != NULL ? s->store.error : "out of memory");
	} else {
		sqlite3_extended_result_codes(s->db, 1);
		if (set_up(s) == 0)
			return &s->store;
		fprintf(err, "%s\n", s->store.error);
	}
	sqlite_close(&s->store);
	return NULL;
}
