/*
 * cli_plugin_doc: the page of a command, from its plug-in's table.
 */
#include "cli_plugin.h"

#include <stdio.h>

#include "cli.h"
#include "command.h"
#include "err.h"
#include "folder.h"
#include "keytype.h"
#include "plugin.h"

static const struct cli_usage usage = {
	.line = "luahsm plugin doc [OPTIONS] CODE|FILE",
	.about = "Print a command's page: fields of request and response, error codes.",
	.settings = CLI_SERVER,
};

static const char *
letter(const struct shape *sh)
{
	switch (sh->type) {
	case FIELD_N:
	case FIELD_FORMAT:
		return "N";
	case FIELD_H:
		return "H";
	case FIELD_B:
		return "B";
	default:
		return "A";
	}
}

/* The types of schema_pin.h and schema_rsa.h; L is pin.length and one. */
static const char *const pin_text[] = {
	[FIELD_ACCOUNT - FIELD_PIN_FIRST]    = "12 N, 18 A or PAN;",
	[FIELD_SEALED - FIELD_PIN_FIRST]     = "16 H or 32 H, PIN block",
	[FIELD_LPIN - FIELD_PIN_FIRST]       = "L N, LMK PIN",
	[FIELD_CLEARPIN - FIELD_PIN_FIRST]   = "L H, PIN and F",
	[FIELD_TABLE - FIELD_PIN_FIRST]      = "16 H, table",
	[FIELD_VALIDATION - FIELD_PIN_FIRST] = "12 A or P+16 H",
	[FIELD_OFFSET - FIELD_PIN_FIRST]     = "12 H, offset",
	[FIELD_KSN - FIELD_PIN_FIRST]        = "12-20 H, KSN",
	[FIELD_PAN - FIELD_PIN_FIRST]        = "12 N or PAN;",
	[FIELD_PINLIST - FIELD_PIN_FIRST]    = "PIN list",
	[FIELD_PRINT - FIELD_PIN_FIRST]      = "n A, fields;",
	[FIELD_IV - FIELD_PIN_FIRST]         = "16 H or 32 H, IV",
	[FIELD_LMKIV - FIELD_PIN_FIRST]      = "16 H or 32 H, IV",
	[FIELD_DER - FIELD_PIN_FIRST]        = "DER SEQUENCE",
	[FIELD_RSAPUBLIC - FIELD_PIN_FIRST]  = "4 B and DER, or S block",
	[FIELD_RSAPRIVATE - FIELD_PIN_FIRST] = "2 N, or 99, 4 N and key",
	[FIELD_KEYBLOB - FIELD_PIN_FIRST]    = "4 N and key",
	[FIELD_AUTHDATA - FIELD_PIN_FIRST]   = "n B",
	[FIELD_OAEP - FIELD_PIN_FIRST]       = "2 N, 2 N, 2 N, label;",
	[FIELD_EXPONENT - FIELD_PIN_FIRST]   = "4 N and n B",
	[FIELD_SUBJECT - FIELD_PIN_FIRST]    = "6 times text;",
	[FIELD_RSACHECK - FIELD_PIN_FIRST]   = "6 H or 16 H",
};

static void
shape_text(const struct schema *s, const struct shape *sh, char *out, size_t size)
{
	const char *type = letter(sh);

	if (sh->type == FIELD_KEY)
		snprintf(out, size, "key %s", sh->kind->name);
	else if (sh->type == FIELD_CRYPTOGRAM)
		snprintf(out, size, "key field");
	else if (sh->type == FIELD_LIST)
		snprintf(out, size, "list");
	else if (sh->type == FIELD_BLOCKS)
		snprintf(out, size, "%s times 16-48 H", s->field[sh->length_of].name);
	else if (sh->type == FIELD_CHAIN)
		snprintf(out, size, "%s times 4 N and n B", s->field[sh->length_of].name);
	else if (sh->type == FIELD_ENUM)
		snprintf(out, size, "1 of %s", sh->set);
	else if (sh->type == FIELD_MARK)
		snprintf(out, size, "'%s'", sh->set);
	else if (sh->type >= FIELD_PIN_FIRST)
		snprintf(out, size, "%s", pin_text[sh->type - FIELD_PIN_FIRST]);
	else if (sh->extent == EXTENT_REST)
		snprintf(out, size, "n %s", type);
	else if (sh->extent == EXTENT_FIELD)
		snprintf(out, size, "%s %s", s->field[sh->length_of].name, type);
	else if (sh->extent == EXTENT_RANGE)
		snprintf(out, size, "%u-%u %s", sh->min, sh->max, type);
	else
		snprintf(out, size, "%u %s", sh->max, type);
}

