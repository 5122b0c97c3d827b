/*
 * authority: which activities are authorised at the moment, in a page that all
 * processes share (spec: keys.md 5.5; threats A19).
 *
 * An activity is a text: category[.sub-category][.interface][.minutes], such as
 * generate.000.host.10; parts that are left out match all. A grant belongs to the
 * console session that asked for it, ends with it or with its time, and is looked at
 * when a command is executed, never before. Officers' names and hashes are kept for
 * those sessions, too.
 */
#ifndef LUAHSM_AUTHORITY_H
#define LUAHSM_AUTHORITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "span.h"

struct vault;

enum {
	AUTHORITY_WORD    = 15,		/* longest part of an activity */
	AUTHORITY_TEXT    = 64,		/* longest text of one */
	AUTHORITY_MOST    = 64,		/* grants at a time */
	AUTHORITY_MINUTES = 720
};

enum authority_interface { AUTHORITY_HOST = 1, AUTHORITY_CONSOLE = 2 };

struct activity {
	char     category[AUTHORITY_WORD + 1];
	char     sub[AUTHORITY_WORD + 1];	/* empty: all */
	unsigned interfaces;			/* bits of enum authority_interface */
	unsigned minutes;			/* 0: not said */
};

/* Make the page, before any process is forked. 0 or ERR_NO_MEMORY. Without it nothing
 * is ever authorised. */
int authority_init(void);

/* Keep the vault's officers. 0 or ERR_NO_MEMORY. */
int authority_keep_officers(const struct vault *v);

/* Is that the officer's passphrase? It takes the time of Argon2id, whatever the name. */
bool authority_officer(const char *name, struct span passphrase);

/* Is that an officer's name? */
bool authority_knows(const char *name);

/* How many officers there are. */
size_t authority_officers(void);

/* Read a text; letters become small. 0 or ERR_INPUT. */
int authority_parse(struct span text, struct activity *a);

/* Write it back (AUTHORITY_TEXT with its NUL), without minutes. */
void authority_format(const struct activity *a, char *text);

/* Authorise a for that session (a process id), for so many minutes. 0, or ERR_NO_ROOM. */
int authority_grant(uint32_t session, const struct activity *a, unsigned minutes);

/* Is it authorised, at this moment, from there? */
bool authority_allows(enum authority_interface from, const char *category, const char *sub);

/* Cancel what was granted as a, or all (NULL), also what the setting authorised gave.
 * How many grants that were. */
unsigned authority_cancel(const struct activity *a);

/* The same for a list of n texts, each with ; behind it. 0, or ERR_INPUT: nothing is cancelled. */
int authority_cancel_list(unsigned n, struct span list, unsigned *cancelled);

/* A session is over, and with it what it was granted. */
void authority_end(uint32_t session);

/* Has somebody cancelled what the setting authorised gave? */
bool authority_revoked(void);

/* How many grants there are; the one in place i: false when there is none now. */
unsigned authority_count(void);
bool     authority_at(size_t i, struct activity *a, unsigned *seconds);

#endif
