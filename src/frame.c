/*
 * frame: the two-byte length in front of every message.
 */
#include "frame.h"

#include <assert.h>

#include "err.h"

int
frame_next(struct span *in, size_t least, size_t most, struct span *msg)
{
	size_t n;

	if (in->n < FRAME_LENGTH)
		return 0;
	n = (size_t)in->p[0] << 8 | in->p[1];
	if (n < least || n > most)
		return ERR_TOO_LONG;
	if (in->n - FRAME_LENGTH < n)
		return 0;
	*msg = span_sub(*in, FRAME_LENGTH, n);
	*in = span_sub(*in, FRAME_LENGTH + n, in->n - FRAME_LENGTH - n);
	return 1;
}

void
frame_length(uint8_t out[FRAME_LENGTH], size_t n)
{
	assert(n <= FRAME_LIMIT);
	out[0] = (uint8_t)(n >> 8);
	out[1] = (uint8_t)n;
}
