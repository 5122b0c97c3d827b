/*
 * cli_serve: everything that must hold before the supervisor takes over.
 *
 * The order matters: limits before the slab, the slab before libcrypto is
 * used, the self-tests before an LMK is loaded, all of it before a listener opens.
 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "authority.h"
#include "folder.h"
#include "guard.h"
#include "log.h"
#include "paths.h"
#include "selftest.h"
#include "supervisor.h"

static const struct cli_usage usage = {
	.line = "luahsm serve [OPTIONS]",
	.about = "Answer payShield host commands over TCP and a Unix socket, each by its\n"
	    "plug-in. SIGHUP or `luahsm reload` reads the plug-ins again; SIGTERM or\n"
	    "SIGINT lets open requests end, a second one does not.",
	.settings = CLI_SERVER,
	.more = "Every option is a setting: a flag wins over the environment\n"
	    "(LUAHSM_PORT=1600), that over the file (return { port = 1600 }).\n"
	    "Plug-ins are searched for in ./plugins, beside the build folder, and in\n"
	    "share/luahsm/plugins beside bin; the first folder that exists is used.\n"
	    "\n"
	    "exit status: 0 stopped by a signal, 1 failure, 2 usage, 3 configuration",
};

int
cli_serve_config(int argc, char **argv, struct config *config)
{
	int r = cli_options_only(&usage, argc, argv, NULL, NULL, config);

	if (r >= 0)
		return r;
	return config_check(config, stderr) == 0 ? -1 : CLI_CONFIG;
}

/* What everybody who starts a server with test keys has to know. */
static void
print_banner(const struct config *config)
{
	static const char *const lines[] = {
		"test profile: the LMKs are the published test keys, known to everybody",
		"use it for development and tests only, never with live keys, PINs or cards",
		"luahsm is software: it resists no physical attack and has no certification",
	};
	const char *where = config->listen_tcp && config->naddress > 0 ?
	    "listening where the setting address says, beyond the loopback perhaps" :
	    "reachable from this machine only";

	if (config->log_json) {
		log_event(LOG_WARN, "test-profile", "keys", 's', lines[0], "use", 's', lines[1],
		    "certification", 's', lines[2], "reach", 's', where, NULL);
		return;
	}
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		fprintf(stderr, "  *  %s\n", lines[i]);
	fprintf(stderr, "  *  %s\n", where);
	if (config->authorised)
		fputs("  *  authorised from the start, by the setting authorised\n", stderr);
}

/* Find the plug-in folder and read it. NULL after a line on stderr. */
static struct folder *
read_plugins(struct config *config)
{
	bool strict = config->profile == PROFILE_STRICT;
	char dir[PATH_MAX];
	struct folder *folder;

	/* ./plugins is for a person at a prompt: a daemon runs in whatever folder */
	if (paths_plugins(config->plugin_dir, !strict && !paths_systemd(), dir, stderr) != 0)
		return NULL;
	memcpy(config->plugin_dir, dir, sizeof(dir));
	folder = folder_read(dir, strict, stderr);
	if (folder != NULL && folder_count(folder) == 0)
		log_event(LOG_WARN, "no-plugins", "dir", 's', dir, "effect", 's',
		    "every command answers 67", NULL);
	return folder;
}

int
cli_serve(int argc, char **argv)
{
	struct config config = { 0 };
	struct folder *folder;
	const char *failed;
	int r;

	if ((r = cli_serve_config(argc, argv, &config)) >= 0)
		return r;
	log_open("supervisor", -1, (enum log_level)config.log_level, config.log_json);
	if (guard_start(config.profile == PROFILE_STRICT, stderr) != 0)
		return CLI_CONFIG;
	if ((r = cli_open_lmks(&config)) >= 0)
		return r;
	if (authority_init() != 0) {
		fputs("luahsm: no memory for the authorised state\n", stderr);
		return CLI_FAILED;
	}
	if ((failed = selftest_run()) != NULL) {
		fprintf(stderr, "luahsm: the self-test %s failed; nothing is served\n", failed);
		return CLI_FAILED;
	}
	if ((folder = read_plugins(&config)) == NULL)
		return CLI_CONFIG;
	if (config.profile == PROFILE_TEST)
		print_banner(&config);
	return supervisor_run(&config, folder, argv + 1);
}
