/*
 * cli: the subcommands, and what they share: options, help, settings.
 *
 * Each subcommand lives in cli_<verb>.c and returns the process's exit
 * status. Messages for people go to stderr, results to stdout.
 */
#ifndef LUAHSM_CLI_H
#define LUAHSM_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "config.h"

enum cli_status {
	CLI_OK      = 0,
	CLI_FAILED  = 1,
	CLI_USAGE   = 2,
	CLI_CONFIG  = 3,
	CLI_CONNECT = 4,	/* no server there */
	CLI_HSM     = 5		/* a reply's error code is not 00 */
};

struct cli_command {
	const char *name;
	int       (*run)(int argc, char **argv);	/* argv[0] is name */
	const char *about;	/* NULL: not shown in the help */
};

/*
 * Run the command of a table that argv[1] names. within: what was typed
 * before it ("luahsm", "luahsm keys"). Exit status; CLI_USAGE after a hint.
 */
int cli_choose(const struct cli_command *commands, const char *within, const char *about,
    int argc, char **argv);

/* The subcommands of luahsm; the last row has no name. */
extern const struct cli_command cli_commands[];

/* The one word after "luahsm" is --version. */
int cli_main(int argc, char **argv);

int cli_serve(int argc, char **argv);
int cli_config(int argc, char **argv);
int cli_reload(int argc, char **argv);
int cli_status(int argc, char **argv);
int cli_version(int argc, char **argv);
int cli_send(int argc, char **argv);
int cli_pinblock(int argc, char **argv);
int cli_keys(int argc, char **argv);
int cli_key(int argc, char **argv);
int cli_backup(int argc, char **argv);
int cli_restore(int argc, char **argv);
int cli_audit(int argc, char **argv);
int cli_console(int argc, char **argv);
int cli_lmk(int argc, char **argv);
int cli_bench(int argc, char **argv);
int cli_plugin(int argc, char **argv);
int cli_explain(int argc, char **argv);
int cli_judge(int argc, char **argv);

struct cli_option {
	const char *name;	/* without the dashes */
	const char *value;	/* how its value is called in the help; NULL: takes none */
	const char *help;
};

/* Which of the options that are settings a command takes, beside --config and --set. */
enum {
	CLI_NONE   = 0,		/* not even those */
	CLI_BASIC  = 1,
	CLI_CLIENT = 2,		/* port, socket */
	CLI_ADMIN  = 4,		/* admin-socket */
	CLI_LMK    = 8,		/* lmk */
	CLI_VAULT  = 16,	/* vault, passphrase-file */
	CLI_SERVER = 32		/* the rest */
};

/* What --help prints, and what options are read by. */
struct cli_usage {
	const char              *line;		/* "luahsm send [OPTIONS] REQUEST" */
	const char              *about;
	const struct cli_option *options;	/* the last one has no name; NULL: none */
	unsigned                 settings;	/* CLI_BASIC | ... */
	const char              *more;		/* examples; may be NULL */
};

/* For usage->more of commands that end in these ways. */
#define CLI_EXIT "exit status: 0, 1 failure, 2 usage, 3 configuration"

/* Say what is wrong and where help is; CLI_USAGE, for `return cli_mistake(...)`. */
int cli_mistake(const struct cli_usage *usage, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A whole number from least to most. 0, or -1 after a line on stderr. */
int cli_number(const char *option, const char *text, long least, long most, long *value);

enum { CLI_SETTINGS = 256, CLI_SETTINGS_TEXT = 16 * 1024 };

/* Options that are settings, kept until config_load. Start zeroed. */
struct cli_settings {
	const char *file;
	const char *set[CLI_SETTINGS];	/* in text, or in argv */
	size_t      n, used;
	char        text[CLI_SETTINGS_TEXT];
};

/*
 * Takes one option, a row of usage->options, with its value (NULL when it has none).
 * 0; anything else, after a line on stderr, ends the command with CLI_USAGE.
 */
typedef int cli_reader(void *arg, int option, const char *value);

/* A reader for the command that has one option: arg is a bool, which becomes true. */
int cli_flag(void *arg, int option, const char *value);

/*
 * Hand the options of argv to read, which may be NULL when there are none, and
 * keep the settings in s, which may be NULL when usage->settings is CLI_NONE.
 *
 * -1: go on, the operands start at argv[optind]; otherwise the exit status: --help was
 * answered, or a mistake told.
 */
int cli_options(const struct cli_usage *usage, struct cli_settings *s, int argc, char **argv,
    cli_reader *read, void *arg);

/* Load the configuration that s asks for. 0, or CLI_CONFIG after a line. */
int cli_settings_load(const struct cli_settings *s, struct config *config);

/*
 * cli_options for a command that has no operands, and the configuration, unless
 * that is NULL. -1: go on; otherwise the exit status.
 */
int cli_options_only(const struct cli_usage *usage, int argc, char **argv, cli_reader *read,
    void *arg, struct config *config);

/*
 * All of that for the processes that serve: read the options of `luahsm serve`
 * from argv, load and check the configuration. -1: go on; otherwise the
 * exit status.
 */
int cli_serve_config(int argc, char **argv, struct config *config);

/* Make the slab and the ciphers. 0, or CLI_FAILED after a line on stderr. */
int cli_open_memory(bool strict);

/*
 * All that, and the key cache; load the configured LMKs, those of one's own out of the
 * vault, which asks for its passphrase. -1: go on; otherwise the exit status, after a
 * line on stderr.
 */
int cli_open_lmks(const struct config *config);

#endif
