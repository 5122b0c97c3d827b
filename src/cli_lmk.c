/*
 * cli_lmk: LMKs in the vault: made, shown, put to use and taken away.
 */
#include "cli_lmk.h"

#include <getopt.h>
#include <string.h>

#include "prompt.h"
#include "secret.h"

static const struct cli_option generate_options[] = {
	LMK_ROWS_STORED, LMK_ROW_SCHEME, LMK_ROW_TEST,
	{ NULL, NULL, NULL },
};

static const struct cli_usage generate_usage = {
	.line = "luahsm lmk generate --name NAME [OPTIONS]",
	.about = "Make a random LMK in the vault, and the vault if there is none. Nobody ever\n"
	    "sees its value; `luahsm lmk components --of NAME` makes a backup in shares.",
	.options = generate_options,
	.settings = CLI_BASIC | CLI_VAULT,
	.more = "example: luahsm lmk generate --name acme --id 00 --scheme aes-kb",
};

static int
generate(int argc, char **argv)
{
	struct lmk_value *value;
	struct lmk_job job;
	int r;

	if ((r = lmk_job_start(&job, &generate_usage, argc, argv)) >= 0)
		return r;
	if (optind < argc || job.lmk->name[0] == '\0')
		return lmk_job_end(&job, cli_mistake(&generate_usage, "give a --name, and options "
		    "only"));
	if ((r = lmk_job_vault(&job, true)) != 0)
		return lmk_job_end(&job, r);
	if ((value = secret_alloc(sizeof(*value))) == NULL)
		return lmk_job_end(&job, CLI_FAILED);
	lmk_value_random(value, job.scheme);
	r = lmk_job_store(&job, value);
	secret_free(value);
	return lmk_job_end(&job, r);
}

static const struct cli_option check_options[] = {
	LMK_ROW_CHECK,
	{ "component", NULL, "the operands are files of components" },
	{ NULL, NULL, NULL },
};

static const struct cli_usage check_usage = {
	.line = "luahsm lmk check [OPTIONS] [NAME | FILE...]",
	.about = "Open the vault and show its LMKs, or the one of that name, with their check\n"
	    "values. With --component, check files of components.",
	.options = check_options,
	.settings = CLI_BASIC | CLI_VAULT,
	.more = "example: luahsm lmk check acme --check 1A2B3C",
};

/* The LMK of that name. NULL after a line. */
static struct vault_lmk *
find(struct lmk_job *job, const char *name)
{
	struct vault_lmk *lmk = vault_find(job->vault, name);

	if (lmk == NULL)
		fprintf(stderr, "luahsm: the vault has no LMK \"%.40s\"\n", name);
	return lmk;
}

static int
check_one(struct lmk_job *job, const struct vault_lmk *lmk)
{
	char check[LMK_CHECK + 1];

	if (lmk == NULL || lmk_value_check(&lmk->value, check) != 0)
		return CLI_FAILED;
	if (job->check != NULL && strcasecmp(job->check, check) != 0) {
		fprintf(stderr, "luahsm: LMK %s has check value %s, not %.10s\n", lmk->name, check,
		    job->check);
		return CLI_FAILED;
	}
	return lmk_job_print(lmk, 1);
}

static int
check(int argc, char **argv)
{
	struct lmk_job job;
	int r;

	if ((r = lmk_job_start(&job, &check_usage, argc, argv)) >= 0)
		return r;
	if (job.files)
		return lmk_job_end(&job, cli_lmk_check_files(argv + optind, argc - optind));
	if (argc - optind > 1 || (job.check != NULL && argc == optind))
		return lmk_job_end(&job, cli_mistake(&check_usage, "give the name of one LMK"));
	if ((r = lmk_job_vault(&job, false)) != 0)
		return lmk_job_end(&job, r);
	r = optind < argc ? check_one(&job, find(&job, argv[optind])) :
	    lmk_job_print(job.vault->lmk, job.vault->lmks);
	return lmk_job_end(&job, r);
}

