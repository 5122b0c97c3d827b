/*
 * cli_keys: keys under an LMK, offline. A clear key stays in the slab but for
 * --clear, which writes it from there; no message repeats one.
 */
#include "cli.h"

#include <ctype.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "crypto/parity.h"
#include "err.h"
#include "hex.h"
#include "key.h"
#include "keytype.h"
#include "lmk.h"
#include "secret.h"

enum { OPT_TYPE, OPT_LMK, OPT_SCHEME, OPT_CLEAR, OPT_KEY, OPT_CLEAR_KEY, OPT_FORCE };

enum { KCV_SHOWN = 6, TYPE_DIGITS = 3 };

#define ROW_TYPE   [OPT_TYPE] = { "type", "CODE", "key type code or name: 002, 70D, TPK" }
#define ROW_LMK    [OPT_LMK] = { "lmk", "NAME", "LMK by name (the default LMK)" }
#define ROW_SCHEME [OPT_SCHEME] = { "scheme", "TAG", "Z single, U double, T triple length (U)" }
#define ROW_CLEAR  [OPT_CLEAR] = { "clear", NULL, "print the clear key too" }

static const struct cli_option generate_options[] = {
	ROW_TYPE, ROW_LMK, ROW_SCHEME, ROW_CLEAR,
	{ NULL, NULL, NULL },
};

static const struct cli_usage generate_usage = {
	.line = "luahsm keys generate [OPTIONS]",
	.about = "Make a random key and print it under an LMK, with its check value.",
	.options = generate_options,
	.settings = CLI_BASIC,
	.more = "example: luahsm keys generate --type TPK --scheme U",
};

static const struct cli_option import_options[] = {
	ROW_TYPE, ROW_LMK, ROW_SCHEME, ROW_CLEAR,
	[OPT_KEY]       = { "key", "HEX", "the clear key: 16, 32 or 48 digits" },
	[OPT_CLEAR_KEY] = { "clear-key", "HEX", "the same" },
	[OPT_FORCE]     = { "force-parity", NULL, "correct the parity of the key" },
	{ NULL, NULL, NULL },
};

static const struct cli_usage import_usage = {
	.line = "luahsm keys import [OPTIONS]",
	.about = "Encrypt a clear key under an LMK. For test keys only: what is on a command line\n"
	    "can be read by others on this machine; --key - reads standard input.",
	.options = import_options,
	.settings = CLI_BASIC,
	.more = "example: luahsm keys import --type 002 --key 0123456789ABCDEFFEDCBA9876543210",
};

static const struct cli_option check_options[] = {
	ROW_TYPE, ROW_LMK,
	{ NULL, NULL, NULL },
};

static const struct cli_usage check_usage = {
	.line = "luahsm keys check [OPTIONS] FIELD",
	.about = "Open a key under an LMK and print its check value. Exit status 1 when its\n"
	    "parity is wrong: then key type or LMK may be another.",
	.options = check_options,
	.settings = CLI_BASIC,
	.more = "example: luahsm keys check --type 002 U1750CDFB0757D3B3994430636DBB281B",
};

struct job {
	const struct cli_usage *usage;
	struct config           config;
	const char             *type_text, *lmk_name, *clear;
	unsigned                type;
	char                    scheme;		/* 0: as long as the key */
	bool                    show_clear, force;
	const struct lmk       *lmk;
};

static int
read_option(struct job *job, int c, const char *value)
{
	switch (c) {
	case OPT_TYPE:
		job->type_text = value;
		return 0;
	case OPT_LMK:
		job->lmk_name = value;
		return 0;
	case OPT_SCHEME:
		job->scheme = (char)toupper((unsigned char)value[0]);
		if (strlen(value) != 1 || strchr("ZUTXY", job->scheme) == NULL)
			return cli_mistake(job->usage, "--scheme can't be \"%.10s\"; it is Z, U or "
			    "T, or X or Y where key.x_under_lmk is set", value);
		return 0;
	case OPT_CLEAR:
		job->show_clear = true;
		return 0;
	case OPT_FORCE:
		job->force = true;
		return 0;
	default:
		job->clear = value;
		return 0;
	}
}

