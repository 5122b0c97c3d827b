/*
 * filter: the system calls that are left to a process that runs Lua.
 *
 * Whatever a script or a byte from outside may do to such a process, it opens
 * no file, no socket and no program, and makes no memory executable: the
 * kernel ends it (SIGSYS) and the supervisor starts another. Threats 3.6.
 */
#ifndef LUAHSM_FILTER_H
#define LUAHSM_FILTER_H

#include <stdbool.h>

/*
 * For the rest of this process's life; it must have given up new privileges
 * (guard.h). 0, or -1 with errno where the kernel has no seccomp.
 * In builds with sanitizers, which need calls of their own, nothing, and 0.
 */
int filter_apply(void);

/* Does this build have a filter? */
bool filter_exists(void);

#endif
