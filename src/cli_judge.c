/*
 * cli_judge: the throw-away process that proves a plug-in folder for the
 * supervisor. Not for people; they use `luahsm plugin test`.
 *
 * It is started afresh, so it never had an operator's LMK. The folder comes
 * as descriptor 3, the one that is being served, whose files need no second
 * proof, as 4 (if there is one); the report goes to stdout. Exit status 0: all
 * is good.
 *
 * At the start of a server, when nothing is served yet, somebody waits: a
 * process on each processor takes file after file. Later on one is enough.
 */
#include "cli.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "config.h"
#include "folder.h"
#include "prove.h"
#include "reload.h"
#include "shared.h"

enum { MOST_PROCESSES = 8 };

/* A process that proves a share of the files, and where its report goes. */
struct helper {
	pid_t pid;
	int   fd;
};

/* Prove the task, or this process's share of it; the exit status. */
static int
judge(const struct prove_task *task, struct config *config)
{
	struct commands *c = NULL;
	unsigned bad;

	if (prove_init(config) != 0 || (c = commands_new(config, NULL)) == NULL) {
		puts("the judge can't start: no memory");
		return CLI_FAILED;
	}
	bad = prove_folder(c, task, config, PROVE_BRIEF, stdout);
	commands_free(c);
	return bad == 0 ? CLI_OK : CLI_FAILED;
}

static noreturn void
run_helper(const struct prove_task *task, struct config *config, int fd, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent || dup2(fd, STDOUT_FILENO) < 0)
		_exit(CLI_FAILED);
	exit(judge(task, config));
}

static int
copy_report(int fd)
{
	char buf[4096];
	ssize_t n;

	if (lseek(fd, 0, SEEK_SET) != 0)
		return -1;
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		fwrite(buf, 1, (size_t)n, stdout);
	return (int)n;
}

/* Wait for the helper's end and pass its report on; was it good? */
static bool
end_helper(const struct helper *helper)
{
	int status;

	if (waitpid(helper->pid, &status, 0) != helper->pid || copy_report(helper->fd) != 0)
		return false;
	close(helper->fd);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* Prove the task in so many processes, of which this is one. */
static int
judge_together(struct prove_task *task, struct config *config, unsigned processes)
{
	struct helper helper[MOST_PROCESSES - 1];
	const pid_t self = getpid();
	unsigned n = 0;
	int r;

	if (processes > 1 && (task->taken = shared_map(sizeof(*task->taken))) == NULL)
		processes = 1;
	for (; n < processes - 1; n++) {
		helper[n].fd = memfd_create("report", MFD_CLOEXEC);
		if (helper[n].fd < 0 || (helper[n].pid = fork()) < 0) {
			puts("the judge can't start: no memory");
			return CLI_FAILED;	/* the helpers end with this process */
		}
		if (helper[n].pid == 0)
			run_helper(task, config, helper[n].fd, self);
	}
	r = judge(task, config);
	while (n-- > 0)
		if (!end_helper(&helper[n]))
			r = CLI_FAILED;
	shared_unmap(task->taken, sizeof(*task->taken));
	return r;
}

int
cli_judge(int argc, char **argv)
{
	struct config asked, config;
	struct folder *folder, *proven;
	struct prove_task task = { 0 };
	unsigned cpus;
	int r;

	if ((r = cli_serve_config(argc, argv, &asked)) >= 0)
		return r;
	/* Vectors speak of the defaults; only bounds and strictness are the server's. */
	config_default(&config);
	config.plugin_memory = asked.plugin_memory;
	config.deadline_ms = PROVE_PATIENCE * asked.deadline_ms;
	config.slow_ms = asked.slow_ms;
	task.proven = proven = folder_map(RELOAD_PROVEN_FD);
	if ((task.folder = folder = folder_map(RELOAD_FD)) == NULL) {
		puts("the judge can't start: no plug-in folder");
		r = CLI_FAILED;
	} else {
		cpus = proven == NULL ? config_cpus() : 1;
		task.strict = asked.profile == PROFILE_STRICT;
		r = judge_together(&task, &config, cpus < MOST_PROCESSES ? cpus : MOST_PROCESSES);
	}
	folder_free(folder);
	folder_free(proven);
	return r;
}
