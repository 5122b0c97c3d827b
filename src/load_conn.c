/*
 * load_conn: see load_conn.h. Nothing here allocates once a connection is open.
 */
#include "load_conn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "err.h"

enum { NUMBER_BYTES = 8, INPUT_LEAST = 16 * 1024 };

/* The number of a request in the last bytes of its header, most significant first. */
static void
put_number(uint8_t *header, size_t n, uint64_t number)
{
	for (size_t i = 0; i < n && i < NUMBER_BYTES; i++)
		header[n - 1 - i] = (uint8_t)(number >> 8 * i);
}

static bool
is_number(const uint8_t *header, size_t n, uint64_t number)
{
	for (size_t i = 0; i < n; i++)
		if (header[n - 1 - i] != (i < NUMBER_BYTES ? (uint8_t)(number >> 8 * i) : '0'))
			return false;
	return true;
}

/* Spread the kinds evenly by weight: each turn goes to the one that is owed most. */
static int
make_turns(struct load_shared *s)
{
	const struct load *load = s->load;
	long owed[LOAD_KINDS] = { 0 };

	for (size_t i = 0; i < load->kinds; i++)
		s->turns += load->kind[i].weight;
	if ((s->turn = malloc(s->turns)) == NULL)
		return ERR_NO_MEMORY;
	for (size_t t = 0; t < s->turns; t++) {
		size_t most = 0;

		for (size_t i = 0; i < load->kinds; i++) {
			owed[i] += load->kind[i].weight;
			if (owed[i] > owed[most])
				most = i;
		}
		owed[most] -= (long)s->turns;
		s->turn[t] = (uint8_t)most;
	}
	return 0;
}

int
load_shared_init(struct load_shared *s, const struct load *load)
{
	size_t h = load->header_length, reply = 0;

	*s = (struct load_shared){ .load = load };
	for (size_t i = 0; i < load->kinds; i++) {
		size_t n = h + load->kind[i].request.n;
		uint8_t *f = malloc(FRAME_LENGTH + n);

		if (f == NULL)
			return ERR_NO_MEMORY;
		frame_length(f, n);
		memset(f + FRAME_LENGTH, '0', h);
		memcpy(f + FRAME_LENGTH + h, load->kind[i].request.p, load->kind[i].request.n);
		s->frame[i] = f;
		s->frame_n[i] = FRAME_LENGTH + n;
		if (s->frame_n[i] > s->longest)
			s->longest = s->frame_n[i];
		if (load->kind[i].reply.n > reply)
			reply = load->kind[i].reply.n;
	}
	/* room for every reply that may be under way, and one more that is wrong */
	s->buffer = load->depth * (FRAME_LENGTH + h + reply);
	if (s->buffer < INPUT_LEAST)
		s->buffer = INPUT_LEAST;
	s->buffer += FRAME_LENGTH + FRAME_LIMIT;
	return make_turns(s);
}

void
load_shared_free(struct load_shared *s)
{
	for (size_t i = 0; i < LOAD_KINDS; i++)
		free(s->frame[i]);
	free(s->turn);
}

int
load_conn_open(const struct load_shared *s, struct load_conn *c)
{
	c->ring = calloc(s->load->depth, sizeof(*c->ring));
	c->out = malloc(s->load->depth * s->longest);
	c->in = malloc(s->buffer);
	return c->ring == NULL || c->out == NULL || c->in == NULL ? ERR_NO_MEMORY : 0;
}

void
load_conn_close(struct load_conn *c)
{
	if (c->fd >= 0)
		close(c->fd);
	free(c->ring);
	free(c->out);
	free(c->in);
}

uint64_t
load_conn_drop(struct load_shared *s, struct load_conn *c)
{
	uint64_t lost = c->count;

	s->under_way -= c->count;
	c->fd = -1;
	c->first = c->count = 0;
	c->out_n = c->out_done = c->in_n = 0;
	c->blocked = false;
	return lost;
}

