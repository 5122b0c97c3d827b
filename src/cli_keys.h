/*
 * cli_keys: what the verbs of `luahsm keys` share.
 */
#ifndef LUAHSM_CLI_KEYS_H
#define LUAHSM_CLI_KEYS_H

#include <stdbool.h>

#include "attributes.h"
#include "config.h"

struct cli_usage;
struct key;
struct lmk;

/* One call, from its options. */
struct keys_job {
	const struct cli_usage *usage;
	struct config           config;
	const char             *type_text, *lmk_name, *clear, *kbpk_file, *attributes_text;
	unsigned                type;
	char                    scheme;		/* 0: as long as the key */
	char                    version;	/* of an R block; 0: by the KBPK */
	bool                    show_clear, force, keyblock;
	struct attributes       attributes;	/* those of attributes_text */
	const struct lmk       *lmk;
	struct key             *kbpk;		/* NULL: none was given */
};

/* Say what r means; CLI_FAILED, for `return keys_failed(r)`. */
int keys_failed(int r);

/*
 * Options, configuration, type, LMKs and KBPK, by job->usage. -1: go on;
 * otherwise the exit status.
 */
int keys_start(struct keys_job *job, const struct cli_usage *usage, int operands, int argc,
    char **argv);

/* Print a key block field by field and verify it. The exit status. */
int keys_check_block(struct keys_job *job, const char *text);

/*
 * Read the key block protection key of job->kbpk_file into a scratch key: one
 * component per line, in hexadecimal, put together by exclusive or. aes: is it one
 * for AES. 0 or the exit status, after a line on stderr that holds no digit of it.
 */
int keys_read_kbpk(struct keys_job *job, bool aes);

int keys_generate(int argc, char **argv);
int keys_import(int argc, char **argv);
int keys_check(int argc, char **argv);

#endif