/* The key type: a code or the name of a kind. 0 or CLI_USAGE. */
static int
find_type(struct job *job)
{
	const char *text = job->type_text;
	const struct key_kind *kind;

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

/* The LMK that is meant, loaded. -1: go on; otherwise the exit status. */
static int
open_lmk(struct job *job)
{
	struct config *c = &job->config;
	int r;

	if (job->lmk_name != NULL) {
		memset(c->lmk, 0, sizeof(c->lmk));
		c->lmk_default = 0;
		snprintf(c->lmk[0], sizeof(c->lmk[0]), "%s", job->lmk_name);
	}
	if (config_check(c, stderr) != 0)
		return CLI_CONFIG;
	if ((r = cli_open_lmks(c)) >= 0)
		return r;
	job->lmk = lmk_get(c->lmk_default);
	if (lmk_scheme(job->lmk) == LMK_VARIANT)
		return -1;
	fprintf(stderr, "luahsm: %s is a key block LMK; this version knows keys under a variant "
	    "LMK only: --lmk test-variant\n", lmk_name(job->lmk));
	return CLI_FAILED;
}

/* Options, configuration, type and LMK. -1: go on; otherwise the exit status. */
static int
start(struct job *job, const struct cli_usage *usage, int operands, int argc, char **argv)
{
	struct cli_settings settings = { 0 };
	const char *value;
	int c;

	memset(job, 0, sizeof(*job));
	job->usage = usage;
	optind = 0;
	while ((c = cli_option(usage, &settings, argc, argv, &value)) >= 0)
		if (read_option(job, c, value) != 0)
			return CLI_USAGE;
	if (c == CLI_HELPED)
		return CLI_OK;
	if (c == CLI_MISTAKE)
		return CLI_USAGE;
	if (argc - optind != operands && usage == &import_usage && job->show_clear)
		return cli_mistake(usage, "--clear only has the clear key printed too; give the "
		    "key itself with --key");
	if (argc - optind != operands)
		return cli_mistake(usage, operands > 0 ? "give one key field" :
		    "only options are taken");
	if (cli_settings_load(&settings, &job->config) != 0)
		return CLI_CONFIG;
	if (find_type(job) != 0)
		return CLI_USAGE;
	if (job->scheme != 0 && strchr("XY", job->scheme) != NULL && !job->config.x_under_lmk)
		return cli_mistake(usage, "scheme %c under the LMK needs --set "
		    "key.x_under_lmk=true", job->scheme);
	return open_lmk(job);
}

static size_t
scheme_length(char scheme)
{
	return scheme == 'Z' ? 8 : scheme == 'U' || scheme == 'X' ? 16 : 24;
}

static int
failed(int r)
{
	fprintf(stderr, "luahsm: %s\n", err_text(r));
	return CLI_FAILED;
}

/* Write the clear key from the slab, past stdio's buffers. */
static int
print_clear(const struct key *key)
{
	struct secret *text = secret_take();

	if (text == NULL)
		return CLI_FAILED;
	hex_encode(key->bytes, key->len, (char *)text->bytes);
	text->len = 2u * key->len;
	text->bytes[text->len++] = '\n';
	fputs("clear        ", stdout);
	fflush(stdout);
	return write(STDOUT_FILENO, text->bytes, text->len) == (ssize_t)text->len ?
	    CLI_OK : CLI_FAILED;
}

static int
print_key(struct job *job, struct key *key)
{
	char field[KEY_FIELD_MAX], kcv[KCV_SHOWN];
	size_t n;
	int r;

	if ((r = key_wrap(job->lmk, key, job->type, key->scheme, field, &n)) != 0 ||
	    (r = key_kcv(key, KCV_SHOWN, kcv)) != 0)
		return failed(r);
	printf("key type     %0*X  %s\n", TYPE_DIGITS, job->type, keytype_name(job->type));
	printf("LMK          %s\n", lmk_name(job->lmk));
	printf("key          %.*s\n", (int)n, field);
	printf("check value  %.*s\n", KCV_SHOWN, kcv);
	return job->show_clear ? print_clear(key) : CLI_OK;
}

static int
generate(int argc, char **argv)
{
	struct job job;
	struct key *key;
	int r;

	if ((r = start(&job, &generate_usage, 0, argc, argv)) >= 0)
		return r;
	if (job.scheme == 0)
		job.scheme = 'U';
	if ((key = key_take()) == NULL)
		return failed(ERR_NO_ROOM);
	if ((r = key_random(key, scheme_length(job.scheme))) != 0)
		return failed(r);
	key->scheme = job.scheme;
	return print_key(&job, key);
}

/* The digits of the clear key, in upper case, in a slot. NULL: too long or no slot. */
static struct secret *
read_digits(const char *from)
{
	struct secret *text = secret_take();
	ssize_t n = 0;

	if (text == NULL)
		return NULL;
	if (strcmp(from, "-") == 0)
		n = read(STDIN_FILENO, text->bytes, SECRET_MAX);
	else if ((n = (ssize_t)strlen(from)) <= SECRET_MAX)
		memcpy(text->bytes, from, (size_t)n);
	if (n < 0 || n > SECRET_MAX)
		return NULL;
	while (n > 0 && isspace(text->bytes[n - 1]))
		n--;
	for (ssize_t i = 0; i < n; i++)
		text->bytes[i] = (uint8_t)toupper(text->bytes[i]);
	text->len = (uint32_t)n;
	return text;
}

/* Fill key from what was typed. 0 or the exit status. */
static int
read_clear(struct job *job, struct key *key)
{
	struct secret *text = read_digits(job->clear);
	size_t n = text != NULL ? text->len / 2 : 0;

	if (text == NULL || (n != 8 && n != 16 && n != 24) || text->len % 2 != 0 ||
	    hex_decode(span_of(text->bytes, text->len), key->bytes, n) != 0)
		return cli_mistake(job->usage, "a clear key has 16, 32 or 48 hexadecimal digits");
	key->len = (uint8_t)n;
	key->scheme = job->scheme != 0 ? job->scheme : "ZUT"[n / 8 - 1];
	if (scheme_length(key->scheme) != n)
		return cli_mistake(job->usage, "scheme %c is for keys of %zu digits, this one "
		    "has %zu", key->scheme, 2 * scheme_length(key->scheme), 2 * n);
	return 0;
}

static int
import(int argc, char **argv)
{
	struct job job;
	struct key *key;
	int r;

	if ((r = start(&job, &import_usage, 0, argc, argv)) >= 0)
		return r;
	if (job.clear == NULL)
		return cli_mistake(&import_usage, "give the clear key with --key%s",
		    job.show_clear ? "; --clear only has it printed too" : "");
	if ((key = key_take()) == NULL)
		return failed(ERR_NO_ROOM);
	if ((r = read_clear(&job, key)) != 0)
		return r;
	if (!job.force && !parity_odd(key->bytes, key->len)) {
		fputs("luahsm: the key does not have odd parity; is a digit wrong? "
		    "--force-parity corrects it\n", stderr);
		return CLI_FAILED;
	}
	key_force_parity(key);
	return print_key(&job, key);
}

static int
check(int argc, char **argv)
{
	struct job job;
	struct key *key;
	const char *field;
	char kcv[KCV_SHOWN];
	int r;

	if ((r = start(&job, &check_usage, 1, argc, argv)) >= 0)
		return r;
	field = argv[optind];
	if ((r = key_open(job.lmk, job.type, span_str(field), &key)) != 0 ||
	    (r = key_kcv(key, KCV_SHOWN, kcv)) != 0)
		return failed(r);
	printf("key type     %0*X  %s\n", TYPE_DIGITS, job.type, keytype_name(job.type));
	printf("LMK          %s\n", lmk_name(job.lmk));
	printf("length       %u bytes\n", key->len);
	printf("check value  %.*s\n", KCV_SHOWN, kcv);
	printf("parity       %s\n", key->odd ? "odd, as it should be" :
	    "wrong: another key type or LMK, or a wrong digit");
	return key->odd ? CLI_OK : CLI_FAILED;
}

int
cli_keys(int argc, char **argv)
{
	static const struct cli_command commands[] = {
		{ "generate", generate, "make a random key" },
		{ "import",   import,   "encrypt a clear key under an LMK" },
		{ "check",    check,    "print check value and parity of a key under an LMK" },
		{ NULL, NULL, NULL },
	};

	return cli_choose(commands, "luahsm keys",
	    "Keys under an LMK, without a server. The LMKs are the public test ones.",
	    argc, argv);
}
