/*
 * supervisor: the process that outlives the others.
 *
 * It makes the listeners, accepts, hands each connection to a worker, starts
 * and replaces workers, has plug-ins judged and spreads them, and ends it all
 * in order. It never reads a byte that a client sent and never runs Lua.
 */
#ifndef LUAHSM_SUPERVISOR_H
#define LUAHSM_SUPERVISOR_H

struct config;
struct folder;

/*
 * Serve until a signal or the admin socket ends it. Call after guard_start,
 * secret_init and the loading of LMKs, which workers inherit.
 *
 * first is what folder_read made of config->plugin_dir, which names the
 * folder (never empty here); it is judged before a worker starts, and taken
 * over. options is what followed "serve" on the command line, NULL at the
 * end: the judge of a folder (argv "luahsm judge OPTIONS...") is started with
 * the same, so that it has the same settings.
 *
 * The process's exit status: 0 after a drain, 1 when workers could not be
 * started, 3 after a line on stderr about what to change.
 */
int supervisor_run(const struct config *config, struct folder *first, char *const *options);

#endif
