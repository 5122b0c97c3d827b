/*
 * cli_keys: keys under an LMK or a key block protection key, offline: options
 * and what every verb needs.
 */
#include "cli_keys.h"

#include <ctype.h>
#include <getopt.h>
#include <string.h>

#include "cli.h"
#include "err.h"
#include "keytype.h"
#include "lmk.h"

enum what {
	OPT_TYPE, OPT_LMK, OPT_KBPK, OPT_SCHEME, OPT_ATTRIBUTES, OPT_BLOCK_VERSION, OPT_CLEAR,
	OPT_FORCE, OPT_KEYBLOCK, OPT_KEY
};

/* The verbs have tables of their own; the last one has two names. */
static const char *const names[] = {
	"type", "lmk", "kbpk", "scheme", "attributes", "block-version", "clear",
	"force-parity", "keyblock",
};

int
keys_failed(int r)
{
	fprintf(stderr, "luahsm: %s\n", err_text(r));
	return CLI_FAILED;
}

/* One of the letters of a set, in upper case; 0 for anything else. */
static char
read_letter(const char *value, const char *set)
{
	char c = (char)toupper((unsigned char)value[0]);

	return strlen(value) == 1 && strchr(set, c) != NULL ? c : '\0';
}

static unsigned
which(const char *name)
{
	unsigned i = 0;

	while (i < OPT_KEY && strcmp(names[i], name) != 0)
		i++;
	return i;
}

static int
read_option(void *arg, int option, const char *value)
{
	struct keys_job *job = arg;

	switch (which(job->usage->options[option].name)) {
	case OPT_TYPE:
		job->type_text = value;
		return 0;
	case OPT_LMK:
		job->lmk_name = value;
		return 0;
	case OPT_KBPK:
		job->kbpk_file = value;
		return 0;
	case OPT_SCHEME:
		if ((job->scheme = read_letter(value, "ZUTXYSR")) == '\0')
			return cli_mistake(job->usage, "--scheme can't be \"%.10s\"; it is Z, U or "
			    "T, or S or R for a key block, or X or Y where key.x_under_lmk is "
			    "set", value);
		return 0;
	case OPT_ATTRIBUTES:
		job->attributes_text = value;
		return 0;
	case OPT_BLOCK_VERSION:
		if ((job->version = read_letter(value, "ABCD")) == '\0')
			return cli_mistake(job->usage, "--block-version can't be \"%.10s\"; it is "
			    "A, B, C or D", value);
		return 0;
	case OPT_CLEAR:
		job->show_clear = true;
		return 0;
	case OPT_FORCE:
		job->force = true;
		return 0;
	case OPT_KEYBLOCK:
		job->keyblock = true;
		return 0;
	default:
		job->clear = value;
		return 0;
	}
}

/* The attributes of a block to be made. 0 or CLI_USAGE. */
static int
find_attributes(struct keys_job *job)
{
	struct span text = span_str(job->attributes_text);
	size_t n;
	int r = attributes_read("uamvxb", text, &job->attributes, &n);

	if (r != 0 || n != text.n)
		return cli_mistake(job->usage, "--attributes can't be \"%.20s\"; it is usage, "
		    "algorithm, mode, version, exportability and number of optional blocks, as in "
		    "72T2N00S00", job->attributes_text);
	if (job->scheme == 0)
		job->scheme = 'S';
	if (job->scheme != 'S' && job->scheme != 'R')
		return cli_mistake(job->usage, "--attributes are for key blocks: --scheme S or R");
	job->type = KEYTYPE_BLOCK;
	return 0;
}

/* The key type: a code or the name of a kind. 0 or CLI_USAGE. */
static int
find_type(struct keys_job *job)
{
	const char *text = job->type_text;
	const struct key_kind *kind;

	if (job->keyblock)
		return 0;
	if (job->attributes_text != NULL)
		return find_attributes(job);
	if (text == NULL)
		return cli_mistake(job->usage, "give the key type with --type, as in --type 002");
	kind = keytype_kind(span_str(text));
	job->type = kind != NULL ? keytype_of(kind, &job->config) :
	    keytype_parse(span_str(text));
	if (job->type == KEYTYPE_NONE)
		return cli_mistake(job->usage, "there is no key type \"%.10s\"; it is a code such "
		    "as 002 or a name such as TPK", text);
	return 0;
}

