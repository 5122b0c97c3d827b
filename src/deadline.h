/*
 * deadline: stops a script that runs too long.
 *
 * A count hook armed for each request would slow every instruction, so
 * nothing is armed while scripts behave: a timer ticks a few times per
 * deadline while requests run, and its signal handler sets the hook of the
 * state that has run too long (lua_sethook may be called from a handler). The
 * timer stops by itself when the process has been idle for a while.
 *
 * One process, one thread, one running state.
 */
#ifndef LUAHSM_DEADLINE_H
#define LUAHSM_DEADLINE_H

#include <stdbool.h>

#include "lua_compat.h"

/*
 * Set up timer and signal (SIGALRM) of this process, for scripts that may run
 * so long and for slow ones. 0 or ERR_SYSTEM. Call after fork.
 */
int deadline_init(unsigned ms, unsigned slow_ms);

/* Between these two calls L runs a script. They do not nest. */
void deadline_enter(lua_State *L, bool slow);
void deadline_leave(lua_State *L);

/* Was the last script stopped? */
bool deadline_passed(void);

#endif
