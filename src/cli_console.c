/*
 * cli_console: the other end of a console: lines of standard input to the server, its
 * text to standard output. A line that is not to be seen is not echoed; no line is
 * kept outside the slab.
 */
#include "cli.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "client.h"
#include "console.h"
#include "secret.h"

static const struct cli_usage usage = {
	.line = "luahsm console [OPTIONS]",
	.about = "A prompt of a running server, as the device has one: HELP lists its commands,\n"
	    "QUIT ends it. What is authorised there ends with it. Commands may also come\n"
	    "from a file or a pipe, a line for each answer.",
	.settings = CLI_BASIC | CLI_ADMIN,
	.more = "example: luahsm console\n         printf 'VT\\nQUIT\\n' | luahsm console",
};

enum { CHUNK = 4096 };

static struct termios shown;	/* the terminal as it was */
static bool           terminal;

static void
echo(bool on)
{
	struct termios t = shown;

	if (!terminal)
		return;
	if (!on)
		t.c_lflag = (t.c_lflag & ~(tcflag_t)ECHO) | ECHONL;
	(void)tcsetattr(STDIN_FILENO, TCSADRAIN, &t);
}

/* Text of the server. false: it has ended, or nobody reads it here. */
static bool
show(int fd, char *text)
{
	ssize_t n = read(fd, text, CHUNK), kept = 0;

	if (n < 0 && errno == EINTR)
		return true;
	for (ssize_t i = 0; i < n; i++) {
		if (text[i] == CONSOLE_HIDE)
			echo(false);
		else
			text[kept++] = text[i];
	}
	return n > 0 && (kept == 0 || write(STDOUT_FILENO, text, (size_t)kept) == kept);
}

/* What was typed. false: no more comes. */
static bool
pass(int fd, char *text)
{
	ssize_t n = read(STDIN_FILENO, text, CHUNK);

	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0) {
		(void)shutdown(fd, SHUT_WR);
		return false;
	}
	echo(true);
	return send(fd, text, (size_t)n, MSG_NOSIGNAL) == n;
}

static int
talk(int fd, char *text)
{
	struct pollfd p[2] = { { fd, POLLIN, 0 }, { STDIN_FILENO, POLLIN, 0 } };

	terminal = tcgetattr(STDIN_FILENO, &shown) == 0;
	if (send(fd, "console\n", strlen("console\n"), MSG_NOSIGNAL) < 0)
		return CLI_CONNECT;
	/* what is typed goes out once the server asks: it takes one line before that */
	for (bool asked = false;;) {
		if (poll(p, asked ? 2 : 1, -1) < 0 && errno != EINTR)
			break;
		if (p[0].revents != 0 && !show(fd, text))
			break;
		asked |= p[0].revents != 0;
		if (asked && p[1].revents != 0 && !pass(fd, text))
			p[1].fd = -1;
		p[0].revents = p[1].revents = 0;
	}
	echo(true);
	return CLI_OK;
}

int
cli_console(int argc, char **argv)
{
	struct config config;
	char *text;
	int r, fd;

	if ((r = cli_options_only(&usage, argc, argv, NULL, NULL, &config)) >= 0)
		return r;
	if (cli_open_memory(false) != 0 || (text = secret_alloc(CHUNK)) == NULL)
		return CLI_FAILED;
	if ((fd = client_unix(config.admin_socket)) < 0) {
		fprintf(stderr, "luahsm: cannot connect to %s: %s; is `luahsm serve` running?\n",
		    config.admin_socket, strerror(errno));
		return CLI_CONNECT;
	}
	r = talk(fd, text);
	close(fd);
	secret_free(text);
	return r;
}
