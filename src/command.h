/*
 * command: from a message to its reply.
 *
 * A struct commands is one process's set of plug-ins by command code. A new
 * set is staged a state at a time between requests and swapped in whole;
 * states whose file did not change are kept.
 */
#ifndef LUAHSM_COMMAND_H
#define LUAHSM_COMMAND_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "span.h"

struct commands;
struct config;
struct folder;
struct keeper_message;
struct plugin;
struct stats_worker;

/* Where a message came from. */
struct origin {
	int  lmk;		/* id of the listener's LMK, or -1: default, %nn chooses */
	bool unix_socket;
	int64_t uid, pid;	/* of the process at the other end; -1: unknown */
};

/* An empty set; counts into stats (may be NULL). NULL: no memory. */
struct commands *commands_new(const struct config *config, struct stats_worker *stats);
void             commands_free(struct commands *c);

/*
 * Build what folder holds beside the running set. commands_step builds one
 * state a call: 1 there is more, 0 all built, <0 failed after a line on err
 * (the stage is dropped). commands_swap makes the staged set the running one
 * and frees what it replaced. commands_stage takes over no ownership of
 * folder, which must live until the next swap.
 */
void commands_stage(struct commands *c, const struct folder *folder);
int  commands_step(struct commands *c, FILE *err);
void commands_swap(struct commands *c);

/*
 * Build file i of folder into the running set at once, and keep its vectors:
 * for who proves them. 0, or negative after a line on err.
 */
int commands_add(struct commands *c, const struct folder *folder, size_t i, FILE *err);

/* The plug-in that serves a code, or NULL. */
struct plugin *commands_find(struct commands *c, struct span code);

/*
 * Answer one message (message header and all, no length prefix): write the
 * reply to out and return its length, at least header + 4. room is at least
 * FRAME_LIMIT. msg is at least header + 2 long. Never fails: what goes wrong
 * is the reply's error code. Wipes all that the request made, and fields of a
 * secret type in msg itself.
 *
 * Two results are no length. COMMAND_SLOW, after commands_pass_slow only: this is
 * for a slow worker, and nothing was done. COMMAND_ASKS, unless commands_ask_by
 * was called: signer_question has to be answered by the keeper; hand over the
 * answer (signer_hand) and run the message again.
 */
enum { COMMAND_SLOW = 0, COMMAND_ASKS = 1 };

size_t command_run(struct commands *c, const struct origin *from, struct span msg,
    uint8_t *out, size_t room);

/*
 * The second reply to msg, which command_run has just answered: printing
 * commands send it when the document is printed, its code with Z for the second
 * character. Its length, at most COMMAND_SECOND; 0: there is none.
 */
enum { COMMAND_SECOND = 512 };
size_t command_second(struct commands *c, struct span msg, uint8_t *out);

/* Requests have been counted where they came in: this set is a slow worker's. */
void commands_uncounted(struct commands *c);

/* Slow commands are not run here but passed to a slow worker. */
void commands_pass_slow(struct commands *c);

/* Questions to the keeper are answered by ask, in place: 0, or a failure. */
typedef int command_asker(void *arg, struct keeper_message *m);
void commands_ask_by(struct commands *c, command_asker *ask, void *arg);

/* The reply to msg that consists of code r alone. Its length; at most FRAME_LIMIT. */
size_t command_fail(struct commands *c, struct span msg, int r, uint8_t *out);

/* The request that all commands of the set share; its config and LMK, for explaining. */
struct request *commands_request(struct commands *c);

/* Between requests, when there is nothing to do: let collectors run, rebuild lost states. */
void commands_idle(struct commands *c);

#endif