/* --- a vault that is changed --------------------------------------------- */

/* What is done to the vault; operand: the LMK's name, or as the usage says. 0, or -1 after
 * a line. */
typedef int changer(struct lmk_job *job, const char *operand);

/* One operand, or none where least is 0: open the vault, have it changed, and save it. */
static int
alter(const struct cli_usage *usage, int least, changer *change, int argc, char **argv)
{
	struct lmk_job job;
	int r, n;

	if ((r = lmk_job_start(&job, usage, argc, argv)) >= 0)
		return r;
	n = argc - optind;
	if (n < least || n > 1)
		r = cli_mistake(usage, "give %s", least == 0 ? "one file" :
		    "the name of one LMK");
	else if ((r = lmk_job_vault(&job, false)) == 0)
		r = change(&job, argv[optind]) == 0 &&
		    vault_save(job.vault, job.path, stderr) == 0 ? CLI_OK : CLI_FAILED;
	return lmk_job_end(&job, r);
}

static const struct cli_usage delete_usage = {
	.line = "luahsm lmk delete [OPTIONS] NAME",
	.about = "Take an LMK out of the vault. Without components or shares of it, what is\n"
	    "encrypted under it is lost.",
	.settings = CLI_BASIC | CLI_VAULT,
};

static int
remove_lmk(struct lmk_job *job, const char *name)
{
	struct vault_lmk *lmk = find(job, name);

	if (lmk == NULL)
		return -1;
	vault_remove(job->vault, lmk);
	return 0;
}

static int
take_away(int argc, char **argv)
{
	return alter(&delete_usage, 1, remove_lmk, argc, argv);
}

static const struct cli_usage change_usage = {
	.line = "luahsm lmk change [OPTIONS] NAME",
	.about = "Put a new LMK to use that is in key change storage: it becomes live, and the\n"
	    "live one of its id old, from which BW, BG and others bring keys and PINs over.",
	.settings = CLI_BASIC | CLI_VAULT,
};

static int
change_lmk(struct lmk_job *job, const char *name)
{
	return vault_change(job->vault, name, stderr);
}

static int
change(int argc, char **argv)
{
	return alter(&change_usage, 1, change_lmk, argc, argv);
}

static const struct cli_usage passphrase_usage = {
	.line = "luahsm lmk passphrase [OPTIONS] [FILE]",
	.about = "Seal the vault under another passphrase: the one in FILE, or one that is asked\n"
	    "for. The old one is taken as by every other command.",
	.settings = CLI_BASIC | CLI_VAULT,
};

static int
seal_anew(struct lmk_job *job, const char *file)
{
	struct master *m = prompt_master(file != NULL ? file : "", "lmk.new-passphrase",
	    "new passphrase of the vault", true, stderr);
	int r = m != NULL ? vault_rewrap(job->vault, m) : -1;

	master_free(m);
	return r;
}

static int
passphrase(int argc, char **argv)
{
	return alter(&passphrase_usage, 0, seal_anew, argc, argv);
}

int
cli_lmk(int argc, char **argv)
{
	static const struct cli_command commands[] = {
		{ "generate",   generate,   "make a random LMK in the vault" },
		{ "components", cli_lmk_components, "make components, or a backup in shares" },
		{ "form",       cli_lmk_form, "form an LMK from components or shares" },
		{ "store",      cli_lmk_store, "store an LMK whose whole value is known" },
		{ "check",      check,      "show what the vault has, with check values" },
		{ "delete",     take_away,  "take an LMK out of the vault" },
		{ "change",     change,     "put a new LMK to use, and make the live one old" },
		{ "officer",    cli_lmk_officer, "who may authorise something at the console" },
		{ "passphrase", passphrase, "seal the vault under another passphrase" },
		{ NULL, NULL, NULL },
	};

	return cli_choose(commands, "luahsm lmk",
	    "LMKs of your own, in a vault that a passphrase opens.", argc, argv);
}
