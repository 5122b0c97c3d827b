/*
 * bench_wrapper: what tests/bench_wrapper.py needs a clock for that costs
 * nothing itself: programs started and awaited, and a bare signature.
 *
 *	bench_wrapper serial ROUNDS -- COMMAND... [-- COMMAND...]...
 *	    all commands in turn, so many rounds: a line each, us: median p99 least
 *	bench_wrapper parallel CLIENTS SECONDS -- COMMAND...
 *	    one line: calls failures, us: median p99
 *	bench_wrapper bare SECONDS
 *	    one line: signatures, and us of processor time for each (ECDSA P-256)
 *
 * A call fails when its exit status is not 0. Its output goes nowhere.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <openssl/ec.h>
#include <openssl/evp.h>

extern char **environ;

enum { COMMANDS = 16, SAMPLES = 1 << 16 };

struct client {
	uint32_t n, failures;	/* n: of samples; more than there is room for are not kept */
	uint32_t us[SAMPLES];
};

static posix_spawn_file_actions_t to_nowhere;

static uint64_t
now(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static int
by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void
call(char **command, struct client *c)
{
	uint64_t start = now(CLOCK_MONOTONIC);
	int status = -1;
	pid_t pid;

	if (posix_spawn(&pid, command[0], &to_nowhere, NULL, command, environ) != 0 ||
	    waitpid(pid, &status, 0) != pid || status != 0)
		c->failures++;
	if (c->n < SAMPLES)
		c->us[c->n++] = (uint32_t)(now(CLOCK_MONOTONIC) - start);
}

static int
serial(long rounds, char ***commands, size_t n)
{
	struct client *clients = calloc(n, sizeof(*clients));
	uint32_t failures = 0;

	for (long i = 0; clients != NULL && i < rounds; i++)
		for (size_t k = 0; k < n; k++)
			call(commands[k], &clients[k]);
	for (size_t k = 0; clients != NULL && k < n; k++) {
		struct client *c = &clients[k];

		qsort(c->us, c->n, sizeof(c->us[0]), by_number);
		printf("%u %u %u\n", c->us[c->n / 2], c->us[c->n - 1 - c->n / 100], c->us[0]);
		failures += c->failures;
	}
	return clients != NULL && failures == 0 ? 0 : 1;
}

static int
parallel(long count, long seconds, char **command)
{
	size_t size = (size_t)count * sizeof(struct client), n = 0, kept = 0;
	struct client *clients = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t end = now(CLOCK_MONOTONIC) + (uint64_t)seconds * 1000000;
	uint32_t failures = 0, *all = malloc((size_t)count * SAMPLES * sizeof(*all));

	if (clients == MAP_FAILED || all == NULL)
		return 1;
	for (long i = 0; i < count; i++) {
		if (fork() == 0) {
			while (now(CLOCK_MONOTONIC) < end)
				call(command, &clients[i]);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		n++;
	for (long i = 0; i < count; i++) {
		memcpy(all + kept, clients[i].us, clients[i].n * sizeof(*all));
		kept += clients[i].n;
		failures += clients[i].failures;
	}
	if (n != (size_t)count || kept == 0)
		return 1;
	qsort(all, kept, sizeof(*all), by_number);
	printf("%zu %u %u %u\n", kept, failures, all[kept / 2], all[kept - 1 - kept / 100]);
	return 0;
}

/* As the daemon does it: a key that is open, a digest that is there. */
static int
bare(long seconds)
{
	uint64_t end = now(CLOCK_MONOTONIC) + (uint64_t)seconds * 1000000, before, n = 0;
	EVP_PKEY *key = EVP_EC_gen("P-256");
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	unsigned char digest[32] = "digest", signature[128];
	size_t length;

	if (EVP_PKEY_sign_init(ctx) <= 0)
		return 1;
	before = now(CLOCK_PROCESS_CPUTIME_ID);
	for (; now(CLOCK_MONOTONIC) < end; n++) {
		digest[0]++;
		length = sizeof(signature);
		if (EVP_PKEY_sign(ctx, signature, &length, digest, sizeof(digest)) <= 0)
			return 1;
	}
	printf("%llu %.1f\n", (unsigned long long)n,
	    (double)(now(CLOCK_PROCESS_CPUTIME_ID) - before) / (double)n);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(key);
	return 0;
}

int
main(int argc, char **argv)
{
	char **commands[COMMANDS];
	size_t n = 0;

	for (int i = 2; i < argc; i++) {
		if (strcmp(argv[i], "--") == 0 && n < COMMANDS) {
			argv[i] = NULL;
			commands[n++] = argv + i + 1;
		}
	}
	posix_spawn_file_actions_init(&to_nowhere);
	posix_spawn_file_actions_addopen(&to_nowhere, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&to_nowhere, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (argc > 2 && strcmp(argv[1], "serial") == 0)
		return serial(atol(argv[2]), commands, n);
	if (argc > 3 && n == 1 && strcmp(argv[1], "parallel") == 0)
		return parallel(atol(argv[2]), atol(argv[3]), commands[0]);
	if (argc > 2 && strcmp(argv[1], "bare") == 0)
		return bare(atol(argv[2]));
	return 2;
}
