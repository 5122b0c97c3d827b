/*
 * console: questions, answers, and the choice of the command.
 */
#include "console.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <sodium.h>

#include "config.h"
#include "hex.h"
#include "key.h"
#include "lmk.h"
#include "secret.h"

static const struct console_command *const tables[] = {
	console_state, console_settings, console_lmks, console_keys, console_host, console_data
};

enum { TABLES = sizeof(tables) / sizeof(tables[0]) };

void
console_say(struct console *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vfprintf(c->out, format, args);
	va_end(args);
	fputc('\n', c->out);
}

/* The next byte of the socket, as read(2); none once SIGTERM has come. */
static ssize_t
read_byte(struct console *c, char *b)
{
	struct pollfd p[2] = { { c->ending, POLLIN, 0 }, { c->fd, POLLIN, 0 } };

	if (poll(p, 2, -1) < 0)
		return -1;
	c->over |= p[0].revents != 0;
	return c->over ? 0 : read(c->fd, b, 1);
}

/* A line of the socket, a byte at a time: what follows it stays there. false: there is none. */
static bool
read_raw(struct console *c)
{
	ssize_t r;
	char b;

	c->n = 0;
	while ((r = read_byte(c, &b)) == 1 || (r < 0 && errno == EINTR)) {
		if (r < 0)
			continue;
		if (b == '\n')
			break;
		if (c->n < CONSOLE_LINE - 1)
			c->line[c->n++] = b;
	}
	sodium_memzero(&b, 1);
	c->n -= c->n > 0 && c->line[c->n - 1] == '\r';
	c->line[c->n] = '\0';
	return r == 1;
}

/* The same without blanks around it. */
static bool
read_line(struct console *c)
{
	bool more = read_raw(c);

	while (c->n > 0 && isspace((unsigned char)c->line[c->n - 1]))
		c->n--;
	while (c->n > 0 && isspace((unsigned char)c->line[0]))
		memmove(c->line, c->line + 1, --c->n);
	c->line[c->n] = '\0';
	return more;
}

bool
console_ask(struct console *c, const char *text)
{
	fprintf(c->out, "%s: ", text);
	fflush(c->out);
	return read_line(c);
}

bool
console_ask_secret(struct console *c, const char *text)
{
	fputc(CONSOLE_HIDE, c->out);
	return console_ask(c, text);
}

void
console_upper(struct console *c)
{
	for (size_t i = 0; i < c->n; i++)
		c->line[i] = (char)toupper((unsigned char)c->line[i]);
}

bool
console_ask_bytes(struct console *c, const char *text, uint8_t *out, size_t len)
{
	if (!console_ask_secret(c, text))
		return false;
	console_upper(c);
	if (c->n == 2 * len && hex_decode(span_of(c->line, c->n), out, len) == 0)
		return true;
	console_say(c, "It has %zu hexadecimal digits.", 2 * len);
	return false;
}

bool
console_ask_passphrase(struct console *c, const char *text)
{
	fprintf(c->out, "%c%s: ", CONSOLE_HIDE, text);
	fflush(c->out);
	return read_raw(c);
}

bool
console_ask_new(struct console *c, const char *text)
{
	char *first = secret_alloc(CONSOLE_LINE);
	size_t n;
	bool same = false;

	if (first != NULL && console_ask_passphrase(c, text)) {
		memcpy(first, c->line, CONSOLE_LINE);
		n = c->n;
		if (console_ask_passphrase(c, "The same again") &&
		    !(same = n == c->n && sodium_memcmp(first, c->line, n) == 0))
			console_say(c, "That is not the same.");
	}
	secret_free(first);
	return same;
}

char
console_choose(struct console *c, const char *text, const char *choices)
{
	char answer;

	if (!console_ask(c, text))
		return '\0';
	answer = c->n == 0 ? choices[0] : (char)toupper((unsigned char)c->line[0]);
	if (c->n <= 1 && strchr(choices, answer) != NULL)
		return answer;
	console_say(c, "It is one of %s.", choices);
	return '\0';
}

bool
console_may(struct console *c, const char *category, const char *sub)
{
	if ((c->config->authorised && !authority_revoked()) ||
	    authority_allows(AUTHORITY_CONSOLE, category, sub))
		return true;
	console_say(c, "Not authorised: %s%s%s.console", category, sub[0] != '\0' ? "." : "", sub);
	return false;
}

static void
help(struct console *c)
{
	for (size_t t = 0; t < TABLES; t++)
		for (const struct console_command *k = tables[t]; k->name != NULL; k++)
			console_say(c, "  %-8s %s", k->name, k->about);
	console_say(c, "  %-8s end this session", "QUIT");
}

static bool
obey(struct console *c)
{
	if (strcasecmp(c->line, "QUIT") == 0 || strcasecmp(c->line, "EXIT") == 0)
		return false;
	if (c->n == 0)
		return true;
	if (strcasecmp(c->line, "HELP") == 0 || strcmp(c->line, "?") == 0) {
		help(c);
		return true;
	}
	for (size_t t = 0; t < TABLES; t++)
		for (const struct console_command *k = tables[t]; k->name != NULL; k++)
			if (strcasecmp(c->line, k->name) == 0) {
				k->run(c);
				return true;
			}
	console_say(c, "There is no command \"%.20s\"; HELP lists them.", c->line);
	return true;
}

void
console_run(const struct config *config, int fd, int keeper)
{
	struct console c = { .config = config, .fd = fd, .keeper = keeper,
	    .session = (uint32_t)getpid() };
	char prompt[32];
	sigset_t term;
	bool more;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	c.ending = signalfd(-1, &term, SFD_CLOEXEC);
	c.lmk = lmk_get(config->lmk_default);
	c.out = fdopen(dup(fd), "w");
	if (c.out == NULL || (c.line = secret_alloc(CONSOLE_LINE)) == NULL)
		return;
	do {
		snprintf(prompt, sizeof(prompt), "%sHSM-%02u>",
		    authority_count() > 0 ? "*" : "", lmk_id(c.lmk));
		fprintf(c.out, "%s ", prompt);
		fflush(c.out);
		more = read_line(&c) && obey(&c);
		sodium_memzero(c.line, CONSOLE_LINE);
		key_put_all();
		secret_put_all();
	} while (more);
	if (c.over)
		console_say(&c, "\nThe server ends, and this session with it.");
	fclose(c.out);
	if (c.ending >= 0)
		close(c.ending);
	secret_free(c.line);
}
