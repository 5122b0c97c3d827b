/*
 * cli_status: what a running server does, as a table or as its own JSON.
 */
#include "cli.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "client.h"
#include "err.h"

static const struct cli_option options[] = {
	{ "json", NULL, "the server's own JSON document" },
	{ NULL, NULL, NULL },
};

static const struct cli_usage usage = {
	.line = "luahsm status [OPTIONS]",
	.about = "Show workers, connections, commands by error code, and latency of a running\n"
	    "server.",
	.options = options,
	.settings = CLI_ADMIN,
	.more = "exit status: 0, 1 failure, 2 usage, 3 configuration, 4 cannot connect",
};

static uint64_t
number(const json_t *o, const char *name)
{
	return (uint64_t)json_integer_value(json_object_get(o, name));
}

/* Nanoseconds in the unit that reads best. */
static void
print_time(const char *name, uint64_t ns)
{
	if (ns < 10000)
		printf("  %s %" PRIu64 " ns", name, ns);
	else if (ns < 10000000)
		printf("  %s %" PRIu64 " us", name, ns / 1000);
	else
		printf("  %s %" PRIu64 " ms", name, ns / 1000000);
}

static void
print_server(const json_t *o)
{
	static const char *const quantiles[] = { "p50", "p99", "p99.9", "max" };
	const json_t *latency = json_object_get(o, "latency_ns");
	uint64_t up = number(o, "uptime");

	printf("server       pid %" PRIu64 ", profile %s, up %" PRIu64 "d %02u:%02u:%02u\n",
	    number(o, "pid"), json_string_value(json_object_get(o, "profile")),
	    up / 86400, (unsigned)(up / 3600 % 24), (unsigned)(up / 60 % 60),
	    (unsigned)(up % 60));
	printf("plug-ins     %" PRIu64 ", generation %" PRIu64 ", reloads %" PRIu64
	    ", refused %" PRIu64 "\n", number(o, "plugins"), number(o, "generation"),
	    number(o, "reloads"), number(o, "reloads_failed"));
	printf("connections  %" PRIu64 " open, %" PRIu64 " accepted, %" PRIu64
	    " over the limit\n", number(o, "connections"), number(o, "accepted"),
	    number(o, "refused"));
	printf("requests     %" PRIu64 "\nlatency    ", number(o, "requests"));
	for (size_t i = 0; i < sizeof(quantiles) / sizeof(quantiles[0]); i++)
		print_time(quantiles[i], number(latency, quantiles[i]));
	printf("\nworkers lost %" PRIu64 "\n", number(o, "replaced"));
}

static void
print_workers(const char *kind, const json_t *workers)
{
	if (json_array_size(workers) == 0)
		return;
	printf("\n%-7s %8s %11s %10s %12s %12s %12s %8s %8s\n", kind, "pid", "generation",
	    "connected", "requests", "bytes in", "bytes out", "refused", "scripts");
	for (size_t i = 0; i < json_array_size(workers); i++) {
		const json_t *w = json_array_get(workers, i);

		printf("%-7" PRIu64 " %8" PRIu64 " %11" PRIu64 " %10" PRIu64 " %12" PRIu64
		    " %12" PRIu64 " %12" PRIu64 " %8" PRIu64 " %8" PRIu64 "\n",
		    number(w, "worker"), number(w, "pid"), number(w, "generation"),
		    number(w, "connections"), number(w, "requests"), number(w, "bytes_in"),
		    number(w, "bytes_out"), number(w, "frames_refused"),
		    number(w, "scripts_lost"));
	}
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of an object in order; the caller frees the array. */
static const char **
sorted(const json_t *o, size_t *n)
{
	const char **names = calloc(json_object_size(o) + 1, sizeof(*names));
	json_t *object = (json_t *)(uintptr_t)o;	/* jansson's iterator is not const */

	*n = 0;
	if (names == NULL)
		return NULL;
	for (void *at = json_object_iter(object); at != NULL;
	    at = json_object_iter_next(object, at))
		names[(*n)++] = json_object_iter_key(at);
	qsort(names, *n, sizeof(*names), by_name);
	return names;
}

static void
print_commands(const json_t *commands)
{
	size_t n, m;
	const char **names = sorted(commands, &n);

	if (n > 0)
		printf("\n%-8s %-5s %12s  meaning\n", "command", "code", "replies");
	for (size_t i = 0; i < n; i++) {
		const json_t *codes = json_object_get(commands, names[i]);
		const char **code = sorted(codes, &m);

		for (size_t k = 0; k < m; k++)
			printf("%-8s %-5s %12" PRIu64 "  %s\n", k == 0 ? names[i] : "", code[k],
			    number(codes, code[k]), strlen(code[k]) == 2 ?
			    err_text(err_parse(code[k])) : "");
		free(code);
	}
	free(names);
}

/* Print the server's answer as tables. */
static int
print_tables(const char *answer)
{
	json_error_t why;
	json_t *o = json_loads(answer, 0, &why);

	if (!json_is_object(o)) {
		fprintf(stderr, "luahsm: the answer is no status: %.60s\n", answer);
		json_decref(o);
		return CLI_FAILED;
	}
	print_server(o);
	print_workers("worker", json_object_get(o, "workers"));
	print_workers("slow", json_object_get(o, "slow_workers"));
	print_commands(json_object_get(o, "commands"));
	json_decref(o);
	return CLI_OK;
}

int
cli_status(int argc, char **argv)
{
	struct config config;
	char *answer;
	bool json = false;
	int r;

	if ((r = cli_options_only(&usage, argc, argv, cli_flag, &json, &config)) >= 0)
		return r;
	if ((answer = client_ask(config.admin_socket, "status", CLIENT_MS, stderr)) == NULL)
		return CLI_CONNECT;
	r = json ? CLI_OK : print_tables(answer);
	if (json)
		fputs(answer, stdout);
	free(answer);
	return r;
}
