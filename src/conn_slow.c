/*
 * conn_slow: the reply of a slow worker, put where it belongs in the order of
 * its connection: nothing behind the request has been answered meanwhile. So
 * for what waited for the keeper.
 */
#include "conn.h"

#include <stddef.h>
#include <string.h>

#include <sodium.h>

#include "command.h"
#include "config.h"
#include "err.h"
#include "pool.h"
#include "stats.h"
#include "usage.h"

enum { CODE = 2 };	/* characters of a command, response or error code */

uint8_t *
conn_late(struct conn *c)
{
	/* There is room: the block had it when the request was cut. */
	if (c->out != NULL || (c->out = pool_take(c->set->pool)) != NULL)
		return c->out + c->out_end + FRAME_LENGTH;
	conn_complain(c, LOG_ERROR, "connection-closed", "no memory for a block");
	conn_close(c);
	return NULL;
}

void
conn_late_reply(struct conn *c, struct span msg, size_t n, size_t second)
{
	struct conns *s = c->set;
	size_t header = s->config->header_length;
	uint8_t *frame = c->out + c->out_end;

	frame_length(frame, n);
	c->out_end += FRAME_LENGTH + n;
	if (second != 0) {
		frame_length(c->out + c->out_end, second);
		c->out_end += FRAME_LENGTH + second;
	}
	stats_count(s->stats, msg.p + header, frame + FRAME_LENGTH + header + CODE);
	histogram_add(&s->stats->latency, s->now - c->asked);
	conn_resume(c);
}

void
conn_answered(struct slow_job *job, struct span reply)
{
	struct conn *c = (struct conn *)(void *)((char *)job - offsetof(struct conn, job));
	struct conns *s = c->set;
	uint64_t began = stats_now();
	uint8_t *out;
	size_t n = reply.n;

	s->now = began;
	if ((out = conn_late(c)) == NULL)
		return;
	if (n == 0)
		n = command_fail(s->commands, job->msg, ERR_HARDWARE, out);
	else
		memcpy(out, reply.p, n);
	conn_late_reply(c, job->msg, n, 0);
	usage_worked(s->stats, began, stats_now());
}
