/*
 * config_table: every setting, once: its name, values, default, place and
 * meaning. Flags, environment, file, `config show` and the manual page all
 * come from this table.
 */
#ifndef LUAHSM_CONFIG_TABLE_H
#define LUAHSM_CONFIG_TABLE_H

#include <stddef.h>
#include <stdio.h>

#include "config.h"

enum setting_kind {
	SETTING_NUMBER,		/* least to most */
	SETTING_PORT,		/* the same; 0 also means: no TCP */
	SETTING_BYTES,		/* the same, K or M may follow */
	SETTING_FLAG,		/* true or false */
	SETTING_WORD,		/* one of words; the field gets its position */
	SETTING_TEXT,		/* printable, least to most characters */
	SETTING_NAME,		/* the same; "none" is empty */
	SETTING_ADDRESSES,	/* a list of IP addresses */
	SETTING_CODES,		/* a list of command codes */
	SETTING_LMK		/* lmk.00 to lmk.19: the name of an LMK */
};

struct setting {
	const char       *name;		/* "message.header_length"; "lmk.ID" */
	enum setting_kind kind;
	size_t            at, size;	/* the field in struct config */
	long              least, most;
	const char       *words;	/* separated by spaces */
	const char       *preset;	/* the default; NULL: found out at start */
	const char       *strict;	/* the default of strict, where it differs */
	const char       *help;
};

extern const struct setting config_table[];
extern const size_t config_table_count;

enum { SETTING_TEXT_MAX = 4096, SETTING_ENV_MAX = 64 };

/* The row of a name (of any lmk.NN too), or NULL. */
const struct setting *config_find(const char *name);

/* The name that is most like a wrong one, or NULL when none is. */
const char *config_nearest(const char *name);

/* How many letters a and b differ by, two swapped ones counting once. */
unsigned config_distance(const char *a, const char *b);

/* The environment variable of a setting: LUAHSM_MESSAGE_HEADER_LENGTH. */
void config_env_name(const char *name, char out[SETTING_ENV_MAX]);

/*
 * Give c the value that text names. name differs from s->name for an LMK only.
 * 0, or -1 after writing what is allowed (no newline) to err.
 */
int config_parse(struct config *c, const struct setting *s, const char *name,
    const char *text, FILE *err);

/* The value as config_parse would take it. An LMK set: "00=NAME 01=NAME". */
void config_format(const struct config *c, const struct setting *s, FILE *out);

/* What values a setting takes, for people. */
void config_values(const struct setting *s, FILE *out);

/* The id in "lmk.ID", or -1. */
int config_lmk_id(const char *name);

/*
 * Run the Lua file at path and hand each setting in it, as text, to each,
 * with its line (0: not found) and "path:line" for messages.
 * 0, 1: no such file, or -1 after one line on err or when each returned -1.
 */
typedef int (*config_each)(void *arg, const char *name, const char *value,
    unsigned line, const char *where);
int config_file(const char *path, config_each each, void *arg, FILE *err);

/* The line of a Lua table's source on which the value of name is set; 0: not found. */
unsigned config_line(const char *text, size_t n, const char *name);

#endif
