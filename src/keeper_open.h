/*
 * keeper_open: key store and audit log from what the settings say.
 */
#ifndef LUAHSM_KEEPER_OPEN_H
#define LUAHSM_KEEPER_OPEN_H

#include "audit.h"
#include "keystore.h"

struct config;

struct keeper_store {
	struct keystore *ks;	/* NULL: not open */
	struct audit    *audit;
};

/*
 * Open both, or the store alone if the log is open, made if they are missing: that
 * is told in the log, and where the master key comes from. 0, or ERR_STORE after a
 * line in the log for each cause; a log that was open may stay so.
 */
int keeper_open(const struct config *config, struct keeper_store *s);

void keeper_close(struct keeper_store *s);

/* The store alone. */
void keeper_close_keys(struct keeper_store *s);

/* The master key that the settings name. create: make its file if it is missing.
 * NULL after a line on err. */
struct master *keeper_master(const struct config *config, bool create, FILE *err);

#endif
