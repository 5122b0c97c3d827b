/*
 * cli_lmk_officer: who may authorise something at the console: kept in the vault.
 */
#include "cli_lmk.h"

#include <fcntl.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "ownfile.h"
#include "prompt.h"
#include "secret.h"

static const struct cli_option options[] = {
	{ "delete", NULL, "this one is no officer any more" },
	{ NULL, NULL, NULL },
};

static const struct cli_usage usage = {
	.line = "luahsm lmk officer [OPTIONS] NAME [FILE]",
	.about = "Make somebody an officer, or change an officer's passphrase: the first line of\n"
	    "FILE (mode 0600), or asked for. Officers authorise activities at the console\n"
	    "(console.officers). A server knows them from its next start on.",
	.options = options,
	.settings = CLI_BASIC | CLI_VAULT,
	.more = "example: luahsm lmk officer alice",
};

/* The officer's passphrase in line, of MASTER_PASSPHRASE + 1 bytes. Its length, or -1. */
static long
read_passphrase(const char *file, char *line)
{
	ssize_t n;
	char *end;
	int fd;

	if (file == NULL)
		return prompt_new("passphrase of the officer", line, MASTER_PASSPHRASE, stderr);
	if ((fd = ownfile_open(file, O_RDONLY, stderr)) < 0)
		return -1;
	n = read(fd, line, MASTER_PASSPHRASE);
	close(fd);
	end = n > 0 ? memchr(line, '\n', (size_t)n) : NULL;
	return end != NULL ? end - line : n;
}

static int
set_officer(struct lmk_job *job, const char *name, const char *file)
{
	struct vault_officer *o = vault_officer(job->vault, name);
	char *line = secret_alloc(MASTER_PASSPHRASE + 1);
	long n = line != NULL ? read_passphrase(file, line) : -1;
	int r = CLI_FAILED;

	if (o == NULL)
		o = vault_officer_add(job->vault, name);
	if (o == NULL)
		fprintf(stderr, "luahsm: no officer can be called that, or there are too many\n");
	else if (n <= 0)
		fprintf(stderr, "luahsm: an officer needs a passphrase\n");
	else if (crypto_pwhash_str(o->hash, line, (unsigned long long)n,
	    crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0 &&
	    vault_save(job->vault, job->path, stderr) == 0)
		r = CLI_OK;
	secret_free(line);
	return r;
}

static int
delete_officer(struct lmk_job *job, const char *name)
{
	struct vault_officer *o = vault_officer(job->vault, name);

	if (o == NULL) {
		fprintf(stderr, "luahsm: the vault has no officer \"%.40s\"\n", name);
		return CLI_FAILED;
	}
	vault_officer_remove(job->vault, o);
	return vault_save(job->vault, job->path, stderr) == 0 ? CLI_OK : CLI_FAILED;
}

int
cli_lmk_officer(int argc, char **argv)
{
	struct lmk_job job;
	int r, n;

	if ((r = lmk_job_start(&job, &usage, argc, argv)) >= 0)
		return r;
	n = argc - optind;
	if (n < 1 || n > (job.deletes ? 1 : 2))
		r = cli_mistake(&usage, "give the name of one officer");
	else if ((r = lmk_job_vault(&job, false)) == 0)
		r = job.deletes ? delete_officer(&job, argv[optind]) :
		    set_officer(&job, argv[optind], n == 2 ? argv[optind + 1] : NULL);
	return lmk_job_end(&job, r);
}
