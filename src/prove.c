#include "prove.h"

#include <unistd.h>

#include <sodium.h>

#include "command.h"
#include "config.h"
#include "crypto/libcrypto.h"
#include "deadline.h"
#include "err.h"
#include "folder.h"
#include "frame.h"
#include "keeper_proof.h"
#include "key.h"
#include "lmk.h"
#include "plugin.h"
#include "printer.h"
#include "prove_vector.h"
#include "rng.h"
#include "rsastore.h"
#include "sandbox.h"
#include "secret.h"
#include "spool.h"
#include "stats.h"
#include "userstore.h"

enum {
	RUNS      = 101,
	SLOW_RUNS = 3,		/* of a slow plug-in: nobody waits a hundred times for that */
	BRIEF_RUNS = 2,		/* the first may allocate what it keeps, another must not */
	PROVE_SEED = 1
};

int
prove_init(const struct config *config)
{
	int r;

	if ((r = secret_init(false)) != 0 || (r = libcrypto_init()) != 0 ||
	    (r = key_init()) != 0 || (r = rsastore_init()) != 0 ||
	    (r = userstore_init((enum userstore_form)config->storage)) != 0 ||
	    (r = printer_init()) != 0 ||
	    (r = deadline_init(config->deadline_ms, config->slow_ms)) != 0)
		return r;
	spool_discard();
	for (unsigned id = 0; lmk_names[id] != NULL && r == 0; id++)
		r = lmk_load(id, lmk_names[id]);
	return r;
}

static void
print_bytes(struct span s, FILE *out)
{
	fputc('"', out);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] >= 0x20 && s.p[i] <= 0x7E && s.p[i] != '"' && s.p[i] != '\\')
			fputc(s.p[i], out);
		else
			fprintf(out, "\\x%02X", s.p[i]);
	}
	fputc('"', out);
}

/* What vectors find: a Diebold table, whose bytes are in order, at the last place for one. */
static void
fill_storage(void)
{
	static char table[2 * USERSTORE_TABLE + 1];
	unsigned count = (unsigned)(sizeof(table) / userstore_digits());

	if (table[0] == '\0')		/* once: this is called before every run */
		for (unsigned i = 0; i < USERSTORE_TABLE; i++)
			snprintf(table + 2 * i, 3, "%02X", i);
	(void)userstore_put(USERSTORE_HIGHEST, count,
	    span_of((const uint8_t *)table, count * userstore_digits()));
}

/* One run; the reply is left in v->reply. The state's allocations during it. */
/* The run before may have erased it, for one LMK or all. */
static void
fill_key_change(void)
{
	bool whole = true;

	for (unsigned id = 0; lmk_names[id] != NULL; id++)
		whole = whole && lmk_get(id) != NULL && lmk_old(lmk_get(id)) != NULL;
	if (whole)
		return;
	for (unsigned id = 0; id < LMK_IDS; id++)
		if (lmk_get(id) != NULL)
			lmk_erase_old(lmk_get(id));
	(void)lmk_load(LMK_OLD_ANY, "sim-old");
}

static uint64_t
run_once(struct commands *c, struct plugin *p, struct vector *v)
{
	const struct origin from = { .lmk = v->lmk, .unix_socket = true, .uid = geteuid() };
	uint64_t before;

	rng_repeat(PROVE_SEED);
	fill_key_change();
	fill_storage();
	printer_rehearse(SPAN("^0>L^P ^Q ^R ^T ^W"));
	/* A field of a secret type is wiped from the message. */
	memcpy(v->message, v->request, v->request_n);
	before = p->sb->allocations;
	v->reply_n = command_run(c, &from, span_of(v->message, v->request_n), v->reply,
	    sizeof(v->reply));
	return p->lost ? 0 : p->sb->allocations - before;
}

static bool
as_expected(const struct vector *v)
{
	return v->reply_n == v->expect_n && memcmp(v->reply, v->expect, v->expect_n) == 0;
}

static bool
fail(const struct plugin *p, const struct vector *v, FILE *out)
{
	fprintf(out, "%s:%u: vector \"%s\": ", p->path, plugin_vector_line(p->source, v->name),
	    v->name);
	return false;
}

/* Has a brief proof seen enough after that many runs, the last of which allocated so often? */
static bool
enough(unsigned how, unsigned runs, uint64_t allocations, uint64_t began)
{
	uint64_t us = (stats_now() - began) / 1000;

	if ((how & PROVE_BRIEF) == 0 || runs == 0)
		return false;
	return runs >= BRIEF_RUNS ? us > PROVE_BRIEF_US :
	    us > PROVE_COSTLY_US && allocations == 0;
}

