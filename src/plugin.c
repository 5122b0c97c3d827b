#include "plugin.h"

#include <ctype.h>
#include <stdlib.h>

#include "err.h"
#include "portable.h"
#include "sandbox.h"

bool
plugin_lists(const struct plugin *p, int r)
{
	static const int standard[] = {
		ERR_OK, ERR_NO_STORAGE, ERR_LMK, ERR_INPUT, ERR_AUTHORISED, ERR_INDEX,
		ERR_SCHEME, ERR_KEY_LENGTH, ERR_KEY_TYPE, ERR_KEY_FUNCTION, ERR_HARDWARE,
		ERR_UNKNOWN, ERR_DISABLED, ERR_FORMAT_OFF, ERR_BLOCK_FORMAT, ERR_PIN_TAG
	};

	for (size_t i = 0; i < sizeof(standard) / sizeof(standard[0]); i++) {
		if (r == standard[i])
			return true;
	}
	if (r <= ERR_INTERNAL || (r <= ERR_HSM('A', '1') && r >= ERR_HSM('B', 'E')))
		return true;
	for (unsigned i = 0; i < p->nerrors; i++) {
		if (r == p->error[i].r)
			return true;
	}
	return false;
}

const char *
plugin_error_text(const struct plugin *p, int r)
{
	for (unsigned i = 0; i < p->nerrors; i++) {
		if (r == p->error[i].r)
			return p->error[i].text;
	}
	return err_text(r);
}

/* From the byte at start, which stands on that line. */
static unsigned
line_from(struct span source, size_t start, unsigned line, const char *needle)
{
	size_t n = strlen(needle);

	for (size_t i = start; i + n + 2 <= source.n; i++) {
		if (source.p[i] == '\n')
			line++;
		else if ((source.p[i] == '"' || source.p[i] == '\'') &&
		    memcmp(source.p + i + 1, needle, n) == 0 &&
		    source.p[i + 1 + n] == source.p[i])
			return line;
	}
	return 1;
}

unsigned
plugin_line(struct span source, const char *needle)
{
	return line_from(source, 0, 1, needle);
}

unsigned
plugin_vector_line(struct span source, const char *name)
{
	static const char vectors[] = "vectors";
	unsigned line = 1;

	for (size_t i = 0; i + sizeof(vectors) <= source.n; i++) {
		if (source.p[i] == '\n')
			line++;
		else if (memcmp(source.p + i, vectors, sizeof(vectors) - 1) == 0 &&
		    strchr(" =\t", source.p[i + sizeof(vectors) - 1]) != NULL)
			return line_from(source, i, line, name);
	}
	return 1;
}

/* The line on which an entry of the table is given a value; 1 when none is. */
static unsigned
entry_line(struct span source, const char *name)
{
	size_t n = strlen(name);
	unsigned line = 1;

	for (size_t i = 0; i + n < source.n; i++) {
		if (source.p[i] == '\n')
			line++;
		else if ((i == 0 || isspace(source.p[i - 1])) &&
		    memcmp(source.p + i, name, n) == 0 && !isalnum(source.p[i + n]))
			return line;
	}
	return 1;
}

/* The line a message of lua_plugin_read speaks of, by the name it quotes. */
static unsigned
message_line(struct span source, const char *message)
{
	char name[64];
	const char *quote = strchr(message, '\''), *end;
	size_t n;

	if (quote == NULL || (end = strchr(quote + 1, '\'')) == NULL)
		return 1;
	n = (size_t)(end - quote - 1);
	if (n == 0 || n >= sizeof(name))
		return 1;
	memcpy(name, quote + 1, n);
	name[n] = '\0';
	if (strncmp(message, "entry", 5) == 0)
		return entry_line(source, name);
	return plugin_line(source, name);
}

/* One line on err. Lua's own messages start with the file's name and line. */
static void
report(const struct plugin *p, int r, FILE *err)
{
	const char *message = sandbox_message(p->sb), *file = strrchr(p->path, '/');
	size_t n;

	if (err == NULL)
		return;
	file = file == NULL ? p->path : file + 1;
	n = strlen(file);
	if (r == ERR_DEADLINE)
		message = "runs longer than the deadline while it is loaded";
	else if (r == ERR_NO_MEMORY)
		message = "needs more memory than plugin.memory allows";
	if (strncmp(message, file, n) == 0 && message[n] == ':')
		fprintf(err, "%.*s%s\n", (int)(file - p->path), p->path, message);
	else
		fprintf(err, "%s:%u: %s\n", p->path, message_line(p->source, message),
		    message);
}

/* Make the state and read the file's table, filling p. */
static int
build(struct plugin *p, struct request *rq, size_t cap, FILE *err)
{
	const char *file = strrchr(p->path, '/'), *why;
	unsigned line;
	int r;

	p->sb = sandbox_new(cap, rq, file == NULL ? p->path : file + 1);
	if (p->sb == NULL) {
		if (err != NULL)
			fprintf(err, "%s:1: no memory for its state\n", p->path);
		return ERR_NO_MEMORY;
	}
	if ((why = portable_find(p->source, &line)) != NULL) {
		if (err != NULL)
			fprintf(err, "%s:%u: %s\n", p->path, line, why);
		return ERR_SCRIPT;
	}
	/* What is served was judged elsewhere: here a machine that is busy is no fault of it. */
	p->sb->slow = p->vectors_ref == LUA_NOREF;
	if ((r = sandbox_load(p->sb, p->source)) == 0)
		r = sandbox_run(p->sb, lua_plugin_read, p, 1, 3);
	if (r != 0)
		report(p, r, err);
	else
		sandbox_idle(p->sb);
	return r;
}

static void
release(struct plugin *p)
{
	sandbox_free(p->sb);
	schema_free(&p->request);
	schema_free(&p->response);
	free(p->error);
	free(p->view);
	free(p->answer);
	free(p->answer_name);
	p->sb = NULL;
	p->error = NULL;
	p->view = NULL;
	p->answer = NULL;
	p->answer_name = NULL;
	p->nerrors = 0;
}

struct plugin *
plugin_build(const char *path, struct span code, struct span source,
    struct request *rq, size_t cap, bool vectors, FILE *err)
{
	struct plugin *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	snprintf(p->path, sizeof(p->path), "%s", path);
	snprintf(p->code, sizeof(p->code), "%.*s", (int)code.n, (const char *)code.p);
	p->source = source;
	p->vectors_ref = vectors ? LUA_REFNIL : LUA_NOREF;
	if (code.n != 2) {
		if (err != NULL)
			fprintf(err, "%s:1: a plug-in's file is named by its two-character "
			    "command code\n", path);
	} else if (build(p, rq, cap, err) == 0) {
		return p;
	}
	plugin_free(p);
	return NULL;
}

void
plugin_lose(struct plugin *p)
{
	sandbox_free(p->sb);
	p->sb = NULL;
	p->lost = true;
}

int
plugin_rebuild(struct plugin *p, struct request *rq, size_t cap)
{
	release(p);
	/* Who keeps vectors needs those of the new state: references are a state's own. */
	if (p->vectors_ref != LUA_NOREF)
		p->vectors_ref = LUA_REFNIL;
	if (build(p, rq, cap, NULL) != 0) {
		release(p);
		return ERR_SCRIPT;
	}
	p->lost = false;
	return 0;
}

void
plugin_free(struct plugin *p)
{
	if (p == NULL)
		return;
	release(p);
	free(p);
}
