/*
 * command_inside: what command.c, command_set.c and command_chain.c share.
 */
#ifndef LUAHSM_COMMAND_INSIDE_H
#define LUAHSM_COMMAND_INSIDE_H

#include "command.h"

#include "request.h"

enum { CODE = 2 };	/* characters of a command, response or error code */

struct commands {
	const struct config *config;
	struct stats_worker *stats;
	struct request  rq;
	struct plugin **table;		/* the running set, by code */
	struct plugin **staged;		/* the one being built, or NULL */
	const struct folder *folder;	/* what it is built from */
	size_t          next;		/* file to build next */
	bool            pass_slow;
	bool            counts;		/* requests, in stats, as they come */
	command_asker  *ask;		/* NULL: whoever runs a command has it asked */
	void           *ask_arg;
	bool            second;		/* a second reply follows, with this code and trailer */
	int             second_code;
	struct span     second_trailer;
};

/* How a message came. */
struct command_call {
	const struct origin *from;
	size_t               header;	/* bytes of message header in front */
	bool                 inner;	/* it is part of a chain, and may not be one */
};

/* Answer a message that has been counted; as command_run. */
size_t command_answer(struct commands *c, const struct command_call *call, struct span msg,
    uint8_t *out, size_t room);

/* Count a request of the plug-in, which may be NULL. */
void command_count(struct commands *c, const struct plugin *p);

/* Is the plug-in, which may be NULL, one for a slow worker? */
bool command_passes(const struct commands *c, const struct origin *from,
    const struct plugin *p);

/*
 * Answer the messages of a chain one by one. Each reply and its length, 4N, goes to
 * out, behind the *n bytes that are there, which become more. 0, ERR_INPUT (no
 * whole message, or no room for the replies, which are wiped), or 1: some are for a
 * slow worker, and nothing was done.
 */
int command_chain(struct commands *c, const struct origin *from, const struct chain *chain,
    uint8_t *out, size_t room, size_t *n);

#endif
