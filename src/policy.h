/*
 * policy: which users may do what with a signing key.
 *
 * A policy is a short text that is bound to its key, such as
 * "sign=1000,1001;read=*;admin=0": numbers of users, or * for all. What it does
 * not name is for the daemon's own user alone, and so is everything of a key
 * with an empty policy. Pure.
 */
#ifndef LUAHSM_POLICY_H
#define LUAHSM_POLICY_H

#include <stdbool.h>
#include <stdint.h>

enum policy_right {
	POLICY_SIGN,
	POLICY_READ,	/* public key, verify, describe */
	POLICY_ADMIN	/* create, rotate, enable, disable, destroy */
};

/* Is the text a policy? */
bool policy_valid(const char *text);

/*
 * May uid do this? own: the daemon's user. An unknown user (-1) may only what *
 * allows. A text that is not valid allows nothing.
 */
bool policy_allows(const char *text, enum policy_right right, int64_t uid, int64_t own);

#endif
