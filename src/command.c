#include "command.h"

#include <math.h>
#include <stdlib.h>

#include <sodium.h>

#include "config.h"
#include "err.h"
#include "explain.h"
#include "folder.h"
#include "frame.h"
#include "log.h"
#include "plugin.h"
#include "request.h"
#include "sandbox.h"
#include "stats.h"

enum { TABLE = 128 * 128, CODE = 2 };

struct commands {
	const struct config *config;
	struct stats_worker *stats;
	struct request  rq;
	struct plugin **table;		/* the running set, by code */
	struct plugin **staged;		/* the one being built, or NULL */
	const struct folder *folder;	/* what it is built from */
	size_t          next;		/* file to build next */
	bool            pass_slow;
};

/* The place of a code; codes are printable, so anything else has none. */
static int
place(struct span code)
{
	if (code.n != CODE || code.p[0] >= 128 || code.p[1] >= 128)
		return -1;
	return code.p[0] * 128 + code.p[1];
}

struct commands *
commands_new(const struct config *config, struct stats_worker *stats)
{
	struct commands *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	c->config = config;
	c->stats = stats;
	if ((c->table = calloc(TABLE, sizeof(*c->table))) == NULL ||
	    request_init(&c->rq, config) != 0) {
		free(c->table);
		free(c);
		return NULL;
	}
	return c;
}

/* Free a set, but for the plug-ins that the other one shares. */
static void
free_set(struct plugin **set, struct plugin *const *other)
{
	for (size_t i = 0; set != NULL && i < TABLE; i++) {
		if (set[i] != other[i])
			plugin_free(set[i]);
	}
	free(set);
}

/* Free the running set and the staged one. */
static void
clear(struct commands *c)
{
	free_set(c->staged, c->table);
	c->staged = NULL;
	for (size_t i = 0; i < TABLE; i++) {
		plugin_free(c->table[i]);
		c->table[i] = NULL;
	}
}

void
commands_free(struct commands *c)
{
	if (c == NULL)
		return;
	clear(c);
	free(c->table);
	request_free(&c->rq);
	free(c);
}

struct request *
commands_request(struct commands *c)
{
	return &c->rq;
}

void
commands_stage(struct commands *c, const struct folder *folder)
{
	free_set(c->staged, c->table);
	c->staged = calloc(TABLE, sizeof(*c->staged));
	c->folder = folder;
	c->next = 0;
}

