/*
 * cli_version: what this is, and what it was built with.
 */
#include "cli.h"

#include <getopt.h>

#include <event2/event.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <sodium.h>

#include "lua_compat.h"

#define LUAHSM_VERSION "0.1.0"

static const struct cli_option options[] = {
	{ NULL, NULL, NULL },
};

static const struct cli_usage usage = {
	.line = "luahsm version [OPTIONS]",
	.about = "Print the version of luahsm and of the libraries it runs with.",
	.options = options,
	.settings = CLI_NONE,
};

int
cli_version(int argc, char **argv)
{
	const char *value;
	int c = CLI_OPTIONS_END;

	optind = 0;
	if (argv[0][0] != '-')		/* `luahsm --version` has no options */
		c = cli_option(&usage, NULL, argc, argv, &value);
	if (c == CLI_HELPED)
		return CLI_OK;
	if (c == CLI_MISTAKE)
		return CLI_USAGE;
	if (argv[0][0] != '-' && optind < argc)
		return cli_mistake(&usage, "only options are taken");
	printf("luahsm %s\n%s\n%s\nlibsodium %s\nlibevent %s\njansson %s\n", LUAHSM_VERSION,
	    LUA_ENGINE, OpenSSL_version(OPENSSL_VERSION), sodium_version_string(),
	    event_get_version(), JANSSON_VERSION);
	return CLI_OK;
}
