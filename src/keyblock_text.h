/*
 * keyblock_text: what the fields of a key block's header say, for people
 * (spec: keys.md 4.1, 4.3, 4.4). Texts are static and never NULL; one that a
 * table does not have is "unknown".
 */
#ifndef LUAHSM_KEYBLOCK_TEXT_H
#define LUAHSM_KEYBLOCK_TEXT_H

#include "span.h"

const char *keyblock_text_version(char version);
const char *keyblock_text_algorithm(char algorithm);
const char *keyblock_text_mode(char mode);
const char *keyblock_text_exportability(char exportability);
const char *keyblock_text_key_version(const char version[2]);

/* tag: S or R, for TR-31 calls some of them otherwise. */
const char *keyblock_text_usage(char tag, const char usage[2]);
const char *keyblock_text_option(const uint8_t id[2]);

#endif
