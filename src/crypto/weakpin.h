/*
 * weakpin: PINs that nobody is to have, whatever the account (setting pin.excluded).
 *
 * A table is a text of words with blanks or commas between them: PINs of 4 to 12
 * digits, and same (5555), ascending (6789, 7890) and descending (3210, 1098),
 * which stand for all such PINs. It is no secret; what is held against it is, so
 * that every word is looked at, whatever was found.
 */
#ifndef LUAHSM_CRYPTO_WEAKPIN_H
#define LUAHSM_CRYPTO_WEAKPIN_H

#include <stdbool.h>

struct secret;

/* Is the text such a table? An empty one is. */
bool weakpin_valid(const char *table);

/* Is the PIN, of 4 to 12 digits, in the table? Words that are none count for nothing. */
bool weakpin_in(const char *table, const struct secret *pin);

#endif
