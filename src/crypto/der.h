/*
 * der: the little of ASN.1 DER that keys, certificate requests and TR-34 need.
 *
 * Reading takes one element off the front at a time and accepts DER alone:
 * definite lengths in their shortest form, tags of one byte. Writing goes from the end
 * to the front, so that a length is known when it is written.
 */
#ifndef LUAHSM_CRYPTO_DER_H
#define LUAHSM_CRYPTO_DER_H

#include <stdbool.h>

#include "span.h"

enum {
	DER_INTEGER  = 0x02,
	DER_BITS     = 0x03,
	DER_OCTETS   = 0x04,
	DER_NULL     = 0x05,
	DER_OID      = 0x06,
	DER_UTF8     = 0x0C,
	DER_PRINTABLE = 0x13,
	DER_SEQUENCE = 0x30,
	DER_SET      = 0x31,
	DER_CONTEXT  = 0x80	/* [0], primitive; 0xA0: constructed */
};

/* An element: borrowed from what it was read from. */
struct der {
	uint8_t     tag;
	struct span body;
	struct span whole;	/* with tag and length */
};

/* Take the first element off in. 0, or ERR_INPUT: there is none, and in is as it was. */
int der_next(struct span *in, struct der *element);

/* The same, for an element of that tag. */
int der_take(struct span *in, uint8_t tag, struct span *body);

/* The same, for a non-negative INTEGER: its bytes without leading zeros. An
 * integer without the zero that two's complement wants before a top bit is taken too. */
int der_take_number(struct span *in, struct span *number);

/*
 * Bytes being written. What does not fit is lost and remembered: der_written then
 * gives nothing. Put the last element first.
 */
struct der_writer {
	uint8_t *buffer;
	size_t   size, at;	/* bytes from at to size are written */
	bool     full;
};

void der_begin(struct der_writer *w, uint8_t *buffer, size_t size);

/* Put bytes as they are in front. */
void der_put(struct der_writer *w, struct span bytes);

/* Where an element ends that is written from now on. */
size_t der_mark(const struct der_writer *w);

/* Put tag and length in front of all that was written since the mark. */
void der_wrap(struct der_writer *w, uint8_t tag, size_t mark);

/* Put a whole element in front. */
void der_element(struct der_writer *w, uint8_t tag, struct span body);

/* An INTEGER of a number that has no leading zeros; plain: without the zero
 * before a top bit. */
void der_number(struct der_writer *w, struct span number, bool plain);

/* What was written; p is NULL when it did not fit. Borrowed from the buffer. */
struct span der_written(const struct der_writer *w);

#endif
