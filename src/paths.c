/*
 * paths: see the table `places` for every rule.
 */
#include "paths.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct place {
	const char *systemd;	/* the folder itself, possibly one of several */
	const char *xdg;	/* the folder above luahsm */
	const char *system;	/* for root and under systemd */
	const char *home;	/* below the home folder; NULL: /tmp/luahsm-UID */
} places[] = {
	[PATHS_CONFIG]  = { "CONFIGURATION_DIRECTORY", "XDG_CONFIG_HOME", "/etc",
	    ".config" },
	[PATHS_DATA]    = { "STATE_DIRECTORY", "XDG_DATA_HOME", "/var/lib",
	    ".local/share" },
	[PATHS_STATE]   = { "LOGS_DIRECTORY", "XDG_STATE_HOME", "/var/log",
	    ".local/state" },
	[PATHS_RUNTIME] = { "RUNTIME_DIRECTORY", "XDG_RUNTIME_DIR", "/run", NULL },
};

/* A relative path in such a variable is to be ignored (XDG base directories). */
static const char *
absolute(const char *variable)
{
	const char *value = getenv(variable);

	return value != NULL && value[0] == '/' ? value : NULL;
}

bool
paths_systemd(void)
{
	const char *pid = getenv("SYSTEMD_EXEC_PID");

	/* a user's own systemd sets XDG_RUNTIME_DIR: its services are the user's */
	return pid != NULL && strtol(pid, NULL, 10) == (long)getpid() &&
	    absolute("XDG_RUNTIME_DIR") == NULL;
}

static const char *
home(void)
{
	const char *value = absolute("HOME");

	return value != NULL ? value : "/";	/* main has called home_set */
}

/* Write the folder of that kind. The length it has, as snprintf. */
static int
folder_of(const struct place *place, char *out, size_t n)
{
	const char *value;

	if ((value = absolute(place->systemd)) != NULL)
		return snprintf(out, n, "%.*s", (int)strcspn(value, ":"), value);
	if ((value = absolute(place->xdg)) != NULL)
		return snprintf(out, n, "%s/luahsm", value);
	if (geteuid() == 0 || paths_systemd())
		return snprintf(out, n, "%s/luahsm", place->system);
	if (place->home != NULL)
		return snprintf(out, n, "%s/%s/luahsm", home(), place->home);
	return snprintf(out, n, "/tmp/luahsm-%u", (unsigned)geteuid());
}

int
paths_in(enum paths_kind kind, const char *name, char *out, size_t n)
{
	char dir[PATH_MAX];
	int len = folder_of(&places[kind], dir, sizeof(dir));

	if (len < 0 || (size_t)len >= sizeof(dir))
		return -1;
	len = snprintf(out, n, "%s%s%s", dir, name[0] != '\0' ? "/" : "", name);
	return len < 0 || (size_t)len >= n ? -1 : 0;
}

/* Make every folder of path that is missing. 0 or -1 with errno. */
static int
make_all(char *path, mode_t mode)
{
	for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		int r;

		*slash = '\0';
		r = mkdir(path, 0755);
		*slash = '/';
		if (r != 0 && errno != EEXIST && errno != EROFS)
			return -1;
	}
	return mkdir(path, mode) != 0 && errno != EEXIST ? -1 : 0;
}

int
paths_make(const char *dir, mode_t mode, FILE *err)
{
	char path[PATH_MAX];
	struct stat st;
	size_t n = strlen(dir);

	while (n > 1 && dir[n - 1] == '/')
		n--;
	if (n == 0 || n >= sizeof(path)) {
		fprintf(err, "%s: not the path of a folder\n", dir);
		return -1;
	}
	memcpy(path, dir, n);
	path[n] = '\0';
	if (make_all(path, mode) != 0 || lstat(path, &st) != 0) {
		fprintf(err, "%s: cannot make this folder: %s\n", path, strerror(errno));
		return -1;
	}
	if (S_ISLNK(st.st_mode) && (st.st_uid == 0 || st.st_uid == geteuid()) &&
	    stat(path, &st) != 0)
		st.st_mode = 0;
	if (!S_ISDIR(st.st_mode)) {
		fprintf(err, "%s: is not a folder\n", path);
		return -1;
	}
	if ((st.st_uid != 0 && st.st_uid != geteuid()) ||
	    ((st.st_mode & (S_IWGRP | S_IWOTH)) && !(st.st_mode & S_ISVTX))) {
		fprintf(err, "%s: is another user's, or others can write it\n", path);
		return -1;
	}
	return 0;
}

int
paths_make_for(const char *file, mode_t mode, FILE *err)
{
	char dir[PATH_MAX];
	const char *slash = strrchr(file, '/');

	if (slash == NULL || slash == file)
		return 0;	/* the working folder, or the root: both are there */
	if ((size_t)(slash - file) >= sizeof(dir)) {
		fprintf(err, "%s: path is too long\n", file);
		return -1;
	}
	memcpy(dir, file, (size_t)(slash - file));
	dir[slash - file] = '\0';
	return paths_make(dir, mode, err);
}

static bool
exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

/* The folder this binary lies in. false: /proc does not say. */
static bool
binary_dir(char out[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", out, PATH_MAX - 1);
	char *slash;

	if (n <= 0)
		return false;
	out[n] = '\0';
	if ((slash = strrchr(out, '/')) == NULL)
		return false;
	*slash = '\0';
	return true;
}

/* build/luahsm, build/asan/luahsm: plugins beside `build`. false: not a build folder. */
static bool
beside_build(const char *dir, char out[PATH_MAX])
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s", dir);
	for (int up = 0; up < 2; up++) {
		char *slash = strrchr(path, '/');

		if (slash == NULL)
			return false;
		*slash = '\0';
		if (strcmp(slash + 1, "build") == 0)
			return (size_t)snprintf(out, PATH_MAX, "%s/plugins", path) < PATH_MAX;
	}
	return false;
}

static bool
beside_bin(const char *dir, char out[PATH_MAX])
{
	const char *slash = strrchr(dir, '/');

	return slash != NULL && (size_t)snprintf(out, PATH_MAX, "%.*s/share/luahsm/plugins",
	    (int)(slash - dir), dir) < PATH_MAX;
}

int
paths_plugins(const char *given, bool here, char out[PATH_MAX], FILE *err)
{
	char tried[3][PATH_MAX], dir[PATH_MAX];
	size_t n = 0;

	if (given[0] != '\0') {
		snprintf(tried[n++], PATH_MAX, "%s", given);
	} else {
		if (here)
			strcpy(tried[n++], "./plugins");
		if (binary_dir(dir)) {
			n += beside_build(dir, tried[n]);
			n += beside_bin(dir, tried[n]);
		}
	}
	for (size_t i = 0; i < n; i++) {
		if (exists(tried[i])) {
			memcpy(out, tried[i], PATH_MAX);
			return 0;
		}
	}
	if (given[0] != '\0') {
		fprintf(err, "%s: no such file or folder\n", given);
		return -1;
	}
	fputs("no plug-in folder; tried:", err);
	for (size_t i = 0; i < n; i++)
		fprintf(err, " %s", tried[i]);
	fputs("; give one with --plugin-dir\n", err);
	return -1;
}
