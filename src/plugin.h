/*
 * plugin: one command: its state, its compiled fields, its handler.
 */
#ifndef LUAHSM_PLUGIN_H
#define LUAHSM_PLUGIN_H

#include <stdbool.h>
#include <stdio.h>

#include "lua_compat.h"
#include "sandbox.h"
#include "schema.h"
#include "span.h"

struct request;

enum {
	PLUGIN_TEXT   = 96,	/* title, author */
	PLUGIN_ERRORS = 64,

	/* Where a built plug-in keeps its parts on its state's stack. */
	PLUGIN_HANDLER = SANDBOX_BOTTOM + 1,
	PLUGIN_Q,
	PLUGIN_A
};

struct plugin_error {
	int  r;			/* negative enum err */
	char text[PLUGIN_TEXT];
};

struct plugin {
	struct sandbox *sb;
	char     path[512];	/* of the file, for messages */
	char     code[3], reply[3];
	char     activity[3];	/* xx of command.xx, as officers authorise it */
	char     title[PLUGIN_TEXT], author[PLUGIN_TEXT], version[24];
	char     sources[PLUGIN_TEXT];	/* what its page rests upon */
	bool     slow, may_be_slow, authorised, reveals, prints, allocates;
	bool     lost;		/* sb is NULL, to be made anew before the next request */
	unsigned vectors;
	int      vectors_ref;	/* the vectors' table, when they were kept */
	unsigned nerrors;
	struct plugin_error *error;
	struct schema  request, response;
	struct value **view;	/* request.views of them */
	struct answer *answer;	/* response.n of them */
	const char   **answer_name;	/* what the engine keeps of each name */
	struct span    source;	/* the file's bytes, borrowed from the folder */
};

/*
 * Build the plug-in of a file. cap: bytes its state may use. vectors: keep
 * them, for proof, and hold it to the deadline while it is loaded; without them
 * plugin.slow_ms is the limit. NULL after lines "file:line: message" on err.
 */
struct plugin *plugin_build(const char *path, struct span code, struct span source,
    struct request *rq, size_t cap, bool vectors, FILE *err);
void plugin_free(struct plugin *p);

/* Free the state, which is lost, at once: what it holds may be all it is allowed. */
void plugin_lose(struct plugin *p);

/* The same plug-in again, with a fresh state. 0 or ERR_SCRIPT. */
int plugin_rebuild(struct plugin *p, struct request *rq, size_t cap);

/* What the plug-in's table says of a code, else err_text. Never NULL. */
const char *plugin_error_text(const struct plugin *p, int r);

/* Is the code one of the plug-in's own or of those every command may answer? */
bool plugin_lists(const struct plugin *p, int r);

/* The line of the source on which "needle" stands in quotes; 1 when it does not. */
unsigned plugin_line(struct span source, const char *needle);

/* The same for a vector's name, which may be a field's name too. */
unsigned plugin_vector_line(struct span source, const char *name);

/* lua_plugin.c: read the table at the top of the stack into p; protected by the caller. */
int lua_plugin_read(lua_State *L);

#endif
