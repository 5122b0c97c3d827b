/*
 * cli_judge: the throw-away process that proves a plug-in folder for the
 * supervisor. Not for people; they use `luahsm plugin test`.
 *
 * It is started afresh, so it never had an operator's LMK. The folder comes
 * as descriptor 3; the report goes to stdout. Exit status 0: all is good.
 */
#include "cli.h"

#include "command.h"
#include "folder.h"
#include "prove.h"

enum { FOLDER_FD = 3 };

int
cli_judge(int argc, char **argv)
{
	struct config asked, config;
	struct commands *c;
	struct folder *folder;
	unsigned bad;
	int r;

	if ((r = cli_serve_config(argc, argv, &asked)) >= 0)
		return r;
	/* Vectors speak of the defaults; only bounds and strictness are the server's. */
	config_default(&config);
	config.plugin_memory = asked.plugin_memory;
	config.deadline_ms = asked.deadline_ms;
	if ((folder = folder_map(FOLDER_FD)) == NULL || prove_init(&config) != 0 ||
	    (c = commands_new(&config, NULL)) == NULL) {
		puts("the judge can't start: no plug-in folder or no memory");
		folder_free(folder);
		return CLI_FAILED;
	}
	bad = prove_folder(c, folder, &config, asked.profile == PROFILE_STRICT, false,
	    stdout);
	commands_free(c);
	folder_free(folder);
	return bad == 0 ? CLI_OK : CLI_FAILED;
}
