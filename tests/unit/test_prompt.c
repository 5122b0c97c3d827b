/* prompt: lines from a pipe and from a terminal, which shows none of them; passphrases. */
#include "prompt.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "keys.h"
#include "vault.h"

static char dir[] = "/tmp/luahsm-test-XXXXXX", path[100], said[400];

enum { LINE = 16 };

static int
setup(void **state)
{
	snprintf(path, sizeof(path), "%s", mkdtemp(dir) != NULL ? dir : "");
	strcat(path, "/lmk.passphrase");
	return keys_setup(state);
}

static int
teardown(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

/* Standard input is a pipe that holds this. */
static int
pipe_in(const char *text)
{
	int ends[2], before = dup(STDIN_FILENO);

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	close(ends[0]);
	return before;
}

static void
restore(int before)
{
	dup2(before, STDIN_FILENO);
	close(before);
}

static const struct row {
	const char *name, *text, *line, *why;
} rows[] = {
	{ "a line", "hello\nworld\n", "hello", NULL },
	{ "an empty line", "\nx", "", NULL },
	{ "a last line without newline", "hello", "hello", NULL },
	{ "as long as may be", "0123456789ABCDEF\n", "0123456789ABCDEF", NULL },
	{ "too long", "0123456789ABCDEF!\n", NULL, "too long" },
	{ "nothing", "", NULL, "nothing was given" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	char *line = secret_alloc(LINE);
	int before = pipe_in(row->text);
	FILE *err;
	long n;

	memset(said, 0, sizeof(said));
	err = fmemopen(said, sizeof(said), "w");
	n = prompt_secret("a word", line, LINE, err);
	fclose(err);
	restore(before);
	assert_int_equal(n, row->line != NULL ? (long)strlen(row->line) : -1);
	if (row->line != NULL)
		assert_memory_equal(line, row->line, (size_t)n);
	else
		assert_non_null(strstr(said, row->why));
	secret_free(line);
}

/* Two lines in a row are two answers: nothing is read ahead. */
static void
test_next(void **state)
{
	char *line = secret_alloc(LINE);
	int before = pipe_in("one\ntwo\n");

	(void)state;
	assert_int_equal(prompt_secret("a", line, LINE, stderr), 3);
	assert_int_equal(prompt_secret("a", line, LINE, stderr), 3);
	assert_memory_equal(line, "two", 3);
	restore(before);
	secret_free(line);
}

/* On the terminal of a child: what it shows while text is typed. The child's exit status. */
static int
on_terminal(const char *text, char *shown, size_t size, long (*run)(char *line))
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY), status;
	size_t n = 0;
	ssize_t r;
	pid_t pid;

	assert_true(fd >= 0 && grantpt(fd) == 0 && unlockpt(fd) == 0);
	if ((pid = fork()) == 0) {
		int end = open(ptsname(fd), O_RDWR | O_NOCTTY);

		dup2(end, STDIN_FILENO);
		dup2(end, STDERR_FILENO);
		_exit((int)run(secret_alloc(LINE)));
	}
	/* typed when the question is there: what was typed before is thrown away */
	while (n + 1 < size && (r = read(fd, shown + n, size - n - 1)) > 0) {
		n += (size_t)r;
		shown[n] = '\0';
		if (*text != '\0' && shown[n - 1] == ' ') {
			size_t one = strcspn(text, "|");

			assert_int_equal(write(fd, text, one), one);
			text += one + (text[one] != '\0');
		}
		if (*text == '\0' && waitpid(pid, &status, WNOHANG) == pid)
			break;
	}
	if (r < 0)
		assert_int_equal(waitpid(pid, &status, 0), pid);
	close(fd);
	return WEXITSTATUS(status);
}

static long
ask_line(char *line)
{
	long n = prompt_secret("a word", line, LINE, stderr);

	return n < 0 ? 99 : n == 3 && memcmp(line, "abc", 3) == 0 ? 3 : 98;
}

static void
test_terminal(void **state)
{
	char shown[400];

	(void)state;
	assert_int_equal(on_terminal("abx\177c\n", shown, sizeof(shown), ask_line), 3);
	assert_non_null(strstr(shown, "a word: "));
	assert_null(strstr(shown, "ab"));
	assert_int_equal(on_terminal("abc\003", shown, sizeof(shown), ask_line), 99);
}

static long
ask_new(char *line)
{
	struct master *m;

	(void)line;
	m = prompt_master("", "none", "new", true, stderr);
	return m != NULL;
}

static void
test_twice(void **state)
{
	char shown[400];

	(void)state;
	assert_int_equal(on_terminal("abc\n|abc\n", shown, sizeof(shown), ask_new), 1);
	assert_non_null(strstr(shown, "the same again"));
	assert_int_equal(on_terminal("abc\n|abd\n", shown, sizeof(shown), ask_new), 0);
	assert_non_null(strstr(shown, "that is not the same"));
}

/* The same passphrase opens what the other sealed. */
static void
same_master(struct master *m, const char *passphrase)
{
	struct master *other = master_from_passphrase(span_str(passphrase));
	uint8_t key[MASTER_KEY] = { 1 }, out[MASTER_KEY], wrap[MASTER_WRAP];

	assert_non_null(m);
	assert_int_equal(master_wrap(other, key, wrap), 0);
	assert_int_equal(master_unwrap(m, span_of(wrap, sizeof(wrap)), out), 0);
	master_free(m);
	master_free(other);
}

static void
put_file(const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void
test_sources(void **state)
{
	int before;

	(void)state;
	put_file("from a file\nand more\n");
	same_master(prompt_master(path, "x", "passphrase", false, stderr), "from a file");
	setenv("CREDENTIALS_DIRECTORY", dir, 1);
	same_master(prompt_master("", "lmk.passphrase", "passphrase", false, stderr),
	    "from a file");
	before = pipe_in("from a pipe\n");
	same_master(prompt_master("", "other", "passphrase", false, stderr), "from a pipe");
	restore(before);
	unsetenv("CREDENTIALS_DIRECTORY");
}

static void
test_refused(void **state)
{
	FILE *err;

	(void)state;
	memset(said, 0, sizeof(said));
	err = fmemopen(said, sizeof(said), "w");
	put_file("\n");
	assert_null(prompt_master(path, "x", "passphrase", false, err));
	put_file("");
	assert_null(prompt_master(path, "x", "passphrase", false, err));
	assert_null(prompt_master("/nowhere", "x", "passphrase", false, err));
	fclose(err);
	assert_non_null(strstr(said, "1 to 1024"));
	assert_non_null(strstr(said, "holds no passphrase"));
	assert_non_null(strstr(said, "No such file"));
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, rows, test_row);
	rows_add(&r, "a line at a time", test_next, NULL);
	rows_add(&r, "a terminal shows nothing that is typed", test_terminal, NULL);
	rows_add(&r, "a new passphrase is typed twice", test_twice, NULL);
	rows_add(&r, "file, credential, standard input", test_sources, NULL);
	rows_add(&r, "no passphrase", test_refused, NULL);
	return rows_run(&r, "prompt", setup, teardown);
}
