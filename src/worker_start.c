/*
 * worker_start: what workers and the keeper do before they serve.
 */
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "config.h"
#include "filter.h"
#include "folder.h"
#include "guard.h"
#include "inherit.h"
#include "log.h"
#include "secret.h"
#include "slow_worker.h"

/* Signals of the terminal or the service manager reach every process of the
 * group; what they mean is the supervisor's decision. */
void
worker_detach(const struct worker_start *start)
{
	sigset_t all;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != start->parent)
		_exit(1);
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	sigfillset(&all);
	sigprocmask(SIG_UNBLOCK, &all, NULL);
	if (inherit_only(start->channel, start->folder != NULL ?
	    folder_fd(start->folder) : -1) != 0)
		_exit(1);
}

void
worker_lock_memory(bool strict)
{
	if (secret_relock(strict) != 0)
		worker_give_up("the key slab can't be locked in memory: raise the limit "
		    "(ulimit -l)");
	if (!guard_stack() && strict)
		worker_give_up("the stack can't be locked in memory: raise the limit "
		    "(ulimit -l)");
}

/*
 * Where the kernel shares the processors out between
 * sessions first (sched(7), autogroup), a priority counts within one only:
 * hence a session of its own, which is given that priority as a whole.
 */
void
worker_give_way(void)
{
	int fd;

	(void)setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + SLOW_WORKER_NICE);
	(void)setsid();
	if ((fd = open("/proc/self/autogroup", O_WRONLY | O_CLOEXEC)) < 0)
		return;
	dprintf(fd, "%d", SLOW_WORKER_NICE);
	close(fd);
}

void
worker_give_up_calls(const struct config *config)
{
	if (!config->seccomp || filter_apply() == 0)
		return;
	if (config->profile == PROFILE_STRICT)
		worker_give_up("no filter of system calls (seccomp) in this kernel");
	log_event(LOG_WARN, "no-seccomp", "why", 's', strerror(errno), NULL);
}
