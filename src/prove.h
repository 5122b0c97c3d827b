/*
 * prove: runs a plug-in's vectors through the same path as traffic.
 *
 * Only in a process that never had an operator's LMK: `luahsm plugin test`
 * and the judge of a reload, with the public test LMKs and a repeatable
 * random source.
 */
#ifndef LUAHSM_PROVE_H
#define LUAHSM_PROVE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

struct commands;
struct config;
struct folder;
struct plugin;

/* Time is the wall's, and who proves has low priority: so many times the server's deadline. */
enum { PROVE_PATIENCE = 20 };

/* What a vector of a brief proof may take, but for its first two runs; one that takes
 * longer than the other is costly, and not repeated if it allocated nothing. */
enum { PROVE_BRIEF_US = 20, PROVE_COSTLY_US = 200 };

enum {
	PROVE_VERBOSE = 1,	/* a line per vector */
	PROVE_ONCE    = 2,	/* one run of each, for who only wants to know what there is */
	PROVE_BRIEF   = 4,	/* fewer runs of vectors that take long: somebody waits */

	PROVE_LMK_ANY = 1 << 3
};

/* What one plug-in's vectors showed. */
struct proof {
	unsigned passed, failed;
	unsigned success, failure;	/* those that end in 00, in another code */
	unsigned lmks;			/* PROVE_ONCE: 1 << enum lmk_scheme for each under which
					 * one ends in 00; PROVE_LMK_ANY: one does under all */
};

/*
 * Load the public test LMKs under 00, 01 and 02 and make slab, ciphers and
 * deadline ready; once per process. 0, or ERR_NO_MEMORY, ERR_CRYPTO, ERR_SYSTEM.
 */
int prove_init(const struct config *config);

/*
 * Prove one plug-in of the set, built with its vectors. Each vector runs 101
 * times (a slow plug-in's, three times; in a brief proof twice, and then until
 * PROVE_BRIEF_US are over, but a costly one once): the reply must be the
 * expected one, and from the second run on the state must not allocate (unless
 * the plug-in says that it does). config is the set's own; its authorised state
 * is set as the vectors ask.
 *
 * Failures go to out, "file:line: ..." each. how: PROVE_VERBOSE | PROVE_ONCE |
 * PROVE_BRIEF, or 0.
 */
struct proof prove_plugin(struct commands *c, struct plugin *p, struct config *config,
    unsigned how, FILE *out);

/* Which files of a folder to prove. */
struct prove_task {
	const struct folder *folder;
	const struct folder *proven;	/* files that stand there byte for byte were judged
					 * when they came; or NULL */
	atomic_size_t *taken;		/* files so far, by all who share the task; or NULL */
	bool     strict;		/* each must have a passing and a failing vector */
};

/*
 * Build and prove the files of a task, or this process's share of them, into c.
 * 0 when every one loads and every vector holds; otherwise the number of files
 * that are not good.
 */
unsigned prove_folder(struct commands *c, const struct prove_task *task,
    struct config *config, unsigned how, FILE *out);

#endif
