/*
 * cli_keys_make: make, import and check keys. A clear key stays in the slab but
 * for --clear, which writes it from there; no message repeats one.
 */
#include "cli_keys.h"

#include <ctype.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "crypto/parity.h"
#include "err.h"
#include "hex.h"
#include "key.h"
#include "keytype.h"
#include "keyuse.h"
#include "lmk.h"
#include "secret.h"

enum { KCV_SHOWN = 6, TYPE_DIGITS = 3, DOUBLE_LENGTH = 16 };

#define ROW_TYPE   { "type", "CODE", "key type code or name: 002, 70D, TPK" }
#define ROW_LMK    { "lmk", "NAME", "LMK by name (the default LMK)" }
#define ROW_KBPK   { "kbpk", "FILE", "key block protection key: components, one per line" }
#define ROWS_MAKE \
	ROW_TYPE, ROW_LMK, ROW_KBPK, \
	{ "scheme", "TAG", "Z single, U double, T triple length (U); S, R key block" }, \
	{ "attributes", "TEXT", "a key block's, as in the commands: 72T2N00S00" }, \
	{ "block-version", "LETTER", "of an R block: A, B, C or D (B; D under an AES key)" }, \
	{ "clear", NULL, "print the clear key too" }

static const struct cli_option generate_options[] = {
	ROWS_MAKE,
	{ NULL, NULL, NULL },
};

static const struct cli_usage generate_usage = {
	.line = "luahsm keys generate [OPTIONS]",
	.about = "Make a random key and print it under an LMK, or in a key block under a key\n"
	    "block protection key, with its check value.",
	.options = generate_options,
	.settings = CLI_BASIC,
	.more = "example: luahsm keys generate --type TPK --scheme U\n"
	    "         luahsm keys generate --lmk test-aes-kb --attributes K0A3B00E00",
};

static const struct cli_option import_options[] = {
	ROWS_MAKE,
	{ "key", "HEX", "the clear key: 16, 32 or 48 digits; AES 32, 48 or 64" },
	{ "clear-key", "HEX", "the same" },
	{ "force-parity", NULL, "correct the parity of the key" },
	{ NULL, NULL, NULL },
};

static const struct cli_usage import_usage = {
	.line = "luahsm keys import [OPTIONS]",
	.about = "Encrypt a clear key. For test keys only: what is on a command line can be\n"
	    "read by others on this machine; --key - reads standard input.",
	.options = import_options,
	.settings = CLI_BASIC,
	.more = "example: luahsm keys import --type 002 --key 0123456789ABCDEFFEDCBA9876543210",
};

static const struct cli_option check_options[] = {
	ROW_TYPE, ROW_LMK, ROW_KBPK,
	{ "keyblock", NULL, "FIELD is a key block (known by its tag, S or R, too)" },
	{ NULL, NULL, NULL },
};

static const struct cli_usage check_usage = {
	.line = "luahsm keys check [OPTIONS] FIELD",
	.about = "Open a key under an LMK and print its check value. Exit status 1 when its\n"
	    "parity is wrong: then key type or LMK may be another. A key block is printed\n"
	    "field by field and verified, under the test LMK that its header means, the LMK\n"
	    "of --lmk, or the key of --kbpk; exit status 1 when it is not good.",
	.options = check_options,
	.settings = CLI_BASIC,
	.more = "example: luahsm keys check --type 002 U1750CDFB0757D3B3994430636DBB281B",
};

static size_t
scheme_length(char scheme)
{
	return scheme == 'Z' ? 8 : scheme == 'U' || scheme == 'X' ? 16 : 24;
}

/* Write the clear key from the slab, past stdio's buffers. */
static int
print_clear(const struct key *key)
{
	char *text = secret_alloc(2 * KEY_MAX + 1);
	size_t n = 2u * key->len;
	int r;

	if (text == NULL)
		return CLI_FAILED;
	hex_encode(key->bytes, key->len, text);
	text[n++] = '\n';
	fputs("clear        ", stdout);
	fflush(stdout);
	r = write(STDOUT_FILENO, text, n) == (ssize_t)n ? CLI_OK : CLI_FAILED;
	secret_free(text);
	return r;
}

