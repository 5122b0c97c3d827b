/*
 * prove: runs a plug-in's vectors through the same path as traffic.
 *
 * Only in a process that never had an operator's LMK: `luahsm plugin test`
 * and the judge of a reload, with the public test LMKs and a repeatable
 * random source.
 */
#ifndef LUAHSM_PROVE_H
#define LUAHSM_PROVE_H

#include <stdbool.h>
#include <stdio.h>

struct commands;
struct config;
struct folder;
struct plugin;

/* Time is the wall's, and who proves has low priority: so many times the server's deadline. */
enum { PROVE_PATIENCE = 20 };

enum {
	PROVE_VERBOSE = 1,	/* a line per vector */
	PROVE_ONCE    = 2,	/* one run of each, for who only wants to know what there is */

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
 * times: the reply must be the expected one, and from the second run on the
 * state must not allocate (unless the plug-in says that it does). config is
 * the set's own; its authorised state is set as the vectors ask.
 *
 * Failures go to out, "file:line: ..." each. how: PROVE_VERBOSE | PROVE_ONCE, or 0.
 */
struct proof prove_plugin(struct commands *c, struct plugin *p, struct config *config,
    unsigned how, FILE *out);

/*
 * Build and prove all of folder into c, but for the files that stand byte for
 * byte in proven (may be NULL), which were judged when they came. 0 when every
 * file loads and every vector holds (and, when strict, every plug-in has a
 * passing and a failing one); otherwise the number of files that are not good.
 */
unsigned prove_folder(struct commands *c, const struct folder *folder,
    const struct folder *proven, struct config *config, bool strict, bool verbose,
    FILE *out);

#endif
