/*
 * cli_plugin_table: what is served, as the Markdown table of doc/commands.md.
 */
#include "cli_plugin.h"

#include <stdio.h>

#include "cli.h"
#include "command.h"
#include "folder.h"
#include "lmk.h"
#include "plugin.h"
#include "prove.h"

static const struct cli_usage usage = {
	.line = "luahsm plugin table [DIR]",
	.about = "Print a folder's plug-ins as a Markdown table: code, title, the LMKs under\n"
	    "which a vector succeeds, how many vectors succeed and how many are refused, and\n"
	    "what the page rests upon. Exit status 1 when a vector fails, or when a plug-in\n"
	    "lacks one that ends in 00 or one that ends in another code.",
	.settings = CLI_SERVER,
};

static void
print_lmks(unsigned lmks)
{
	static const char *const names[] = {
		[LMK_VARIANT]    = "variant",
		[LMK_3DES_BLOCK] = "3DES block",
		[LMK_AES_BLOCK]  = "AES block",
	};
	const char *between = "";

	if (lmks & PROVE_LMK_ANY) {
		fputs("any", stdout);
		return;
	}
	for (unsigned k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
		if (lmks & 1U << k) {
			printf("%s%s", between, names[k]);
			between = ", ";
		}
	}
}

/* The row of one plug-in, proven. False: something is wrong with it, and said on stderr. */
static bool
print_row(struct plugin_set *set, struct plugin *p)
{
	struct proof proof = prove_plugin(set->commands, p, &set->config, PROVE_ONCE, stderr);

	printf("| %s | %s | ", p->code, p->title);
	print_lmks(proof.lmks);
	printf(" | %u + %u | %s |\n", proof.success, proof.failure, p->sources);
	if (proof.failed == 0 && (proof.success == 0 || proof.failure == 0))
		fprintf(stderr, "%s:1: needs a vector that ends in 00 and one that ends in "
		    "another code\n", p->path);
	return proof.failed == 0 && proof.success != 0 && proof.failure != 0;
}

int
plugin_table(int argc, char **argv)
{
	struct plugin_set set = { 0 };
	bool json = false, good = true;
	int r;

	if ((r = plugin_open(&usage, argc, argv, &json, &set)) >= 0)
		return r;
	puts("| Code | Title | LMKs | Vectors | Sources |\n| --- | --- | --- | --- | --- |");
	for (size_t i = 0; i < folder_count(set.folder); i++) {
		struct span code = folder_code(set.folder, i);

		if (commands_add(set.commands, set.folder, i, stderr) != 0 ||
		    !print_row(&set, commands_find(set.commands, code)))
			good = false;
	}
	plugin_close(&set);
	return good ? CLI_OK : CLI_FAILED;
}
