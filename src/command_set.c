/*
 * command_set: which plug-ins there are: by code, and those of the next set beside them.
 */
#include "command_inside.h"

#include <stdlib.h>

#include "config.h"
#include "err.h"
#include "folder.h"
#include "plugin.h"
#include "sandbox.h"

enum { TABLE = 128 * 128 };

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
	c->counts = stats != NULL;
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
