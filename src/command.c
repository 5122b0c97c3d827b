/*
 * command: one message: which plug-in, and what it makes of it.
 */
#include "command_inside.h"

#include <math.h>

#include <sodium.h>

#include "config.h"
#include "err.h"
#include "explain.h"
#include "frame.h"
#include "keeper.h"
#include "log.h"
#include "plugin.h"
#include "printer.h"
#include "request.h"
#include "sandbox.h"
#include "signer.h"
#include "stats.h"

/* What run says beside codes, which are not positive. */
enum { PASSED = 1, ASKED = 2 };

/* Is the command switched off, for everybody or for where this came from? */
static bool
is_disabled(const struct config *config, const struct origin *from, struct span code)
{
	return config_lists(&config->disabled, code.p) ||
	    (!from->unix_socket && config_lists(&config->local, code.p));
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
	if (!data || c->rq.next != 0)
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

/* Print what a command that succeeded has left to print. In a chain there is no place
 * for a second reply: there a failure is the command's, and returned. */
static int
finish_print(struct commands *c, const struct plugin *p, const struct command_call *call, int r,
    struct span trailer)
{
	int failed = 0;

	if (r == 0 && printer_holds()) {
		/* who watches is who prints: the wait has a limit of its own */
		if (c->stats != NULL)
			atomic_store_explicit(&c->stats->busy_since, 0, memory_order_relaxed);
		failed = printer_print(c->config->spool, p->code);
		if (c->stats != NULL)
			atomic_store_explicit(&c->stats->busy_since, stats_now(),
			    memory_order_relaxed);
		c->second_code = failed;
		c->second_trailer = trailer;
		c->second = !call->inner;
	}
	printer_drop();
	return call->inner ? failed : 0;
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

void
command_count(struct commands *c, const struct plugin *p)
{
	if (c->stats != NULL && p != NULL)
		++*stats_volume(c->stats, (const uint8_t *)p->code);
}

bool
command_passes(const struct commands *c, const struct origin *from, const struct plugin *p)
{
	return p != NULL && p->slow && c->pass_slow &&
	    !is_disabled(c->config, from, span_of((const uint8_t *)p->code, CODE));
}

/*
 * Run plug-in p, and what its request chains: that is done when its own request
 * has ended, since there is one at a time. The code of the reply, whose n bytes of
 * data are at out, or 1: for a slow worker; 2: there is a question for the keeper.
 */
static int
run(struct commands *c, struct plugin *p, const struct command_call *call, struct span body,
    struct tail *tail, uint8_t *out, size_t room, size_t *n)
{
	struct chain chain;
	int r, printed;

	request_begin(&c->rq, call->from, c->config->authorised);
	r = run_plugin(c, p, call->from, body, tail, out, room, n);
	chain = c->rq.chain;
	/* what waits can't be part of a chain, the rest of which would be run twice */
	if (c->rq.next != 0)
		r = call->inner ? ERR_DISABLED : c->rq.next == SIGNER_SLOW ? PASSED : ASKED;
	else if (r != 0)
		trace(c, p, r);
	if (p->prints && (printed = finish_print(c, p, call, r, tail->trailer)) != 0) {
		sodium_memzero(out, *n);
		*n = 0;
		r = printed;
	}
	request_end(&c->rq);
	if (r != 0 || chain.text.n == 0)
		return r;
	r = call->inner ? ERR_INPUT : command_chain(c, call->from, &chain, out,
	    room - tail->trailer.n, n);
	if (r != 0)
		*n = 0;
	return r;
}

size_t
command_answer(struct commands *c, const struct command_call *call, struct span msg,
    uint8_t *out, size_t room)
{
	size_t header = call->header, n = 0;
	struct span body = span_sub(msg, header, msg.n - header);
	struct span code = span_sub(body, 0, CODE);
	struct plugin *p = commands_find(c, code);
	uint8_t *head = out + header;
	struct tail tail;
	bool off = is_disabled(c->config, call->from, code);
	int r;

	if (command_passes(c, call->from, p))
		return COMMAND_SLOW;
	c->second = false;
	if (header != 0)
		memcpy(out, msg.p, header);
	if (p == NULL || off) {
		refuse(c, body, off, head, &tail);
	} else {
		r = run(c, p, call, span_sub(body, CODE, body.n - CODE), &tail,
		    head + CODE + 2, room - header - CODE - 2, &n);
		if (r > 0)
			return r == PASSED ? COMMAND_SLOW : COMMAND_ASKS;
		memcpy(head, p->reply, CODE);
		err_code(r, (char *)head + CODE);
		if (!p->lost && sandbox_crowded(p->sb))
			sandbox_idle(p->sb);
	}
	n += header + CODE + 2;
	if (tail.trailer.n != 0)
		memcpy(out + n, tail.trailer.p, tail.trailer.n);
	return n + tail.trailer.n;
}

size_t
command_run(struct commands *c, const struct origin *from, struct span msg,
    uint8_t *out, size_t room)
{
	size_t header = c->config->header_length, n;
	const struct command_call call = { from, header, false };
	uint64_t began = 0;

	/* one that is run again is not counted again */
	if (c->counts && !signer_runs_again())
		command_count(c, commands_find(c, span_sub(msg, header, CODE)));
	while ((n = command_answer(c, &call, msg, out, room)) == COMMAND_ASKS && c->ask != NULL) {
		struct keeper_message *m = signer_question();

		if (began == 0)
			began = stats_now();
		/* a script that asks for ever */
		if (stats_now() - began > KEEPER_MS * 1000000ULL) {
			n = command_fail(c, msg, ERR_STORE, out);
			break;
		}
		if (c->ask(c->ask_arg, m) != 0)
			m->result = ERR_STORE;
		signer_hand(m);
	}
	signer_done();
	return n;
}

size_t
command_second(struct commands *c, struct span msg, uint8_t *out)
{
	size_t header = c->config->header_length, n = header + CODE + 2;

	if (!c->second)
		return 0;
	c->second = false;
	memcpy(out, msg.p, header);
	out[header] = msg.p[header];
	out[header + 1] = 'Z';
	err_code(c->second_code, (char *)out + header + CODE);
	if (c->second_trailer.n != 0)
		memcpy(out + n, c->second_trailer.p, c->second_trailer.n);
	return n + c->second_trailer.n;
}

void
commands_uncounted(struct commands *c)
{
	c->counts = false;
}

void
commands_pass_slow(struct commands *c)
{
	c->pass_slow = c->rq.leaves_slow = true;
}

void
commands_ask_by(struct commands *c, command_asker *ask, void *arg)
{
	c->ask = ask;
	c->ask_arg = arg;
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
