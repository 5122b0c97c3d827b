/*
 * prompt: read a byte at a time, so that no buffer but the slab has the line.
 */
#include "prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <sodium.h>

#include "ownfile.h"
#include "secret.h"

enum { CANCEL = 3, END = 4, ERASE = 0x7F, BACKSPACE = 8 };

static long
refuse(FILE *err, const char *text, const char *why)
{
	fprintf(err, "luahsm: %s: %s\n", text, why);
	return -1;
}

/* The terminal as it was, without echo and without signals by keys. false: no terminal. */
static bool
hide(struct termios *before)
{
	struct termios t;

	if (tcgetattr(STDIN_FILENO, before) != 0)
		return false;
	t = *before;
	t.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ISIG | ICANON);
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	return tcsetattr(STDIN_FILENO, TCSAFLUSH, &t) == 0;
}

/* Bytes up to the newline. The length, or -1 with *why. */
static long
read_line(char *line, size_t size, bool terminal, const char **why)
{
	size_t n = 0;
	ssize_t r;
	char c;

	*why = "nothing was given";
	while ((r = read(STDIN_FILENO, &c, 1)) != 0) {
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0 || (terminal && (c == CANCEL || c == END)))
			break;
		if (c == '\n' || c == '\r') {
			sodium_memzero(&c, 1);
			return (long)n;
		}
		if (terminal && (c == ERASE || c == BACKSPACE)) {
			n -= n > 0;
		} else if (n == size) {
			*why = "the line is too long";
			break;
		} else {
			line[n++] = c;
		}
	}
	sodium_memzero(&c, 1);
	return r == 0 && n > 0 ? (long)n : -1;
}

long
prompt_secret(const char *text, char *line, size_t size, FILE *err)
{
	struct termios before;
	bool terminal = hide(&before);
	const char *why;
	long n;

	if (terminal) {
		fprintf(stderr, "%s: ", text);
		fflush(stderr);
	}
	n = read_line(line, size, terminal, &why);
	if (terminal) {
		(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
		fputc('\n', stderr);
	}
	return n >= 0 ? n : refuse(err, text, why);
}

/* The first line of a file. The length, or -1 after a line. */
static long
from_file(const char *path, char *line, FILE *err)
{
	int fd = ownfile_open(path, O_RDONLY, err);
	ssize_t n;
	char *end;

	if (fd < 0)
		return -1;
	n = read(fd, line, MASTER_PASSPHRASE + 1);
	close(fd);
	if (n <= 0)
		return refuse(err, path, "holds no passphrase");
	end = memchr(line, '\n', (size_t)n);
	return end != NULL ? end - line : (long)n;
}

long
prompt_new(const char *text, char *line, size_t size, FILE *err)
{
	long n = prompt_secret(text, line, size, err), m;
	char *again;

	if (n < 0 || isatty(STDIN_FILENO) == 0)
		return n;
	if ((again = secret_alloc(size)) == NULL)
		return refuse(err, text, "no room in the memory for keys");
	m = prompt_secret("the same again", again, size, err);
	if (m >= 0 && (m != n || sodium_memcmp(line, again, (size_t)n) != 0))
		m = refuse(err, text, "that is not the same");
	secret_free(again);
	return m;
}

struct master *
prompt_master(const char *file, const char *credential, const char *text, bool is_new, FILE *err)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	char *line = secret_alloc(MASTER_PASSPHRASE + 1), path[PATH_MAX];
	struct master *m = NULL;
	long n;

	if (line == NULL) {
		(void)refuse(err, text, "no room in the memory for keys");
		return NULL;
	}
	snprintf(path, sizeof(path), "%s/%s", dir != NULL ? dir : "", credential);
	if (file[0] != '\0')
		n = from_file(file, line, err);
	else if (dir != NULL && access(path, F_OK) == 0)
		n = from_file(path, line, err);
	else
		n = is_new ? prompt_new(text, line, MASTER_PASSPHRASE, err) :
		    prompt_secret(text, line, MASTER_PASSPHRASE, err);
	if (n >= 0 && (m = master_from_passphrase(span_of(line, (size_t)n))) == NULL)
		(void)refuse(err, text, "a passphrase has 1 to 1024 characters");
	secret_free(line);
	return m;
}
