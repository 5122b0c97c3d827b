/*
 * cli_lmk: what the subcommands of `luahsm lmk` share: options, the open vault, and
 * how an LMK is told of. What they print is never a secret but for components that
 * they are asked for, which go to files of their own.
 */
#ifndef LUAHSM_CLI_LMK_H
#define LUAHSM_CLI_LMK_H

#include <limits.h>
#include <stdbool.h>

#include "cli.h"
#include "vault.h"

/* Rows of option tables; what one means goes by its name. */
#define LMK_ROW_NAME    { "name", "NAME", "what the LMK is called" }
#define LMK_ROW_ID      { "id", "ID", "00 to 19, that it is served under (00)" }
#define LMK_ROW_SCHEME  { "scheme", "WORD", "variant, 3des-kb or aes-kb (aes-kb)" }
#define LMK_ROW_COUNT   { "count", "N", "number of components (3)" }
#define LMK_ROW_TEST    { "test", NULL, "of test status, never for strict" }
#define LMK_ROW_CHECK   { "check", "VALUE", "the check value that the LMK must have" }
#define LMK_ROWS_STORED \
	LMK_ROW_NAME, LMK_ROW_ID, { "comment", "TEXT", "of up to 40 characters" }, \
	{ "old", NULL, "to key change storage, as an old LMK" }, \
	{ "new", NULL, "to key change storage, as a new LMK" }

struct lmk_job {
	const struct cli_usage *usage;
	struct config config;
	char          path[PATH_MAX];	/* of the vault */
	struct vault *vault;
	int           lock;
	struct vault_lmk *lmk;		/* to be stored, in the slab: name, id, comment, status */
	enum lmk_scheme scheme;
	unsigned      count, number, needed;
	const char   *of, *out, *check;
	bool          files, deletes;
};

/*
 * Options to job, which lmk_job_end frees, and the memory for keys made. -1: go on, the
 * operands are at argv[optind]; otherwise the exit status.
 */
int lmk_job_start(struct lmk_job *job, const struct cli_usage *usage, int argc, char **argv);
int lmk_job_end(struct lmk_job *job, int status);

/* Lock and open the vault, or make one where there is none. 0, or the exit status after a line. */
int lmk_job_vault(struct lmk_job *job, bool create);

/* A table of n LMKs for people. The exit status. */
int lmk_job_print(const struct vault_lmk *lmk, size_t n);

/* Give job->lmk its value, add it, save the vault, and say so. The exit status. */
int lmk_job_store(struct lmk_job *job, const struct lmk_value *value);

/* Subcommands of cli_lmk_form.c. */
int cli_lmk_components(int argc, char **argv);
int cli_lmk_form(int argc, char **argv);
int cli_lmk_store(int argc, char **argv);

int cli_lmk_officer(int argc, char **argv);

/* Check the components in the files argv[0..n). The exit status. */
int cli_lmk_check_files(char **argv, int n);

#endif
