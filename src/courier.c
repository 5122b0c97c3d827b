#include "courier.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sodium.h>

#include "channel.h"
#include "charset.h"
#include "err.h"
#include "log.h"
#include "mailer.h"
#include "spool.h"
#include "stats.h"

static int channel = -1;
static int mine = -1, theirs = -1;	/* ends of the pair */

int
courier_open(int to)
{
	int ends[2];

	if (channel_pair(ends) != 0)
		return ERR_SYSTEM;
	channel = to;
	mine = ends[0];
	theirs = ends[1];
	return 0;
}

static int
complain(const char *why)
{
	log_event(LOG_ERROR, "print-failed", "why", 's', why, NULL);
	return ERR_PRINTER;
}

/* What lies in the pair is of a document that nobody waits for any more. */
static void
empty_pair(void)
{
	uint8_t rest[MAILER_MAX];

	while (recv(mine, rest, sizeof(rest), 0) > 0 || recv(theirs, rest, sizeof(rest), 0) > 0)
		;
	sodium_memzero(rest, sizeof(rest));
}

/* Wait for the answer, and for no signal: the deadline's timer may still tick. */
static bool
wait_answer(int32_t *r)
{
	struct pollfd answer = { .fd = mine, .events = POLLIN };
	uint64_t end = stats_now() + COURIER_MS * 1000000ULL, now;
	int n = 0;

	while (n <= 0 && (now = stats_now()) < end) {
		n = poll(&answer, 1, (int)((end - now) / 1000000U) + 1);
		if (n < 0 && errno != EINTR)
			return false;
	}
	return n == 1 && recv(mine, r, sizeof(*r), 0) == sizeof(*r);
}

int
courier_write(const char *dir, const char *code, struct span text)
{
	const struct channel_message m = { .kind = CHANNEL_PRINT,
	    .number = (uint32_t)(code[0] << 8 | code[1]) };
	int32_t r;

	if (channel < 0)
		return spool_write(dir, code, text);
	empty_pair();
	if (send(mine, text.p, text.n, MSG_NOSIGNAL) != (ssize_t)text.n ||
	    channel_send(channel, &m, theirs) != 0)
		return complain("the supervisor can't be reached");
	if (!wait_answer(&r))
		return complain("the supervisor does not answer");
	return r == 0 ? 0 : ERR_PRINTER;
}

void
courier_serve(const char *dir, uint32_t number, int end)
{
	const char code[3] = { (char)(number >> 8), (char)number, '\0' };
	uint8_t text[MAILER_MAX];
	ssize_t n = recv(end, text, sizeof(text), MSG_DONTWAIT);
	int32_t r = ERR_PRINTER;

	if (n > 0 && charset_all(span_of(code, 2), CHAR_PRINT) && strchr(code, '/') == NULL)
		r = spool_write(dir, code, span_of(text, (size_t)n));
	sodium_memzero(text, sizeof(text));
	(void)send(end, &r, sizeof(r), MSG_NOSIGNAL | MSG_DONTWAIT);
	close(end);
}
