/*
 * selftest: known answers from the algorithms in use, before anyone is served.
 *
 * Run once per process, after secret_init, libcrypto_init and key_init and before
 * the first request: it takes scratch keys and slots and gives them back.
 */
#ifndef LUAHSM_SELFTEST_H
#define LUAHSM_SELFTEST_H

/* The name of the first test that fails, or NULL. A process that fails must not serve. */
const char *selftest_run(void);

#endif
