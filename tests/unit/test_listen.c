/* listen: who may connect, what is replaced, and what is said when a port is taken. */
#include "rows.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config.h"
#include "listen.h"

enum { RACERS = 4, RACES = 100 };

static char          dir[32], path[64];
static struct config config;
static char         *said;	/* what was written to err */
static size_t        nsaid;

static int
setup(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/luahsm-listen-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/run/host.sock", dir);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	unlink(path);
	*strrchr(path, '/') = '\0';
	rmdir(path);
	free(said);
	return rmdir(dir);
}

/* listen_unix at path, keeping what it says. */
static int
open_unix(void)
{
	FILE *err;
	int fd;

	free(said);
	said = NULL;
	err = open_memstream(&said, &nsaid);
	fd = listen_unix(path, false, err);
	fclose(err);
	return fd;
}

static int
connect_unix(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strcpy(at.sun_path, path);
	if (connect(fd, (const struct sockaddr *)&at, sizeof(at)) == 0)
		return fd;
	close(fd);
	return -1;
}

static void
test_modes(void **state)
{
	mode_t old = umask(0);
	struct stat st;
	int fd = open_unix();

	(void)state;
	umask(old);
	assert_true(fd >= 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	*strrchr(path, '/') = '\0';
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0750);
	path[strlen(path)] = '/';
	close(fd);
}

static void
test_stale(void **state)
{
	int fd, host;

	(void)state;
	assert_true((fd = open_unix()) >= 0);
	close(fd);		/* and nobody removes it */
	assert_int_equal(connect_unix(), -1);
	assert_true((fd = open_unix()) >= 0);
	assert_true((host = connect_unix()) >= 0);
	close(host);
	close(fd);
}

static void
test_alive(void **state)
{
	int fd = open_unix(), host;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(open_unix(), -1);
	assert_non_null(strstr(said, "another server answers"));
	assert_true((host = connect_unix()) >= 0);	/* it still does */
	close(host);
	close(fd);
}

/* In a child: open the socket when the gate is closed, and hold it until the end. */
static noreturn void
racer(int gate, int result)
{
	uint8_t c;
	int fd;

	(void)!read(gate, &c, 1);
	fd = open_unix();
	c = fd >= 0;
	(void)!write(result, &c, 1);
	pause();
	_exit(0);
}

/* How many of some servers that start at once get the socket? */
static unsigned
race(void)
{
	int gate[2], result[2];
	pid_t pid[RACERS];
	unsigned won = 0;
	uint8_t c = 0;

	assert_int_equal(pipe(gate), 0);
	assert_int_equal(pipe(result), 0);
	for (unsigned i = 0; i < RACERS; i++) {
		if ((pid[i] = fork()) == 0) {
			close(gate[1]);
			racer(gate[0], result[1]);
		}
	}
	close(gate[1]);
	for (unsigned i = 0; i < RACERS; i++) {
		assert_int_equal(read(result[0], &c, 1), 1);
		won += c;
	}
	for (unsigned i = 0; i < RACERS; i++) {
		kill(pid[i], SIGKILL);
		waitpid(pid[i], NULL, 0);
	}
	close(gate[0]);
	close(result[0]);
	close(result[1]);
	return won;
}

static void
test_race(void **state)
{
	(void)state;
	close(open_unix());	/* stale from here on */
	for (unsigned i = 0; i < RACES; i++)
		assert_int_equal(race(), 1);
}

static void
test_no_socket(void **state)
{
	FILE *f;

	(void)state;
	unlink(path);
	f = fopen(path, "w");
	assert_non_null(f);
	fclose(f);
	assert_int_equal(open_unix(), -1);
	assert_non_null(strstr(said, "not a socket"));
	assert_int_equal(access(path, F_OK), 0);
}

static void
test_trusts(void **state)
{
	int pair[2];
	struct origin from = { .uid = 1 };

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	assert_true(listen_trusts(pair[0], "", &from));
	assert_int_equal(from.uid, geteuid());
	assert_int_equal(from.pid, getpid());
	close(pair[0]);
	close(pair[1]);
	assert_false(listen_trusts(STDIN_FILENO, "*", &from));
}

/* A port that somebody has is named, and nothing stays open. */
static void
test_taken(void **state)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t n = sizeof(at);
	struct listeners l;
	char number[16];
	FILE *err;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)state;
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	config = (struct config){ .listen_tcp = true, .port = ntohs(at.sin_port) };
	free(said);
	err = open_memstream(&said, &nsaid);
	assert_int_equal(listen_open(&config, &l, err), -1);
	fclose(err);
	snprintf(number, sizeof(number), "port %u ", config.port);
	assert_non_null(strstr(said, number));
	assert_int_equal(l.n, 0);
	close(fd);
}

static void
test_no_port(void **state)
{
	struct listeners l;

	(void)state;
	unlink(path);
	config = (struct config){ .listen_tcp = false };
	snprintf(config.socket, sizeof(config.socket), "%s", path);
	assert_int_equal(listen_open(&config, &l, stderr), 0);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.all[0].origin.lmk, -1);
	assert_true(l.all[0].origin.unix_socket);
	listen_close(&l);
	assert_int_equal(access(path, F_OK), -1);
}

int
main(void)
{
	struct rows r = { 0 };

	rows_add(&r, "socket 0600 in a folder 0750, whatever the umask", test_modes, NULL);
	rows_add(&r, "a dead server's socket is replaced", test_stale, NULL);
	rows_add(&r, "a living one's is not", test_alive, NULL);
	rows_add(&r, "of servers that start at once one replaces it", test_race, NULL);
	rows_add(&r, "a file that is no socket is left alone", test_no_socket, NULL);
	rows_add(&r, "this user is trusted, no socket is not", test_trusts, NULL);
	rows_add(&r, "a port that is taken is named", test_taken, NULL);
	rows_add(&r, "without TCP only the Unix socket", test_no_port, NULL);
	return rows_run(&r, "listen", setup, teardown);
}
