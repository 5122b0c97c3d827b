/*
 * cli_reload: have a running server read its plug-ins again, and say how it went.
 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

#include "client.h"

enum { RELOAD_MS = 120 * 1000 };	/* every vector of every plug-in is run first */

static const struct cli_usage usage = {
	.line = "luahsm reload [OPTIONS]",
	.about = "Make the server read its plug-ins again. All of them are checked first; if one\n"
	    "is bad, the server goes on with those it has, and this prints why.",
	.settings = CLI_ADMIN,
	.more = "exit status: 0 reloaded, 1 refused, 2 usage, 3 configuration, 4 cannot connect",
};

/* "ok" is success; otherwise the judge's lines and a last one, "failed". */
static int
report(char *answer)
{
	static const char failed[] = "failed\n";
	size_t n = strlen(answer);

	if (strcmp(answer, "ok\n") == 0) {
		puts("reloaded");
		return CLI_OK;
	}
	if (n >= strlen(failed) && strcmp(answer + n - strlen(failed), failed) == 0)
		answer[n - strlen(failed)] = '\0';
	fputs(answer, stderr);
	fputs("luahsm: the plug-ins were not reloaded; the server goes on with those it had\n",
	    stderr);
	return CLI_FAILED;
}

int
cli_reload(int argc, char **argv)
{
	struct config config;
	char *answer;
	int r;

	if ((r = cli_options_only(&usage, argc, argv, NULL, NULL, &config)) >= 0)
		return r;
	if ((answer = client_ask(config.admin_socket, "reload", RELOAD_MS, stderr)) == NULL)
		return CLI_CONNECT;
	r = report(answer);
	free(answer);
	return r;
}
