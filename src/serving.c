/*
 * serving: one folder running, one being built, one waiting to be.
 */
#include "serving.h"

#include <stdio.h>
#include <stdlib.h>

#include <event2/event.h>

#include "command.h"
#include "folder.h"
#include "log.h"
#include "report.h"
#include "worker.h"

/* A folder and its number in the order of reloads. */
struct set {
	struct folder *folder;
	uint32_t       generation;
};

struct serving {
	struct commands *commands;
	serving_changed *changed;
	void            *arg;
	struct event    *step;
	struct set       running, staged, next;
};

static void
stage(struct serving *s, struct set set)
{
	static const struct timeval at_once;

	s->staged = set;
	commands_stage(s->commands, set.folder);
	evtimer_add(s->step, &at_once);
}

/* One state. */
static void
step(struct serving *s)
{
	char *report = NULL;
	size_t n = 0;
	FILE *err = open_memstream(&report, &n);
	int r;

	if (err == NULL)
		worker_give_up("no memory");
	r = commands_step(s->commands, err);
	fclose(err);
	report_log(r < 0 ? LOG_ERROR : LOG_WARN, "plug-in", report);
	free(report);
	/* judged good, and fails all the same: no memory, most likely */
	if (r < 0)
		worker_give_up("the judged plug-ins can't be built here");
	if (r > 0)
		return;
	commands_swap(s->commands);
	folder_free(s->running.folder);
	s->running = s->staged;
	s->staged.folder = NULL;
	s->changed(s->arg, s->running.generation);
	if (s->next.folder != NULL) {
		stage(s, s->next);
		s->next.folder = NULL;
	}
}

static void
on_step(evutil_socket_t fd, short what, void *arg)
{
	static const struct timeval at_once;
	struct serving *s = arg;

	(void)fd;
	(void)what;
	if (s->staged.folder == NULL)
		return;
	step(s);
	if (s->staged.folder != NULL)
		evtimer_add(s->step, &at_once);
}

/* Only the newest folder counts; one that is being built is finished first. */
void
serving_take(struct serving *s, struct folder *folder, uint32_t generation)
{
	const struct set set = { folder, generation };

	if (s->staged.folder == NULL) {
		stage(s, set);
	} else {
		folder_free(s->next.folder);
		s->next = set;
	}
}

void
serving_finish(struct serving *s)
{
	while (s->staged.folder != NULL)
		step(s);
}

struct serving *
serving_new(struct event_base *base, struct commands *commands, serving_changed *changed,
    void *arg)
{
	struct serving *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->commands = commands;
	s->changed = changed;
	s->arg = arg;
	if ((s->step = event_new(base, -1, 0, on_step, s)) != NULL)
		return s;
	free(s);
	return NULL;
}

void
serving_free(struct serving *s)
{
	if (s == NULL)
		return;
	event_free(s->step);
	folder_free(s->running.folder);
	folder_free(s->staged.folder);
	folder_free(s->next.folder);
	free(s);
}