static bool
same_bytes(struct span a, struct span b)
{
	return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

int
commands_step(struct commands *c, FILE *err)
{
	struct span code, bytes;
	struct plugin *old;
	int i;

	if (c->staged == NULL)
		return ERR_NO_MEMORY;
	while (c->next < folder_count(c->folder)) {
		code = folder_code(c->folder, c->next);
		bytes = folder_bytes(c->folder, c->next);
		i = place(code);
		old = i < 0 ? NULL : c->table[i];
		if (old != NULL && same_bytes(old->source, bytes)) {
			c->staged[i] = old;
			c->next++;
			continue;
		}
		old = plugin_build(folder_path(c->folder, c->next), code, bytes, &c->rq,
		    c->config->plugin_memory, false, err);
		if (old == NULL) {
			free_set(c->staged, c->table);
			c->staged = NULL;
			return ERR_SCRIPT;
		}
		c->staged[i] = old;
		c->next++;
		return 1;
	}
	return 0;
}

int
commands_add(struct commands *c, const struct folder *folder, size_t i, FILE *err)
{
	struct span code = folder_code(folder, i);
	struct plugin *p = plugin_build(folder_path(folder, i), code,
	    folder_bytes(folder, i), &c->rq, c->config->plugin_memory, true, err);

	if (p == NULL)
		return ERR_SCRIPT;
	plugin_free(c->table[place(code)]);
	c->table[place(code)] = p;
	return 0;
}

void
commands_swap(struct commands *c)
{
	struct plugin **old = c->table;

	if (c->staged == NULL)
		return;
	/* Kept plug-ins borrow their source from the folder that goes away. */
	for (size_t k = 0; k < folder_count(c->folder); k++)
		c->staged[place(folder_code(c->folder, k))]->source =
		    folder_bytes(c->folder, k);
	c->table = c->staged;
	c->staged = NULL;
	free_set(old, c->table);
}

struct plugin *
commands_find(struct commands *c, struct span code)
{
	int i = place(code);

	return i < 0 ? NULL : c->table[i];
}

static bool
is_disabled(const struct config *config, struct span code)
{
	for (unsigned i = 0; i < config->ndisabled; i++) {
		if (memcmp(config->disabled[i], code.p, CODE) == 0)
			return true;
	}
	return false;
}

/* A script that did not end well loses its state and is told in the log. */
static void
lose_state(struct commands *c, struct plugin *p, int r)
{
	log_event(LOG_ERROR, "script-failed", "command", 's', p->code, "why", 's',
	    r == ERR_SCRIPT ? sandbox_message(p->sb) : err_text(r), "trace", 's',
	    p->sb->trace, NULL);
	plugin_lose(p);
	if (c->stats != NULL)
		c->stats->scripts_lost++;
}

/* What the handler returned: nothing is 00, a number is a code that keeps its data. */
static int
returned(struct plugin *p)
{
	lua_State *L = p->sb->L;
	lua_Number x = lua_tonumber(L, -1);

	if (lua_isnil(L, -1))
		return 0;
	if (lua_type(L, -1) != LUA_TNUMBER || !(x >= 0 && x <= 99) || floor(x) < x)
		return sandbox_defect(p->sb, "the handler returned something that is "
		    "not a code");
	return -(int)x;
}

/* Call the handler; 0 or an advice code with the reply's fields in p->answer. */
static int
run_handler(struct commands *c, struct plugin *p, bool *data)
{
	lua_State *L = p->sb->L;
	int r;

	memset(p->answer, 0, p->response.n * sizeof(*p->answer));
	lua_pushvalue(L, PLUGIN_HANDLER);
	lua_pushvalue(L, PLUGIN_Q);
	lua_pushvalue(L, PLUGIN_A);
	r = sandbox_call(p->sb, 2, 1);
	if (r == 0) {
		r = returned(p);
		*data = r > ERR_INTERNAL;
	}
	if (r <= ERR_INTERNAL)
		lose_state(c, p, r);
	else
		lua_settop(L, PLUGIN_A);
	if (c->rq.doom != 0 && r > ERR_INTERNAL) {
		*data = false;
		return c->rq.doom;
	}
	return r;
}

/* Cut, handle, encode. Returns the code; *n bytes of reply data are at out. */
static int
run_plugin(struct commands *c, struct plugin *p, const struct origin *from,
    struct span body, struct tail *tail, uint8_t *out, size_t room, size_t *n)
{
	bool data = false;
	int r, e;

	*n = 0;
	tail->trailer = span_of(NULL, 0);
	if (p->lost && plugin_rebuild(p, &c->rq, c->config->plugin_memory) != 0) {
		tail->trailer = schema_guess_trailer(body);
		return ERR_HARDWARE;
	}
	r = schema_cut(&p->request, &c->rq, body, CODE, from->lmk, p->view, tail);
	if (r == 0)
		r = run_handler(c, p, &data);
	if (!data)
		return r;
	room -= tail->trailer.n;
	e = schema_encode(&p->response, &c->rq, p->answer, p->view, r != 0, out, room, n);
	if (e != 0) {
		log_event(LOG_ERROR, "reply-unfit", "command", 's', p->code, "field", 's',
		    c->rq.fault.field != NULL ? c->rq.fault.field : "", "why", 's',
		    c->rq.fault.rule != NULL ? c->rq.fault.rule : err_text(e), NULL);
		/* What was written before the fault lies behind the reply, unseen. */
		sodium_memzero(out, room);
		*n = 0;
		return ERR_HARDWARE;
	}
	return r;
}

static void
trace(struct commands *c, const struct plugin *p, int r)
{
	char line[EXPLAIN_LINE];

	if (r != 0 && !plugin_lists(p, r))
		log_event(LOG_ERROR, "code-not-listed", "command", 's', p->code, "why",
		    's', "a code that is not in the plug-in's errors", NULL);
	if (!c->config->trace)
		return;
	explain_sentence(p, &c->rq, r, line, sizeof(line));
	log_event(LOG_INFO, "trace", "command", 's', p->code, "text", 's', line, NULL);
}

/* The answer to a code that no plug-in serves. */
static void
refuse(struct commands *c, struct span body, bool disabled, uint8_t *head,
    struct tail *tail)
{
	if (!disabled && c->config->unknown_zz) {
		memcpy(head, "ZZ00", 4);
	} else {
		head[0] = body.p[0];
		head[1] = (uint8_t)(body.p[1] + 1);
		memcpy(head + CODE, disabled ? "68" : "67", 2);
	}
	tail->trailer = schema_guess_trailer(span_sub(body, CODE, body.n - CODE));
}

size_t
command_run(struct commands *c, const struct origin *from, struct span msg,
    uint8_t *out, size_t room)
{
	size_t header = c->config->header_length, n = 0;
	struct span body = span_sub(msg, header, msg.n - header);
	struct span code = span_sub(body, 0, CODE);
	struct plugin *p = commands_find(c, code);
	uint8_t *head = out + header;
	struct tail tail;
	bool off = is_disabled(c->config, code);
	int r;

	if (p != NULL && p->slow && c->pass_slow && !off)
		return 0;
	if (header != 0)
		memcpy(out, msg.p, header);
	if (p == NULL || off) {
		refuse(c, body, off, head, &tail);
	} else {
		request_begin(&c->rq, NULL, c->config->authorised);
		r = run_plugin(c, p, from, span_sub(body, CODE, body.n - CODE), &tail,
		    head + CODE + 2, room - header - CODE - 2, &n);
		memcpy(head, p->reply, CODE);
		err_code(r, (char *)head + CODE);
		if (r != 0)
			trace(c, p, r);
		request_end(&c->rq);
		if (!p->lost && sandbox_crowded(p->sb))
			sandbox_idle(p->sb);
	}
	n += header + CODE + 2;
	if (tail.trailer.n != 0)
		memcpy(out + n, tail.trailer.p, tail.trailer.n);
	return n + tail.trailer.n;
}

void
commands_pass_slow(struct commands *c)
{
	c->pass_slow = true;
}

size_t
command_fail(struct commands *c, struct span msg, int r, uint8_t *out)
{
	size_t header = c->config->header_length, n = header + CODE + 2;
	struct span body = span_sub(msg, header, msg.n - header), trailer;
	const struct plugin *p = commands_find(c, span_sub(body, 0, CODE));

	memcpy(out, msg.p, header);
	out[header] = body.p[0];
	out[header + 1] = (uint8_t)(body.p[1] + 1);
	if (p != NULL)
		memcpy(out + header, p->reply, CODE);
	err_code(r, (char *)out + header + CODE);
	trailer = schema_guess_trailer(span_sub(body, CODE, body.n - CODE));
	if (trailer.n != 0)
		memcpy(out + n, trailer.p, trailer.n);
	return n + trailer.n;
}

void
commands_idle(struct commands *c)
{
	for (size_t i = 0; i < TABLE; i++) {
		struct plugin *p = c->table[i];

		if (p == NULL)
			continue;
		if (p->lost)
			plugin_rebuild(p, &c->rq, c->config->plugin_memory);
		else if (p->sb->used > p->sb->rest)
			sandbox_idle(p->sb);
	}
}
