/*
 * config: one struct with every setting, filled from flags, environment, file
 * and defaults, in that order of precedence (design: Configuration).
 */
#ifndef LUAHSM_CONFIG_H
#define LUAHSM_CONFIG_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	CONFIG_LMKS      = 20,
	CONFIG_NAME      = 64,
	CONFIG_ADDRESSES = 8,
	CONFIG_CODES     = 128,
	CONFIG_POLICY    = 512,
	CONFIG_SETTINGS  = 72	/* rows in config_table.c, at most */
};

enum profile { PROFILE_TEST, PROFILE_STRICT };
enum storage_form { STORAGE_SINGLE, STORAGE_DOUBLE, STORAGE_TRIPLE, STORAGE_VARIABLE };
enum lmk_pin_method { LMK_PIN_FPE10, LMK_PIN_PLAIN0 };

/* Rising precedence. */
enum config_source {
	CONFIG_DEFAULT,
	CONFIG_FILE,
	CONFIG_ENVIRONMENT,
	CONFIG_FLAG
};

struct config_origin {
	uint8_t  source;	/* enum config_source */
	unsigned line;		/* in the file; 0: not known */
};

/* A list of command codes. */
struct config_codes {
	unsigned n;
	char     code[CONFIG_CODES][2];
};

struct config {
	enum profile profile;
	bool     listen_tcp;		/* false: Unix socket only */
	uint16_t port;
	unsigned naddress;		/* 0: the loopback addresses */
	char     address[CONFIG_ADDRESSES][64];
	char     socket[108];
	char     socket_users[CONFIG_POLICY];	/* who may connect beside our own user and root */
	char     admin_socket[108];
	char     pid_file[PATH_MAX];
	unsigned workers;
	unsigned slow_workers;		/* 0: slow commands run like all others */
	bool     seccomp;		/* filter.h, in every worker */
	char     plugin_dir[PATH_MAX];	/* empty: searched for */

	unsigned header_length;
	bool     unknown_zz;		/* unknown command: ZZ00 instead of 67 */
	char     firmware[10];
	char     serial[13];		/* empty: made up from machine and port */
	bool     mac_length;
	bool     sockets_wide;		/* NO tells the number of sockets in 4 digits */
	struct config_codes disabled;
	struct config_codes local;	/* answered on the Unix socket only */
	bool     authorised;

	char     lmk[CONFIG_LMKS][CONFIG_NAME];	/* empty: not loaded */
	unsigned lmk_default;
	char     lmk_old[CONFIG_NAME];
	char     vault[PATH_MAX];	/* empty: none */
	unsigned officers;		/* that it takes to authorise something */
	unsigned console_minutes;
	char     passphrase_file[PATH_MAX];	/* empty: a credential, or asked for */

	unsigned pin_length;
	enum lmk_pin_method pin_lmk_method;
	bool     table_encrypted;
	bool     restrict_formats;
	bool     pin_clear;
	bool     pin_one_error;
	struct config_codes formats_off;	/* PIN block formats that nobody may use */
	char     pin_excluded[256];	/* a table of crypto/weakpin.h */
	bool     dukpt_counter;
	unsigned pin_failures;		/* 0: no limit; see failures.h */
	unsigned pin_failures_hours;
	unsigned pin_failures_delay;	/* seconds */
	unsigned pin_alarm;		/* failures a minute; 0: no alarm */
	unsigned pin_alarm_hour;	/* and an hour */
	bool     zmk_single;
	bool     component_ff;
	bool     x_under_lmk;
	bool     atalla;
	bool     strict_variant_lmk;
	bool     separate_002;
	enum storage_form storage;	/* block of user storage */

	char     store[PATH_MAX];	/* of signing keys: a path or postgresql://... */
	char     store_key[PATH_MAX];	/* file of its master key, */
	char     store_passphrase[PATH_MAX];	/* or one with a passphrase; empty: the other */
	char     store_audit[PATH_MAX];
	char     store_health[PATH_MAX];
	char     store_policy[CONFIG_POLICY];	/* of new keys */
	bool     strict_create;

	char     spool[PATH_MAX];	/* empty: there is no printer */
	unsigned deadline_ms;
	unsigned slow_ms;
	size_t   plugin_memory;
	unsigned connections;
	unsigned per_address;
	size_t   frame_max;
	unsigned drain_ms;
	unsigned idle_ms;		/* 0: no idle timeout */
	int      log_level;
	bool     log_json;
	bool     trace;

	char     file[PATH_MAX];	/* that was read; empty: none */
	struct config_origin origin[CONFIG_SETTINGS];	/* by row of config_table.c */
};

/* The processors this process may use, at most as many as there can be workers. */
unsigned config_cpus(void);

/* Is the code, two characters, in the list? */
bool config_lists(const struct config_codes *list, const void *code);

/* Every setting at its default. */
void config_default(struct config *c);

/*
 * Fill c from the environment, the file (named by path, or searched for when
 * NULL) and n assignments "NAME=VALUE" from the command line, in rising
 * precedence. 0, or -1 after one line on err that names the place and what to do.
 */
int config_load(struct config *c, const char *path, const char *const *set, size_t n,
    FILE *err);

/* Check what only the whole can show (strict needs addresses and so on). As above. */
int config_check(const struct config *c, FILE *err);

/* Where the vault is: as set, or in the data folder. 0, or -1 after a line on err. */
int config_vault(const struct config *c, char path[PATH_MAX], FILE *err);

/* Where the value of the setting of that name came from. */
enum config_source config_source(const struct config *c, const char *name);

/* Print each setting and its value; with origin, where it came from too. */
void config_show(const struct config *c, bool origin, FILE *out);

/* Print what can be set: name, environment variable, values, default, meaning. */
void config_list(FILE *out);

#endif
