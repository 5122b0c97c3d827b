/*
 * cli_plugin: list, check and test plug-ins. What makes and describes them is
 * in cli_plugin_create.c, cli_plugin_doc.c, cli_plugin_table.c and cli_plugin_vectors.c.
 */
#include "cli_plugin.h"

#include <getopt.h>
#include <jansson.h>
#include <string.h>

#include "cli.h"
#include "command.h"
#include "folder.h"
#include "paths.h"
#include "plugin.h"
#include "prove.h"

static const struct cli_option list_options[] = {
	{ "json", NULL, "print JSON" },
	{ NULL, NULL, NULL },
};

static const struct cli_usage list_usage = {
	.line = "luahsm plugin list [--json] [DIR]",
	.about = "Show the plug-ins of a folder (the server's, when none is named): code,\n"
	    "version, vectors, state, title and author. State: ok, disabled by the\n"
	    "setting commands.disabled, or fails (see `luahsm plugin test`).",
	.options = list_options,
	.settings = CLI_SERVER,
};

static const struct cli_usage check_usage = {
	.line = "luahsm plugin check [FILE|DIR]",
	.about = "Load plug-ins and run their vectors, and print only what is wrong, as\n"
	    "file:line: message. Exit status 0 when nothing is, else 1.",
	.settings = CLI_SERVER,
};

static const struct cli_usage test_usage = {
	.line = "luahsm plugin test [FILE|DIR]",
	.about = "Load plug-ins and run their vectors, with a line for each vector. The same\n"
	    "proof decides whether a reload is taken. Exit status 0 when all hold, else 1.",
	.settings = CLI_SERVER,
};

/* Where the plug-ins are that were asked for. 0, or -1 after a line on stderr. */
static int
find_plugins(const struct plugin_set *set, const char *operand, char dir[PATH_MAX])
{
	char file[PATH_MAX + 16];

	if (operand == NULL || !set->by_code || strlen(operand) != 2)
		return paths_plugins(operand != NULL ? operand : set->asked.plugin_dir, true,
		    dir, stderr);
	/* A code stands for the file of that name in the server's folder. */
	if (paths_plugins(set->asked.plugin_dir, true, dir, stderr) != 0)
		return -1;
	snprintf(file, sizeof(file), "%s/%s.lua", dir, operand);
	return paths_plugins(file, false, dir, stderr);
}

int
plugin_open(const struct cli_usage *usage, int argc, char **argv, bool *json,
    struct plugin_set *set)
{
	struct cli_settings settings = { 0 };
	char dir[PATH_MAX];
	int r = cli_options(usage, &settings, argc, argv, cli_flag, json);

	if (r >= 0)
		return r;
	if (optind + 1 < argc)
		return cli_mistake(usage, "one file or folder at a time");
	if (optind == argc && set->by_code)
		return cli_mistake(usage, "which command? As in: luahsm plugin doc CA");
	if (cli_settings_load(&settings, &set->asked) != 0 ||
	    find_plugins(set, argv[optind], dir) != 0)
		return CLI_CONFIG;
	config_default(&set->config);
	set->config.deadline_ms = PROVE_PATIENCE * set->asked.deadline_ms;
	set->config.plugin_memory = set->asked.plugin_memory;
	set->folder = folder_read(dir, set->asked.profile == PROFILE_STRICT, stderr);
	if (set->folder == NULL)
		return CLI_FAILED;
	if (prove_init(&set->config) != 0 ||
	    (set->commands = commands_new(&set->config, NULL)) == NULL) {
		fputs("luahsm: no memory to run plug-ins in\n", stderr);
		folder_free(set->folder);
		return CLI_FAILED;
	}
	return -1;
}

void
plugin_close(struct plugin_set *set)
{
	commands_free(set->commands);
	folder_free(set->folder);
}