bool
load_conn_room(const struct load_shared *s, const struct load_conn *c)
{
	return c->count < s->load->depth && !c->blocked;
}

void
load_conn_build(struct load_shared *s, struct load_conn *c, uint64_t when)
{
	struct load_sent *sent = &c->ring[(c->first + c->count) % s->load->depth];
	uint8_t *to = c->out + c->out_n;
	uint8_t kind = s->turn[s->at];

	s->at = s->at + 1 == s->turns ? 0 : s->at + 1;
	*sent = (struct load_sent){ when, ++s->number, kind };
	memcpy(to, s->frame[kind], s->frame_n[kind]);
	put_number(to + FRAME_LENGTH, s->load->header_length, s->number);
	c->out_n += s->frame_n[kind];
	c->count++;
	s->under_way++;
}

bool
load_conn_blocked(const struct load_conn *c)
{
	return c->blocked;
}

int
load_conn_flush(struct load_conn *c)
{
	while (c->out_done < c->out_n) {
		ssize_t n = send(c->fd, c->out + c->out_done, c->out_n - c->out_done,
		    MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			c->blocked = true;
			return 0;
		}
		if (n < 0)
			return ERR_SYSTEM;
		c->out_done += (size_t)n;
	}
	c->out_n = c->out_done = 0;
	c->blocked = false;
	return 0;
}

/* What is wrong with a reply, in words; NULL: nothing. */
static const char *
fault_of(const struct load *load, const struct load_sent *sent, struct span msg)
{
	const struct load_kind *kind = &load->kind[sent->kind];
	size_t h = load->header_length;

	if (msg.n < h + 4 || !is_number(msg.p, h, sent->number))
		return "another message header";
	msg = span_sub(msg, h, msg.n - h);
	if (memcmp(msg.p, kind->reply.p, 2) != 0)
		return "another reply code";
	if (memcmp(msg.p + 2, kind->reply.p + 2, 2) != 0)
		return "another error code";
	if (msg.n != kind->reply.n)
		return "another length";
	if (kind->fixed && memcmp(msg.p, kind->reply.p, msg.n) != 0)
		return "another content";
	return NULL;
}

/* Match one reply with the oldest request. 0, or ERR_SYSTEM: there is none. */
static int
match(struct load_shared *s, struct load_conn *c, struct span msg, struct load_result *result,
    uint64_t now)
{
	const struct load_sent *sent = &c->ring[c->first];
	const char *fault;

	if (c->count == 0) {
		result->wrong++;
		return ERR_SYSTEM;
	}
	fault = fault_of(s->load, sent, msg);
	if (fault == NULL) {
		result->requests++;
		histogram_add(&result->latency, now > sent->when ? now - sent->when : 0);
	} else {
		size_t h = s->load->header_length;

		if (result->wrong++ == 0)
			snprintf(result->first_wrong, sizeof(result->first_wrong),
			    "%s: %s (error code %.*s)", s->load->kind[sent->kind].name, fault,
			    msg.n >= h + 4 ? 2 : 0, (const char *)msg.p + h + 2);
	}
	c->first = c->first + 1 == s->load->depth ? 0 : c->first + 1;
	c->count--;
	s->under_way--;
	return 0;
}

int
load_conn_read(struct load_shared *s, struct load_conn *c, struct load_result *result,
    uint64_t now)
{
	struct span in, msg;
	ssize_t n = recv(c->fd, c->in + c->in_n, s->buffer - c->in_n, MSG_DONTWAIT);
	int r;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n <= 0)
		return ERR_SYSTEM;
	in = span_of(c->in, c->in_n + (size_t)n);
	while ((r = frame_next(&in, 1, FRAME_LIMIT, &msg)) == 1)
		if (match(s, c, msg, result, now) != 0)
			return ERR_SYSTEM;
	if (r != 0) {
		result->wrong++;
		return ERR_SYSTEM;
	}
	memmove(c->in, in.p, in.n);
	c->in_n = in.n;
	return 0;
}
