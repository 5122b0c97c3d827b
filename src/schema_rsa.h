/*
 * schema_rsa: the field types of the RSA and elliptic curve commands, whose
 * lengths are inside them (spec: commands-emv-mac-data.md, part E).
 *
 * They hold any bytes, a trailer's X'19 among them: nothing here searches.
 */
#ifndef LUAHSM_SCHEMA_RSA_H
#define LUAHSM_SCHEMA_RSA_H

#include "schema.h"
#include "schema_pin.h"

/*
 * Cut a field of such a type off the start of text, which for FIELD_AUTHDATA
 * ends where the message's own tail may begin. What counts is all of it, but:
 * FIELD_EXPONENT is the bytes alone; FIELD_AUTHDATA leaves an LMK identifier at
 * its end alone, and ~ in front of one or of # is a delimiter that belongs to it.
 * 0; 1: text ends too early; with piece->rule set, ERR_INPUT, or -78 for the
 * length of a private key.
 */
int schema_rsa_cut(const struct shape *sh, struct span text, struct piece *piece);

/* How much of text that is the rest of a message is its own: all but an LMK
 * identifier, % and two digits, at its end. */
size_t schema_text_length(struct span text);

#endif
