/*
 * cli_lmk_form: components made, written to files of their own, and put
 * together again, from files or from what is typed.
 */
#include "cli_lmk.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "component.h"
#include "crypto/shamir.h"
#include "err.h"
#include "ownfile.h"
#include "prompt.h"
#include "secret.h"

enum { TYPED = 4096 };	/* longest line that is typed, and longest file */

static const struct cli_option components_options[] = {
	LMK_ROW_SCHEME, LMK_ROW_COUNT,
	{ "number", "K", "make component K of them only: each officer makes one" },
	{ "of", "NAME", "shares of that LMK in the vault, as a backup" },
	{ "needed", "K", "so many of the shares rebuild it (2)" },
	{ "out", "PREFIX", "write files PREFIX-1, PREFIX-2, ..." },
	LMK_ROW_TEST,
	{ NULL, NULL, NULL },
};

static const struct cli_usage components_usage = {
	.line = "luahsm lmk components --out PREFIX [OPTIONS]",
	.about = "Make random components, from which `luahsm lmk form` forms an LMK: all of them\n"
	    "are needed. Or, with --of, shares of an LMK, any --needed of which rebuild it.\n"
	    "Each goes to a file (mode 0600) for one officer; check values are printed.",
	.options = components_options,
	.settings = CLI_BASIC | CLI_VAULT,
	.more = "examples: luahsm lmk components --count 3 --number 1 --out alice\n"
	    "          luahsm lmk components --of acme --count 5 --needed 3 --out backup",
};

/* Tell of a component by its check value. */
static int
print_component(const struct component *c, const char *path)
{
	char check[LMK_CHECK + 1];

	if (lmk_value_check(&c->value, check) != 0)
		return CLI_FAILED;
	printf("%s %u of %u  %s  check value %s  %s\n", c->share ? "share" : "component", c->number,
	    c->count, lmk_scheme_text(c->value.scheme), check, path);
	return CLI_OK;
}

static int
write_component(const struct lmk_job *job, const struct component *c)
{
	char path[PATH_MAX], *text = secret_alloc(COMPONENT_TEXT);
	size_t n;
	int r = -1;

	snprintf(path, sizeof(path), "%s-%u", job->out, c->number);
	if (text != NULL && component_write(c, text, &n) == 0)
		r = ownfile_make(path, span_of(text, n), stderr);
	secret_free(text);
	return r == 0 ? print_component(c, path) : CLI_FAILED;
}

static int
write_parts(struct lmk_job *job, struct component *c)
{
	int r = CLI_OK;

	for (c->number = 1; c->number <= job->count && r == CLI_OK; c->number++) {
		if (job->number != 0 && c->number != job->number)
			continue;
		lmk_value_random(&c->value, job->scheme);
		r = write_component(job, c);
	}
	return r;
}

static int
write_shares(struct lmk_job *job, struct component *c)
{
	struct vault_lmk *lmk = vault_find(job->vault, job->of);
	uint8_t *all = secret_alloc((size_t)COMPONENT_MOST * LMK_BYTES);
	int r = CLI_FAILED;

	if (lmk == NULL) {
		fprintf(stderr, "luahsm: the vault has no LMK \"%.40s\"\n", job->of);
	} else if (all != NULL && lmk_value_check(&lmk->value, c->whole) == 0 &&
	    shamir_split(lmk->value.bytes, lmk->value.len, c->needed, c->count, all) == 0) {
		r = CLI_OK;
		c->test = lmk->test;
		c->value = lmk->value;
		for (c->number = 1; c->number <= c->count && r == CLI_OK; c->number++) {
			memcpy(c->value.bytes, all + (c->number - 1) * lmk->value.len,
			    lmk->value.len);
			r = write_component(job, c);
		}
	}
	secret_free(all);
	return r;
}

int
cli_lmk_components(int argc, char **argv)
{
	struct component *c;
	struct lmk_job job;
	int r;

	if ((r = lmk_job_start(&job, &components_usage, argc, argv)) >= 0)
		return r;
	if (job.needed == 0)
		job.needed = 2;
	if (optind < argc || job.out == NULL)
		return lmk_job_end(&job, cli_mistake(&components_usage, "give --out, and options "
		    "only"));
	if (job.number > job.count || job.needed > job.count)
		return lmk_job_end(&job, cli_mistake(&components_usage, "there are %u components",
		    job.count));
	if (job.of != NULL && (r = lmk_job_vault(&job, false)) != 0)
		return lmk_job_end(&job, r);
	if ((c = secret_alloc(sizeof(*c))) == NULL)
		return lmk_job_end(&job, CLI_FAILED);
	c->share = job.of != NULL;
	c->test = job.lmk->test;
	c->count = job.count;
	c->needed = c->share ? job.needed : 0;
	r = c->share ? write_shares(&job, c) : write_parts(&job, c);
	secret_free(c);
	return lmk_job_end(&job, r);
}

