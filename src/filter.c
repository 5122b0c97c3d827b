/*
 * filter: an allow-list for libseccomp.
 *
 * What is not in the list was not seen in a run of all tests; the tests run
 * with the filter on, so that whoever needs another call hears of it.
 */
#include "filter.h"

#ifdef __SANITIZE_ADDRESS__

int
filter_apply(void)
{
	return 0;
}

bool
filter_exists(void)
{
	return false;
}

#else

#include <errno.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <seccomp.h>

/* Whatever the arguments. */
static const int calls[] = {
	/* connections, the supervisor's and the keeper's ends, the log */
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(write), SCMP_SYS(writev),
	SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(sendto), SCMP_SYS(sendmsg),
	SCMP_SYS(shutdown), SCMP_SYS(close), SCMP_SYS(dup), SCMP_SYS(fcntl), SCMP_SYS(lseek),
	SCMP_SYS(setsockopt), SCMP_SYS(getsockopt), SCMP_SYS(getsockname),
	SCMP_SYS(getpeername),
	/* the loop */
	SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_pwait2),
	SCMP_SYS(epoll_ctl), SCMP_SYS(poll), SCMP_SYS(ppoll),
	/* the plug-in folder, which comes as a sealed memory file */
	SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(munmap), SCMP_SYS(mremap),
	/* memory */
	SCMP_SYS(brk), SCMP_SYS(madvise), SCMP_SYS(mlock), SCMP_SYS(mlock2), SCMP_SYS(munlock),
	/* time and the deadline */
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep), SCMP_SYS(gettimeofday),
	SCMP_SYS(nanosleep), SCMP_SYS(setitimer),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall),
	/* libraries */
	SCMP_SYS(futex), SCMP_SYS(getrandom), SCMP_SYS(getpid), SCMP_SYS(gettid),
	SCMP_SYS(getppid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(sysinfo),
	SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_yield), SCMP_SYS(getrusage),
	/* the end */
	SCMP_SYS(exit), SCMP_SYS(exit_group)
};

/* Memory may become anything but executable. */
static const int mappings[] = { SCMP_SYS(mmap), SCMP_SYS(mprotect) };

static int
add_rules(scmp_filter_ctx ctx)
{
	const struct scmp_arg_cmp data = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
	const struct scmp_arg_cmp unread = SCMP_A1(SCMP_CMP_EQ, FIONREAD);
	const struct scmp_arg_cmp self = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid());
	int r = 0;

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]) && r == 0; i++)
		r = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, calls[i], 0);
	for (size_t i = 0; i < sizeof(mappings) / sizeof(mappings[0]) && r == 0; i++)
		r = seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, mappings[i], 1, &data);
	/* how much a host has sent, when a drain begins */
	if (r == 0)
		r = seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, &unread);
	/* abort() */
	return r != 0 ? r :
	    seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, &self);
}

int
filter_apply(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int r = ctx == NULL ? -ENOMEM : 0;

	/* guard.c has set it; and no mitigations that slow all the process down */
	if (r == 0 && (r = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_NNP, 0)) == 0 &&
	    (r = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_SSB, 1)) == 0 &&
	    (r = add_rules(ctx)) == 0)
		r = seccomp_load(ctx);
	if (ctx != NULL)
		seccomp_release(ctx);
	errno = -r;
	return r == 0 ? 0 : -1;
}

bool
filter_exists(void)
{
	return true;
}

#endif
