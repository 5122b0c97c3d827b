/*
 * hex: bytes as upper-case hexadecimal digits and back.
 *
 * Branch-free and without tables, because clear keys and PIN blocks pass
 * through here: the time depends on the length alone. Lower case is refused,
 * as everywhere on this wire.
 */
#ifndef LUAHSM_HEX_H
#define LUAHSM_HEX_H

#include <stddef.h>
#include <stdint.h>

#include "span.h"

/* Write 2 n digits to out, without a NUL. */
void hex_encode(const uint8_t *bytes, size_t n, char *out);

/* Fill n bytes from exactly 2 n digits. 0, or ERR_INPUT: out is then unspecified. */
int hex_decode(struct span text, uint8_t *out, size_t n);

#endif
