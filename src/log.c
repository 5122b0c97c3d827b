/*
 * log: one line per event. The line is built in a fixed buffer and leaves in
 * one write, so that lines of several processes never mix and logging works
 * when memory is short. That is also why the JSON is written here: every byte
 * outside printable ASCII is replaced first, so two characters need quoting.
 *
 * Nobody may be reading: a line that has no room now is dropped and counted. To look
 * for room first is not enough, since others write, too; and standard error is theirs as
 * well, so it can't be made non-blocking. A pipe is opened anew, for us alone; a socket
 * can be told each time.
 */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	LOG_LINE  = PIPE_BUF,	/* a pipe that has room takes as much in one piece */
	LOG_VALUE = 1024,	/* characters of one value; the rest is cut */
	ACCOUNT   = 12,		/* digits of a PAN as an account field has them */
	PAN_MIN   = 13,
	PAN_MAX   = 19,
	PAN_HEAD  = 6,		/* digits of a PAN that may be shown, in front */
	PAN_TAIL  = 4		/* and at the end */
};

static struct {
	char           role[24];
	int            number;
	enum log_level most;
	bool           json;
	unsigned       dropped;	/* lines since the last one that was written */
} state = { .role = "luahsm", .number = -1, .most = LOG_INFO };

static const char *const level_name[] = { "error", "warn", "info", "debug", "trace" };

struct line {
	char   text[LOG_LINE];
	size_t n;
	bool   full;		/* something did not fit */
};

/* Standard error as a pipe that does not block, unless the system won't open it: then it
 * may block, as it did before. */
static void
own_pipe(void)
{
	struct stat st;
	int fd;

	if (fstat(STDERR_FILENO, &st) != 0 || !S_ISFIFO(st.st_mode) ||
	    (fcntl(STDERR_FILENO, F_GETFL) & O_NONBLOCK) != 0 ||
	    (fd = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_CLOEXEC)) < 0)
		return;
	(void)dup2(fd, STDERR_FILENO);
	close(fd);
}

void
log_open(const char *role, int number, enum log_level most, bool json)
{
	own_pipe();
	snprintf(state.role, sizeof(state.role), "%s", role);
	state.number = number;
	state.most = most;
	state.json = json;
	state.dropped = 0;
	/* gmtime_r looks for a time zone file the first time, which a worker may not open. */
	tzset();
}

bool
log_wants(enum log_level level)
{
	return level <= state.most;
}

static void
put(struct line *l, const char *s, size_t n)
{
	if (n > sizeof(l->text) - 2 - l->n) {	/* room for "}\n" */
		l->full = true;
		return;
	}
	memcpy(l->text + l->n, s, n);
	l->n += n;
}

static void
put_str(struct line *l, const char *s)
{
	put(l, s, strlen(s));
}

