/*
 * status: sums over the workers' pages.
 */
#include "status.h"

#include <stdbool.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "config.h"
#include "crew.h"
#include "stats.h"

static json_t *
number(uint64_t n)
{
	return json_integer((json_int_t)n);
}

static json_t *
worker_of(const struct stats_worker *w, unsigned i, pid_t pid)
{
	json_t *o = json_object();

	json_object_set_new(o, "worker", number(i));
	json_object_set_new(o, "pid", number((uint64_t)pid));
	json_object_set_new(o, "generation", number(atomic_load(&w->generation)));
	json_object_set_new(o, "connections", number(atomic_load(&w->connections)));
	json_object_set_new(o, "requests", number(w->requests));
	json_object_set_new(o, "bytes_in", number(w->bytes_in));
	json_object_set_new(o, "bytes_out", number(w->bytes_out));
	json_object_set_new(o, "frames_refused", number(w->refused));
	json_object_set_new(o, "scripts_lost", number(w->scripts_lost));
	return o;
}

/* Add one pair's count to commands: { COMMAND: { CODE: count } }. */
static void
add_count(json_t *commands, const struct stats_code *c)
{
	char command[3] = { c->command[0], c->command[1], '\0' };
	char code[3] = { c->code[0], c->code[1], '\0' };
	json_t *codes = json_object_get(commands, command);
	json_int_t before;

	if (codes == NULL) {
		codes = json_object();
		json_object_set_new(commands, command, codes);
	}
	before = json_integer_value(json_object_get(codes, code));
	json_object_set_new(codes, code, json_integer(before + (json_int_t)c->count));
}

static json_t *
latency_of(const struct histogram *h)
{
	json_t *o = json_object();

	json_object_set_new(o, "p50", number(histogram_quantile(h, 0.5)));
	json_object_set_new(o, "p99", number(histogram_quantile(h, 0.99)));
	json_object_set_new(o, "p99.9", number(histogram_quantile(h, 0.999)));
	json_object_set_new(o, "max", number(h->max));
	return o;
}

/* What is summed over all workers. */
static void
add_workers(json_t *o, const struct config *config, const struct stats *stats,
    const struct crew *crew)
{
	struct histogram latency = { 0 };
	json_t *workers = json_array(), *slow = json_array(), *commands = json_object();
	uint64_t requests = 0, connections = 0;

	for (unsigned i = 0; i < crew_pages(crew); i++) {
		const struct stats_worker *w = &stats->worker[i];

		if (crew_pid(crew, i) != 0)
			json_array_append_new(workers, worker_of(w, i, crew_pid(crew, i)));
		requests += w->requests;
		connections += atomic_load(&w->connections);
		histogram_merge(&latency, &w->latency);
		for (unsigned k = 0; k < STATS_CODES; k++)
			if (w->codes[k].count > 0)
				add_count(commands, &w->codes[k]);
	}
	for (unsigned i = 0; i < config->slow_workers; i++)
		if (crew_slow_pid(crew, i) != 0)
			json_array_append_new(slow, worker_of(stats_slow(stats, i), i,
			    crew_slow_pid(crew, i)));
	json_object_set_new(o, "requests", number(requests));
	json_object_set_new(o, "connections", number(connections));
	json_object_set_new(o, "latency_ns", latency_of(&latency));
	json_object_set_new(o, "workers", workers);
	json_object_set_new(o, "slow_workers", slow);
	json_object_set_new(o, "commands", commands);
}

char *
status_text(const struct config *config, const struct stats *stats, const struct crew *crew,
    size_t plugins, uint64_t generation)
{
	json_t *o = json_object();
	bool strict = config->profile == PROFILE_STRICT;
	char *text;

	json_object_set_new(o, "pid", number((uint64_t)getpid()));
	json_object_set_new(o, "uptime", number((uint64_t)time(NULL) - stats->started));
	json_object_set_new(o, "profile", json_string(strict ? "strict" : "test"));
	json_object_set_new(o, "plugins", number(plugins));
	json_object_set_new(o, "generation", number(generation));
	json_object_set_new(o, "accepted", number(atomic_load(&stats->accepted)));
	json_object_set_new(o, "refused", number(atomic_load(&stats->over_limit)));
	json_object_set_new(o, "reloads", number(atomic_load(&stats->reloads)));
	json_object_set_new(o, "reloads_failed", number(atomic_load(&stats->reloads_failed)));
	json_object_set_new(o, "replaced", number(atomic_load(&stats->replaced)));
	add_workers(o, config, stats, crew);
	text = json_dumps(o, JSON_INDENT(1));
	json_decref(o);
	return text;
}