/* What does not go together. 0 or CLI_USAGE. */
static int
check_scheme(const struct keys_job *job)
{
	if (job->scheme != 0 && strchr("XY", job->scheme) != NULL && !job->config.x_under_lmk)
		return cli_mistake(job->usage, "scheme %c under the LMK needs --set "
		    "key.x_under_lmk=true", job->scheme);
	if (job->scheme == 'R' && job->kbpk_file == NULL)
		return cli_mistake(job->usage, "an R block is under a key block protection key: "
		    "--kbpk FILE");
	if (job->kbpk_file != NULL && !job->keyblock && job->scheme != 'R' && job->scheme != 'S')
		return cli_mistake(job->usage, "under a key block protection key there are only "
		    "key blocks: --scheme S or R");
	if (job->version != '\0' && job->scheme != 'R')
		return cli_mistake(job->usage, "--block-version is for R blocks: --scheme R");
	return 0;
}

/*
 * Have the LMK of that name loaded under its own id, which key blocks carry: a test LMK's is
 * its place, those of one's own have theirs in the vault, which is then loaded whole.
 */
static void
choose_lmk(struct config *c, const char *name)
{
	unsigned id = 0;

	while (lmk_names[id] != NULL && strcmp(lmk_names[id], name) != 0)
		id++;
	memset(c->lmk, 0, sizeof(c->lmk));
	c->lmk_default = CONFIG_LMKS;
	if (lmk_names[id] == NULL && c->vault[0] != '\0')
		return;
	c->lmk_default = lmk_names[id] != NULL ? id : 0;
	snprintf(c->lmk[c->lmk_default], sizeof(c->lmk[0]), "%s", name);
}

/* The one that is meant, of those that are loaded. NULL after a line. */
static const struct lmk *
find_lmk(const struct config *c, const char *name)
{
	if (c->lmk_default < CONFIG_LMKS)
		return lmk_get(c->lmk_default);
	for (unsigned id = 0; id < LMK_IDS; id++)
		if (lmk_get(id) != NULL && strcmp(lmk_name(lmk_get(id)), name) == 0)
			return lmk_get(id);
	fprintf(stderr, "luahsm: the vault has no live LMK \"%.40s\"\n", name);
	return NULL;
}

/* The LMK that is meant, loaded. -1: go on; otherwise the exit status. */
static int
open_lmk(struct keys_job *job)
{
	struct config *c = &job->config;
	bool block = job->scheme == 'S';
	int r;

	if (job->lmk_name != NULL)
		choose_lmk(c, job->lmk_name);
	if (config_check(c, stderr) != 0)
		return CLI_CONFIG;
	if ((r = cli_open_lmks(c)) >= 0)
		return r;
	if ((job->lmk = find_lmk(c, job->lmk_name)) == NULL)
		return CLI_CONFIG;
	if (job->kbpk_file != NULL || (lmk_scheme(job->lmk) != LMK_VARIANT) == block)
		return -1;
	if (block)
		fprintf(stderr, "luahsm: %s is a variant LMK; key blocks are under a key block "
		    "LMK: --lmk test-aes-kb, or under --kbpk FILE\n", lmk_name(job->lmk));
	else
		fprintf(stderr, "luahsm: %s is a key block LMK: --scheme S, or --lmk "
		    "test-variant\n", lmk_name(job->lmk));
	return CLI_FAILED;
}

int
keys_start(struct keys_job *job, const struct cli_usage *usage, int operands, int argc,
    char **argv)
{
	struct cli_settings settings = { 0 };
	int r;

	memset(job, 0, sizeof(*job));
	job->usage = usage;
	if ((r = cli_options(usage, &settings, argc, argv, read_option, job)) >= 0)
		return r;
	if (argc - optind != operands && operands == 0 && job->show_clear && job->clear == NULL)
		return cli_mistake(usage, "--clear only has the clear key printed too; give the "
		    "key itself with --key");
	if (argc - optind != operands)
		return cli_mistake(usage, operands > 0 ? "give one key field" :
		    "only options are taken");
	if (cli_settings_load(&settings, &job->config) != 0)
		return CLI_CONFIG;
	if (operands > 0 && (argv[optind][0] == 'S' || argv[optind][0] == 'R'))
		job->keyblock = true;
	if (find_type(job) != 0 || check_scheme(job) != 0)
		return CLI_USAGE;
	/* Which LMK a block is under, it says itself. */
	return job->keyblock ? -1 : open_lmk(job);
}

int
cli_keys(int argc, char **argv)
{
	static const struct cli_command commands[] = {
		{ "generate", keys_generate, "make a random key" },
		{ "import",   keys_import,   "encrypt a clear key" },
		{ "check",    keys_check,    "print what a key field or key block holds" },
		{ NULL, NULL, NULL },
	};

	return cli_choose(commands, "luahsm keys",
	    "Keys under an LMK or a key block protection key, without a server.\n"
	    "The LMKs are the public test ones.", argc, argv);
}
