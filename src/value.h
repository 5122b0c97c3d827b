/*
 * value: what a handler sees in place of bytes: data, a secret or a key.
 *
 * A value borrows: data spans point into the request, the arena or a plug-in's
 * own strings, keys and secrets into the slab. All of it ends with the
 * request, so every value carries the number of its request; a value that a
 * script kept and uses later is refused.
 */
#ifndef LUAHSM_VALUE_H
#define LUAHSM_VALUE_H

#include <stdint.h>

#include "span.h"

struct key;
struct secret;

enum value_kind {
	VALUE_ABSENT,		/* not in this request */
	VALUE_DATA,
	VALUE_SECRET,
	VALUE_KEY,
	VALUE_LIST
};

struct value {
	uint8_t        tag;	/* which userdata this is: lua_value.h */
	uint8_t        kind;	/* enum value_kind */
	uint8_t        base;	/* of the number that data may stand for: 10 or 16 */
	uint16_t       count;	/* VALUE_LIST: elements */
	uint32_t       request;	/* number of the request it belongs to */
	const uint32_t *now;	/* where the number of the running request is */
	struct span    span;	/* VALUE_DATA; a PIN's account (lua_pins.h) */
	union {
		struct secret *secret;	/* VALUE_SECRET */
		struct key    *key;	/* VALUE_KEY */
	};
};

#endif
