/*
 * fuzz_frame: a stream of any bytes, in pieces of any size, is cut into the
 * same messages as in one piece, all within the limits.
 *
 * The input's first bytes are least (message header and code) and the size of
 * a piece; the rest is the stream.
 */
#include "frame.h"

#include <stdlib.h>

#include "err.h"

enum { HEAD = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check(bool ok)
{
	if (!ok)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct span whole, piece, msg, other;
	size_t least, most, step, shown;
	int r, s;

	if (n < HEAD)
		return 0;
	least = 2 + (size_t)data[0];
	most = 1 + ((size_t)data[1] << 8 | 0xFF);
	step = 1 + (size_t)data[2];
	whole = span_of(data + HEAD, n - HEAD);
	piece = span_of(data + HEAD, 0);
	shown = 0;
	while ((r = frame_next(&whole, least, most, &msg)) == 1) {
		check(msg.n >= least && msg.n <= most && msg.p + msg.n == whole.p);
		while ((s = frame_next(&piece, least, most, &other)) == 0) {
			check(shown < n - HEAD);
			shown += step < n - HEAD - shown ? step : n - HEAD - shown;
			piece.n = (size_t)(data + HEAD + shown - piece.p);
		}
		check(s == 1 && other.p == msg.p && other.n == msg.n);
	}
	check(r == 0 || r == ERR_TOO_LONG);
	check(whole.p + whole.n == data + n);
	return 0;
}
