/*
 * cli_plugin_vectors: what the vectors of plug-ins are on the wire.
 */
#include "cli_plugin.h"

#include <stdio.h>

#include "cli.h"
#include "command.h"
#include "folder.h"
#include "message.h"
#include "plugin.h"
#include "prove_vector.h"

static const struct cli_usage usage = {
	.line = "luahsm plugin vectors [FILE|DIR]",
	.about = "Print the vectors of plug-ins as requests (>) and replies (<), in the form that\n"
	    "`luahsm send` takes. A vector that wants the authorised state says so, and so\n"
	    "does one for the listener of another LMK. Random replies are those of a proof.",
	.settings = CLI_SERVER,
};

static void
print_message(char mark, const uint8_t *bytes, size_t n, size_t header)
{
	printf("%c ", mark);
	message_print(span_of(bytes + header, n - header), stdout);
	putchar('\n');
}

static void
print_vector(const struct plugin *p, const struct vector *v, size_t header)
{
	printf("# %s: %s\n", p->code, v->name);
	if (v->authorised)
		puts("@ authorised");
	if (v->lmk >= 0)
		printf("@ lmk %02d\n", v->lmk);
	print_message('>', v->request, v->request_n, header);
	print_message('<', v->expect, v->expect_n, header);
}

int
plugin_vectors(int argc, char **argv)
{
	static struct vector v;
	struct plugin_set set = { 0 };
	bool json = false;
	int r;

	if ((r = plugin_open(&usage, argc, argv, &json, &set)) >= 0)
		return r;
	r = CLI_OK;
	for (size_t i = 0; i < folder_count(set.folder); i++) {
		struct plugin *p;

		if (commands_add(set.commands, set.folder, i, stderr) != 0) {
			r = CLI_FAILED;
			continue;
		}
		p = commands_find(set.commands, folder_code(set.folder, i));
		for (unsigned k = 1; k <= p->vectors; k++) {
			vector_read(p, k, &set.config, &v);
			if (v.fault[0] == '\0')
				print_vector(p, &v, set.config.header_length);
		}
	}
	plugin_close(&set);
	return r;
}
