/*
 * conn_ask: a request of a connection that waits for the keeper, and is run
 * again when the answer is there. Nothing behind it is answered meanwhile.
 */
#include "conn.h"

#include <stddef.h>

#include "command.h"
#include "err.h"
#include "guard.h"
#include "pool.h"
#include "signer.h"
#include "stats.h"
#include "usage.h"

void
conn_ask(struct conn *c, struct span msg)
{
	c->ask.msg = msg;
	c->ask.since = c->asked = c->set->now;
	conn_spare_out(c);
	asks_put(c->set->asks, &c->ask, signer_question());
}

/* Run it, with the answer or anew. Its reply's length, or what else command_run says. */
static size_t
run(struct conn *c, struct keeper_message *answer, uint8_t *out)
{
	struct conns *s = c->set;
	size_t n;

	atomic_store_explicit(&s->stats->busy_since, s->now, memory_order_relaxed);
	signer_hand(answer);
	n = command_run(s->commands, &c->from, c->ask.msg, out, FRAME_LIMIT);
	atomic_store_explicit(&s->stats->busy_since, 0, memory_order_relaxed);
	guard_scrub();
	return n;
}

void
conn_told(struct asks_job *job, struct keeper_message *answer, bool again)
{
	struct conn *c = (struct conn *)(void *)((char *)job - offsetof(struct conn, ask));
	struct conns *s = c->set;
	uint64_t began = stats_now();
	uint8_t *out;
	size_t n;

	s->now = began;
	if ((out = conn_late(c)) == NULL)
		return;
	if (answer == NULL && !again)
		n = command_fail(s->commands, job->msg, ERR_STORE, out);
	else
		n = run(c, answer, out);
	if (n == COMMAND_ASKS || n == COMMAND_SLOW)
		conn_spare_out(c);
	if (n == COMMAND_ASKS)
		asks_put(s->asks, job, signer_question());
	else if (n == COMMAND_SLOW)
		slow_ask(s->slow, &c->job, c->from, job->msg);
	else
		conn_late_reply(c, job->msg, n, command_second(s->commands, job->msg,
		    out + n + FRAME_LENGTH));
	usage_worked(s->stats, began, stats_now());
}
