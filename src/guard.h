/*
 * guard: what a process gives up and asks for before it handles a secret.
 *
 * No core files, no debugger of the same user, no new privileges, limits high
 * enough, SIGPIPE ignored, libevent's memory wiped when it is freed. A server
 * calls guard_start first of all, before secret_init and before libevent.
 */
#ifndef LUAHSM_GUARD_H
#define LUAHSM_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
	GUARD_STACK = 256 * 1024,	/* bytes of the worker's stack that are locked */
	GUARD_FILES = 64		/* descriptors a process needs beside connections */
};

/*
 * Harden this process; children inherit it. strict: refuse to run as root and
 * fail where something can't be had; otherwise warn about it on err.
 * 0, or -1 after a line on err.
 */
int guard_start(bool strict, FILE *err);

/* Raise the limit on open files to fit that many connections. 0, or -1 after a line on err. */
int guard_files(unsigned connections, FILE *err);

/* Cap this process's address space (L15: a backstop behind the allocator's own cap). */
void guard_space(size_t bytes);

/*
 * Lock GUARD_STACK bytes of stack below the caller in memory and leave them
 * out of core files. false: not all of that was granted.
 */
bool guard_stack(void);

/* Wipe the stack below the caller, where libcrypto and others leave clear blocks. */
void guard_scrub(void);

#endif
