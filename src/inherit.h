/*
 * inherit: which descriptors a new process keeps.
 *
 * A worker or judge must not hold its parent's listeners, key store or
 * channels: closing is checked, and done one by one where close_range is
 * missing or forbidden.
 */
#ifndef LUAHSM_INHERIT_H
#define LUAHSM_INHERIT_H

/* Close everything but 0, 1, 2, a and b (any number, in any order). 0, or -1: not done. */
int inherit_only(int a, int b);

#endif
