/*
 * store: where signing keys are kept: one table of functions, two
 * implementations, SQLite and PostgreSQL.
 *
 * A store holds rows that somebody else has sealed, and one head; it can read
 * none of them and trusts none of them: keystore.h does. Changes are made
 * between store_begin and store_commit, which returns when they are on disk.
 *
 * Failures are ERR_SYSTEM (try again later, or the disk is full) and
 * ERR_CORRUPT (what was read is no store); store_error says more, in words
 * that name the file or server and the cause.
 */
#ifndef LUAHSM_STORE_H
#define LUAHSM_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	STORE_FORMAT = 1,
	STORE_ID     = 16,
	STORE_LABEL  = 128,	/* bytes of a key's name */
	STORE_POLICY = 512,
	STORE_SEALED = 8192,	/* a sealed RSA-4096 key pair has 3.3 KiB */
	STORE_WRAP   = 128,
	STORE_ERROR  = 512
};

/* One version of one key. All but sealed is readable, and bound to it. */
struct store_row {
	char     label[STORE_LABEL + 1];
	uint32_t version;
	uint8_t  id[STORE_ID];		/* of the key, the same in all its versions */
	uint8_t  algorithm;		/* algorithm.h */
	uint8_t  state;			/* enum store_state */
	int64_t  created;		/* seconds since 1970 */
	uint64_t sequence;		/* the store's epoch when the row was last written */
	char     policy[STORE_POLICY];
	size_t   sealed_len;
	uint8_t  sealed[STORE_SEALED];
};

enum store_state { STORE_ENABLED, STORE_DISABLED, STORE_DESTROYED };

/* What there is one of. */
struct store_head {
	uint32_t format;
	uint64_t epoch;			/* goes up with every commit */
	size_t   wrap_len, sealed_len;
	uint8_t  wrap[STORE_WRAP];	/* the data key, wrapped by the master key */
	uint8_t  sealed[STORE_WRAP];
};

struct store;

/* Called with each row, borrowed. Another value than 0 ends the walk and is returned. */
typedef int store_visit(const struct store_row *row, void *arg);

struct store_calls {
	void (*close)(struct store *s);
	int (*begin)(struct store *s);
	int (*commit)(struct store *s);
	void (*rollback)(struct store *s);
	int (*head_get)(struct store *s, struct store_head *head);
	int (*head_put)(struct store *s, const struct store_head *head, uint64_t was);
	int (*row_get)(struct store *s, const char *label, uint32_t version,
	    struct store_row *row);
	int (*row_put)(struct store *s, const struct store_row *row, bool fresh);
	int (*walk)(struct store *s, store_visit *visit, void *arg);
};

/* The start of what an implementation keeps. */
struct store {
	const struct store_calls *calls;
	bool                      broken;	/* a write failed half way: believe nothing */
	bool                      shared;	/* other processes may change it meanwhile */
	char                      error[STORE_ERROR];
};

/*
 * Open the store at where: a path (made if missing, mode 0600; not for two
 * processes at a time), or postgresql://... NULL after a line on err.
 */
struct store *store_open(const char *where, FILE *err);
struct store *store_open_sqlite(const char *path, FILE *err);
struct store *store_open_pg(const char *url, FILE *err);

/* NULL is fine. What was not committed is gone. */
void store_close(struct store *s);

/* The last failure. */
const char *store_error(const struct store *s);

int  store_begin(struct store *s);
int  store_commit(struct store *s);
void store_rollback(struct store *s);

/* 1 and *head, or 0: the store is new. */
int store_head_get(struct store *s, struct store_head *head);

/*
 * Write the head, which must still be the one of epoch was (0: there was
 * none). 0, or 1: it is not, somebody else was faster; roll back.
 */
int store_head_put(struct store *s, const struct store_head *head, uint64_t was);

/* The row of that version, of the newest one for 0. 1 and *row, or 0: none. */
int store_row_get(struct store *s, const char *label, uint32_t version, struct store_row *row);

/* Insert a fresh row, or replace one. 0, or 1: a fresh one is there, an old one is not. */
int store_row_put(struct store *s, const struct store_row *row, bool fresh);

/* Visit all rows, by label and version. */
int store_walk(struct store *s, store_visit *visit, void *arg);

/* For implementations: note a failure and return r. */
int store_fail(struct store *s, int r, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
