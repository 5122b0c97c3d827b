/*
 * explain: "why did I get 15?" in one sentence: field, offset, rule, code.
 *
 * The server's trace log and `luahsm explain` say the same. Sentences name
 * fields and rules, never a value.
 */
#ifndef LUAHSM_EXPLAIN_H
#define LUAHSM_EXPLAIN_H

#include <stddef.h>
#include <stdio.h>

#include "span.h"

struct plugin;
struct request;

enum { EXPLAIN_LINE = 512 };

/* The sentence for the code r that a request to p ended with. */
void explain_sentence(const struct plugin *p, const struct request *rq, int r,
    char *line, size_t size);

/*
 * Cut and open a message (from the command code on) as the server would, run
 * no handler, and print its fields and the sentence to out. port_lmk as for
 * schema_cut. Returns the code.
 */
int explain_request(struct plugin *p, struct request *rq, int port_lmk,
    struct span message, FILE *out);

/*
 * Print the fields of a reply (from the reply code on) to a request (from the
 * command code on) with the names that the plug-ins in dir give them (NULL:
 * the usual search), and what the code means; with alone only the bytes of the
 * field of that name, as message_parse takes them back. 0; 1: the same, and a second
 * reply follows, of a command that prints; -1 when the plug-in can't be read or the
 * reply has no such field; nothing is printed then. There must be a slab (secret.h).
 */
int explain_reply(const char *dir, struct span request, struct span reply, const char *alone,
    FILE *out);

#endif
