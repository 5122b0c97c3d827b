/*
 * cli_bench_bare: what the cryptography of a request costs with libcrypto alone.
 */
#ifndef LUAHSM_CLI_BENCH_BARE_H
#define LUAHSM_CLI_BENCH_BARE_H

#include <stdio.h>

/*
 * Do the work in list again and again for so many seconds: "6*des3:8,2*aes256:48,1*rsa:2048"
 * is six times a two-key triple DES key and 8 bytes under it, twice an AES-256 key and 48
 * bytes, and one RSA signature. Also aes128 and sha256. Nanoseconds for all of it once, or
 * -1 after a line on err.
 */
double bench_bare(const char *list, double seconds, FILE *err);

#endif
