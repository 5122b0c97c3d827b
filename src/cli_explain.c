/*
 * cli_explain: "why did I get 15?", answered without a server.
 */
#include "cli.h"

#include <getopt.h>
#include <string.h>

#include "frame.h"
#include "deadline.h"
#include "err.h"
#include "explain.h"
#include "folder.h"
#include "message.h"
#include "paths.h"
#include "plugin.h"
#include "request.h"

static const struct cli_option options[] = {
	{ "hex", NULL, "REQUEST is hexadecimal" },
	{ NULL, NULL, NULL },
};

static const struct cli_usage usage = {
	.line = "luahsm explain [OPTIONS] REQUEST",
	.about = "Cut a request as the server would, open its keys under the public test LMKs,\n"
	    "run nothing, and say which field at which offset breaks which rule.",
	.options = options,
	.settings = CLI_SERVER,
	.more = "REQUEST is written as for `luahsm send`, without a message header:\n"
	    "  luahsm explain B20009hello\n"
	    "exit status: 0 nothing is wrong, 5 the request would be refused",
};

static int
explain(const struct config *config, struct span message)
{
	char dir[PATH_MAX], path[PATH_MAX + 16];
	struct request rq = { 0 };
	struct folder *folder = NULL;
	struct plugin *p = NULL;
	int r = CLI_FAILED;

	if (paths_plugins(config->plugin_dir, true, dir, stderr) != 0)
		return CLI_CONFIG;
	snprintf(path, sizeof(path), "%s/%.2s.lua", dir, (const char *)message.p);
	if ((folder = folder_read(path, false, NULL)) == NULL) {
		fprintf(stderr, "no plug-in serves %.2s in %s: the answer is code 67 (%s)\n",
		    (const char *)message.p, dir, err_text(ERR_UNKNOWN));
		return CLI_HSM;
	}
	if (deadline_init(config->deadline_ms, config->slow_ms) == 0 &&
	    request_init(&rq, config) == 0)
		p = plugin_build(path, folder_code(folder, 0), folder_bytes(folder, 0), &rq,
		    config->plugin_memory, false, stderr);
	if (p != NULL)
		r = explain_request(p, &rq, -1, message, stdout) == 0 ? CLI_OK : CLI_HSM;
	plugin_free(p);
	request_free(&rq);
	folder_free(folder);
	return r;
}

int
cli_explain(int argc, char **argv)
{
	struct cli_settings settings = { 0 };
	struct config config;
	uint8_t message[FRAME_LIMIT];
	bool hex = false;
	size_t n;
	int r;

	if ((r = cli_options(&usage, &settings, argc, argv, cli_flag, &hex)) >= 0)
		return r;
	if (optind + 1 != argc)
		return cli_mistake(&usage, "which request? As in: luahsm explain B20009hello");
	if (cli_settings_load(&settings, &config) != 0)
		return CLI_CONFIG;
	if (message_parse(argv[optind], hex, message, sizeof(message), &n, stderr) != 0)
		return CLI_USAGE;
	if (n < 2)
		return cli_mistake(&usage, "a request is at least a command code");
	if ((r = cli_open_lmks(&config)) >= 0)
		return r;
	return explain(&config, span_of(message, n));
}
