/*
 * chain: the longest chain of fields and calls in a Lua source, a.b[c].d(e).f.
 *
 * When an operation at the end of a chain fails, Lua 5.4 looks for a name to
 * put in the message, and what it does grows with the square of the chain's
 * length: a second for one as long as a file may be, in which no deadline can
 * stop it (spec: threats 1, L17). No person writes long ones.
 */
#ifndef LUAHSM_CHAIN_H
#define LUAHSM_CHAIN_H

#include "span.h"

enum { CHAIN_MAX = 200 };

/* The line on which a chain of more than CHAIN_MAX steps stands, or 0. */
unsigned chain_find(struct span source);

#endif
