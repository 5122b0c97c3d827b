/*
 * sessions: fork, count, and clean up behind.
 */
#include "sessions.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "authority.h"
#include "config.h"
#include "console.h"
#include "inherit.h"
#include "log.h"
#include "secret.h"

static pid_t running[SESSIONS_MOST];

/* In the new process: nothing of the supervisor's but its LMKs and its log. */
static void
become(const struct config *config, int fd, int keeper, pid_t parent)
{
	sigset_t all;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	sigfillset(&all);
	sigdelset(&all, SIGTERM);	/* console_run looks for it */
	sigprocmask(SIG_UNBLOCK, &all, NULL);
	signal(SIGHUP, SIG_IGN);
	if (inherit_only(fd, keeper) != 0 ||
	    secret_relock(config->profile == PROFILE_STRICT) != 0)
		_exit(1);
	log_open("console", -1, (enum log_level)config->log_level, config->log_json);
	console_run(config, fd, keeper);
	_exit(0);
}

void
sessions_start(const struct config *config, int fd, int keeper)
{
	pid_t parent = getpid(), pid;

	for (int i = 0; i < SESSIONS_MOST; i++) {
		if (running[i] != 0)
			continue;
		fflush(NULL);
		if ((pid = fork()) == 0)
			become(config, fd, keeper, parent);
		running[i] = pid > 0 ? pid : 0;
		log_event(LOG_INFO, "console", "pid", 'd', (int)pid, NULL);
		break;
	}
	close(fd);
	if (keeper >= 0)
		close(keeper);
}

void
sessions_end(void)
{
	for (int i = 0; i < SESSIONS_MOST; i++)
		if (running[i] != 0)
			kill(running[i], SIGTERM);
}

bool
sessions_ended(pid_t pid)
{
	for (int i = 0; i < SESSIONS_MOST; i++) {
		if (running[i] != pid)
			continue;
		running[i] = 0;
		authority_end((uint32_t)pid);
		log_event(LOG_INFO, "console-ended", "pid", 'd', (int)pid, NULL);
		return true;
	}
	return false;
}
