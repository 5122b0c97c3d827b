/*
 * config: the sources in their order, and what only the whole can show.
 */
#include "config.h"

#include <assert.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config_table.h"
#include "lmk.h"
#include "paths.h"
#include "stats.h"

extern char **environ;

/* What config_file's callback needs. */
struct target {
	struct config *config;
	FILE          *err;
};

unsigned
config_cpus(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;

	return n < 1 ? 1 : n > STATS_WORKERS ? STATS_WORKERS : (unsigned)n;
}

static void
preset(struct config *c, const struct setting *s, const char *text)
{
	int r = config_parse(c, s, s->name, text, stderr);

	assert(r == 0);		/* the table's own values are right */
	(void)r;
}

/* A file of the runtime folder; none when its path is too long for a socket. */
static void
runtime_file(char *out, size_t n, const char *name)
{
	if (paths_in(PATHS_RUNTIME, name, out, n) != 0)
		out[0] = '\0';
}

static void
data_file(char out[PATH_MAX], const char *name)
{
	if (paths_in(PATHS_DATA, name, out, PATH_MAX) != 0)
		out[0] = '\0';
}

void
config_default(struct config *c)
{
	memset(c, 0, sizeof(*c));
	for (size_t i = 0; i < config_table_count; i++)
		if (config_table[i].preset != NULL)
			preset(c, &config_table[i], config_table[i].preset);
	for (unsigned i = 0; i < CONFIG_LMKS && lmk_names[i] != NULL; i++)
		snprintf(c->lmk[i], sizeof(c->lmk[i]), "%s", lmk_names[i]);
	c->workers = config_cpus();
	c->log_json = !isatty(STDERR_FILENO);
	runtime_file(c->socket, sizeof(c->socket), "luahsm.sock");
	runtime_file(c->admin_socket, sizeof(c->admin_socket), "admin.sock");
	runtime_file(c->pid_file, sizeof(c->pid_file), "luahsm.pid");
	data_file(c->store, "keys.db");
	data_file(c->store_key, "master.key");
	data_file(c->store_audit, "audit.log");
	data_file(c->store_health, "health");
	data_file(c->spool, "spool");
}

bool
config_lists(const struct config_codes *list, const void *code)
{
	for (unsigned i = 0; i < list->n; i++)
		if (memcmp(list->code[i], code, sizeof(list->code[i])) == 0)
			return true;
	return false;
}

static int
unknown(const char *name, const char *where, FILE *err)
{
	const char *near = config_nearest(name);

	if (strncmp(name, "lmk.", 4) == 0 && name[4] >= '0' && name[4] <= '9') {
		fprintf(err, "%s: %s: an LMK's id is a number from 00 to 19\n", where, name);
		return -1;
	}
	fprintf(err, "%s: there is no setting \"%.64s\"", where, name);
	if (near != NULL)
		fprintf(err, "; did you mean \"%s\"?\n", near);
	else
		fputs("; `luahsm config list` shows all\n", err);
	return -1;
}

/* Set one setting, unless a source of higher rank has done so. 0 or -1 after a line. */
static int
assign(struct target *t, enum config_source source, const char *name, const char *value,
    unsigned line, const char *where)
{
	const struct setting *s = config_find(name);
	struct config_origin *origin;
	char why[1024] = "";
	FILE *text;
	int r;

	if (s == NULL)
		return unknown(name, where, t->err);
	origin = &t->config->origin[s - config_table];
	/* the first LMK that a source names replaces the set of those below it */
	if (s->kind == SETTING_LMK && origin->source != source)
		memset(t->config->lmk, 0, sizeof(t->config->lmk));
	if ((text = fmemopen(why, sizeof(why) - 1, "w")) == NULL)
		return -1;
	r = config_parse(t->config, s, name, value, text);
	fclose(text);
	origin->source = (uint8_t)source;
	origin->line = line;
	if (r != 0)
		fprintf(t->err, "%s: %s\n", where, why);
	return r;
}

static int
from_file(void *arg, const char *name, const char *value, unsigned line, const char *where)
{
	return assign(arg, CONFIG_FILE, name, value, line, where);
}

/* Read the file: path, or the first of the usual ones that is there. */
static int
load_file(struct target *t, const char *path)
{
	char usual[2][PATH_MAX] = { "", "/etc/luahsm/luahsm.conf" };
	int r = 1;

	if (path != NULL) {
		if ((r = config_file(path, from_file, t, t->err)) == 1) {
			fprintf(t->err, "%s: there is no such configuration file\n", path);
			return -1;
		}
		snprintf(t->config->file, sizeof(t->config->file), "%s", path);
		return r;
	}
	(void)paths_in(PATHS_CONFIG, "luahsm.conf", usual[0], sizeof(usual[0]));
	for (int i = 0; i < 2 && r == 1; i++) {
		if (usual[i][0] != '\0')
			r = config_file(usual[i], from_file, t, t->err);
		if (r == 0)
			memcpy(t->config->file, usual[i], sizeof(usual[i]));
	}
	return r == 1 ? 0 : r;
}

