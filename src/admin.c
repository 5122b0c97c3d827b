/*
 * admin: a few clients, a line each.
 */
#include "admin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "listen.h"
#include "log.h"

struct client {
	struct admin       *admin;
	struct bufferevent *stream;	/* NULL: no client */
	uint64_t            awaits;	/* the reload whose end it wants; 0: none */
	bool                answered;	/* close once that has been sent */
};

struct admin {
	struct event_base *base;
	struct admin_calls calls;
	int                fd;
	struct event      *acceptable, *pause;
	struct client      client[ADMIN_CLIENTS];
};

static void
hang_up(struct client *c)
{
	bufferevent_free(c->stream);
	*c = (struct client){ .admin = c->admin };
}

static void
answer(struct client *c, const char *text, const char *last)
{
	struct evbuffer *out = bufferevent_get_output(c->stream);

	c->answered = true;
	c->awaits = 0;
	bufferevent_disable(c->stream, EV_READ);
	if (evbuffer_add(out, text, strlen(text)) != 0 ||
	    evbuffer_add(out, last, strlen(last)) != 0)
		hang_up(c);
}

static void
answer_status(struct client *c)
{
	const struct admin_calls *calls = &c->admin->calls;
	char *text = calls->status(calls->arg);

	answer(c, text != NULL ? text : "no memory", "\n");
	free(text);
}

/* Hand the connection over as a session, which reads as it likes. */
static void
open_console(struct client *c)
{
	const struct admin_calls *calls = &c->admin->calls;
	int fd = fcntl(bufferevent_getfd(c->stream), F_DUPFD_CLOEXEC, 0);

	hang_up(c);
	if (fd < 0)
		return;
	(void)fcntl(fd, F_SETFL, 0);
	calls->console(calls->arg, fd);
}

static void
obey(struct client *c, const char *line)
{
	const struct admin_calls *calls = &c->admin->calls;

	if (strcmp(line, "status") == 0) {
		answer_status(c);
	} else if (strcmp(line, "reload") == 0) {
		bufferevent_set_timeouts(c->stream, NULL, NULL);
		c->awaits = calls->reload(calls->arg);
	} else if (strcmp(line, "console") == 0) {
		open_console(c);
	} else if (strcmp(line, "drain") == 0) {
		answer(c, "ok", "\n");
		calls->drain(calls->arg);
	} else {
		answer(c, "unknown request: ask for reload, status, console or drain", "\n");
	}
}

static void
on_line(struct bufferevent *stream, void *arg)
{
	struct client *c = arg;
	struct evbuffer *in = bufferevent_get_input(stream);
	char *line;

	if (c->answered || c->awaits != 0)
		return;		/* one line only */
	line = evbuffer_readln(in, NULL, EVBUFFER_EOL_CRLF);
	if (line != NULL)
		obey(c, line);
	else if (evbuffer_get_length(in) >= ADMIN_LINE)
		answer(c, "line too long", "\n");
	free(line);
}

static void
on_sent(struct bufferevent *stream, void *arg)
{
	struct client *c = arg;

	(void)stream;
	if (c->answered)
		hang_up(c);
}

/* A client may end its side once it has asked; everything else is the end. */
static void
on_end(struct bufferevent *stream, short what, void *arg)
{
	struct client *c = arg;

	if ((what & BEV_EVENT_EOF) != 0 && (c->answered || c->awaits != 0))
		bufferevent_disable(stream, EV_READ);
	else
		hang_up(c);
}

static void
serve(struct client *c, int fd)
{
	static const struct timeval most = { ADMIN_SECONDS, 0 };

	c->stream = bufferevent_socket_new(c->admin->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (c->stream == NULL) {
		close(fd);
		return;
	}
	bufferevent_setcb(c->stream, on_line, on_sent, on_end, c);
	bufferevent_setwatermark(c->stream, EV_READ, 0, ADMIN_LINE);
	bufferevent_set_timeouts(c->stream, &most, &most);
	if (bufferevent_enable(c->stream, EV_READ | EV_WRITE) != 0)
		hang_up(c);
}

/* There is no descriptor for who waits, and there will be none at once. */
static void
rest(struct admin *a)
{
	static const struct timeval a_while = { 0, ADMIN_PAUSE_MS * 1000 };

	event_del(a->acceptable);
	evtimer_add(a->pause, &a_while);
}

static void
on_pause_over(evutil_socket_t fd, short what, void *arg)
{
	struct admin *a = arg;

	(void)fd;
	(void)what;
	event_add(a->acceptable, NULL);
}

static void
on_acceptable(evutil_socket_t listener, short what, void *arg)
{
	struct admin *a = arg;
	struct origin from;
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)what;
	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			rest(a);
		return;
	}
	if (!listen_trusts(fd, "", &from)) {
		log_event(LOG_WARN, "peer-refused", "uid", 'd', (int)from.uid, "socket", 's',
		    "admin", NULL);
		close(fd);
		return;
	}
	for (int i = 0; i < ADMIN_CLIENTS; i++) {
		if (a->client[i].stream == NULL) {
			serve(&a->client[i], fd);
			return;
		}
	}
	close(fd);
}

struct admin *
admin_new(struct event_base *base, int fd, const struct admin_calls *calls)
{
	struct admin *a = calloc(1, sizeof(*a));

	if (a == NULL) {
		close(fd);
		return NULL;
	}
	a->base = base;
	a->calls = *calls;
	a->fd = fd;
	for (int i = 0; i < ADMIN_CLIENTS; i++)
		a->client[i].admin = a;
	a->acceptable = event_new(base, fd, EV_READ | EV_PERSIST, on_acceptable, a);
	a->pause = evtimer_new(base, on_pause_over, a);
	if (a->acceptable == NULL || a->pause == NULL || event_add(a->acceptable, NULL) != 0) {
		admin_free(a);
		return NULL;
	}
	return a;
}

void
admin_free(struct admin *a)
{
	if (a == NULL)
		return;
	for (int i = 0; i < ADMIN_CLIENTS; i++)
		if (a->client[i].stream != NULL)
			hang_up(&a->client[i]);
	if (a->acceptable != NULL)
		event_free(a->acceptable);
	if (a->pause != NULL)
		event_free(a->pause);
	close(a->fd);
	free(a);
}

void
admin_reloaded(struct admin *a, uint64_t number)
{
	for (int i = 0; a != NULL && i < ADMIN_CLIENTS; i++)
		if (a->client[i].awaits != 0 && a->client[i].awaits <= number)
			answer(&a->client[i], "ok", "\n");
}

void
admin_refused(struct admin *a, uint64_t number, const char *report)
{
	for (int i = 0; a != NULL && i < ADMIN_CLIENTS; i++)
		if (a->client[i].awaits == number)
			answer(&a->client[i], report, "failed\n");
}