static void
print_conditions(const struct schema *request, const struct field *f)
{
	for (unsigned i = 0; i < f->nwhen; i++) {
		const struct when *w = &f->when[i];

		printf("%s when %s is ", i == 0 ? "" : " and", request->field[w->field].name);
		for (unsigned k = 0; k < w->n; k++)
			printf("%s%s", k == 0 ? "" : " or ", w->text[k]);
	}
}

static void
print_field(const struct schema *s, const struct schema *request, const struct field *f)
{
	char text[96], code[3] = "";

	shape_text(s, &f->shape, text, sizeof(text));
	printf("  %-16s %-14s", f->name[0] != '\0' ? f->name : "delimiter", text);
	if (f->group != 0 && f->mark != '\0')
		printf(" optional, after '%c'", f->mark);
	else if (f->group != 0)
		printf(" optional");
	print_conditions(request, f);
	if (f->equals[0] != '\0')
		printf(" must be %s", f->equals);
	for (unsigned i = 0; i < f->nchoice; i++) {
		shape_text(s, &f->choice[i].shape, text, sizeof(text));
		printf("%s %s if %s is %s", i == 0 ? " " : ",", text,
		    request->field[f->by].name, f->choice[i].text);
	}
	if (f->shape.type == FIELD_KEY) {
		err_code(f->parity, code);
		printf(" (bad parity: %s)", code);
	}
	putchar('\n');
}

static void
print_fields(const char *heading, const struct schema *s, const struct schema *request)
{
	printf("\n%s\n", heading);
	if (s->n == 0)
		puts("  none");
	for (unsigned i = 0; i < s->n; i++)
		print_field(s, request, &s->field[i]);
}

static void
print_page(const struct plugin *p)
{
	char code[3] = "";

	printf("%s  %s\n", p->code, p->title);
	printf("reply %s, version %s, by %s, %u vectors%s%s\n", p->reply,
	    p->version[0] != '\0' ? p->version : "-",
	    p->author[0] != '\0' ? p->author : "-", p->vectors,
	    p->authorised ? ", needs the authorised state" : "",
	    p->prints ? ", prints" : p->slow ? ", runs in a slow worker" : "");
	if (p->sources[0] != '\0')
		printf("sources: %s\n", p->sources);
	print_fields("Request", &p->request, &p->request);
	print_fields("Response", &p->response, &p->request);
	puts("\nErrors of its own");
	if (p->nerrors == 0)
		puts("  none");
	for (int r = -1; r >= -0xFFFF; r--) {
		for (unsigned i = 0; i < p->nerrors; i++) {
			if (p->error[i].r != r)
				continue;
			err_code(r, code);
			printf("  %s  %s\n", code, p->error[i].text);
		}
	}
}

int
plugin_doc(int argc, char **argv)
{
	struct plugin_set set = { .by_code = true };
	bool json = false;
	int r;

	if ((r = plugin_open(&usage, argc, argv, &json, &set)) >= 0)
		return r;
	r = 0;
	for (size_t i = 0; r == 0 && i < folder_count(set.folder); i++) {
		r = commands_add(set.commands, set.folder, i, stderr);
		if (r == 0)
			print_page(commands_find(set.commands, folder_code(set.folder, i)));
	}
	plugin_close(&set);
	return r == 0 ? CLI_OK : CLI_FAILED;
}
