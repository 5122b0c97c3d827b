/*
 * cli_backup: all signing keys in one encrypted file, and back.
 *
 * The file is a key store under a master key of its own, from a passphrase.
 */
#include "cli.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "algorithm.h"
#include "audit.h"
#include "err.h"
#include "keeper_open.h"
#include "keystore_copy.h"
#include "paths.h"
#include "secret.h"

enum { OPT_PASSPHRASE };

static const struct cli_option options[] = {
	[OPT_PASSPHRASE] = { "passphrase-file", "PATH", "file with the backup's passphrase" },
	{ NULL, NULL, NULL },
};

static const struct cli_usage backup_usage = {
	.line = "luahsm key backup [OPTIONS] FILE",
	.about = "Write all signing keys to a new file, encrypted under a passphrase. The daemon\n"
	    "may go on meanwhile.",
	.options = options,
	.settings = CLI_BASIC,
	.more = "example: luahsm key backup --passphrase-file ~/backup.pass keys.backup\n"
	    CLI_EXIT,
};

static const struct cli_usage restore_usage = {
	.line = "luahsm key restore [OPTIONS] FILE",
	.about = "Bring back all keys of a backup that the key store does not have. A key store\n"
	    "in a file is its daemon's alone, which has to be stopped for this.",
	.options = options,
	.settings = CLI_BASIC,
	.more = CLI_EXIT,
};

struct job {
	const struct cli_usage *usage;
	const char             *passphrase, *file;
	char                    folder[PATH_MAX];	/* of the key store, for copies */
	struct audit           *audit;
	struct keystore        *to;
};

static struct config config, with_passphrase;	/* too large for the stack */

static int
read_option(void *arg, int option, const char *value)
{
	struct job *job = arg;

	(void)option;
	job->passphrase = value;
	return 0;
}

/* Options, settings, memory for keys. -1: go on; otherwise the exit status. */
static int
prepare(struct job *job, int argc, char **argv)
{
	struct cli_settings settings = { 0 };
	int r = cli_options(job->usage, &settings, argc, argv, read_option, job);

	if (r >= 0)
		return r;
	if (optind + 1 != argc)
		return cli_mistake(job->usage, "give the name of one file");
	if (job->passphrase == NULL)
		return cli_mistake(job->usage, "give a file with the passphrase of the backup: "
		    "--passphrase-file");
	job->file = argv[optind];
	if (cli_settings_load(&settings, &config) != 0)
		return CLI_CONFIG;
	if (config.store[0] == '\0') {
		fputs("luahsm: there is no key store: the setting store.keys is none\n", stderr);
		return CLI_CONFIG;
	}
	with_passphrase = config;
	if ((size_t)snprintf(with_passphrase.store_passphrase,
	    sizeof(with_passphrase.store_passphrase), "%s", job->passphrase) >= PATH_MAX)
		return cli_mistake(job->usage, "the name of the file is too long");
	snprintf(job->folder, sizeof(job->folder), "%s",
	    strstr(config.store, "://") != NULL ? config.store_audit : config.store);
	dirname(job->folder);
	if (secret_init(config.profile == PROFILE_STRICT) != 0) {
		fputs("luahsm: cannot make the memory for keys\n", stderr);
		return CLI_FAILED;
	}
	return -1;
}

/* Copy all of one into the other and tell how many. 0 or -1 after a line. */
static int
copy(struct keystore *from, struct keystore *to, struct keystore_copy *c, const char *what)
{
	int r = keystore_copy(from, to, c);

	if (r == 0) {
		printf("%s: %u versions of keys", what, c->added);
		if (c->there > 0)
			printf(", %u were there already", c->there);
		putchar('\n');
		return 0;
	}
	if (r == 1)
		fprintf(stderr, "luahsm: there is another key %s; nothing was restored\n",
		    c->other);
	else
		fprintf(stderr, "luahsm: %s\n", c->error != NULL ? c->error : err_text(r));
	return -1;
}

/* --- backup -------------------------------------------------------------- */

