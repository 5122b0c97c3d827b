/*
 * cli_key: signing keys, by asking the daemon that keeps them, which is
 * started as sigstore-kms-luahsm starts it.
 */
#include "cli_key.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "algorithm.h"

enum { TIMEOUT_S = 60 };	/* an RSA-4096 key pair on a machine that is busy */

enum { OPT_JSON, OPT_SOCKET, OPT_OWN };

/* What most commands take; a command's own options follow. */
#define COMMON \
	[OPT_JSON]   = { "json", NULL, "print JSON" }, \
	[OPT_SOCKET] = { "socket", "PATH", "the daemon's socket, as LUAHSM_SOCKET" }

#define EXIT "exit status: 0, 1 failure, 2 usage"

enum { OPT_ALGORITHM = OPT_OWN, OPT_STRICT };
enum { OPT_VERSION = OPT_OWN };

static const struct cli_option common_options[] = { COMMON, { NULL, NULL, NULL } };

static const struct cli_option create_options[] = {
	COMMON,
	[OPT_ALGORITHM] = { "algorithm", "NAME", "ecdsa-p256 (default), rsa-3072, ed25519..." },
	[OPT_STRICT]    = { "strict-create", NULL, "a key of this name is an error" },
	{ NULL, NULL, NULL },
};

static const struct cli_option version_options[] = {
	COMMON,
	[OPT_VERSION] = { "version", "N", "as NAME@N" },
	{ NULL, NULL, NULL },
};

enum {
	TAKES_NAME    = 1,
	TAKES_VERSION = 2,
	WANTS_VERSION = 4
};

static const struct verb {
	const char      *name;
	int            (*run)(struct cli_key_job *job);
	unsigned         takes;
	struct cli_usage usage;
} verbs[] = {
	{ "create", cli_key_create, TAKES_NAME, {
	    .line = "luahsm key create [OPTIONS] NAME",
	    .about = "Create a signing key. One of this name and algorithm that is there already\n"
	        "is as good.",
	    .options = create_options,
	    .more = "example: luahsm key create release --algorithm ecdsa-p256\n" EXIT } },
	{ "list", cli_key_list, 0, {
	    .line = "luahsm key list [OPTIONS]",
	    .about = "List the signing keys, each with its newest version.",
	    .options = common_options, .more = EXIT } },
	{ "show", cli_key_show, TAKES_NAME | TAKES_VERSION, {
	    .line = "luahsm key show [OPTIONS] NAME[@VERSION]",
	    .about = "List the versions of a key, newest first.",
	    .options = version_options, .more = EXIT } },
	{ "public", cli_key_public, TAKES_NAME | TAKES_VERSION, {
	    .line = "luahsm key public [OPTIONS] NAME[@VERSION]",
	    .about = "Print a public key as PEM text.",
	    .options = version_options, .more = EXIT } },
	{ "rotate", cli_key_rotate, TAKES_NAME, {
	    .line = "luahsm key rotate [OPTIONS] NAME",
	    .about = "Add a version to a key, which signs from now on. Signatures of the older\n"
	        "versions still verify.",
	    .options = common_options, .more = EXIT } },
	{ "enable", cli_key_enable, TAKES_NAME | TAKES_VERSION, {
	    .line = "luahsm key enable [OPTIONS] NAME[@VERSION]",
	    .about = "Let a version that was disabled sign again.",
	    .options = version_options, .more = EXIT } },
	{ "disable", cli_key_disable, TAKES_NAME | TAKES_VERSION, {
	    .line = "luahsm key disable [OPTIONS] NAME[@VERSION]",
	    .about = "Let a version (without one: the newest) sign nothing more. Its signatures\n"
	        "still verify.",
	    .options = version_options, .more = EXIT } },
	{ "destroy", cli_key_destroy, TAKES_NAME | TAKES_VERSION | WANTS_VERSION, {
	    .line = "luahsm key destroy [OPTIONS] NAME@VERSION",
	    .about = "Wipe the private key of a version. That is final, so the version has to be\n"
	        "named.",
	    .options = version_options, .more = EXIT } },
};

