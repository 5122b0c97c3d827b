/*
 * questions: what tests ask a keeper.
 */
#ifndef TEST_QUESTIONS_H
#define TEST_QUESTIONS_H

#include "keeper.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct keeper_message *m;	/* in the slab; the tests' setup has it made */

static inline void
begin(enum keeper_kind kind, const char *label)
{
	memset(m, 0, sizeof(*m));
	m->kind = kind;
	m->uid = geteuid();
	m->pid = 4;
	snprintf(m->label, sizeof(m->label), "%s", label);
}

/* Of the key's first version, which was found at that epoch. */
static inline void
begin_signature(const char *label, uint64_t epoch)
{
	begin(KEEPER_RECORD, label);
	strcpy(m->operation, "sign");
	strcpy(m->code, "00");
	m->version = 1;
	m->algorithm = 1;
	m->epoch = epoch;
	m->digest_len = 32;
	memset(m->digest, 0xAB, 32);
}

#endif
