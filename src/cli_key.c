/*
 * cli_key: signing keys, by asking the daemon that keeps them, which is
 * started as sigstore-kms-luahsm starts it.
 */
#include "cli.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "kms_key.h"

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

struct job {
	const struct verb      *verb;
	bool                    json, strict;
	const struct algorithm *algorithm;
	char                    name[KMS_NAME_MAX + 1];
	uint32_t                version;	/* 0: none is named */
};

static struct kms_daemon daemon_;	/* too large for the stack */
static struct kms_entry entries[KMS_ENTRIES];

/* --- what is printed ----------------------------------------------------- */

static json_t *
json_of(const char *name, uint32_t version, const struct algorithm *a, enum kms_state state)
{
	return json_pack("{s:s, s:I, s:s, s:s}", "name", name, "version", (json_int_t)version,
	    "algorithm", a->name, "state", kms_state_name(state));
}

static void
print_json(json_t *value)
{
	json_dumpf(value, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(value);
}

static void
print_key(const struct job *job, const struct kms_key *key)
{
	json_t *o;

	if (!job->json) {
		printf("%s@%u %s %s\n", job->name, key->version, key->algorithm->name,
		    kms_state_name(key->state));
		return;
	}
	o = json_of(job->name, key->version, key->algorithm, key->state);
	json_object_set_new(o, "publicKeyPEM", json_stringn((const char *)key->pem.p, key->pem.n));
	print_json(o);
}

/* "2026-11-21T22:06:03Z" */
static const char *
time_text(int64_t seconds, char text[32])
{
	time_t t = (time_t)seconds;
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return text;
}

/* Some more rows of a list; all gathers them for JSON. */
static void
print_entries(const struct job *job, size_t n, json_t *all)
{
	char text[32];

	for (const struct kms_entry *e = entries; e < entries + n; e++) {
		time_text(e->created, text);
		if (job->json) {
			json_t *o = json_of(e->name, e->version, e->algorithm, e->state);

			json_object_set_new(o, "created", json_string(text));
			json_array_append_new(all, o);
		} else {
			printf("%-32s %7u  %-13s %-10s %s\n", e->name, e->version,
			    e->algorithm->name, kms_state_name(e->state), text);
		}
	}
}

static void
print_head(const struct job *job)
{
	if (!job->json)
		printf("%-32s %7s  %-13s %-10s %s\n", "NAME", "VERSION", "ALGORITHM", "STATE",
		    "CREATED");
}

/* --- what is asked ------------------------------------------------------- */

static int
create(struct job *job)
{
	struct kms_key key;

	kms_begin_key(&daemon_, "Z0", job->name);
	kms_add(&daemon_, "%02u%d", job->algorithm->code, job->strict);
	if (kms_ask_key(&daemon_, job->name, &key) != 0)
		return -1;
	print_key(job, &key);
	return 0;
}

static int
show_public(struct job *job)
{
	struct kms_key key;

	kms_begin_key(&daemon_, "Z2", job->name);
	kms_add(&daemon_, "%06u", job->version);
	if (kms_ask_key(&daemon_, job->name, &key) != 0)
		return -1;
	if (job->json)
		print_key(job, &key);
	else
		fwrite(key.pem.p, 1, key.pem.n, stdout);
	return 0;
}

static void
begin_manage(enum kms_mode mode, const char *name)
{
	kms_begin(&daemon_, "Z8");
	kms_add(&daemon_, "%d%02zX", mode, strlen(name));
	kms_add_bytes(&daemon_, name, strlen(name));
}

static int
rotate(struct job *job)
{
	struct kms_key key;

	begin_manage(KMS_ROTATE, job->name);
	if (kms_ask_key(&daemon_, job->name, &key) != 0)
		return -1;
	print_key(job, &key);
	return 0;
}

/* The next keys after the last one, until there are none. */
static int
list(struct job *job)
{
	json_t *all = json_array();
	char after[KMS_NAME_MAX + 1] = "";
	size_t n = 0;

	do {
		begin_manage(KMS_LIST, after);
		if (kms_ask_entries(&daemon_, after, entries, &n) != 0) {
			json_decref(all);
			return -1;
		}
		if (after[0] == '\0')
			print_head(job);
		print_entries(job, n, all);
		if (n > 0 && strcmp(entries[n - 1].name, after) <= 0) {
			json_decref(all);
			return kms_fail(&daemon_, "the daemon's list of keys has no end");
		}
		if (n > 0)
			memcpy(after, entries[n - 1].name, sizeof(after));
	} while (n > 0);
	if (job->json)
		print_json(all);
	else
		json_decref(all);
	return 0;
}

static int
show(struct job *job)
{
	json_t *all;
	size_t n;

	begin_manage(KMS_DESCRIBE, job->name);
	kms_add(&daemon_, "%06u", job->version);
	if (kms_ask_entries(&daemon_, job->name, entries, &n) != 0)
		return -1;
	all = json_array();
	print_head(job);
	print_entries(job, n, all);
	if (job->json)
		print_json(all);
	else
		json_decref(all);
	return 0;
}

/* Do it, and show how the versions are then. */
static int
set_state(struct job *job, enum kms_mode mode)
{
	begin_manage(mode, job->name);
	kms_add(&daemon_, "%06u", job->version);
	return kms_ask_done(&daemon_, job->name) == 0 ? show(job) : -1;
}

static int
enable(struct job *job)
{
	return set_state(job, KMS_ENABLE);
}

static int
disable(struct job *job)
{
	return set_state(job, KMS_DISABLE);
}

static int
destroy(struct job *job)
{
	return set_state(job, KMS_DESTROY);
}

/* --- the commands -------------------------------------------------------- */

enum {
	TAKES_NAME    = 1,
	TAKES_VERSION = 2,
	WANTS_VERSION = 4
};

static const struct verb {
	const char      *name;
	int            (*run)(struct job *job);
	unsigned         takes;
	struct cli_usage usage;
} verbs[] = {
	{ "create", create, TAKES_NAME, {
	    .line = "luahsm key create [OPTIONS] NAME",
	    .about = "Create a signing key. One of this name and algorithm that is there already\n"
	        "is as good.",
	    .options = create_options,
	    .more = "example: luahsm key create release --algorithm ecdsa-p256\n" EXIT } },
	{ "list", list, 0, {
	    .line = "luahsm key list [OPTIONS]",
	    .about = "List the signing keys, each with its newest version.",
	    .options = common_options, .more = EXIT } },
	{ "show", show, TAKES_NAME | TAKES_VERSION, {
	    .line = "luahsm key show [OPTIONS] NAME[@VERSION]",
	    .about = "List the versions of a key, newest first.",
	    .options = version_options, .more = EXIT } },
	{ "public", show_public, TAKES_NAME | TAKES_VERSION, {
	    .line = "luahsm key public [OPTIONS] NAME[@VERSION]",
	    .about = "Print a public key as PEM text.",
	    .options = version_options, .more = EXIT } },
	{ "rotate", rotate, TAKES_NAME, {
	    .line = "luahsm key rotate [OPTIONS] NAME",
	    .about = "Add a version to a key, which signs from now on. Signatures of the older\n"
	        "versions still verify.",
	    .options = common_options, .more = EXIT } },
	{ "enable", enable, TAKES_NAME | TAKES_VERSION, {
	    .line = "luahsm key enable [OPTIONS] NAME[@VERSION]",
	    .about = "Let a version that was disabled sign again.",
	    .options = version_options, .more = EXIT } },
	{ "disable", disable, TAKES_NAME | TAKES_VERSION, {
	    .line = "luahsm key disable [OPTIONS] NAME[@VERSION]",
	    .about = "Let a version (without one: the newest) sign nothing more. Its signatures\n"
	        "still verify.",
	    .options = version_options, .more = EXIT } },
	{ "destroy", destroy, TAKES_NAME | TAKES_VERSION | WANTS_VERSION, {
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
	struct job *job = arg;
	const struct cli_usage *usage = &job->verb->usage;

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
read_name(struct job *job, int argc, char **argv)
{
	const struct cli_usage *usage = &job->verb->usage;
	uint32_t version = 0;
	char error[128];

	if ((job->verb->takes & TAKES_NAME) == 0)
		return optind == argc ? 0 : cli_mistake(usage, "\"%.40s\": only options are taken",
		    argv[optind]);
	if (optind + 1 != argc)
		return cli_mistake(usage, "give the name of one key");
	if (kms_key_named(argv[optind], job->name, &version, error, sizeof(error)) != 0)
		return cli_mistake(usage, "%s", error);
	if (version != 0 && (job->verb->takes & TAKES_VERSION) == 0)
		return cli_mistake(usage, "%.140s: a name without version is wanted", argv[optind]);
	if (version != 0 && job->version != 0 && version != job->version)
		return cli_mistake(usage, "%.140s is not version %u", argv[optind], job->version);
	if (version != 0)
		job->version = version;
	if (job->version == 0 && (job->verb->takes & WANTS_VERSION) != 0)
		return cli_mistake(usage, "destroying is final: name the version, as in %s@1",
		    job->name);
	return 0;
}

/* Any of them: argv[0] tells which. */
static int
run(int argc, char **argv)
{
	struct job job = { .verb = find_verb(argv[0]), .algorithm = &algorithms[0] };
	int r;

	if ((r = cli_options(&job.verb->usage, NULL, argc, argv, read_option, &job)) >= 0)
		return r;
	if ((r = read_name(&job, argc, argv)) != 0)
		return r;
	daemon_.fd = -1;
	daemon_.level = kms_level_wanted();
	if (kms_allow(&daemon_, TIMEOUT_S) == 0 && kms_connect(&daemon_) == 0 &&
	    job.verb->run(&job) == 0)
		return CLI_OK;
	fprintf(stderr, "luahsm: %s\n", daemon_.error);
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