/* --- reading ------------------------------------------------------------- */

/* The file's bytes in text (TYPED of room). Their number, or -1 after a line. */
static ssize_t
read_file(const char *path, char *text)
{
	int fd = ownfile_open(path, O_RDONLY, stderr);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, text, TYPED);
	close(fd);
	if (n < 0 || n == TYPED)
		fprintf(stderr, "%s: can't be read, or is too long\n", path);
	return n < TYPED ? n : -1;
}

/* A component in a file; in the slab. NULL after a line. */
static struct component *
from_file(const char *path)
{
	struct component *c = secret_alloc(sizeof(*c));
	char *text = secret_alloc(TYPED);
	ssize_t n = -1;

	if (c != NULL && text != NULL)
		n = read_file(path, text);
	if (n >= 0 && component_read(span_of(text, (size_t)n), c, path, stderr) != 0)
		n = -1;
	secret_free(text);
	if (n >= 0)
		return c;
	secret_free(c);
	return NULL;
}

int
cli_lmk_check_files(char **argv, int n)
{
	struct component *c;
	int r = n > 0 ? CLI_OK : CLI_USAGE;

	for (int i = 0; i < n && r == CLI_OK; i++) {
		c = from_file(argv[i]);
		r = c != NULL ? print_component(c, argv[i]) : CLI_FAILED;
		secret_free(c);
	}
	return r;
}

/* The value of a component as it is typed, all of it or a pair a line. 0 or -1 after a line. */
static int
type_value(struct component *c, enum lmk_scheme scheme, char *text)
{
	size_t digits = 2 * lmk_value_length(scheme), at = 0;
	char asked[80];

	while (at < digits) {
		long n;

		snprintf(asked, sizeof(asked), "component %u of %u, %zu digits", c->number,
		    c->count, digits - at);
		if ((n = prompt_secret(asked, text + at, TYPED - at, stderr)) < 0)
			return -1;
		if (n == 0)
			break;
		for (char *from = text + at, *end = from + n; from < end; from++)
			if (*from != ' ')
				text[at++] = *from;
	}
	if (component_digits(text, at, scheme, &c->value) == 0)
		return 0;
	fprintf(stderr, "luahsm: component %u: it has %zu hexadecimal digits, and no more\n",
	    c->number, digits);
	return -1;
}

/* The check value on the officer's paper must be that of what was typed. */
static int
type_check(const struct component *c, char *text)
{
	char check[LMK_CHECK + 1], asked[80];
	long n;

	snprintf(asked, sizeof(asked), "check value of component %u", c->number);
	if ((n = prompt_secret(asked, text, TYPED, stderr)) < 0 ||
	    lmk_value_check(&c->value, check) != 0)
		return -1;
	if (n == LMK_CHECK && strncasecmp(text, check, LMK_CHECK) == 0)
		return 0;
	fprintf(stderr, "luahsm: component %u does not have that check value: a digit is wrong\n",
	    c->number);
	return -1;
}

static struct component *
typed(const struct lmk_job *job, unsigned number)
{
	struct component *c = secret_alloc(sizeof(*c));
	char *text = secret_alloc(TYPED);
	int r = -1;

	if (c != NULL && text != NULL) {
		c->test = job->lmk->test;
		c->number = number;
		c->count = job->count;
		r = type_value(c, job->scheme, text);
		r = r == 0 ? type_check(c, text) : r;
	}
	secret_free(text);
	if (r == 0)
		return c;
	secret_free(c);
	return NULL;
}

/* --- forming ------------------------------------------------------------- */

static const struct cli_option form_options[] = {
	LMK_ROWS_STORED, LMK_ROW_SCHEME, LMK_ROW_COUNT, LMK_ROW_CHECK, LMK_ROW_TEST,
	{ NULL, NULL, NULL },
};

