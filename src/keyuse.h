/*
 * keyuse: which key blocks stand for which key type.
 *
 * Under a variant LMK the type code says what a key is for; in a key block its
 * usage does (spec: keys.md 4.3, pins.md 5). A type here is the one of the
 * table with separation: 70D is a TPK and 002 a PVK.
 */
#ifndef LUAHSM_KEYUSE_H
#define LUAHSM_KEYUSE_H

#include <stdbool.h>

#include "span.h"

struct config;
struct key;
struct key_kind;
struct keyblock_header;
struct lmk;

/* May a key of that header serve as the type? TR-31's usages count for all that they stand for. */
bool keyuse_is(const struct keyblock_header *h, unsigned type);

/* May the key that was opened stand where a plug-in wants the kind? Keys
 * without a header always: their type was right, or they would not have opened
 * well. 0, ERR_USAGE, ERR_KEY_VERSION (a component), or ERR_ALGORITHM (AES where the
 * kind works in DES only). */
int keyuse_check(const struct key *key, const struct key_kind *kind);

/*
 * May a key field in that scheme come in under lmk? Strict takes no X and Y under
 * a variant LMK: the parts of such a key can be put together at will, since each
 * is encrypted alike (threats A9). 0 or ERR_SCHEME.
 */
int keyuse_scheme(const struct lmk *lmk, struct span field, const struct config *config);

/* The header that a key of the type gets when nobody says: no restriction,
 * version 00, exportability S. False: the type has no usage in key blocks. */
bool keyuse_default(unsigned type, const struct key *key, struct keyblock_header *h);

/*
 * May key leave under zmk in that scheme (S, R, or one without a header)? By
 * zmk's usage and mode, key's exportability and usage; strict also by strength.
 * And may keys in that scheme come in under zmk? 0; ERR_USAGE, ERR_MODE,
 * ERR_EXPORT, ERR_KEY_FUNCTION, ERR_WRAPPING_KEY, ERR_SCHEME, ERR_KEY_LENGTH.
 */
int keyuse_export(const struct key *zmk, const struct key *key, char scheme, bool strict);
int keyuse_import(const struct key *zmk, char scheme, bool strict);

/* Does a key of that header fit the code of a key type, 002 shared or not? */
bool keyuse_fits(const struct keyblock_header *h, unsigned type, bool separate_002);

#endif
