/*
 * command_chain: requests that came in one message (NK), each answered like any other.
 */
#include "command_inside.h"

#include <stdatomic.h>

#include <sodium.h>

#include "config.h"
#include "err.h"
#include "schema.h"
#include "stats.h"

enum {
	LENGTH = 4,		/* digits in front of a message */
	LONGEST = 9999,
	ERROR = 2		/* characters of an error code */
};

/* Cut the next message off the chain's text. false: there is no whole one. */
static bool
next(struct span *text, struct span *msg)
{
	long n = text->n < LENGTH ? -1 : schema_number(span_sub(*text, 0, LENGTH), 10);

	if (n < 0 || (size_t)n > text->n - LENGTH)
		return false;
	*msg = span_sub(*text, LENGTH, (size_t)n);
	*text = span_sub(*text, LENGTH + msg->n, text->n - LENGTH - msg->n);
	return true;
}

/* Are all whole, and long enough to be messages? 0, ERR_INPUT, or 1: for a slow worker. */
static int
judge(struct commands *c, const struct origin *from, struct span text, size_t header)
{
	struct span msg;
	int r = 0;

	while (text.n != 0) {
		if (!next(&text, &msg) || msg.n < header + CODE)
			return ERR_INPUT;
		if (command_passes(c, from, commands_find(c, span_sub(msg, header, CODE))))
			r = 1;
	}
	return r;
}

static void
put_length(uint8_t out[LENGTH], size_t n)
{
	for (unsigned i = LENGTH; i-- > 0; n /= 10)
		out[i] = (uint8_t)('0' + n % 10);
}

/* The watchdog knows of one request: the next one begins. */
static void
begin(struct commands *c)
{
	if (c->stats != NULL)
		atomic_store_explicit(&c->stats->busy_since, stats_now(),
		    memory_order_relaxed);
}

int
command_chain(struct commands *c, const struct origin *from, const struct chain *chain,
    uint8_t *out, size_t room, size_t *n)
{
	size_t header = chain->headers ? c->config->header_length : 0;
	size_t least = LENGTH + header + CODE + ERROR + 1 + SCHEMA_TRAILER;
	const struct command_call call = { from, header, true };
	struct span text = chain->text, msg;
	int r;

	if ((r = judge(c, from, text, header)) != 0)
		return r;
	while (next(&text, &msg)) {
		size_t left = room - *n, length;

		if (left < least) {
			sodium_memzero(out, *n);
			return ERR_INPUT;
		}
		left = left - LENGTH < LONGEST ? left - LENGTH : LONGEST;
		begin(c);
		command_count(c, commands_find(c, span_sub(msg, header, CODE)));
		length = command_answer(c, &call, msg, out + *n + LENGTH, left);
		put_length(out + *n, length);
		*n += LENGTH + length;
	}
	return 0;
}