static const struct cli_usage form_usage = {
	.line = "luahsm lmk form --name NAME [OPTIONS] [FILE...]",
	.about = "Form an LMK from the components or shares in the files, or from --count\n"
	    "components that are typed, each with its check value, and put it in the vault.\n"
	    "Refused are components that are there twice, zero, or of another set, and an\n"
	    "LMK that is weak.",
	.options = form_options,
	.settings = CLI_BASIC | CLI_VAULT,
	.more = "examples: luahsm lmk form --name acme alice-1 bob-2 carol-3\n"
	    "          luahsm lmk form --name acme --scheme 3des-kb --count 2",
};

/* Fill c with the pieces. 0, or -1 after a line. */
static int
collect(const struct lmk_job *job, struct component **c, char **files, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		c[i] = files[0] != NULL ? from_file(files[i]) : typed(job, (unsigned)i + 1);
		if (c[i] == NULL)
			return -1;
	}
	return 0;
}

static int
form(struct lmk_job *job, char **files, size_t n)
{
	struct component *c[COMPONENT_MOST] = { 0 };
	struct lmk_value *value = secret_alloc(sizeof(*value));
	int r = CLI_FAILED;

	if (value != NULL && collect(job, c, files, n) == 0 &&
	    component_join((const struct component *const *)c, n, value, stderr) == 0) {
		job->lmk->test = c[0]->test;
		r = lmk_job_store(job, value);
	}
	for (size_t i = 0; i < n; i++)
		secret_free(c[i]);
	secret_free(value);
	return r;
}

int
cli_lmk_form(int argc, char **argv)
{
	struct lmk_job job;
	size_t n;
	int r;

	if ((r = lmk_job_start(&job, &form_usage, argc, argv)) >= 0)
		return r;
	n = optind < argc ? (size_t)(argc - optind) : job.count;
	if (job.lmk->name[0] == '\0')
		r = cli_mistake(&form_usage, "give a --name");
	else if (n < COMPONENT_LEAST || n > COMPONENT_MOST)
		r = cli_mistake(&form_usage, "an LMK is formed from 2 to 9 components");
	else if ((r = lmk_job_vault(&job, true)) == 0)
		r = form(&job, argv + optind, n);
	return lmk_job_end(&job, r);
}

static const struct cli_option store_options[] = {
	LMK_ROWS_STORED, LMK_ROW_SCHEME, LMK_ROW_CHECK, LMK_ROW_TEST,
	{ NULL, NULL, NULL },
};

static const struct cli_usage store_usage = {
	.line = "luahsm lmk store --name NAME [OPTIONS] [FILE]",
	.about = "Put an LMK in the vault whose whole value is known: that of a test system. Its\n"
	    "hexadecimal digits are read from FILE (mode 0600) or typed; a variant LMK has 20\n"
	    "pairs of 32. An LMK for live keys is better formed from components.",
	.options = store_options,
	.settings = CLI_BASIC | CLI_VAULT,
	.more = "example: luahsm lmk store --name bench --scheme variant --test pairs.txt",
};

/* The LMK in a file, or typed. 0 or -1 after a line. */
static int
read_whole(const struct lmk_job *job, const char *path, struct component *c, char *text)
{
	ssize_t n;

	c->number = c->count = 1;
	if (path == NULL)
		return type_value(c, job->scheme, text);
	if ((n = read_file(path, text)) < 0)
		return -1;
	if (component_digits(text, (size_t)n, job->scheme, &c->value) == 0)
		return 0;
	fprintf(stderr, "%s: holds no LMK of this --scheme: %zu hexadecimal digits and nothing "
	    "else\n", path, 2 * lmk_value_length(job->scheme));
	return -1;
}

int
cli_lmk_store(int argc, char **argv)
{
	struct component *c;
	struct lmk_job job;
	char *text;
	int r;

	if ((r = lmk_job_start(&job, &store_usage, argc, argv)) >= 0)
		return r;
	if (job.lmk->name[0] == '\0' || argc - optind > 1)
		return lmk_job_end(&job, cli_mistake(&store_usage, "give a --name and one file"));
	if ((r = lmk_job_vault(&job, true)) != 0)
		return lmk_job_end(&job, r);
	c = secret_alloc(sizeof(*c));
	text = secret_alloc(TYPED);
	r = CLI_FAILED;
	if (c != NULL && text != NULL && read_whole(&job, argv[optind], c, text) == 0)
		r = lmk_job_store(&job, &c->value);
	secret_free(text);
	secret_free(c);
	return lmk_job_end(&job, r);
}
