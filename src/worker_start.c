/*
 * worker_start: what workers and the keeper do before they serve.
 */
#include "worker.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "folder.h"
#include "guard.h"
#include "inherit.h"
#include "secret.h"

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
