/*
 * keeper_run: the keeper as a process: links to the workers, and the store and
 * the log behind them.
 */
#ifndef LUAHSM_KEEPER_RUN_H
#define LUAHSM_KEEPER_RUN_H

#include <stdnoreturn.h>

#include "worker.h"

enum {
	KEEPER_RETRY_MS = 1000,	/* between attempts to open the store */
	KEEPER_LOOK_MS  = 1000,	/* between looks at one that others change */
	KEEPER_SLOW_MS  = 100	/* after so slow a question signatures wait for no other */
};

/*
 * Be the keeper, in a freshly forked child, until it drains and all links are
 * closed, or its supervisor dies. The store is opened at the first question: who
 * never signs has none made. While it can't be opened, questions are answered with
 * ERR_STORE and the log has the reason.
 */
noreturn void keeper_run(const struct worker_start *start);

#endif
