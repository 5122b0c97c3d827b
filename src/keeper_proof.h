/*
 * keeper_proof: the keeper that vectors of plug-ins are proved with: a handful
 * of published test keys that never change, and no store.
 *
 *	test/ed25519	RFC 8032, 7.1, TEST 2
 *	test/ed25519ph	RFC 8032, 7.3
 *	test/p256	version 1: RFC 6979, A.2.5; version 2: the NIST test key of RFC
 *			4754, 8.1
 *	test/disabled, test/destroyed, test/foreign (another user's)
 */
#ifndef LUAHSM_KEEPER_PROOF_H
#define LUAHSM_KEEPER_PROOF_H

struct keeper_message;

/* Answer a question as the keeper does; changes are forgotten. A command_asker. */
int keeper_proof(void *arg, struct keeper_message *m);

#endif
