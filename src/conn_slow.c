/*
 * conn_slow: the reply of a slow worker, put where it belongs in the order of
 * its connection: nothing behind the request has been answered meanwhile.
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

enum { CODE = 2 };	/* characters of a command, response or error code */

void
conn_answered(struct slow_job *job, struct span reply)
{
	struct conn *c = (struct conn *)(void *)((char *)job - offsetof(struct conn, job));
	struct conns *s = c->set;
	size_t header = s->config->header_length, n = reply.n;
	uint8_t *frame;

	s->now = stats_now();
	if (c->out == NULL && (c->out = pool_take(s->pool)) == NULL) {
		conn_complain(c, LOG_ERROR, "connection-closed", "no memory for a block");
		conn_close(c);
		return;
	}
	/* There is room: the block had it when the request was cut. */
	frame = c->out + c->out_end;
	if (n == 0)
		n = command_fail(s->commands, job->msg, ERR_HARDWARE, frame + FRAME_LENGTH);
	else
		memcpy(frame + FRAME_LENGTH, reply.p, n);
	frame_length(frame, n);
	c->out_end += FRAME_LENGTH + n;
	stats_count(s->stats, job->msg.p + header, frame + FRAME_LENGTH + header + CODE);
	histogram_add(&s->stats->latency, s->now - c->asked);
	conn_resume(c);
}
