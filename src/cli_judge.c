/*
 * cli_judge: the throw-away process that proves a plug-in folder for the
 * supervisor. Not for people; they use `luahsm plugin test`.
 *
 * It is started afresh, so it never had an operator's LMK. The folder comes
 * as descriptor 3, the one that is being served, whose files need no second
 * proof, as 4 (if there is one); the report goes to stdout. Exit status 0: all
 * is good.
 */
#include "cli.h"

#include "command.h"
#include "folder.h"
#include "prove.h"
#include "reload.h"

int
cli_judge(int argc, char **argv)
{
	struct config asked, config;
	struct commands *c;
	struct folder *folder, *proven;
	unsigned bad;
	int r;

	if ((r = cli_serve_config(argc, argv, &asked)) >= 0)
		return r;
	/* Vectors speak of the defaults; only bounds and strictness are the server's. */
	config_default(&config);
	config.plugin_memory = asked.plugin_memory;
	config.deadline_ms = PROVE_PATIENCE * asked.deadline_ms;
	config.slow_ms = asked.slow_ms;
	proven = folder_map(RELOAD_PROVEN_FD);
	if ((folder = folder_map(RELOAD_FD)) == NULL || prove_init(&config) != 0 ||
	    (c = commands_new(&config, NULL)) == NULL) {
		puts("the judge can't start: no plug-in folder or no memory");
		folder_free(folder);
		folder_free(proven);
		return CLI_FAILED;
	}
	bad = prove_folder(c, folder, proven, &config, asked.profile == PROFILE_STRICT,
	    false, stdout);
	commands_free(c);
	folder_free(folder);
	folder_free(proven);
	return bad == 0 ? CLI_OK : CLI_FAILED;
}
