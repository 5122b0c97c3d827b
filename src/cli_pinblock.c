/*
 * cli_pinblock: a clear PIN block from a PIN, and back. No message repeats a PIN.
 */
#include "cli.h"

#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "crypto/pinclear.h"
#include "err.h"
#include "secret.h"

enum { OPT_PIN, OPT_PAN, OPT_FORMAT, OPT_DECODE };

static const struct cli_option options[] = {
	[OPT_PIN]    = { "pin", "DIGITS", "4 to 12 digits" },
	[OPT_PAN]    = { "pan", "DIGITS", "whole card number, check digit and all" },
	[OPT_FORMAT] = { "format", "CODE", "01, as below, or iso0 to iso4 (01)" },
	[OPT_DECODE] = { "decode", "BLOCK", "print the PIN of this block" },
	{ NULL, NULL, NULL },
};

static const struct cli_usage usage = {
	.line = "luahsm pinblock [OPTIONS]",
	.about = "Make a clear PIN block, or take the PIN out of one. For test PINs only: what is\n"
	    "on a command line can be read by others on this machine.",
	.options = options,
	.settings = CLI_NONE,
	.more = "formats: 01 ISO 0  02 Docutel  03 Diebold, IBM 3624  04 PLUS  05 ISO 1\n"
	    "         34 ISO 2  35 Europay, Mastercard  47 ISO 3  48 ISO 4 (its PIN field)\n"
	    "examples:\n"
	    "  luahsm pinblock --pin 1234 --pan 4111111111111111 --format 01\n"
	    "  luahsm pinblock --decode 041225EEEEEEEEEE --pan 4111111111111111",
};

struct job {
	const char *pin, *pan, *block;
	unsigned    format;
};

static int
read_option(void *arg, int option, const char *value)
{
	struct job *job = arg;

	if (option == OPT_PIN)
		job->pin = value;
	else if (option == OPT_PAN)
		job->pan = value;
	else if (option == OPT_DECODE)
		job->block = value;
	else if ((job->format = pinclear_format(value)) == 0)
		return cli_mistake(&usage, "there is no PIN block format \"%.20s\"", value);
	return 0;
}

/* -1: go on; otherwise the exit status. */
static int
read_options(struct job *job, int argc, char **argv)
{
	int r = cli_options(&usage, NULL, argc, argv, read_option, job);

	if (r >= 0)
		return r;
	if (optind < argc)
		return cli_mistake(&usage, "only options are taken; is --pin or --pan missing?");
	if ((job->pin == NULL) == (job->block == NULL))
		return cli_mistake(&usage, "give either --pin or --decode");
	if (job->pan == NULL && pinclear_needs_pan(job->format))
		return cli_mistake(&usage, "format %02u is bound to the card: give --pan",
		    job->format);
	return -1;
}

static int
complain(const struct job *job, int r)
{
	switch (r) {
	case ERR_PIN_LENGTH:
		if (job->pin != NULL)
			return cli_mistake(&usage, "a PIN has 4 to %d digits in format %02u",
			    job->format == 2 ? 6 : 12, job->format);
		fputs("luahsm: the block does not hold a PIN of 4 to 12 digits\n", stderr);
		return CLI_FAILED;
	case ERR_ACCOUNT:
		return cli_mistake(&usage, "--pan takes 8 to 19 digits (12 and more for "
		    "format 04)");
	case ERR_INPUT:
		return cli_mistake(&usage, "a block of format %02u has %zu hexadecimal digits, "
		    "A to F in upper case", job->format, pinclear_length(job->format));
	default:
		fprintf(stderr, "luahsm: this is no PIN block of format %02u%s\n", job->format,
		    pinclear_needs_pan(job->format) ? " for that PAN" : "");
		return CLI_FAILED;
	}
}

/* Write the result and a newline straight from the slab. */
static int
print(struct secret *s)
{
	s->bytes[s->len++] = '\n';
	return write(STDOUT_FILENO, s->bytes, s->len) == (ssize_t)s->len ? CLI_OK : CLI_FAILED;
}

int
cli_pinblock(int argc, char **argv)
{
	struct job job = { .format = 1 };
	struct secret *result;
	struct span pan;
	int r;

	if ((r = read_options(&job, argc, argv)) >= 0)
		return r;
	if (secret_init(false) != 0 || (result = secret_take()) == NULL) {
		fputs("luahsm: cannot make the memory for PINs\n", stderr);
		return CLI_FAILED;
	}
	pan = job.pan != NULL ? span_str(job.pan) : SPAN("");
	if (job.block != NULL)
		r = pinclear_decode(job.format, span_str(job.block), pan, result);
	else
		r = pinclear_encode(job.format, span_str(job.pin), pan, result);
	r = r == 0 ? print(result) : complain(&job, r);
	secret_put_all();
	return r;
}
