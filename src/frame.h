/*
 * frame: find one message in a stream of bytes.
 *
 * A message is a two-byte length, most significant first, and that many
 * bytes. Nothing here copies, allocates or does I/O, so a span that comes
 * back lives exactly as long as the bytes it was cut from.
 */
#ifndef LUAHSM_FRAME_H
#define LUAHSM_FRAME_H

#include "span.h"

enum { FRAME_LENGTH = 2, FRAME_LIMIT = 65535 };

/*
 * Cut the first whole message off in. A length below least (message header
 * and command code) or above most can't be right.
 *
 * 1: *msg is set and in has moved past it. 0: more bytes are needed and in
 * is as it was. ERR_TOO_LONG: the stream is lost; close it.
 */
int frame_next(struct span *in, size_t least, size_t most, struct span *msg);

/* Write the length of an n-byte message (n at most FRAME_LIMIT) in front of it. */
void frame_length(uint8_t out[FRAME_LENGTH], size_t n);

#endif
