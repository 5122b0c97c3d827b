/*
 * cli_bench: a load by options, its figures as text or JSON.
 */
#include "cli.h"

#include "cli_bench_bare.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "err.h"
#include "load.h"
#include "load_samples.h"
#include "message.h"

enum {
	OPT_CONNECTIONS, OPT_DEPTH, OPT_DURATION, OPT_MIX, OPT_REQUEST, OPT_RATE, OPT_HOST,
	OPT_JSON, OPT_BARE
};

static const struct cli_option options[] = {
	[OPT_CONNECTIONS] = { "connections", "N", "at a time (50)" },
	[OPT_DEPTH]       = { "depth", "N", "requests under way on each (16)" },
	[OPT_DURATION]    = { "duration", "SECONDS", "5, or a fraction" },
	[OPT_MIX]         = { "mix", "LIST", "commands and weights (NC:1)" },
	[OPT_REQUEST]     = { "request", "TEXT", "a request of your own; more may follow" },
	[OPT_RATE]        = { "rate", "N", "fixed requests per second over all" },
	[OPT_HOST]        = { "host", "HOST", "where the server is (127.0.0.1)" },
	[OPT_JSON]        = { "json", NULL, "print the figures as JSON" },
	[OPT_BARE]        = { "bare", "LIST", "no server: what 6*des3:8,2*aes256:48 cost alone" },
	{ NULL, NULL, NULL },
};

static const struct cli_usage usage = {
	.line = "luahsm bench [OPTIONS]",
	.about = "Measure a server: requests per second and latency. Every request has a message\n"
	    "header of its own and every reply is checked.",
	.options = options,
	.settings = CLI_CLIENT,
	.more = "Samples for the public test LMK: NC B2 CA CC DC EC CW CY BU FA HC A0 KQ.\n"
	    "  luahsm bench --mix NC:3,CA:1 --connections 50 --depth 16 --duration 10\n"
	    "  luahsm bench --request 'B20003abc' --rate 20000\n"
	    "--bare names work of libcrypto: how often, des3, aes128, aes256 (a key, then so many\n"
	    "bytes), sha256 (bytes) or rsa (bits; a signature).\n"
	    "With --rate, latency counts from when a request fell due, so that a stall shows.\n"
	    "\n"
	    "exit status: 0, 1 something was lost, reset or wrong, 2 usage, 3 configuration,\n"
	    "4 cannot connect, 5 a command of the mix does not succeed",
};

struct job {
	struct load load;
	const char *host, *mix, *bare;
	bool        json;
	uint8_t    *bytes[LOAD_KINDS];	/* requests, heap */
};

/* --- what to send ---------------------------------------------------------- */

/* Add a kind. 0 or CLI_USAGE. */
static int
add_kind(struct job *job, const char *name, const char *text, bool fixed, unsigned weight)
{
	struct load *load = &job->load;
	struct load_kind *kind = &load->kind[load->kinds];
	size_t n;

	if (load->kinds == LOAD_KINDS)
		return cli_mistake(&usage, "at most %d kinds of requests", LOAD_KINDS);
	if ((job->bytes[load->kinds] = malloc(FRAME_LIMIT)) == NULL) {
		fputs("luahsm: no memory\n", stderr);
		return CLI_USAGE;
	}
	if (message_parse(text, false, job->bytes[load->kinds], FRAME_LIMIT, &n, stderr) != 0)
		return CLI_USAGE;
	if (n < 2)
		return cli_mistake(&usage, "a request starts with a command code");
	*kind = (struct load_kind){ .name = name, .fixed = fixed, .weight = weight,
		.request = span_of(job->bytes[load->kinds], n) };
	load->kinds++;
	return 0;
}

