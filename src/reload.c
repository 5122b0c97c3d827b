/*
 * reload: one judge at a time, and at most one more asked for.
 *
 * A judge is done when both its report has ended and its exit status is known.
 */
#include "reload.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <event2/event.h>

#include "config.h"
#include "folder.h"
#include "inherit.h"
#include "log.h"
#include "report.h"

struct reload {
	struct event_base   *base;
	const struct config *config;
	char               **argv;	/* of the judge */
	reload_judged       *judged;
	void                *arg;
	uint64_t             number;	/* of the latest begun */
	bool                 busy, again;
	struct folder       *folder;	/* with the judge; NULL: it could not be read */
	pid_t                pid;	/* 0: has ended, with status */
	int                  status;
	struct event        *readable;	/* NULL: the report has ended */
	struct event        *limit;
	int                  fd;
	int                  proven;	/* descriptor of the last good folder, or -1 */
	char                 report[RELOAD_REPORT];
	size_t               length;
};

static char **
argv_of(char *const *options)
{
	size_t n = 0;
	char **argv;

	while (options[n] != NULL)
		n++;
	if ((argv = calloc(n + 3, sizeof(*argv))) == NULL)
		return NULL;
	argv[0] = (char *)(uintptr_t)"luahsm";
	argv[1] = (char *)(uintptr_t)"judge";
	memcpy(argv + 2, options, n * sizeof(*argv));
	return argv;
}

static void on_limit(evutil_socket_t fd, short what, void *arg);

struct reload *
reload_new(struct event_base *base, const struct config *config, char *const *options,
    reload_judged *judged, void *arg)
{
	struct reload *r = calloc(1, sizeof(*r));

	if (r == NULL)
		return NULL;
	r->base = base;
	r->config = config;
	r->judged = judged;
	r->arg = arg;
	r->fd = r->proven = -1;
	if ((r->argv = argv_of(options)) == NULL ||
	    (r->limit = evtimer_new(base, on_limit, r)) == NULL) {
		reload_free(r);
		return NULL;
	}
	return r;
}

static void
end_report(struct reload *r)
{
	if (r->readable != NULL)
		event_free(r->readable);
	r->readable = NULL;
	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
}

void
reload_free(struct reload *r)
{
	if (r == NULL)
		return;
	if (r->pid > 0)
		kill(r->pid, SIGKILL);
	end_report(r);
	if (r->limit != NULL)
		event_free(r->limit);
	folder_free(r->folder);
	if (r->proven >= 0)
		close(r->proven);
	free(r->argv);
	free(r);
}

/* --- the judge's process ------------------------------------------------- */

/* Between fork and exec: three descriptors and the folders'. */
static void
become_judge(const struct reload *r, int report)
{
	int nothing = open("/dev/null", O_RDONLY);
	int folder = fcntl(folder_fd(r->folder), F_DUPFD, RELOAD_PROVEN_FD + 1);
	int proven = r->proven < 0 ? -1 : fcntl(r->proven, F_DUPFD, RELOAD_PROVEN_FD + 1);
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	/* report before RELOAD_FD: it may be that number itself */
	if (nothing < 0 || folder < 0 || dup2(nothing, STDIN_FILENO) < 0 ||
	    dup2(report, STDOUT_FILENO) < 0 || dup2(folder, RELOAD_FD) < 0)
		_exit(1);
	if (proven >= 0 && dup2(proven, RELOAD_PROVEN_FD) < 0)
		_exit(1);
	if (inherit_only(RELOAD_FD, proven >= 0 ? RELOAD_PROVEN_FD : -1) != 0)
		_exit(1);
	/* nobody is served yet before the first one */
	if (proven >= 0)
		(void)setpriority(PRIO_PROCESS, 0, RELOAD_NICE);
	execv("/proc/self/exe", r->argv);
	_exit(1);
}

static void on_report(evutil_socket_t fd, short what, void *arg);

/* 0, or -1 with errno. */
static int
start_judge(struct reload *r)
{
	static const struct timeval most = { RELOAD_SECONDS, 0 };
	int ends[2];

	r->length = 0;
	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return -1;
	/* the judge's end blocks, as a program expects of its standard output */
	(void)fcntl(ends[1], F_SETFL, 0);
	r->fd = ends[0];
	r->readable = event_new(r->base, r->fd, EV_READ | EV_PERSIST, on_report, r);
	fflush(NULL);
	if (r->readable == NULL || event_add(r->readable, NULL) != 0 || (r->pid = fork()) < 0) {
		r->pid = 0;
		close(ends[1]);
		end_report(r);
		return -1;
	}
	if (r->pid == 0)
		become_judge(r, ends[1]);
	close(ends[1]);
	evtimer_add(r->limit, &most);
	return 0;
}

