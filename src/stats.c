/*
 * stats: the shared page, and the table of replies by command and code.
 */
#include "stats.h"

#include <string.h>
#include <time.h>

#include "shared.h"

/* Slots looked at before a pair is given up: bounds what a host that makes up codes can cost. */
enum { PROBES = 32 };

struct stats *
stats_map(void)
{
	struct stats *s = shared_map(sizeof(*s));

	if (s == NULL)
		return NULL;
	s->started = (uint64_t)time(NULL);
	return s;
}

/* Hosts send any two bytes as a command; what can't be printed is counted together. */
static void
printable(char out[2], const uint8_t in[2])
{
	if (in[0] <= ' ' || in[0] > '~' || in[1] <= ' ' || in[1] > '~')
		in = (const uint8_t *)"??";
	memcpy(out, in, 2);
}

void
stats_count(struct stats_worker *w, const uint8_t command[2], const uint8_t code[2])
{
	char pair[4];
	uint32_t at;

	w->requests++;
	printable(pair, command);
	printable(pair + 2, code);
	memcpy(&at, pair, sizeof(at));
	at *= 2654435761U;	/* Knuth's multiplicative hash: the top bits are the good ones */
	at >>= 21;
	for (unsigned i = 0; i < PROBES; i++, at++) {
		struct stats_code *c = &w->codes[at % STATS_CODES];

		if (c->command[0] == '\0') {
			memcpy(c->code, pair + 2, 2);
			memcpy(c->command, pair, 2);
		}
		if (memcmp(c->command, pair, 2) == 0 && memcmp(c->code, pair + 2, 2) == 0) {
			c->count++;
			return;
		}
	}
}

uint64_t
stats_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}
