/*
 * cli_config: check, show and list settings.
 */
#include "cli.h"

#include <string.h>

static const struct cli_usage check_usage = {
	.line = "luahsm config check [OPTIONS]",
	.about = "Read the configuration as `luahsm serve` would, and say what is wrong with it.\n"
	    "Exit status 0, or 3 after one line that names the place.",
	.settings = CLI_SERVER,
};

static const struct cli_option show_options[] = {
	{ "origin", NULL, "say where each value came from" },
	{ NULL, NULL, NULL },
};

static const struct cli_usage show_usage = {
	.line = "luahsm config show [OPTIONS]",
	.about = "Print every setting as `luahsm serve` would use it.",
	.options = show_options,
	.settings = CLI_SERVER,
};

static const struct cli_usage list_usage = {
	.line = "luahsm config list [OPTIONS]",
	.about = "Print what can be set: name, meaning, values, default, environment variable.",
	.settings = CLI_NONE,
};

static int
check(int argc, char **argv)
{
	struct config config;
	int r = cli_options_only(&check_usage, argc, argv, NULL, NULL, &config);

	if (r >= 0)
		return r;
	if (config_check(&config, stderr) != 0)
		return CLI_CONFIG;
	printf("good: %s, %s\n", config.profile == PROFILE_STRICT ? "strict" : "test profile",
	    config.file[0] != '\0' ? config.file : "no configuration file");
	return CLI_OK;
}

static int
show(int argc, char **argv)
{
	struct config config;
	bool origin = false;
	int r = cli_options_only(&show_usage, argc, argv, cli_flag, &origin, &config);

	if (r >= 0)
		return r;
	config_show(&config, origin, stdout);
	return CLI_OK;
}

static int
list(int argc, char **argv)
{
	int r = cli_options_only(&list_usage, argc, argv, NULL, NULL, NULL);

	if (r >= 0)
		return r;
	config_list(stdout);
	return CLI_OK;
}

int
cli_config(int argc, char **argv)
{
	static const struct cli_command commands[] = {
		{ "check", check, "say whether the configuration is good" },
		{ "show",  show,  "print every setting, with --origin where it came from" },
		{ "list",  list,  "print what can be set" },
		{ NULL, NULL, NULL },
	};

	return cli_choose(commands, "luahsm config",
	    "Settings come from flags, the environment (LUAHSM_...), the file and defaults.",
	    argc, argv);
}