/* "NC:3,CA": commands with samples, and weights. 0 or CLI_USAGE. */
static int
read_mix(struct job *job, const char *list)
{
	while (*list != '\0') {
		size_t n = strcspn(list, ":,");
		const struct load_sample *sample;
		char code[3] = "", *end;
		unsigned long weight = 1;

		if (n == 2)
			memcpy(code, list, 2);
		if ((sample = load_sample_find(code)) == NULL)
			return cli_mistake(&usage, "there is no sample of \"%.*s\"; give one with "
			    "--request", (int)(n < 20 ? n : 20), list);
		list += n;
		if (*list == ':') {
			weight = strtoul(list + 1, &end, 10);
			if (weight < 1 || weight > LOAD_WEIGHT || (*end != ',' && *end != '\0'))
				return cli_mistake(&usage, "a weight in --mix is a number from 1 "
				    "to %d", LOAD_WEIGHT);
			list = end;
		}
		if (add_kind(job, sample->command, sample->request, sample->fixed,
		    (unsigned)weight) != 0)
			return CLI_USAGE;
		list += *list == ',' ? 1 : 0;
	}
	return 0;
}

static int
read_positive(const char *option, const char *text, double most, double *value)
{
	char *end;

	*value = strtod(text, &end);
	if (end != text && *end == '\0' && isfinite(*value) && *value > 0 && *value <= most)
		return 0;
	fprintf(stderr, "luahsm: --%s can't be \"%.40s\"; it is a number above 0, at most %.0f\n",
	    option, text, most);
	return CLI_USAGE;
}

static int
read_option(void *arg, int option, const char *value)
{
	struct job *job = arg;
	long n;

	switch (option) {
	case OPT_CONNECTIONS:
		if (cli_number("connections", value, 1, LOAD_CONNECTIONS, &n) != 0)
			return CLI_USAGE;
		job->load.connections = (unsigned)n;
		return 0;
	case OPT_DEPTH:
		if (cli_number("depth", value, 1, LOAD_DEPTH, &n) != 0)
			return CLI_USAGE;
		job->load.depth = (unsigned)n;
		return 0;
	case OPT_DURATION:
		return read_positive("duration", value, 86400, &job->load.seconds);
	case OPT_RATE:
		return read_positive("rate", value, 1e8, &job->load.rate);
	case OPT_MIX:
		job->mix = value;
		return 0;
	case OPT_REQUEST:
		return add_kind(job, "request", value, false, 1);
	case OPT_HOST:
		job->host = value;
		return 0;
	case OPT_BARE:
		job->bare = value;
		return 0;
	default:
		job->json = true;
		return 0;
	}
}

/* -1: go on; otherwise the exit status. */
static int
read_options(struct job *job, int argc, char **argv)
{
	struct config config;
	int r = cli_options_only(&usage, argc, argv, read_option, job, &config);

	if (r >= 0)
		return r;
	if (job->mix == NULL && job->load.kinds == 0)
		job->mix = "NC:1";
	if (job->mix != NULL && read_mix(job, job->mix) != 0)
		return CLI_USAGE;
	job->load.header_length = config.header_length;
	client_target(&config, job->host, &job->load.target);
	return -1;
}

/* --- figures ---------------------------------------------------------------- */

static double
per_second(const struct load_result *r)
{
	return r->seconds > 0 ? (double)r->requests / r->seconds : 0;
}

static double
quantile_ms(const struct load_result *r, double q)
{
	return (double)histogram_quantile(&r->latency, q) / 1e6;
}

static void
show_progress(const struct load_result *r)
{
	fprintf(stderr, "\r%5.0f s  %10.0f/s  p99 %8.3f ms  lost %" PRIu64 "  reset %" PRIu64
	    "  wrong %" PRIu64 " ", r->seconds, per_second(r), quantile_ms(r, 0.99), r->lost,
	    r->reset, r->wrong);
}