static const struct verb *
find_verb(const char *name)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

/* One option. 0 or CLI_USAGE. */
static int
read_option(void *arg, int c, const char *value)
{
	struct cli_key_job *job = arg;
	const struct cli_usage *usage = job->usage;

	if (c == OPT_JSON) {
		job->json = true;
	} else if (c == OPT_SOCKET) {
		setenv("LUAHSM_SOCKET", value, 1);
	} else if (usage->options == version_options) {
		if ((job->version = kms_key_version(value)) == 0)
			return cli_mistake(usage, "--version can't be \"%.40s\"", value);
	} else if (c == OPT_STRICT) {
		job->strict = true;
	} else if ((job->algorithm = algorithm_named(value)) == NULL) {
		fprintf(stderr, "luahsm: --algorithm can't be \"%.40s\"; there are", value);
		for (size_t i = 0; i < algorithms_count; i++)
			fprintf(stderr, " %s", algorithms[i].name);
		fputc('\n', stderr);
		return CLI_USAGE;
	}
	return 0;
}

/* The operand. 0 or CLI_USAGE. */
static int
read_name(struct cli_key_job *job, int argc, char **argv)
{
	const struct cli_usage *usage = job->usage;
	uint32_t version = 0;
	char error[128];

	if ((job->takes & TAKES_NAME) == 0)
		return optind == argc ? 0 : cli_mistake(usage, "\"%.40s\": only options are taken",
		    argv[optind]);
	if (optind + 1 != argc)
		return cli_mistake(usage, "give the name of one key");
	if (kms_key_named(argv[optind], job->name, &version, error, sizeof(error)) != 0)
		return cli_mistake(usage, "%s", error);
	if (version != 0 && (job->takes & TAKES_VERSION) == 0)
		return cli_mistake(usage, "%.140s: a name without version is wanted", argv[optind]);
	if (version != 0 && job->version != 0 && version != job->version)
		return cli_mistake(usage, "%.140s is not version %u", argv[optind], job->version);
	if (version != 0)
		job->version = version;
	if (job->version == 0 && (job->takes & WANTS_VERSION) != 0)
		return cli_mistake(usage, "destroying is final: name the version, as in %s@1",
		    job->name);
	return 0;
}

/* Any of them: argv[0] tells which. */
static int
run(int argc, char **argv)
{
	static struct kms_daemon daemon;	/* too large for the stack */
	const struct verb *verb = find_verb(argv[0]);
	struct cli_key_job job = { .usage = &verb->usage, .takes = verb->takes,
		.daemon = &daemon, .algorithm = &algorithms[0] };
	int r;

	if ((r = cli_options(job.usage, NULL, argc, argv, read_option, &job)) >= 0)
		return r;
	if ((r = read_name(&job, argc, argv)) != 0)
		return r;
	daemon.fd = -1;
	daemon.level = kms_level_wanted();
	if (kms_allow(&daemon, TIMEOUT_S) == 0 && kms_connect(&daemon) == 0 &&
	    verb->run(&job) == 0)
		return CLI_OK;
	fprintf(stderr, "luahsm: %s\n", daemon.error);
	return CLI_FAILED;
}

static const struct cli_command commands[] = {
	{ "create",  run,         "create a signing key" },
	{ "list",    run,         "list the keys" },
	{ "show",    run,         "list the versions of a key" },
	{ "public",  run,         "print a public key" },
	{ "rotate",  run,         "add a version to a key" },
	{ "enable",  run,         "let a version sign again" },
	{ "disable", run,         "let a version sign nothing more" },
	{ "destroy", run,         "wipe the private key of a version" },
	{ "backup",  cli_backup,  "all keys into one encrypted file" },
	{ "restore", cli_restore, "keys of a backup back into the key store" },
	{ NULL, NULL, NULL },
};

int
cli_key(int argc, char **argv)
{
	return cli_choose(commands, "luahsm key",
	    "Keys for signing software (luahsm://NAME for cosign). The daemon that keeps them is\n"
	    "started if none answers.", argc, argv);
}
