/*
 * cli_plugin: what the verbs of `luahsm plugin` share.
 */
#ifndef LUAHSM_CLI_PLUGIN_H
#define LUAHSM_CLI_PLUGIN_H

#include <stdbool.h>

#include "config.h"

struct cli_usage;
struct commands;
struct folder;

/* A folder of plug-ins, read for proof. */
struct plugin_set {
	bool             by_code;	/* set before: one command is asked for, by code or file */
	struct config    asked;		/* the server's settings */
	struct config    config;	/* those that vectors speak of */
	struct folder   *folder;
	struct commands *commands;	/* empty yet */
};

/*
 * Read options and the file or folder that argv names (none: the server's).
 * *json: set by --json. -1: go on, plugin_close later; else the exit status.
 */
int  plugin_open(const struct cli_usage *usage, int argc, char **argv, bool *json,
    struct plugin_set *set);
void plugin_close(struct plugin_set *set);

int plugin_create(int argc, char **argv);
int plugin_doc(int argc, char **argv);
int plugin_table(int argc, char **argv);
int plugin_vectors(int argc, char **argv);

#endif
