/*
 * hsm: the whole path of a request without sockets, for tests of the Lua side:
 * plug-ins from texts, the public test LMKs, one message at a time.
 *
 *	hsm_put("T1", "return { ... }");
 *	assert_int_equal(hsm_load(), 0);
 *	assert_string_equal(hsm_send("T1"), "T200");
 *
 * Message headers are empty unless a test sets hsm.config.header_length. What
 * is written to standard error meanwhile is kept in hsm.log.
 */
#ifndef TEST_HSM_H
#define TEST_HSM_H

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "command.h"
#include "config.h"
#include "folder.h"
#include "frame.h"
#include "keeper_proof.h"
#include "plugin.h"
#include "prove.h"
#include "request.h"
#include "rows.h"
#include "sandbox.h"
#include "secret.h"

/* A span in a constant table. */
#define BYTES(lit) { (const uint8_t *)(lit), sizeof(lit) - 1 }

/* Under the test LMK: a TPK (of PIN 1234's block 21B97251DB63358D), a ZPK, a CVK pair. */
#define TPK "U1750CDFB0757D3B3994430636DBB281B"
#define ZPK "UBA0C82D683A300B310E32C91077B362C"

static struct {
	char             dir[64];
	struct config    config;
	struct commands *c;
	struct folder   *folder[64];	/* all that were loaded */
	unsigned         folders;
	char             err[8192];	/* what loading said */
	char             log[65536];	/* what was logged since hsm_log_start */
	int              log_fd, stderr_fd;
	uint8_t          message[FRAME_LIMIT], out[FRAME_LIMIT + 64];
	size_t           n;
} hsm;

static inline int
hsm_setup(void **state)
{
	static bool once;

	(void)state;
	config_default(&hsm.config);
	hsm.config.header_length = 0;
	hsm.config.trace = false;
	if (!once && prove_init(&hsm.config) != 0)
		return 1;
	once = true;
	snprintf(hsm.dir, sizeof(hsm.dir), "/tmp/luahsm-test-XXXXXX");
	hsm.c = commands_new(&hsm.config, NULL);
	hsm.folders = 0;
	return mkdtemp(hsm.dir) == NULL || hsm.c == NULL;
}

static inline int
hsm_teardown(void **state)
{
	char command[96];

	(void)state;
	commands_free(hsm.c);
	for (unsigned i = 0; i < hsm.folders; i++)
		folder_free(hsm.folder[i]);
	snprintf(command, sizeof(command), "rm -r %s", hsm.dir);
	return system(command) != 0;
}

static inline void
hsm_put_bytes(const char *code, const void *bytes, size_t n)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s.lua", hsm.dir, code);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static inline void
hsm_put(const char *code, const char *text)
{
	hsm_put_bytes(code, text, strlen(text));
}

static inline void
hsm_remove(const char *code)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s.lua", hsm.dir, code);
	unlink(path);
}

/* A plug-in of these fields, errors and handler's body as T1, or under another code. */
static inline void
hsm_put_parts(const char *code, const char *request, const char *response,
    const char *errors, const char *head, const char *body)
{
	static char text[FOLDER_FILE_MAX + 4096];

	snprintf(text, sizeof(text), "%s\nreturn {\n  command = \"%s\", title = \"test\",\n"
	    "  request = { %s },\n  response = { %s },\n  errors = { %s },\n"
	    "  handler = function (q, a)\n%s\n  end,\n}\n", head, code, request, response,
	    errors, body);
	hsm_put(code, text);
}

/* The files of a folder, kept until hsm_clear; NULL after lines on err. */
static inline struct folder *
hsm_folder(const char *path, FILE *err)
{
	struct folder *f = folder_read(path, false, err);

	assert_true(hsm.folders < sizeof(hsm.folder) / sizeof(hsm.folder[0]));
	if (f != NULL)
		hsm.folder[hsm.folders++] = f;
	return f;
}

