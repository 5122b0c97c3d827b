/*
 * cli_key: one command about signing keys: what it is about, and how the daemon is asked.
 */
#ifndef LUAHSM_CLI_KEY_H
#define LUAHSM_CLI_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "cli.h"
#include "kms_key.h"

struct algorithm;

struct cli_key_job {
	const struct cli_usage *usage;
	unsigned                takes;	/* of operands */
	struct kms_daemon      *daemon;	/* connected, when it is asked */
	bool                    json, strict;
	const struct algorithm *algorithm;
	char                    name[KMS_NAME_MAX + 1];
	uint32_t                version;	/* 0: none is named */
};

/* Ask, and print the answer. 0, or -1: the daemon's error says why. */
int cli_key_create(struct cli_key_job *job);
int cli_key_list(struct cli_key_job *job);
int cli_key_show(struct cli_key_job *job);
int cli_key_public(struct cli_key_job *job);
int cli_key_rotate(struct cli_key_job *job);
int cli_key_enable(struct cli_key_job *job);
int cli_key_disable(struct cli_key_job *job);
int cli_key_destroy(struct cli_key_job *job);

#endif
