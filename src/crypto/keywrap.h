/*
 * keywrap: a working key encrypted under another key, by key scheme.
 *
 * The one construction behind keys under a variant LMK and under a ZMK: each
 * 8-byte part is encrypted by itself in ECB; schemes U and T first put a byte
 * of the scheme's own into the second part of the wrapping key, a different
 * one for each part (spec: keys.md 3.4, steps 4 and 5). LMK variants and
 * Atalla variants are put into the wrapping key by the caller.
 *
 * Schemes: 'Z' one part; 'P' two parts written without a tag; 'U', 'X' two
 * parts; 'T', 'Y' three. Z, P, X and Y have no scheme variant.
 */
#ifndef LUAHSM_CRYPTO_KEYWRAP_H
#define LUAHSM_CRYPTO_KEYWRAP_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of a key of that scheme; 0: no such scheme. */
size_t keywrap_length(char scheme);

/*
 * Wrap or unwrap len bytes; in and out may be the same.
 * Under a single-length key U and T are as under one of two equal parts.
 * 0; ERR_SCHEME (no such scheme);
 * ERR_KEY_LENGTH (len is not the scheme's length); ERR_CRYPTO.
 */
int keywrap_wrap(const uint8_t *kek, size_t kek_len, char scheme, const uint8_t *in,
    uint8_t *out, size_t len);
int keywrap_unwrap(const uint8_t *kek, size_t kek_len, char scheme, const uint8_t *in,
    uint8_t *out, size_t len);

#endif
