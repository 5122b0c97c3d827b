/*
 * cli_lmk: LMKs in the vault, and what all of `luahsm lmk` starts with.
 */
#include "cli_lmk.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "component.h"
#include "prompt.h"
#include "secret.h"

static const char *const states[] = { "live", "old", "new" };

/* --- options ------------------------------------------------------------- */

enum what {
	NAME, ID, SCHEME, COMMENT, OLD, NEW, TEST, COUNT, NUMBER, NEEDED, OF, OUT, CHECK, FILES,
	DELETES
};

static const char *const words[] = {
	[NAME] = "name", [ID] = "id", [SCHEME] = "scheme", [COMMENT] = "comment", [OLD] = "old",
	[NEW] = "new", [TEST] = "test", [COUNT] = "count", [NUMBER] = "number",
	[NEEDED] = "needed", [OF] = "of", [OUT] = "out", [CHECK] = "check", [FILES] = "component",
	[DELETES] = "delete"
};

static int
read_number(const char *name, const char *text, long least, long most, unsigned *out)
{
	long value;

	if (cli_number(name, text, least, most, &value) != 0)
		return CLI_USAGE;
	*out = (unsigned)value;
	return 0;
}

static int
read_scheme(struct lmk_job *job, const char *value)
{
	int scheme = lmk_scheme_find(value);

	if (scheme < 0)
		return cli_mistake(job->usage, "--scheme can't be \"%.20s\"; it is variant, "
		    "3des-kb or aes-kb", value);
	job->scheme = (enum lmk_scheme)scheme;
	return 0;
}

static int
read_text(struct lmk_job *job, const char *name, const char *value, char *out, size_t most)
{
	if (strlen(value) > most)
		return cli_mistake(job->usage, "--%s takes at most %zu characters", name, most);
	memcpy(out, value, strlen(value) + 1);
	return 0;
}

static int
read_option(void *arg, int option, const char *value)
{
	struct lmk_job *job = arg;
	const char *name = job->usage->options[option].name;
	unsigned what = 0;

	while (strcmp(words[what], name) != 0)
		what++;
	switch ((enum what)what) {
	case NAME:
		return read_text(job, name, value, job->lmk->name, LMK_NAME);
	case COMMENT:
		return read_text(job, name, value, job->lmk->comment, VAULT_COMMENT);
	case ID:
		return read_number(name, value, 0, LMK_IDS - 1, &job->lmk->id);
	case SCHEME:
		return read_scheme(job, value);
	case COUNT:
		return read_number(name, value, COMPONENT_LEAST, COMPONENT_MOST, &job->count);
	case NUMBER:
		return read_number(name, value, 1, COMPONENT_MOST, &job->number);
	case NEEDED:
		return read_number(name, value, 2, COMPONENT_MOST, &job->needed);
	case OLD:
		job->lmk->state = VAULT_OLD;
		break;
	case NEW:
		job->lmk->state = VAULT_NEW;
		break;
	case TEST:
		job->lmk->test = true;
		break;
	case OF:
		job->of = value;
		break;
	case OUT:
		job->out = value;
		break;
	case CHECK:
		job->check = value;
		break;
	case FILES:
		job->files = true;
		break;
	case DELETES:
		job->deletes = true;
		break;
	}
	return 0;
}

int
lmk_job_start(struct lmk_job *job, const struct cli_usage *usage, int argc, char **argv)
{
	struct cli_settings settings = { 0 };
	int r;

	memset(job, 0, sizeof(*job));
	job->usage = usage;
	job->lock = -1;
	job->scheme = LMK_AES_BLOCK;
	job->count = 3;
	if (cli_open_memory(false) != 0 ||
	    (job->lmk = secret_alloc(sizeof(*job->lmk))) == NULL)
		return CLI_FAILED;
	if ((r = cli_options(usage, &settings, argc, argv, read_option, job)) >= 0)
		return lmk_job_end(job, r);
	if (cli_settings_load(&settings, &job->config) != 0 ||
	    config_vault(&job->config, job->path, stderr) != 0)
		return lmk_job_end(job, CLI_CONFIG);
	return -1;
}

int
lmk_job_end(struct lmk_job *job, int status)
{
	vault_free(job->vault);
	secret_free(job->lmk);
	if (job->lock >= 0)
		close(job->lock);
	return status;
}

/* --- the vault ----------------------------------------------------------- */

int
lmk_job_vault(struct lmk_job *job, bool create)
{
	struct master *m;
	bool there;

	if ((job->lock = vault_lock(job->path, stderr)) < 0)
		return CLI_FAILED;
	there = access(job->path, F_OK) == 0 || errno != ENOENT;
	if (!there && !create) {
		fprintf(stderr, "%s: there is no vault; `luahsm lmk generate`, `form` and `store` "
		    "make one\n", job->path);
		return CLI_FAILED;
	}
	m = prompt_master(job->config.passphrase_file, "lmk.passphrase", there ?
	    "passphrase of the vault" : "passphrase of the new vault", !there, stderr);
	if (m != NULL)
		job->vault = there ? vault_open(job->path, m, stderr) : vault_new(m, stderr);
	master_free(m);
	return job->vault != NULL ? 0 : CLI_FAILED;
}

