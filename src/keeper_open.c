/*
 * keeper_open: folders, master key, store, log, in this order.
 */
#include "keeper_open.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "algorithm.h"
#include "config.h"
#include "err.h"
#include "log.h"
#include "ownfile.h"
#include "paths.h"
#include "report.h"
#include "secret.h"

/* Is the store a file, rather than a server? */
static bool
is_file(const struct config *config)
{
	return strstr(config->store, "://") == NULL;
}

/* The passphrase in a file, without the end of its line. */
static struct master *
read_passphrase(const char *path, FILE *err)
{
	int fd = ownfile_open(path, O_RDONLY, err);
	char *text = fd >= 0 ? secret_alloc(MASTER_PASSPHRASE + 2) : NULL;
	ssize_t n = text != NULL ? read(fd, text, MASTER_PASSPHRASE + 2) : -1;
	struct master *m = NULL;

	if (fd >= 0 && n < 0)
		fprintf(err, "%s: %s\n", path, strerror(errno));
	while (n > 0 && (text[n - 1] == '\n' || text[n - 1] == '\r'))
		n--;
	if (n >= 0 && (m = master_from_passphrase(span_of(text, (size_t)n))) == NULL)
		fprintf(err, "%s: the passphrase must have 1 to %d bytes\n", path,
		    MASTER_PASSPHRASE);
	secret_free(text);
	if (fd >= 0)
		close(fd);
	return m;
}

struct master *
keeper_master(const struct config *config, bool create, FILE *err)
{
	if (config->store_passphrase[0] != '\0')
		return read_passphrase(config->store_passphrase, err);
	if (config->store_key[0] == '\0') {
		fputs("the key store has no master key: set store.key_file or "
		    "store.passphrase_file\n", err);
		return NULL;
	}
	if (create && paths_make_for(config->store_key, 0700, err) != 0)
		return NULL;
	return master_from_file(config->store_key, create, err);
}

static struct audit *
open_audit(const struct config *config, const struct keystore *ks, FILE *err)
{
	uint8_t *key = secret_alloc(SEAL_KEY);
	struct audit *audit = NULL;

	if (key == NULL) {
		fputs("no room in the slab\n", err);
		return NULL;
	}
	keystore_subkey(ks, "audit", key);
	if (paths_make_for(config->store_audit, 0700, err) == 0)
		audit = audit_open(config->store_audit, key, err);
	secret_free(key);
	return audit;
}

/* What the log does not know of: the last row, if the keeper was killed when it was written. */
static int
visit_late(const struct store_row *row, void *arg)
{
	struct keeper_store *s = arg;
	const struct algorithm *a = algorithm_coded(row->algorithm);
	const struct audit_record r = { .operation = "recover", .key = row->label,
		.version = row->version, .algorithm = a != NULL ? a->name : NULL, .uid = -1,
		.pid = -1, .result = "00", .epoch = row->sequence };

	if (row->sequence <= audit_epoch(s->audit))
		return 0;
	return audit_add(s->audit, &r);
}

/*
 * A change that is in the store and not in the log was not answered, but who asks again
 * is told of it: it is recorded first. Of a server, others may have changed it.
 */
static int
catch_up(const struct config *config, struct keeper_store *s, FILE *err)
{
	int r = is_file(config) && keystore_epoch(s->ks) > audit_epoch(s->audit) ?
	    keystore_walk(s->ks, visit_late, s) : 0;

	if (r == 0 || r == ERR_CORRUPT)
		return 0;	/* a damaged row is refused when it is asked for */
	fputs("a change that the log does not know of cannot be recorded\n", err);
	return ERR_STORE;
}

/* The same, with what went wrong on err. */
static int
open_both(const struct config *config, struct keeper_store *s, FILE *err)
{
	bool fresh = !is_file(config) || access(config->store, F_OK) != 0;
	struct master *m;

	if (config->store[0] == '\0') {
		fputs("signing is switched off: the setting store.keys is none\n", err);
		return ERR_STORE;
	}
	if (is_file(config) && paths_make_for(config->store, 0700, err) != 0)
		return ERR_STORE;
	/* a key that is made for a store that is there opens nothing, and hides why */
	if ((m = keeper_master(config, fresh, err)) == NULL)
		return ERR_STORE;
	s->ks = keystore_open(config->store, m, err);
	master_free(m);
	if (s->ks == NULL)
		return ERR_STORE;
	/* the store that comes back need not be the one that went */
	audit_close(s->audit);
	if ((s->audit = open_audit(config, s->ks, err)) != NULL) {
		if (audit_epoch(s->audit) > keystore_epoch(s->ks))
			fputs("the key store is older than its log: a copy was put back, and "
			    "what was disabled, destroyed or made since is as it was then\n", err);
		if (catch_up(config, s, err) == 0)
			return 0;
	}
	keeper_close(s);
	return ERR_STORE;
}

static void
tell(const struct config *config)
{
	bool passphrase = config->store_passphrase[0] != '\0';

	log_event(LOG_INFO, "key-store", "keys", 's', is_file(config) ? config->store :
	    "a PostgreSQL server", passphrase ? "passphrase" : "master_key", 's',
	    passphrase ? config->store_passphrase : config->store_key, "audit", 's',
	    config->store_audit, NULL);
}

int
keeper_open(const struct config *config, struct keeper_store *s)
{
	char *text = NULL;
	size_t n;
	FILE *err = open_memstream(&text, &n);
	bool key_there = access(config->store_key, F_OK) == 0;
	int r = err != NULL ? open_both(config, s, err) : ERR_STORE;

	if (err != NULL)
		fclose(err);
	if (r == 0)
		tell(config);
	if (!key_there && config->store_key[0] != '\0' && access(config->store_key, F_OK) == 0)
		log_event(LOG_WARN, "master-key-made", "file", 's', config->store_key, "do", 's',
		    "keep a copy apart from backups of the keys: without it they are lost",
		    NULL);
	report_log(r == 0 ? LOG_WARN : LOG_ERROR, "key-store", text != NULL ? text : "");
	free(text);
	return r;
}

void
keeper_close_keys(struct keeper_store *s)
{
	keystore_close(s->ks);
	s->ks = NULL;
}

void
keeper_close(struct keeper_store *s)
{
	audit_close(s->audit);
	keystore_close(s->ks);
	*s = (struct keeper_store){ 0 };
}
