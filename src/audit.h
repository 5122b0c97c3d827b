/*
 * audit: what was done with signing keys, by whom, as a chain of lines.
 *
 * One JSON object per line, numbered, each with a keyed hash (BLAKE2b) of
 * itself and of the line before: without the key nobody can change, leave out
 * or reorder lines. What the chain alone cannot show is that its end was cut
 * off; the number of the last record can be compared with one kept elsewhere.
 *
 * No record, no answer: audit_add returns when the line is on disk. A write
 * that fails is final, because nobody knows what of it is there.
 */
#ifndef LUAHSM_AUDIT_H
#define LUAHSM_AUDIT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "span.h"

enum { AUDIT_KEY = 32, AUDIT_LINE = 4096 };

struct audit;

/* One operation. Texts that are NULL, and an empty digest, are left out. */
struct audit_record {
	const char *operation;	/* "sign", "create", ... */
	const char *key;	/* the key's name */
	uint32_t    version;	/* 0: none */
	const char *algorithm;
	const char *peer;	/* where it came from: "unix", "network" */
	int64_t     uid, pid;	/* of the peer; -1: unknown */
	struct span digest;	/* of what was signed */
	const char *result;	/* the code of the answer: "00", "34" */
	uint64_t    epoch;	/* of the key store; 0: none */
};

/*
 * Open the log at path (made if missing, mode 0600) to go on with it. What a
 * crash left of a last line is cut off, with a line on err; it was not
 * answered. NULL after a line on err: the last line is not one of ours.
 */
struct audit *audit_open(const char *path, const uint8_t key[AUDIT_KEY], FILE *err);
void          audit_close(struct audit *a);	/* NULL is fine */

/* The number of the last record; 0: there is none. */
uint64_t audit_last(const struct audit *a);

/* The key store's epoch in the last record when the log was opened; 0: none. */
uint64_t audit_epoch(const struct audit *a);

/* Can records be added still? */
bool audit_works(const struct audit *a);

/* Add a record. 0, or ERR_SYSTEM, from then on always. */
int audit_add(struct audit *a, const struct audit_record *record);

/* The same in two steps, of which one audit_sync serves for many records. */
int audit_put(struct audit *a, const struct audit_record *record);
int audit_sync(struct audit *a);

/*
 * Verify all of the log at path. The number of records, or -1 after a line on
 * err that names the first line that is wrong.
 */
int64_t audit_verify(const char *path, const uint8_t key[AUDIT_KEY], FILE *err);

#endif