static bool
prove_vector(struct commands *c, struct plugin *p, struct vector *v, unsigned how, FILE *out)
{
	uint64_t garbage = 0, n = 0, began = stats_now();
	unsigned i, runs = how & PROVE_ONCE ? 1 : p->slow ? SLOW_RUNS : RUNS;

	if (v->fault[0] != '\0') {
		fail(p, v, out);
		fprintf(out, "%s\n", v->fault);
		return false;
	}
	for (i = 0; i < runs && !enough(how, i, n, began); i++) {
		n = run_once(c, p, v);
		if (!as_expected(v)) {
			fail(p, v, out);
			fprintf(out, "expected ");
			print_bytes(span_of(v->expect, v->expect_n), out);
			fprintf(out, ", got ");
			print_bytes(span_of(v->reply, v->reply_n), out);
			fprintf(out, "%s\n", i == 0 ? "" : " when repeated");
			return false;
		}
		if (p->lost) {
			fail(p, v, out);
			fprintf(out, "the handler failed; the log says how\n");
			return false;
		}
		garbage += i == 0 ? 0 : n;
	}
	if (garbage != 0 && !p->allocates) {
		fail(p, v, out);
		fprintf(out, "makes garbage: %llu allocations in %u requests; avoid text(), "
		    ".. and tables, or say allocates = true\n",
		    (unsigned long long)garbage, i - 1);
		return false;
	}
	return true;
}

static bool
is_success(const struct vector *v, const struct config *config)
{
	return v->expect_n >= config->header_length + 4 &&
	    memcmp(v->expect + config->header_length + 2, "00", 2) == 0;
}

/* The LMKs on whose listeners the vector succeeds, for struct proof. */
static unsigned
which_lmks(struct commands *c, struct plugin *p, struct vector *v)
{
	const unsigned all = 1 << LMK_VARIANT | 1 << LMK_3DES_BLOCK | 1 << LMK_AES_BLOCK;
	unsigned found = 0;

	for (v->lmk = 0; lmk_names[v->lmk] != NULL && !p->lost; v->lmk++) {
		run_once(c, p, v);
		if (as_expected(v))
			found |= 1U << lmk_scheme(lmk_get((unsigned)v->lmk));
	}
	return found == all ? PROVE_LMK_ANY : found;
}

struct proof
prove_plugin(struct commands *c, struct plugin *p, struct config *config,
    unsigned how, FILE *out)
{
	static struct vector v;
	const bool authorised = config->authorised;
	struct proof proof = { 0 };

	commands_ask_by(c, keeper_proof, NULL);
	for (unsigned i = 1; i <= p->vectors; i++) {
		if (p->lost)
			commands_idle(c);	/* makes its state anew */
		if (p->lost) {
			fprintf(out, "%s:1: its state can't be made again\n", p->path);
			proof.failed++;
			break;
		}
		vector_read(p, i, config, &v);
		config->authorised = v.authorised;
		if (!prove_vector(c, p, &v, how, out)) {
			proof.failed++;
			continue;
		}
		proof.passed++;
		if (is_success(&v, config))
			proof.success++;
		else
			proof.failure++;
		if (is_success(&v, config) && how & PROVE_ONCE)
			proof.lmks |= which_lmks(c, p, &v);
		if (how & PROVE_VERBOSE)
			fprintf(out, "ok %s %s\n", p->code, v.name);
	}
	config->authorised = authorised;
	return proof;
}

static bool
prove_one(struct commands *c, struct plugin *p, struct config *config, bool strict,
    unsigned how, FILE *out)
{
	struct proof proof = prove_plugin(c, p, config, how, out);

	if (proof.failed != 0)
		return false;
	if (proof.success != 0 && proof.failure != 0)
		return true;
	fprintf(out, "%s:1: %s: needs a vector that ends in 00 and one that ends in "
	    "another code\n", p->path, strict ? "refused" : "warning");
	return !strict;
}

/* The number of the next file to prove; before is this process's last one, or -1. */
static size_t
next_file(const struct prove_task *task, size_t before)
{
	return task->taken != NULL ? atomic_fetch_add(task->taken, 1) : before + 1;
}

unsigned
prove_folder(struct commands *c, const struct prove_task *task, struct config *config,
    unsigned how, FILE *out)
{
	const struct folder *folder = task->folder;
	unsigned bad = 0;

	for (size_t i = next_file(task, (size_t)-1); i < folder_count(folder);
	    i = next_file(task, i)) {
		struct span code = folder_code(folder, i);

		if (task->proven != NULL &&
		    folder_holds(task->proven, code, folder_bytes(folder, i)))
			continue;
		if (commands_add(c, folder, i, out) != 0 ||
		    !prove_one(c, commands_find(c, code), config, task->strict, how, out))
			bad++;
	}
	return bad;
}
