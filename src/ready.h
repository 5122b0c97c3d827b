/*
 * ready: wait for a descriptor, but not for longer than until a moment.
 *
 * For what asks somebody who may not answer. Event loops have wheel.h.
 */
#ifndef LUAHSM_READY_H
#define LUAHSM_READY_H

#include <stdint.h>

/* Milliseconds of a clock that nobody sets. */
int64_t ready_now(void);

/*
 * Wait until one of events (POLLIN, POLLOUT) holds for fd, or it is broken, which the next
 * call on it tells. One that is ready is so even when the moment is over, on ready_now's clock.
 *
 * 0, ERR_DEADLINE, or ERR_SYSTEM and errno says why.
 */
int ready_wait(int fd, short events, int64_t until);

#endif
