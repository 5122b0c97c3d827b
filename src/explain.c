#include "explain.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

#include "charset.h"
#include "config.h"
#include "deadline.h"
#include "err.h"
#include "folder.h"
#include "key.h"
#include "keytype.h"
#include "message.h"
#include "paths.h"
#include "plugin.h"
#include "request.h"
#include "schema.h"

enum { CODE = 2, NAME_WIDTH = 16 };

void
explain_sentence(const struct plugin *p, const struct request *rq, int r,
    char *line, size_t size)
{
	const struct fault *f = &rq->fault;
	char code[3] = "";

	err_code(r, code);
	if (r == 0)
		snprintf(line, size, "nothing is wrong with the fields");
	else if (f->field != NULL)
		snprintf(line, size, "field '%s' at offset %zu %s: code %s (%s)", f->field,
		    f->offset, f->rule != NULL ? f->rule : "is refused", code,
		    plugin_error_text(p, r));
	else
		snprintf(line, size, "%s%scode %s (%s)", f->rule != NULL ? f->rule : "",
		    f->rule != NULL ? ": " : "", code, plugin_error_text(p, r));
}

static void
print_bytes(struct span s, FILE *out)
{
	for (size_t i = 0; i < s.n; i++) {
		if (isprint(s.p[i]) && s.p[i] != '\\')
			fputc(s.p[i], out);
		else
			fprintf(out, "\\x%02X", s.p[i]);
	}
}

static void
print_field(const char *name, struct span s, FILE *out)
{
	fprintf(out, "  %-*s ", NAME_WIDTH, name[0] != '\0' ? name : "(delimiter)");
	print_bytes(s, out);
	fputc('\n', out);
}

static void
print_view(const struct field *f, const struct value *v, FILE *out)
{
	char note[48];

	if (v->kind == VALUE_DATA) {
		print_field(f->name, v->span, out);
	} else if (v->kind == VALUE_KEY) {
		snprintf(note, sizeof(note), "(key %s, %u bytes, opens)",
		    keytype_name(v->key->type), (unsigned)v->key->len);
		print_field(f->name, span_str(note), out);
	} else if (v->kind == VALUE_SECRET) {
		print_field(f->name, SPAN("<secret>"), out);
	} else if (v->kind == VALUE_LIST) {
		snprintf(note, sizeof(note), "(%u elements)", (unsigned)v->count);
		print_field(f->name, span_str(note), out);
	}
}

int
explain_request(struct plugin *p, struct request *rq, int port_lmk,
    struct span message, FILE *out)
{
	char line[EXPLAIN_LINE];
	struct tail tail;
	int r;

	request_begin(rq, NULL, rq->config->authorised);
	r = schema_cut(&p->request, rq, span_sub(message, CODE, message.n - CODE), CODE,
	    port_lmk, p->view, &tail);
	fprintf(out, "%s: %s\n", p->code, p->title);
	for (unsigned i = 0; i < p->request.n; i++) {
		/* Views of fields behind a fault are of no request or an earlier one. */
		if (p->view[i]->request == rq->number)
			print_view(&p->request.field[i], p->view[i], out);
	}
	if (tail.lmk >= 0)
		fprintf(out, "  %-*s %02d\n", NAME_WIDTH, "LMK identifier", tail.lmk);
	if (tail.trailer.n != 0)
		print_field("trailer", tail.trailer, out);
	explain_sentence(p, rq, r, line, sizeof(line));
	fprintf(out, "%s\n", line);
	request_end(rq);
	return r;
}

/* A PIN block of 32 digits where there are so many. */
static size_t
sealed_extent(struct span rest)
{
	size_t n = 0;

	while (n < 32 && n < rest.n && charset_has(rest.p[n], CHAR_HEX))
		n++;
	return n == 32 ? 32 : 16;
}