static json_t *
describe(struct plugin_set *set, struct plugin *p, FILE *nowhere)
{
	struct proof proof = prove_plugin(set->commands, p, &set->config, 0, nowhere);
	const char *state = proof.failed != 0 ? "fails" :
	    config_lists(&set->asked.disabled, p->code) ? "disabled" : "ok";

	return json_pack("{ss ss ss ss si ss}", "code", p->code, "version", p->version,
	    "title", p->title, "author", p->author, "vectors", (int)p->vectors, "state",
	    state);
}

static void
print_table(const json_t *rows)
{
	const json_t *row;
	size_t i;

	printf("%-4s %-8s %7s  %-8s %-45s %s\n", "code", "version", "vectors", "state",
	    "title", "author");
	json_array_foreach(rows, i, row) {
		printf("%-4s %-8s %7d  %-8s %-45s %s\n",
		    json_string_value(json_object_get(row, "code")),
		    json_string_value(json_object_get(row, "version")),
		    (int)json_integer_value(json_object_get(row, "vectors")),
		    json_string_value(json_object_get(row, "state")),
		    json_string_value(json_object_get(row, "title")),
		    json_string_value(json_object_get(row, "author")));
	}
}

static json_t *
list_file(struct plugin_set *set, size_t i, FILE *nowhere)
{
	struct span code = folder_code(set->folder, i);

	if (commands_add(set->commands, set->folder, i, nowhere) == 0)
		return describe(set, commands_find(set->commands, code), nowhere);
	return json_pack("{ss% ss ss ss si ss}", "code", code.p, code.n, "version", "",
	    "title", "", "author", "", "vectors", 0, "state", "fails");
}

static int
list(int argc, char **argv)
{
	struct plugin_set set = { 0 };
	json_t *rows = json_array();
	bool json = false;
	FILE *nowhere;
	int r;

	if ((r = plugin_open(&list_usage, argc, argv, &json, &set)) >= 0 ||
	    (nowhere = fopen("/dev/null", "w")) == NULL) {
		json_decref(rows);
		return r >= 0 ? r : CLI_FAILED;
	}
	for (size_t i = 0; i < folder_count(set.folder); i++)
		json_array_append_new(rows, list_file(&set, i, nowhere));
	if (json) {
		json_dumpf(rows, stdout, JSON_INDENT(2));
		putchar('\n');
	} else {
		print_table(rows);
	}
	json_decref(rows);
	fclose(nowhere);
	plugin_close(&set);
	return CLI_OK;
}

static int
prove(const struct cli_usage *usage, bool verbose, int argc, char **argv)
{
	struct plugin_set set = { 0 };
	struct prove_task task = { 0 };
	bool json = false;
	unsigned bad;
	int r;

	if ((r = plugin_open(usage, argc, argv, &json, &set)) >= 0)
		return r;
	task.folder = set.folder;
	task.strict = set.asked.profile == PROFILE_STRICT;
	bad = prove_folder(set.commands, &task, &set.config, verbose ? PROVE_VERBOSE : 0, stdout);
	if (verbose)
		printf("%zu plug-ins, %u not good\n", folder_count(set.folder), bad);
	plugin_close(&set);
	return bad == 0 ? CLI_OK : CLI_FAILED;
}

static int
check(int argc, char **argv)
{
	return prove(&check_usage, false, argc, argv);
}

static int
test(int argc, char **argv)
{
	return prove(&test_usage, true, argc, argv);
}

int
cli_plugin(int argc, char **argv)
{
	static const struct cli_command verbs[] = {
		{ "list",   list,          "show the plug-ins of a folder" },
		{ "create", plugin_create, "write a new plug-in that already loads" },
		{ "check",  check,         "print what is wrong with plug-ins" },
		{ "test",   test,          "run the vectors of plug-ins, a line for each" },
		{ "doc",    plugin_doc,    "print the page of a command" },
		{ "table",  plugin_table,  "print what is served, as doc/commands.md has it" },
		{ "vectors", plugin_vectors, "print the vectors as messages" },
		{ NULL,     NULL,          NULL },
	};

	return cli_choose(verbs, "luahsm plugin",
	    "Plug-ins: one Lua file per command, named by its code.", argc, argv);
}
