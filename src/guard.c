/*
 * guard: limits, process attributes, and wiping where no other code can.
 */
#include "guard.h"

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <event2/event.h>
#include <sodium.h>

enum {
	STACK_LEAST = 8 * 1024 * 1024,	/* what Lua's nesting needs (L16), with room to spare */
	SCRUB       = 8 * 1024
};

/* libevent's memory: cleared when it is given back or moved. */
static void
wiping_free(void *p)
{
	if (p == NULL)
		return;
	sodium_memzero(p, malloc_usable_size(p));
	free(p);
}

static void *
wiping_realloc(void *p, size_t n)
{
	size_t have = p != NULL ? malloc_usable_size(p) : 0;
	void *q = malloc(n);

	if (q == NULL)
		return NULL;
	if (p != NULL)
		memcpy(q, p, have < n ? have : n);
	wiping_free(p);
	return q;
}

/* Raise a soft limit to least, and the hard one too where that is allowed. */
static bool
raise_limit(__rlimit_resource_t what, rlim_t least)
{
	struct rlimit have;

	if (getrlimit(what, &have) != 0)
		return false;
	if (have.rlim_cur >= least)
		return true;
	have.rlim_cur = least;
	if (have.rlim_max < least)
		have.rlim_max = least;
	return setrlimit(what, &have) == 0;
}

static int
refuse(bool strict, FILE *err, const char *what)
{
	fprintf(err, "luahsm: %s%s\n", strict ? "" : "warning: ", what);
	return strict ? -1 : 0;
}

int
guard_start(bool strict, FILE *err)
{
	const struct rlimit none = { 0, 0 };
	int r = 0;

	event_set_mem_functions(malloc, wiping_realloc, wiping_free);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);	/* a file that may not grow is a write that fails */
	if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0) != 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		r = refuse(strict, err, "can't switch off core files and debuggers");
	if (r == 0 && !raise_limit(RLIMIT_STACK, STACK_LEAST))
		r = refuse(strict, err, "the limit on the stack is below 8 MiB: "
		    "raise it (ulimit -s 8192)");
	if (r == 0 && geteuid() == 0)
		r = refuse(strict, err, strict ?
		    "strict does not run as root: start it as a user of its own" :
		    "running as root: use a user of its own for anything but a test");
	return r;
}

int
guard_files(unsigned connections, FILE *err)
{
	rlim_t want = (rlim_t)connections + GUARD_FILES;
	struct rlimit have;

	if (raise_limit(RLIMIT_NOFILE, want))
		return 0;
	if (getrlimit(RLIMIT_NOFILE, &have) != 0)
		have.rlim_max = 0;
	fprintf(err, "luahsm: limits.connections = %u needs %lu open files and the limit "
	    "is %lu: raise it (ulimit -n %lu) or set limits.connections to at most %lu\n",
	    connections, (unsigned long)want, (unsigned long)have.rlim_max,
	    (unsigned long)want,
	    have.rlim_max > GUARD_FILES ? (unsigned long)have.rlim_max - GUARD_FILES : 0);
	return -1;
}

void
guard_space(size_t bytes)
{
	const struct rlimit cap = { bytes, bytes };

#ifdef __SANITIZE_ADDRESS__
	(void)cap;	/* the shadow alone is terabytes */
#else
	(void)setrlimit(RLIMIT_AS, &cap);
#endif
}

/* The frame of this function is what gets locked: writing it makes it exist first. */
__attribute__((noinline)) bool
guard_stack(void)
{
	volatile uint8_t below[GUARD_STACK];
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t start = ((uintptr_t)below + page - 1) / page * page;
	size_t n = ((uintptr_t)below + sizeof(below) - start) / page * page;

	sodium_memzero((void *)(uintptr_t)below, sizeof(below));
	return mlock((void *)start, n) == 0 && madvise((void *)start, n, MADV_DONTDUMP) == 0;
}

__attribute__((noinline)) void
guard_scrub(void)
{
	uint8_t below[SCRUB];

	sodium_memzero(below, sizeof(below));
}