/* The key field: under the LMK, or in a block under the KBPK. */
static int
wrap(struct keys_job *job, struct key *key, char *field, size_t *n)
{
	struct key_block_form form = { .scheme = job->scheme, .version = job->version,
	    .header = &key->header };

	if (job->kbpk == NULL)
		return key_wrap(job->lmk, key, job->type, key->scheme, field, n);
	if (key->header.version == 0 && !keyuse_default(job->type, key, &key->header))
		return ERR_KEY_TYPE;
	return key_export_block(job->kbpk, key, &form, field, n);
}

static int
print_key(struct keys_job *job, struct key *key)
{
	char field[KEY_FIELD_MAX], kcv[KCV_SHOWN];
	size_t n;
	int r;

	if ((r = wrap(job, key, field, &n)) != 0 || (r = key_kcv(key, KCV_SHOWN, kcv)) != 0)
		return keys_failed(r);
	if (job->type == KEYTYPE_BLOCK)
		printf("key usage    %.2s\n", key->header.usage);
	else
		printf("key type     %0*X  %s\n", TYPE_DIGITS, job->type,
		    keytype_name(job->type));
	if (job->kbpk == NULL) {
		printf("LMK          %s\n", lmk_name(job->lmk));
	} else {
		char own[KCV_SHOWN];

		if ((r = key_kcv(job->kbpk, KCV_SHOWN, own)) != 0)
			return keys_failed(r);
		printf("KBPK         check value %.*s\n", KCV_SHOWN, own);
	}
	printf("key          %.*s\n", (int)n, field);
	printf("check value  %.*s\n", KCV_SHOWN, kcv);
	return job->show_clear ? print_clear(key) : CLI_OK;
}

static bool
is_block(const struct keys_job *job)
{
	return job->scheme == 'S' || job->scheme == 'R';
}

/* Is the key to be made one of AES? */
static bool
is_aes(const struct keys_job *job)
{
	return job->attributes.has[ATTR_ALGORITHM] && job->attributes.header.algorithm == 'A';
}

/* An empty key with the header that was asked for, and the KBPK. 0 or the exit status. */
static int
start_key(struct keys_job *job, struct key **key)
{
	int r;

	if (job->kbpk_file != NULL &&
	    (r = keys_read_kbpk(job, job->version == 'D')) != 0)
		return r;
	if ((*key = key_take()) == NULL)
		return keys_failed(ERR_NO_ROOM);
	if (job->attributes_text != NULL) {
		attributes_apply(&job->attributes, &(*key)->header);
		(*key)->header.version = '1';
	}
	return 0;
}

int
keys_generate(int argc, char **argv)
{
	struct keys_job job;
	struct key *key;
	size_t len = DOUBLE_LENGTH;
	int r;

	if ((r = keys_start(&job, &generate_usage, 0, argc, argv)) >= 0)
		return r;
	if ((r = start_key(&job, &key)) != 0)
		return r;
	if (job.scheme == 0)
		job.scheme = 'U';
	if (job.attributes.has[ATTR_ALGORITHM])
		len = job.attributes.key_len;
	else if (!is_block(&job))
		len = scheme_length(job.scheme);
	if (is_aes(&job))
		key_random_plain(key, len, true);
	else if ((r = key_random(key, len)) != 0)
		return keys_failed(r);
	key->scheme = job.scheme;
	return print_key(&job, key);
}

/* The digits of the clear key, in upper case, in the slab. NULL: too long or no room. */
static uint8_t *
read_digits(const char *from, size_t *n)
{
	enum { MOST = 2 * KEY_MAX + 2 };
	uint8_t *text = secret_alloc(MOST);
	ssize_t got;

	if (text == NULL)
		return NULL;
	if (strcmp(from, "-") == 0)
		got = read(STDIN_FILENO, text, MOST);
	else if ((got = (ssize_t)strlen(from)) <= MOST)
		memcpy(text, from, (size_t)got);
	if (got < 0 || got > MOST)
		return NULL;
	while (got > 0 && isspace(text[got - 1]))
		got--;
	for (ssize_t i = 0; i < got; i++)
		text[i] = (uint8_t)toupper(text[i]);
	*n = (size_t)got;
	return text;
}

