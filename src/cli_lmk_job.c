/*
 * cli_lmk_job: what all of `luahsm lmk` starts and ends with: options, the open vault.
 */
#include "cli_lmk.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

int
lmk_job_print(const struct vault_lmk *lmk, size_t n)
{
	int r = CLI_OK;

	puts("id  state status scheme   check   name                 comment");
	for (size_t i = 0; i < n && r == CLI_OK; i++)
		r = print_lmk(&lmk[i]);
	return r;
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
	return lmk_job_print(job->lmk, 1);
}
