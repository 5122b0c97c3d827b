/*
 * request: what one request carries through schema, handler and primitives.
 *
 * There is one per process, reused: requests run to completion. Everything
 * that a request makes (text in the arena, slots and keys in the slab) ends
 * with request_end.
 */
#ifndef LUAHSM_REQUEST_H
#define LUAHSM_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "span.h"

struct config;
struct lmk;
struct origin;

struct key;

enum { REQUEST_ARENA = 128 * 1024, REQUEST_PARTS = 9 };

/* Messages that a request consists of (NK): each 4N and so many bytes; borrowed. */
struct chain {
	struct span text;	/* empty: none */
	bool        headers;	/* each begins with a message header */
};

/* Why a request was refused, in words that hold no value of it. */
struct fault {
	const char *field;	/* name in the plug-in, or NULL */
	size_t      offset;	/* of the field, from the command code on */
	const char *rule;	/* what is broken; a static text, or NULL */
};

struct request {
	const struct config *config;
	const struct lmk    *lmk;	/* the LMK of this request */
	bool          authorised;	/* for everything, by the setting; ask request_may */
	int64_t       uid, pid;		/* of who asks; -1: unknown */
	int64_t       own;		/* this server's user */
	bool          leaves_slow;	/* what takes long is for slow workers, not for us */
	int           next;		/* what a primitive asks for: signer.h; 0: nothing */
	const struct key *part[REQUEST_PARTS];	/* components that were opened */
	unsigned      parts;
	uint32_t      number;		/* never 0; a value's must equal it */
	struct fault  fault;
	int           doom;		/* the reply's code, whatever the handler makes of
					 * it: a PIN block that strict does not tell from
					 * a wrong PIN; 0 for none */
	struct chain  chain;	/* to be answered when the handler has ended */
	unsigned      logged;		/* lines that its handler wrote to the log */
	uint8_t      *arena;		/* REQUEST_ARENA bytes, wiped after use */
	size_t        used;
};

/* Make the arena. 0 or ERR_NO_MEMORY. */
int  request_init(struct request *rq, const struct config *config);
void request_free(struct request *rq);

/* Start: a new number, no fault, no LMK yet. from may be NULL. */
void request_begin(struct request *rq, const struct origin *from, bool authorised);

/*
 * Is that activity authorised now, at the moment it is done? category and sub as
 * authority.h has them.
 */
bool request_may(const struct request *rq, const char *category, const char *sub);

/* Wipe what the request made: arena, secret slots, scratch keys. */
void request_end(struct request *rq);

/* n bytes that live until request_end; NULL when the arena is used up. */
uint8_t *request_bytes(struct request *rq, size_t n);

/* Note the first fault of this request and return r, for `return request_fail(...)`. */
int request_fail(struct request *rq, int r, const char *rule);

#endif