/* Load all files. 0, or the failure with its lines in hsm.err. */
static inline int
hsm_load(void)
{
	char *text = NULL;
	size_t size = 0;
	FILE *err = open_memstream(&text, &size);
	struct folder *f;
	int r = -1;

	assert_non_null(err);
	if ((f = hsm_folder(hsm.dir, err)) != NULL) {
		commands_stage(hsm.c, f);
		while ((r = commands_step(hsm.c, err)) > 0)
			;
		if (r == 0)
			commands_swap(hsm.c);
	}
	fclose(err);
	snprintf(hsm.err, sizeof(hsm.err), "%s", text);
	free(text);
	return r;
}

/* Load all files of a folder with their vectors, to be proved or read. */
static inline struct folder *
hsm_add(const char *path)
{
	struct folder *f = hsm_folder(path, stderr);

	assert_non_null(f);
	for (size_t i = 0; i < folder_count(f); i++)
		assert_int_equal(commands_add(hsm.c, f, i, stderr), 0);
	return f;
}

/* Forget all plug-ins and their files. */
static inline void
hsm_clear(void)
{
	char command[96];

	commands_free(hsm.c);
	hsm.c = commands_new(&hsm.config, NULL);
	assert_non_null(hsm.c);
	commands_ask_by(hsm.c, keeper_proof, NULL);
	while (hsm.folders > 0)
		folder_free(hsm.folder[--hsm.folders]);
	snprintf(command, sizeof(command), "rm -f %s/*.lua", hsm.dir);
	assert_int_equal(system(command), 0);
}

/* Send bytes; the reply is in hsm.out, a NUL behind it. */
static inline const char *
hsm_send_bytes(const void *bytes, size_t n)
{
	const struct origin from = { .lmk = -1 };

	assert_true(n <= sizeof(hsm.message));
	memcpy(hsm.message, bytes, n);
	hsm.n = command_run(hsm.c, &from, span_of(hsm.message, n), hsm.out, FRAME_LIMIT);
	assert_in_range(hsm.n, hsm.config.header_length + 4, FRAME_LIMIT);
	hsm.out[hsm.n] = '\0';
	assert_int_equal(secret_slots_used(), 0);
	assert_int_equal(commands_request(hsm.c)->used, 0);
	return (const char *)hsm.out;
}

static inline const char *
hsm_send(const char *text)
{
	return hsm_send_bytes(text, strlen(text));
}

/* What a handler of that body answers, as T1: a.out, and the errors; K makes a key of a kind. */
static inline const char *
hsm_do(const char *errors, const char *body)
{
	hsm_clear();
	hsm_put_parts("T1", "", "{ 'out', optional(A()) }", errors,
	    "local function K(kind) return key.random(kind, 'U') end", body);
	assert_int_equal(hsm_load(), 0);
	return hsm_send("T1");
}

static inline struct plugin *
hsm_plugin(const char *code)
{
	struct plugin *p = commands_find(hsm.c, span_str(code));

	assert_non_null(p);
	return p;
}

/* From here on what goes to standard error is kept, until hsm_log_end puts it in hsm.log. */
static inline void
hsm_log_start(void)
{
	fflush(stderr);
	hsm.stderr_fd = dup(STDERR_FILENO);
	hsm.log_fd = memfd_create("log", MFD_CLOEXEC);
	assert_true(hsm.stderr_fd >= 0 && hsm.log_fd >= 0);
	dup2(hsm.log_fd, STDERR_FILENO);
}

static inline void
hsm_log_end(void)
{
	ssize_t n;

	fflush(stderr);
	dup2(hsm.stderr_fd, STDERR_FILENO);
	close(hsm.stderr_fd);
	n = pread(hsm.log_fd, hsm.log, sizeof(hsm.log) - 1, 0);
	close(hsm.log_fd);
	hsm.log[n < 0 ? 0 : n] = '\0';
}

#endif