/* One character of a value, quoted as the form of the line needs it. */
static void
put_char(struct line *l, unsigned char c, bool quoted)
{
	char hex[8];

	if (c == '\n') {
		put(l, "\\n", 2);
	} else if (c < 0x20 || c > 0x7e) {
		snprintf(hex, sizeof(hex), state.json ? "\\\\x%02X" : "\\x%02X", c);
		put_str(l, hex);
	} else {
		if (quoted && (c == '"' || c == '\\'))
			put(l, "\\", 1);
		put(l, (const char *)&c, 1);
	}
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Characters of the digits at s, with single blanks or hyphens between; *digits of them. */
static size_t
digits_at(const char *s, unsigned *digits)
{
	size_t i = 0;

	for (*digits = 0; is_digit(s[i]); ++*digits) {
		i++;
		if ((s[i] == ' ' || s[i] == '-') && is_digit(s[i + 1]))
			i++;
	}
	return i;
}

/* A PAN shows its ends only, an account field the last four, a longer run nothing. */
static void
put_digits(struct line *l, const char *s, size_t n, unsigned digits)
{
	unsigned head = digits, tail = 0, at = 0;

	if (digits >= ACCOUNT) {
		head = digits >= PAN_MIN && digits <= PAN_MAX ? PAN_HEAD : 0;
		tail = digits <= PAN_MAX ? PAN_TAIL : 0;
	}
	for (size_t i = 0; i < n; i++) {
		bool shown = at < head || at >= digits - tail || !is_digit(s[i]);

		put(l, shown ? s + i : "*", 1);
		at += is_digit(s[i]);
	}
}

static bool
needs_quotes(const char *s, size_t n)
{
	if (state.json || n == 0)
		return true;
	for (size_t i = 0; i < n; i++)
		if (s[i] <= ' ' || s[i] > '~' || s[i] == '"' || s[i] == '=')
			return true;
	return false;
}

static void
put_text(struct line *l, const char *s)
{
	size_t n = strnlen(s, LOG_VALUE);
	bool quoted = needs_quotes(s, n);

	if (quoted)
		put(l, "\"", 1);
	for (size_t i = 0; i < n;) {
		unsigned digits;
		size_t run = digits_at(s + i, &digits);

		if (run > 0) {
			run = run < n - i ? run : n - i;
			put_digits(l, s + i, run, digits);
			i += run;
		} else {
			put_char(l, (unsigned char)s[i++], quoted);
		}
	}
	if (s[n] != '\0')
		put_str(l, "...");
	if (quoted)
		put(l, "\"", 1);
}

static void
put_key(struct line *l, const char *key)
{
	if (state.json) {
		put(l, ",\"", 2);
		put_str(l, key);
		put(l, "\":", 2);
	} else {
		put(l, " ", 1);
		put_str(l, key);
		put(l, "=", 1);
	}
}

/* Time, level, role, event, and how many lines are missing before this one. */
static void
put_start(struct line *l, enum log_level level, const char *event)
{
	struct timespec now;
	struct tm tm;
	char when[32], text[160], number[24] = "";

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
	if (state.json) {
		if (state.number >= 0)
			snprintf(number, sizeof(number), ",\"number\":%d", state.number);
		snprintf(text, sizeof(text), "{\"time\":\"%s.%03ldZ\",\"level\":\"%s\","
		    "\"role\":\"%s\"%s,\"event\":\"", when, now.tv_nsec / 1000000,
		    level_name[level], state.role, number);
	} else {
		if (state.number >= 0)
			snprintf(number, sizeof(number), " %d", state.number);
		snprintf(text, sizeof(text), "%s.%03ldZ %-5s %s%s: ", when,
		    now.tv_nsec / 1000000, level_name[level], state.role, number);
	}
	put_str(l, text);
	put_str(l, event);
	if (state.json)
		put(l, "\"", 1);
	if (state.dropped > 0) {
		put_key(l, "dropped");
		snprintf(number, sizeof(number), "%u", state.dropped);
		put_str(l, number);
	}
}

/* The next value of args, by its type letter. false: no such letter. */
static bool
put_value(struct line *l, int type, va_list *args)
{
	char number[24];
	const char *s;

	switch (type) {
	case 's':
		s = va_arg(*args, const char *);
		put_text(l, s != NULL ? s : "");
		return true;
	case 'd':
		snprintf(number, sizeof(number), "%d", va_arg(*args, int));
		break;
	case 'u':
		snprintf(number, sizeof(number), "%u", va_arg(*args, unsigned));
		break;
	case 'U':
		snprintf(number, sizeof(number), "%" PRIu64, va_arg(*args, uint64_t));
		break;
	default:
		return false;
	}
	put_str(l, number);
	return true;
}

static ssize_t
write_some(const char *s, size_t n)
{
	ssize_t r = send(STDERR_FILENO, s, n, MSG_DONTWAIT | MSG_NOSIGNAL);

	return r < 0 && errno == ENOTSOCK ? write(STDERR_FILENO, s, n) : r;
}

/* false: not now, or not at all. */
static bool
write_now(const char *s, size_t n)
{
	struct pollfd out = { .fd = STDERR_FILENO, .events = POLLOUT };
	size_t done = 0;

	while (done < n) {
		ssize_t r;

		if (poll(&out, 1, 0) != 1 || (out.revents & POLLOUT) == 0)
			return false;
		r = write_some(s + done, n - done);
		if (r < 0 && errno != EINTR)
			return false;
		done += r > 0 ? (size_t)r : 0;
	}
	return true;
}

static void
write_line(struct line *l)
{
	if (state.json)
		l->text[l->n++] = '}';
	l->text[l->n++] = '\n';
	if (write_now(l->text, l->n))
		state.dropped = 0;
	else
		state.dropped++;
}

void
log_event(enum log_level level, const char *event, ...)
{
	struct line l;
	int saved = errno;
	const char *key;
	va_list args;

	if (!log_wants(level))
		return;
	l.n = 0;
	l.full = false;
	put_start(&l, level, event);
	va_start(args, event);
	while ((key = va_arg(args, const char *)) != NULL) {
		size_t before = l.n;

		put_key(&l, key);
		if (!put_value(&l, va_arg(args, int), &args))
			break;
		if (l.full) {		/* leave out a pair rather than half of one */
			l.n = before;
			l.full = false;
		}
	}
	va_end(args);
	write_line(&l);
	errno = saved;
}
