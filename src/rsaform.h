/*
 * rsaform: what stands inside the RSA padding when a key travels under it.
 *
 * Form 1 is SEQUENCE { OCTET STRING key, OCTET STRING iv } (the project's reading of the
 * page), forms 2 and 3 are the key alone (spec: commands GI and GK).
 */
#ifndef LUAHSM_RSAFORM_H
#define LUAHSM_RSAFORM_H

#include "span.h"

enum rsaform { RSAFORM_DER = 1, RSAFORM_PLAIN = 2, RSAFORM_ALONE = 3 };

enum { RSAFORM_IV = 8, RSAFORM_ERR = -77 };

/* A key and its IV (RSAFORM_IV bytes, or none). Borrowed. */
struct rsaform_key {
	struct span key, iv;
};

/* Write it to the end of buffer (size bytes, in the slab). p is NULL: no room. */
struct span rsaform_write(enum rsaform form, const struct rsaform_key *k, uint8_t *buffer,
    size_t size);

/* Read it. 0, or RSAFORM_ERR: it is not of that form. */
int rsaform_read(enum rsaform form, struct span clear, struct rsaform_key *k);

#endif
