/*
 * paths: where configuration, data, logs, sockets and plug-ins lie.
 *
 * systemd's variables win, then the XDG ones, then what root and a user get
 * by custom. Everything that looks for the server uses these rules, so client
 * and server meet without being told. Nothing here reads a file's contents.
 */
#ifndef LUAHSM_PATHS_H
#define LUAHSM_PATHS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

enum paths_kind {
	PATHS_CONFIG,		/* luahsm.conf */
	PATHS_DATA,		/* keys.db, lmk.vault, audit */
	PATHS_STATE,		/* logs */
	PATHS_RUNTIME		/* sockets and luahsm.pid */
};

/*
 * The path of name in the folder of that kind (name "": the folder itself);
 * nothing is made. 0, or -1 when it does not fit into n bytes.
 */
int paths_in(enum paths_kind kind, const char *name, char *out, size_t n);

/* Was this process started by the system's systemd? */
bool paths_systemd(void);

/*
 * Make dir and what is missing above it (mode for dir, 0755 above), unless it
 * is there. It must then belong to root or this user, and others must not be
 * able to write it: /tmp is everybody's. 0, or -1 after one line on err.
 */
int paths_make(const char *dir, mode_t mode, FILE *err);

/* The same for the folder that file is in. */
int paths_make_for(const char *file, mode_t mode, FILE *err);

/*
 * Find the plug-in folder: given if not empty; else ./plugins when here; else
 * `plugins` beside the build folder that this binary runs from; else
 * share/luahsm/plugins beside its bin. The first that exists is used alone.
 * 0, or -1 after one line on err that names what was given or tried. given
 * may be one file.
 */
int paths_plugins(const char *given, bool here, char out[PATH_MAX], FILE *err);

#endif