static void
print_text(const struct job *job, const struct load_result *r)
{
	const struct load *load = &job->load;

	for (size_t i = 0; i < load->kinds; i++)
		printf("%s%s:%u", i > 0 ? "," : "", load->kind[i].name, load->kind[i].weight);
	printf("  %u connections x %u  %.1f s  ", load->connections, load->depth, r->seconds);
	client_print(&load->target, stdout);
	printf("\nrequests/s  %.0f\n", per_second(r));
	printf("requests    %" PRIu64 "\n", r->requests);
	printf("latency ms  p50 %.3f  p99 %.3f  p99.9 %.3f  max %.3f\n", quantile_ms(r, 0.5),
	    quantile_ms(r, 0.99), quantile_ms(r, 0.999), (double)r->latency.max / 1e6);
	printf("lost %" PRIu64 "  reset %" PRIu64 "  wrong %" PRIu64 "\n", r->lost, r->reset,
	    r->wrong);
	if (r->wrong > 0)
		printf("the first wrong reply: %s\n", r->first_wrong);
}

static void
print_json(const struct job *job, const struct load_result *r)
{
	json_t *o = json_pack("{s:i, s:i, s:f, s:f, s:f, s:I, s:I, s:I, s:I, s:s, "
	    "s:{s:I, s:I, s:I, s:I}}",
	    "connections", (int)job->load.connections, "depth", (int)job->load.depth,
	    "rate", job->load.rate, "seconds", r->seconds,
	    "requests_per_second", per_second(r),
	    "requests", (json_int_t)r->requests, "lost", (json_int_t)r->lost,
	    "reset", (json_int_t)r->reset, "wrong", (json_int_t)r->wrong,
	    "first_wrong", r->first_wrong, "latency_ns",
	    "p50", (json_int_t)histogram_quantile(&r->latency, 0.5),
	    "p99", (json_int_t)histogram_quantile(&r->latency, 0.99),
	    "p99.9", (json_int_t)histogram_quantile(&r->latency, 0.999),
	    "max", (json_int_t)r->latency.max);

	json_dumpf(o, stdout, JSON_INDENT(1));
	putchar('\n');
	json_decref(o);
}

/* A sample that fails would measure the way an error is told. 0 or CLI_HSM. */
static int
check_samples(const struct job *job)
{
	for (size_t i = 0; i < job->load.kinds; i++) {
		const struct load_kind *kind = &job->load.kind[i];
		int r = err_parse((const char *)kind->reply.p + 2);

		if (strcmp(kind->name, "request") == 0 || r == 0)
			continue;
		fprintf(stderr, "luahsm: %s answers %.2s: %s\n", kind->name,
		    (const char *)kind->reply.p + 2, err_text(r));
		return CLI_HSM;
	}
	return 0;
}

/* No load but the cryptography of one request, in this process. */
static int
run_bare(const struct job *job)
{
	double ns = bench_bare(job->bare, job->load.seconds, stderr);

	if (ns < 0)
		return CLI_USAGE;
	printf(job->json ? "{ \"nanoseconds\": %.1f }\n" : "%.1f ns\n", ns);
	return CLI_OK;
}

static int
run(struct job *job)
{
	static struct load_result result;
	bool terminal = isatty(STDERR_FILENO), connected;

	if (load_probe(&job->load, &connected, stderr) != 0)
		return connected ? CLI_FAILED : CLI_CONNECT;
	if (check_samples(job) != 0)
		return CLI_HSM;
	if (load_run(&job->load, &result, terminal ? show_progress : NULL, stderr) != 0)
		return CLI_FAILED;
	if (terminal)
		fputs("\r\033[K", stderr);
	if (job->json)
		print_json(job, &result);
	else
		print_text(job, &result);
	return result.lost + result.reset + result.wrong > 0 ? CLI_FAILED : CLI_OK;
}

int
cli_bench(int argc, char **argv)
{
	static struct job job;
	int r;

	job = (struct job){ .load = { .connections = 50, .depth = 16, .seconds = 5 } };
	if ((r = read_options(&job, argc, argv)) < 0)
		r = job.bare != NULL ? run_bare(&job) : run(&job);
	load_free(&job.load);
	for (size_t i = 0; i < LOAD_KINDS; i++)
		free(job.bytes[i]);
	return r;
}
