/*
 * csc: American Express card security codes.
 *
 * One block of PAN and expiry under a double-length CSCK gives twelve
 * digits: the 5-, the 4- and the 3-digit code (spec: pins.md 3.5). Version 1
 * is one block of triple DES; version 2 chains the service code behind it.
 */
#ifndef LUAHSM_CRYPTO_CSC_H
#define LUAHSM_CRYPTO_CSC_H

#include "span.h"

struct key;

enum csc_version { CSC_1 = 1, CSC_2 = 2 };

enum { CSC_DIGITS = 12 };

/*
 * pan: at least 14 digits, starting with 34 or 37; expiry: 4; service: 3, used
 * by version 2. out: the three codes, one behind the other.
 * 0; ERR_KEY_LENGTH; ERR_INPUT; ERR_CRYPTO.
 */
int csc_make(struct key *csck, enum csc_version version, struct span pan, struct span expiry,
    struct span service, char out[CSC_DIGITS]);

#endif