/* Bytes that a field takes of the rest of a reply. */
static size_t
reply_extent(const struct shape *sh, struct span rest)
{
	size_t n = sh->max;

	if (sh->type == FIELD_CRYPTOGRAM)
		(void)key_field_length(rest, 8, &n);
	else if (sh->type == FIELD_LPIN)
		for (n = 0; n < sh->max && n < rest.n && charset_has(rest.p[n], CHAR_HEX); n++)
			;
	else if (sh->type == FIELD_SEALED)
		n = sealed_extent(rest);
	else if (sh->extent == EXTENT_REST || sh->extent == EXTENT_FIELD)
		n = rest.n;
	return n < rest.n ? n : rest.n;
}

static void
print_codes(const struct plugin *p, struct span reply, int r, FILE *out)
{
	char code[3] = "";

	err_code(r, code);
	fprintf(out, "  %-*s %.2s\n", NAME_WIDTH, "reply code", (const char *)reply.p);
	fprintf(out, "  %-*s %s (%s)\n", NAME_WIDTH, "error code", code,
	    r == 0 ? "no error" : plugin_error_text(p, r));
}

/* The fields behind the error code; of one alone only its bytes. -1: there is no such one. */
static int
print_reply(const struct plugin *p, struct span reply, const char *alone, FILE *out)
{
	size_t at = 2 * CODE, n;

	for (unsigned i = 0; i < p->response.n && at < reply.n; i++) {
		const struct field *f = &p->response.field[i];

		if (reply.p[at] == SCHEMA_EM)
			break;
		if (!schema_applies(f, p->view) ||
		    (f->mark != '\0' && reply.p[at] != (uint8_t)f->mark))
			continue;
		at += f->mark != '\0' ? 1 : 0;
		n = reply_extent(&f->shape, span_sub(reply, at, reply.n - at));
		if (alone == NULL) {
			print_field(f->name, span_sub(reply, at, n), out);
		} else if (strcmp(alone, f->name) == 0) {
			message_print(span_sub(reply, at, n), out);
			fputc('\n', out);
			return 0;
		}
		at += n;
	}
	if (alone == NULL && at < reply.n)
		print_field("trailer", span_sub(reply, at, reply.n - at), out);
	return alone == NULL ? 0 : -1;
}

int
explain_reply(const char *dir, struct span request, struct span reply, const char *alone,
    FILE *out)
{
	char folder[PATH_MAX], path[PATH_MAX + 16];
	struct config config;
	struct request rq;
	struct folder *f = NULL;
	struct plugin *p = NULL;
	struct tail tail;
	int r = -1, code = reply.n < 2 * CODE ? 1 : err_parse((const char *)reply.p + CODE);

	config_default(&config);
	if (code > 0 || request.n < CODE ||
	    paths_plugins(dir != NULL ? dir : "", true, folder, stderr) != 0 ||
	    deadline_init(config.deadline_ms, config.slow_ms) != 0 ||
	    request_init(&rq, &config) != 0)
		return -1;
	snprintf(path, sizeof(path), "%s/%.2s.lua", folder, (const char *)request.p);
	if ((f = folder_read(path, false, NULL)) != NULL && folder_count(f) == 1 &&
	    (p = plugin_build(path, folder_code(f, 0), folder_bytes(f, 0), &rq,
	    config.plugin_memory, false, NULL)) != NULL) {
		request_begin(&rq, NULL, true);
		/* Only for the conditions of reply fields: whether it opens is no matter. */
		(void)schema_cut(&p->request, &rq,
		    span_sub(request, CODE, request.n - CODE), CODE, -1, p->view, &tail);
		if (alone == NULL)
			print_codes(p, reply, code, out);
		r = print_reply(p, reply, alone, out);
		if (r == 0 && code == 0 && p->prints && reply.p[1] != 'Z')
			r = 1;
		request_end(&rq);
	}
	plugin_free(p);
	folder_free(f);
	request_free(&rq);
	return r;
}