/*
 * A variable that is no setting may be somebody else's (LUAHSM_TEST_DIR), but
 * one letter beside a setting's name it is a mistake. 0 or -1 after a line.
 */
static int
check_variable(const char *variable, FILE *err)
{
	char env[SETTING_ENV_MAX];

	for (size_t i = 0; i < config_table_count; i++) {
		config_env_name(config_table[i].name, env);
		if (config_table[i].kind != SETTING_LMK && config_distance(variable, env) == 1) {
			fprintf(err, "environment: %s is no setting; did you mean %s?\n",
			    variable, env);
			return -1;
		}
	}
	return 0;
}

/* One LUAHSM_... variable. */
static int
from_variable(struct target *t, const char *variable, const char *value)
{
	char env[SETTING_ENV_MAX], name[SETTING_ENV_MAX];

	for (size_t i = 0; i < config_table_count; i++) {
		config_env_name(config_table[i].name, env);
		if (strcmp(variable, env) == 0 && config_table[i].kind != SETTING_LMK)
			return assign(t, CONFIG_ENVIRONMENT, config_table[i].name, value, 0,
			    variable);
	}
	if (strncmp(variable, "LUAHSM_LMK_", strlen("LUAHSM_LMK_")) == 0) {
		snprintf(name, sizeof(name), "lmk.%s", variable + strlen("LUAHSM_LMK_"));
		return assign(t, CONFIG_ENVIRONMENT, name, value, 0, variable);
	}
	return check_variable(variable, t->err);
}

static int
load_environment(struct target *t)
{
	char variable[SETTING_ENV_MAX];
	int r = 0;

	for (char **e = environ; r == 0 && *e != NULL; e++) {
		size_t n = strcspn(*e, "=");

		if (strncmp(*e, "LUAHSM_", strlen("LUAHSM_")) != 0 || n >= sizeof(variable) ||
		    (*e)[n] != '=')
			continue;
		memcpy(variable, *e, n);
		variable[n] = '\0';
		r = from_variable(t, variable, *e + n + 1);
	}
	return r;
}

static int
load_flag(struct target *t, const char *assignment)
{
	const char *equals = strchr(assignment, '=');
	char name[SETTING_ENV_MAX];

	if (equals == NULL || (size_t)(equals - assignment) >= sizeof(name)) {
		fprintf(t->err, "command line: \"%.100s\" is not NAME=VALUE\n", assignment);
		return -1;
	}
	memcpy(name, assignment, (size_t)(equals - assignment));
	name[equals - assignment] = '\0';
	return assign(t, CONFIG_FLAG, name, equals + 1, 0, "command line");
}

int
config_vault(const struct config *c, char path[PATH_MAX], FILE *err)
{
	if (c->vault[0] == '\0' && paths_in(PATHS_DATA, "lmk.vault", path, PATH_MAX) != 0) {
		fputs("lmk.vault: the path of the data folder is too long\n", err);
		return -1;
	}
	if (c->vault[0] != '\0')
		memcpy(path, c->vault, PATH_MAX);
	return 0;
}

/*
 * A vault makes strict the default, and strict a vault; its LMKs are then the
 * default set. Settings that nobody gave take the default of strict.
 */
static void
apply_profile(struct config *c)
{
	if (c->vault[0] != '\0' && config_source(c, "profile") == CONFIG_DEFAULT)
		c->profile = PROFILE_STRICT;
	if (c->profile == PROFILE_STRICT && c->vault[0] == '\0')
		(void)paths_in(PATHS_DATA, "lmk.vault", c->vault, sizeof(c->vault));
	if (c->vault[0] != '\0' && config_source(c, "lmk.00") == CONFIG_DEFAULT)
		memset(c->lmk, 0, sizeof(c->lmk));
	for (size_t i = 0; i < config_table_count; i++)
		if (c->profile == PROFILE_STRICT && config_table[i].strict != NULL &&
		    c->origin[i].source == CONFIG_DEFAULT)
			preset(c, &config_table[i], config_table[i].strict);
}

int
config_load(struct config *c, const char *path, const char *const *set, size_t n, FILE *err)
{
	struct target t = { c, err };
	int r;

	config_default(c);
	if ((r = load_file(&t, path)) != 0 || (r = load_environment(&t)) != 0)
		return r;
	for (size_t i = 0; i < n && r == 0; i++)
		r = load_flag(&t, set[i]);
	if (r == 0)
		apply_profile(c);
	return r;
}

enum config_source
config_source(const struct config *c, const char *name)
{
	const struct setting *s = config_find(name);

	assert(s != NULL);
	return (enum config_source)c->origin[s - config_table].source;
}