/* Write it under another name; whoever sees the right one sees all of it. */
static int
write_backup(struct job *job, struct keystore *from, const char *part)
{
	struct master *m = keeper_master(&with_passphrase, false, stderr);
	struct keystore *to = m != NULL ? keystore_open(part, m, stderr) : NULL;
	struct keystore_copy c = { 0 };
	int r = to != NULL ? copy(from, to, &c, job->file) : -1;

	keystore_close(to);
	/* is all of it there, and as it should be? */
	if (r == 0 && (to = keystore_open(part, m, stderr)) == NULL)
		r = -1;
	else if (r == 0)
		keystore_close(to);
	master_free(m);
	if (r == 0 && link(part, job->file) != 0) {
		fprintf(stderr, "luahsm: %s: %s\n", job->file, strerror(errno));
		r = -1;
	}
	(void)unlink(part);
	return r;
}

static int
backup(struct job *job)
{
	char part[PATH_MAX];
	struct master *m;
	struct keystore *from;
	int r = -1;

	if (access(job->file, F_OK) == 0 ||
	    (size_t)snprintf(part, sizeof(part), "%s.part", job->file) >= sizeof(part)) {
		fprintf(stderr, "luahsm: %s is there already, or its name is too long\n",
		    job->file);
		return -1;
	}
	(void)unlink(part);
	if ((m = keeper_master(&config, false, stderr)) == NULL)
		return -1;
	from = keystore_snapshot(config.store, job->folder, m, stderr);
	master_free(m);
	if (from != NULL)
		r = write_backup(job, from, part);
	keystore_close(from);
	return r;
}

/* --- restore ------------------------------------------------------------- */

/* What comes back is recorded as what is made. */
static int
record(const struct store_row *row, void *arg)
{
	struct job *job = arg;
	const struct algorithm *a = algorithm_coded(row->algorithm);
	struct audit_record line = {
		.operation = "restore", .key = row->label, .version = row->version,
		.algorithm = a != NULL ? a->name : NULL, .peer = "restore", .uid = getuid(),
		.pid = getpid(), .result = "00", .epoch = keystore_epoch(job->to)
	};

	return audit_add(job->audit, &line) == 0 ? 0 : ERR_AUDIT;
}

static struct audit *
open_audit(const struct keystore *ks)
{
	uint8_t *key = secret_alloc(AUDIT_KEY);
	struct audit *audit = NULL;

	if (key == NULL)
		return NULL;
	keystore_subkey(ks, "audit", key);
	if (paths_make_for(config.store_audit, 0700, stderr) == 0)
		audit = audit_open(config.store_audit, key, stderr);
	secret_free(key);
	return audit;
}

static int
restore_into(struct job *job, struct keystore *from)
{
	bool file = strstr(config.store, "://") == NULL;
	bool fresh = !file || access(config.store, F_OK) != 0;
	struct keystore_copy c = { .copied = record, .arg = job };
	struct master *m = keeper_master(&config, fresh, stderr);
	int r = -1;

	if (m == NULL)
		return -1;
	if ((job->to = keystore_open(config.store, m, stderr)) != NULL &&
	    (job->audit = open_audit(job->to)) != NULL)
		r = copy(from, job->to, &c, config.store);
	audit_close(job->audit);
	keystore_close(job->to);
	master_free(m);
	return r;
}

static int
restore(struct job *job)
{
	bool there = access(job->file, R_OK) == 0;
	struct keystore *from;
	struct master *m;
	int r = -1;

	if (!there) {
		fprintf(stderr, "luahsm: %s: %s\n", job->file, strerror(errno));
		return -1;
	}
	if (paths_make(job->folder, 0700, stderr) != 0 ||
	    (m = keeper_master(&with_passphrase, false, stderr)) == NULL)
		return -1;
	from = keystore_snapshot(job->file, job->folder, m, stderr);
	master_free(m);
	if (from != NULL)
		r = restore_into(job, from);
	keystore_close(from);
	return r;
}

int
cli_backup(int argc, char **argv)
{
	struct job job = { .usage = &backup_usage };
	int r = prepare(&job, argc, argv);

	return r >= 0 ? r : backup(&job) == 0 ? CLI_OK : CLI_FAILED;
}

int
cli_restore(int argc, char **argv)
{
	struct job job = { .usage = &restore_usage };
	int r = prepare(&job, argc, argv);

	return r >= 0 ? r : restore(&job) == 0 ? CLI_OK : CLI_FAILED;
}