/* --- the course of one reload -------------------------------------------- */

static void begin(struct reload *r);

/* Append a line of ours to the report. */
static void
add_line(struct reload *r, const char *text, const char *detail)
{
	int n = snprintf(r->report + r->length, sizeof(r->report) - r->length, "%s%s%s\n",
	    text, detail[0] != '\0' ? ": " : "", detail);

	if (n > 0 && (size_t)n < sizeof(r->report) - r->length)
		r->length += (size_t)n;
}

/* Say how it ended, and go on with the next. */
static void
finish(struct reload *r, bool good)
{
	struct folder *folder = r->folder;
	uint64_t number = r->number;

	evtimer_del(r->limit);
	r->busy = false;
	r->folder = NULL;
	if (!good) {
		if (r->length == 0)
			add_line(r, "the judge of the plug-ins failed and did not say why", "");
		folder_free(folder);
		folder = NULL;
	} else {
		if (r->proven >= 0)
			close(r->proven);
		r->proven = fcntl(folder_fd(folder), F_DUPFD_CLOEXEC, 0);
	}
	r->report[r->length] = '\0';
	r->judged(r->arg, number, folder, r->report);
	if (r->again)
		begin(r);
}

/* Fail in the next turn of the loop: whoever asked gets the number first. */
static void
fail_soon(struct reload *r)
{
	static const struct timeval at_once;

	evtimer_add(r->limit, &at_once);
}

static void
judge(struct reload *r, struct folder *folder)
{
	r->busy = true;
	r->folder = folder;
	if (start_judge(r) == 0)
		return;
	add_line(r, "the judge of the plug-ins can't be started", strerror(errno));
	fail_soon(r);
}

/* Read the folder; what is wrong with it already is the report. */
static void
begin(struct reload *r)
{
	FILE *err = fmemopen(r->report, sizeof(r->report) - 1, "w");
	struct folder *folder = NULL;

	r->busy = true;
	r->again = false;
	r->number++;
	r->report[0] = '\0';
	if (err != NULL) {
		folder = folder_read(r->config->plugin_dir,
		    r->config->profile == PROFILE_STRICT, err);
		fclose(err);
	}
	if (folder != NULL) {
		report_log(LOG_WARN, "plug-in", r->report);
		judge(r, folder);
	} else {
		r->length = strlen(r->report);
		fail_soon(r);
	}
}

/* Both have come: the report's end and the exit status. */
static void
conclude(struct reload *r)
{
	if (r->busy && r->readable == NULL && r->pid == 0)
		finish(r, WIFEXITED(r->status) && WEXITSTATUS(r->status) == 0);
}

static void
on_report(evutil_socket_t fd, short what, void *arg)
{
	struct reload *r = arg;
	char rest[4096];
	size_t room = sizeof(r->report) - 1 - r->length;
	ssize_t n;

	(void)what;
	/* what is too much is read all the same, so that the judge can end */
	n = room > 0 ? read(fd, r->report + r->length, room) : read(fd, rest, sizeof(rest));
	if (n > 0) {
		r->length += room > 0 ? (size_t)n : 0;
		return;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	end_report(r);
	conclude(r);
}

static void
on_limit(evutil_socket_t fd, short what, void *arg)
{
	struct reload *r = arg;

	(void)fd;
	(void)what;
	if (r->pid == 0 && r->readable == NULL) {
		finish(r, false);	/* fail_soon: there is no judge */
		return;
	}
	add_line(r, "the plug-ins took too long to judge", "");
	if (r->pid > 0)
		kill(r->pid, SIGKILL);
	else
		end_report(r);		/* somebody else holds the pipe open */
	conclude(r);
}

void
reload_first(struct reload *r, struct folder *folder)
{
	assert(r->number == 0);
	r->number = 1;
	judge(r, folder);
}

uint64_t
reload_ask(struct reload *r)
{
	uint64_t number = r->number + 1;

	if (r->busy)
		r->again = true;
	else
		begin(r);
	return number;
}

bool
reload_ended(struct reload *r, pid_t pid, int status)
{
	if (r->pid == 0 || pid != r->pid)
		return false;
	r->pid = 0;
	r->status = status;
	conclude(r);
	return true;
}
