/*
 * cli_version: what this is, and what it was built with.
 */
#include "cli.h"

#include <event2/event.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <sodium.h>

#include "lua_compat.h"

#define LUAHSM_VERSION "0.1.0"

static const struct cli_usage usage = {
	.line = "luahsm version [OPTIONS]",
	.about = "Print the version of luahsm and of the libraries it runs with.",
	.settings = CLI_NONE,
};

int
cli_version(int argc, char **argv)
{
	int r = -1;

	if (argv[0][0] != '-')		/* `luahsm --version` has no options */
		r = cli_options_only(&usage, argc, argv, NULL, NULL, NULL);
	if (r >= 0)
		return r;
	printf("luahsm %s\n%s\n%s\nlibsodium %s\nlibevent %s\njansson %s\n", LUAHSM_VERSION,
	    LUA_ENGINE, OpenSSL_version(OPENSSL_VERSION), sodium_version_string(),
	    event_get_version(), JANSSON_VERSION);
	return CLI_OK;
}
