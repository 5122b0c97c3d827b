#include "courier.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
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
static uint32_t last;			/* number given */

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

/* Take back a document that nobody waits for any more, unless the supervisor has it. */
static void
take_back(void)
{
	uint8_t rest[sizeof(struct courier_head) + MAILER_MAX];

	while (recv(theirs, rest, sizeof(rest), MSG_DONTWAIT) > 0)
		;
	sodium_memzero(rest, sizeof(rest));
}

/* Wait for the answer to the last document, and for no signal: the deadline's timer may
 * still tick. */
static bool
wait_answer(struct courier_head *h)
{
	struct pollfd answer = { .fd = mine, .events = POLLIN };
	uint64_t end = stats_now() + COURIER_MS * 1000000ULL, now;

	while ((now = stats_now()) < end) {
		int n = poll(&answer, 1, (int)((end - now) / 1000000U) + 1);

		if (n == 0 || (n < 0 && errno == EINTR))
			continue;
		if (n < 0 || recv(mine, h, sizeof(*h), 0) != sizeof(*h))
			return false;
		if (h->number == last)
			return true;	/* another one came too late */
	}
	return false;
}

/* Head and text in one packet. */
static bool
send_document(struct courier_head *h, struct span text)
{
	struct iovec part[] = {
		{ h, sizeof(*h) },
		{ (void *)(uintptr_t)text.p, text.n }
	};
	const struct msghdr packet = { .msg_iov = part, .msg_iovlen = 2 };

	return sendmsg(mine, &packet, MSG_NOSIGNAL) == (ssize_t)(sizeof(*h) + text.n);
}

int
courier_write(const char *dir, const char *code, struct span text)
{
	const struct channel_message m = { .kind = CHANNEL_PRINT };
	struct courier_head h = { .number = ++last, .code = { code[0], code[1] } };

	if (channel < 0)
		return spool_write(dir, code, text);
	if (!send_document(&h, text) || channel_send(channel, &m, theirs) != 0) {
		take_back();
		return complain("the supervisor can't be reached");
	}
	if (!wait_answer(&h)) {
		take_back();
		return complain("the supervisor does not answer");
	}
	return h.r == 0 ? 0 : ERR_PRINTER;
}

void
courier_serve(const char *dir, int end)
{
	struct courier_head h;
	uint8_t text[MAILER_MAX];
	struct iovec part[] = { { &h, sizeof(h) }, { text, sizeof(text) } };
	struct msghdr packet = { .msg_iov = part, .msg_iovlen = 2 };
	ssize_t n = recvmsg(end, &packet, MSG_DONTWAIT) - (ssize_t)sizeof(h);

	if (n >= 0) {
		h.code[2] = '\0';
		h.r = ERR_PRINTER;
		if (n > 0 && charset_all(span_of(h.code, 2), CHAR_PRINT) &&
		    strchr(h.code, '/') == NULL)
			h.r = spool_write(dir, h.code, span_of(text, (size_t)n));
		(void)send(end, &h, sizeof(h), MSG_NOSIGNAL | MSG_DONTWAIT);
	}
	sodium_memzero(text, sizeof(text));
	close(end);
}