/* Is a key of n bytes one of the algorithm? */
static bool
length_fits(const struct keys_job *job, size_t n)
{
	if (is_aes(job))
		return n == 16 || n == 24 || n == 32;
	return n == 8 || n == 16 || n == 24;
}

/* Fill key from what was typed. 0 or the exit status. */
static int
read_clear(struct keys_job *job, struct key *key)
{
	size_t digits = 0, n;
	uint8_t *text = read_digits(job->clear, &digits);

	n = digits / 2;
	if (text == NULL || digits % 2 != 0 || !length_fits(job, n) ||
	    hex_decode(span_of(text, digits), key->bytes, n) != 0)
		return cli_mistake(job->usage, is_aes(job) ?
		    "a clear AES key has 32, 48 or 64 hexadecimal digits" :
		    "a clear key has 16, 32 or 48 hexadecimal digits");
	secret_free(text);
	key->len = (uint8_t)n;
	key->aes = is_aes(job);
	key->scheme = job->scheme != 0 ? job->scheme : "ZUT"[n / 8 - 1];
	if (job->attributes.has[ATTR_ALGORITHM] && job->attributes.key_len != n)
		return cli_mistake(job->usage, "the attributes are for keys of %u digits, this "
		    "one has %zu", 2u * job->attributes.key_len, 2 * n);
	if (!is_block(job) && scheme_length(key->scheme) != n)
		return cli_mistake(job->usage, "scheme %c is for keys of %zu digits, this one "
		    "has %zu", key->scheme, 2 * scheme_length(key->scheme), 2 * n);
	return 0;
}

/* Parity as DES keys have it. 0 or CLI_FAILED. */
static int
settle_parity(const struct keys_job *job, struct key *key)
{
	if (key->aes) {
		key->odd = true;
		return 0;
	}
	if (!job->force && !parity_odd(key->bytes, key->len)) {
		fputs("luahsm: the key does not have odd parity; is a digit wrong? "
		    "--force-parity corrects it\n", stderr);
		return CLI_FAILED;
	}
	key_force_parity(key);
	return 0;
}

int
keys_import(int argc, char **argv)
{
	struct keys_job job;
	struct key *key;
	int r;

	if ((r = keys_start(&job, &import_usage, 0, argc, argv)) >= 0)
		return r;
	if (job.clear == NULL)
		return cli_mistake(&import_usage, "give the clear key with --key%s",
		    job.show_clear ? "; --clear only has it printed too" : "");
	if ((r = start_key(&job, &key)) != 0 || (r = read_clear(&job, key)) != 0 ||
	    (r = settle_parity(&job, key)) != 0)
		return r;
	return print_key(&job, key);
}

int
keys_check(int argc, char **argv)
{
	struct keys_job job;
	struct key *key;
	char kcv[KCV_SHOWN];
	int r;

	if ((r = keys_start(&job, &check_usage, 1, argc, argv)) >= 0)
		return r;
	if (job.keyblock)
		return keys_check_block(&job, argv[optind]);
	if ((r = key_open(job.lmk, job.type, span_str(argv[optind]), &key)) != 0 ||
	    (r = key_kcv(key, KCV_SHOWN, kcv)) != 0)
		return keys_failed(r);
	printf("key type     %0*X  %s\n", TYPE_DIGITS, job.type, keytype_name(job.type));
	printf("LMK          %s\n", lmk_name(job.lmk));
	printf("length       %u bytes\n", key->len);
	printf("check value  %.*s\n", KCV_SHOWN, kcv);
	printf("parity       %s\n", key->odd ? "odd, as it should be" :
	    "wrong: another key type or LMK, or a wrong digit");
	return key->odd ? CLI_OK : CLI_FAILED;
}