static int
print_lmk(const struct vault_lmk *lmk)
{
	char check[LMK_CHECK + 1];

	if (lmk_value_check(&lmk->value, check) != 0)
		return CLI_FAILED;
	printf("%02u  %-5s %-6s %-8s %s  %-20s %s\n", lmk->id, states[lmk->state],
	    lmk->test ? "test" : "live", lmk_scheme_text(lmk->value.scheme), check, lmk->name,
	    lmk->comment);
	return CLI_OK;
}

static void
print_title(void)
{
	puts("id  state status scheme   check   name                 comment");
}

int
lmk_job_store(struct lmk_job *job, const struct lmk_value *value)
{
	char check[LMK_CHECK + 1];

	if (lmk_value_check(value, check) != 0)
		return CLI_FAILED;
	if (job->check != NULL && strcasecmp(job->check, check) != 0) {
		fprintf(stderr, "luahsm: the LMK has check value %s, not %.10s\n", check,
		    job->check);
		return CLI_FAILED;
	}
	job->lmk->value = *value;
	job->lmk->created = (int64_t)time(NULL);
	if (vault_add(job->vault, job->lmk, stderr) != 0 ||
	    vault_save(job->vault, job->path, stderr) != 0)
		return CLI_FAILED;
	print_title();
	return print_lmk(job->lmk);
}

/* --- subcommands --------------------------------------------------------- */

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
	print_title();
	return print_lmk(lmk);
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
	if (optind < argc)
		return lmk_job_end(&job, check_one(&job, find(&job, argv[optind])));
	print_title();
	for (size_t i = 0; i < job.vault->lmks && r == 0; i++)
		r = print_lmk(&job.vault->lmk[i]);
	return lmk_job_end(&job, r);
}

static const struct cli_usage delete_usage = {
	.line = "luahsm lmk delete [OPTIONS] NAME",
	.about = "Take an LMK out of the vault. Without components or shares of it, what is\n"
	    "encrypted under it is lost.",
	.settings = CLI_BASIC | CLI_VAULT,
};

static int
take_away(int argc, char **argv)
{
	struct vault_lmk *lmk;
	struct lmk_job job;
	int r;

	if ((r = lmk_job_start(&job, &delete_usage, argc, argv)) >= 0)
		return r;
	if (argc - optind != 1)
		return lmk_job_end(&job, cli_mistake(&delete_usage, "give the name of one LMK"));
	if ((r = lmk_job_vault(&job, false)) != 0)
		return lmk_job_end(&job, r);
	if ((lmk = find(&job, argv[optind])) == NULL)
		return lmk_job_end(&job, CLI_FAILED);
	vault_remove(job.vault, lmk);
	r = vault_save(job.vault, job.path, stderr) == 0 ? CLI_OK : CLI_FAILED;
	return lmk_job_end(&job, r);
}

static const struct cli_usage change_usage = {
	.line = "luahsm lmk change [OPTIONS] NAME",
	.about = "Put a new LMK to use that is in key change storage: it becomes live, and the\n"
	    "live one of its id old, from which BW, BG and others bring keys and PINs over.",
	.settings = CLI_BASIC | CLI_VAULT,
};

static int
change(int argc, char **argv)
{
	struct lmk_job job;
	int r;

	if ((r = lmk_job_start(&job, &change_usage, argc, argv)) >= 0)
		return r;
	if (argc - optind != 1)
		return lmk_job_end(&job, cli_mistake(&change_usage, "give the name of one LMK"));
	if ((r = lmk_job_vault(&job, false)) != 0)
		return lmk_job_end(&job, r);
	r = vault_change(job.vault, argv[optind], stderr) == 0 &&
	    vault_save(job.vault, job.path, stderr) == 0 ? CLI_OK : CLI_FAILED;
	return lmk_job_end(&job, r);
}

static const struct cli_usage passphrase_usage = {
	.line = "luahsm lmk passphrase [OPTIONS] [FILE]",
	.about = "Seal the vault under another passphrase: the one in FILE, or one that is asked\n"
	    "for. The old one is taken as by every other command.",
	.settings = CLI_BASIC | CLI_VAULT,
};

static int
passphrase(int argc, char **argv)
{
	struct lmk_job job;
	struct master *m;
	int r;

	if ((r = lmk_job_start(&job, &passphrase_usage, argc, argv)) >= 0)
		return r;
	if (argc - optind > 1)
		return lmk_job_end(&job, cli_mistake(&passphrase_usage, "give one file"));
	if ((r = lmk_job_vault(&job, false)) != 0)
		return lmk_job_end(&job, r);
	m = prompt_master(optind < argc ? argv[optind] : "", "lmk.new-passphrase",
	    "new passphrase of the vault", true, stderr);
	r = m != NULL && vault_rewrap(job.vault, m) == 0 &&
	    vault_save(job.vault, job.path, stderr) == 0 ? CLI_OK : CLI_FAILED;
	master_free(m);
	return lmk_job_end(&job, r);
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
		{ "delete",     take_away,     "take an LMK out of the vault" },
		{ "change",     change,     "put a new LMK to use, and make the live one old" },
		{ "officer",    cli_lmk_officer, "who may authorise something at the console" },
		{ "passphrase", passphrase, "seal the vault under another passphrase" },
		{ NULL, NULL, NULL },
	};

	return cli_choose(commands, "luahsm lmk",
	    "LMKs of your own, in a vault that a passphrase opens.", argc, argv);
}
