/*
 * cli: the table of subcommands and the choice among them.
 */
#include "cli.h"

#include <string.h>

#include "config_table.h"

const struct cli_command cli_commands[] = {
	{ "serve",    cli_serve,    "answer host commands over TCP and a Unix socket" },
	{ "send",     cli_send,     "send a command to a server and explain its reply" },
	{ "explain",  cli_explain,  "say which field of a command breaks which rule" },
	{ "status",   cli_status,   "show what a running server does" },
	{ "console",  cli_console,  "open the console of a running server" },
	{ "reload",   cli_reload,   "make a running server read its plug-ins again" },
	{ "plugin",   cli_plugin,   "list, create, check, test and describe plug-ins" },
	{ "pinblock", cli_pinblock, "make or take apart a clear PIN block" },
	{ "keys",     cli_keys,     "generate, import and check keys under an LMK" },
	{ "key",      cli_key,      "create, list, rotate... keys for signing software" },
	{ "lmk",      cli_lmk,      "make LMKs of your own and keep them in the vault" },
	{ "audit",    cli_audit,    "verify and show what was done with those" },
	{ "bench",    cli_bench,    "measure a server, checking every reply" },
	{ "config",   cli_config,   "check and show the configuration" },
	{ "version",  cli_version,  "print versions" },
	{ "judge",    cli_judge,    NULL },
	{ NULL, NULL, NULL },
};

static void
print_commands(const struct cli_command *commands, const char *within, const char *about,
    FILE *out)
{
	fprintf(out, "usage: %s COMMAND [OPTIONS]\n\n%s\n\ncommands:\n", within, about);
	for (size_t i = 0; commands[i].name != NULL; i++)
		if (commands[i].about != NULL)
			fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].about);
	fprintf(out, "\n`%s COMMAND --help` tells more.\n", within);
}

static const char *
nearest_command(const struct cli_command *commands, const char *name)
{
	const char *best = NULL;
	unsigned least = 3;

	for (size_t i = 0; commands[i].name != NULL; i++) {
		unsigned d = config_distance(name, commands[i].name);

		if (commands[i].about != NULL && d < least) {
			least = d;
			best = commands[i].name;
		}
	}
	return best;
}

int
cli_choose(const struct cli_command *commands, const char *within, const char *about,
    int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL, *near;

	if (name == NULL) {
		print_commands(commands, within, about, stderr);
		return CLI_USAGE;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 ||
	    strcmp(name, "help") == 0) {
		print_commands(commands, within, about, stdout);
		return CLI_OK;
	}
	for (size_t i = 0; commands[i].name != NULL; i++)
		if (strcmp(commands[i].name, name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	near = nearest_command(commands, name);
	fprintf(stderr, "%s: there is no %s \"%.40s\"", within,
	    name[0] == '-' ? "option" : "command", name);
	if (near != NULL)
		fprintf(stderr, "; did you mean \"%s\"?\n", near);
	else
		fprintf(stderr, "; see `%s --help`\n", within);
	return CLI_USAGE;
}

int
cli_main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return cli_version(argc - 1, argv + 1);
	return cli_choose(cli_commands, "luahsm",
	    "A scriptable payment HSM in software, for tests and study. It has no certification.",
	    argc, argv);
}
