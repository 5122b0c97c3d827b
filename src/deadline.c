#include "deadline.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include "err.h"

enum {
	TICK_MIN_MS = 2,
	TICKS_PER_DEADLINE = 20,
	IDLE_TICKS  = 40	/* without a script, then the timer stops */
};

static lua_State *_Atomic running;
static volatile sig_atomic_t ticking;	/* the timer runs */
static volatile sig_atomic_t stopped;	/* the running script was stopped */
static atomic_uint sequence;		/* of scripts, so that two are told apart */

/* The handler's own: the script it saw first at that time, and ticks without one. */
static unsigned seen;
static int64_t  seen_at;
static int      idle;

static int64_t  limit_ns[2];	/* of scripts, of slow ones */
static volatile sig_atomic_t is_slow;	/* the running one */
static unsigned tick_ms;

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void
timer(unsigned ms)
{
	struct itimerval it = { 0 };

	it.it_interval.tv_usec = it.it_value.tv_usec = (suseconds_t)ms * 1000;
	setitimer(ITIMER_REAL, &it, NULL);
}

/* Runs in the script, at its next instruction. */
static void
stop_script(lua_State *L, lua_Debug *ar)
{
	(void)ar;
	lua_sethook(L, NULL, 0, 0);
	lua_pushliteral(L, "ran longer than the deadline allows");
	lua_error(L);
}

static void
tick(int sig)
{
	lua_State *L = running;
	int saved = errno;

	(void)sig;
	if (L == NULL) {
		if (++idle > IDLE_TICKS) {
			ticking = 0;
			timer(0);
		}
	} else if (seen != sequence) {
		idle = 0;
		seen = sequence;
		seen_at = now();
	} else if (now() - seen_at >= limit_ns[is_slow]) {
		stopped = 1;
		lua_sethook(L, stop_script, LUA_MASKCOUNT, 1);
	}
	errno = saved;
}

/* A script is seen up to one tick after it began. */
static int64_t
limit(unsigned ms)
{
	return (int64_t)(ms > tick_ms ? ms - tick_ms : ms) * 1000000;
}

int
deadline_init(unsigned ms, unsigned slow_ms)
{
	struct sigaction sa = { .sa_handler = tick, .sa_flags = SA_RESTART };
	unsigned least = ms < slow_ms ? ms : slow_ms;

	running = NULL;
	ticking = 0;
	tick_ms = least / TICKS_PER_DEADLINE < TICK_MIN_MS ? TICK_MIN_MS :
	    least / TICKS_PER_DEADLINE;
	if (tick_ms > 500)
		tick_ms = 500;
	limit_ns[0] = limit(ms);
	limit_ns[1] = limit(slow_ms);
	sigemptyset(&sa.sa_mask);
	return sigaction(SIGALRM, &sa, NULL) == 0 ? 0 : ERR_SYSTEM;
}

void
deadline_enter(lua_State *L, bool slow)
{
	atomic_store_explicit(&sequence,
	    atomic_load_explicit(&sequence, memory_order_relaxed) + 1,
	    memory_order_relaxed);
	stopped = 0;
	is_slow = slow;
	atomic_store_explicit(&running, L, memory_order_relaxed);
	atomic_signal_fence(memory_order_seq_cst);
	if (!ticking) {
		ticking = 1;
		idle = 0;
		timer(tick_ms);
	}
}

void
deadline_leave(lua_State *L)
{
	atomic_store_explicit(&running, NULL, memory_order_relaxed);
	atomic_signal_fence(memory_order_seq_cst);
	/* The tick may have come after the script's last instruction. */
	if (lua_gethookmask(L) != 0)
		lua_sethook(L, NULL, 0, 0);
}

bool
deadline_passed(void)
{
	return stopped != 0;
}
