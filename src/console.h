/*
 * console: a prompt as the device has one, for the person who looks after the HSM.
 *
 * It runs in a process of its own, on the socket that `luahsm console` holds the other
 * end of: lines in, text out. A CONSOLE_HIDE in the text says that the next line is not
 * to be shown. What is secret stays in the slab, on both sides.
 */
#ifndef LUAHSM_CONSOLE_H
#define LUAHSM_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "authority.h"

struct config;
struct lmk;

enum { CONSOLE_HIDE = 1, CONSOLE_LINE = 2048 };

struct console {
	const struct config *config;
	const struct lmk    *lmk;	/* that commands are about */
	FILE                *out;
	int                  fd;
	int                  keeper;	/* a link to it, or -1 */
	int                  ending;	/* readable: SIGTERM has come; or -1 */
	bool                 over;	/* it has been seen */
	uint32_t             session;	/* this process */
	char                *line;	/* CONSOLE_LINE bytes in the slab: the last answer */
	size_t               n;		/* of it; a NUL is behind */
};

struct console_command {
	const char *name;
	void      (*run)(struct console *c);
	const char *about;
};

/*
 * Serve fd, the session's socket, until it ends; keeper is a link to the keeper, or -1.
 * SIGTERM, which the caller has blocked, ends it when it next asks for a line.
 */
void console_run(const struct config *config, int fd, int keeper);

/*
 * Ask for a line; the answer is in c->line without blanks around it. false: nothing more
 * comes. console_ask_secret has it not shown; a passphrase is not shown and keeps its blanks.
 */
bool console_ask(struct console *c, const char *text);
bool console_ask_secret(struct console *c, const char *text);
bool console_ask_passphrase(struct console *c, const char *text);

/*
 * Ask for len bytes in hexadecimal digits, of either case and not shown. false also after a
 * line: it was something else.
 */
bool console_ask_bytes(struct console *c, const char *text, uint8_t *out, size_t len);

/* Ask twice for a passphrase that is new. false also after a line: the second is another. */
bool console_ask_new(struct console *c, const char *text);

/* The answer in capital letters. */
void console_upper(struct console *c);

/* Ask for one of these characters, "" for the first of them. NUL: the answer is none of them. */
char console_choose(struct console *c, const char *text, const char *choices);

/* Print a line. */
void console_say(struct console *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Is this activity authorised at the console? It says so when not. */
bool console_may(struct console *c, const char *category, const char *sub);

/*
 * Have it on record, in the audit log, that an operation is done to what, with the
 * result r: 0 or a failure. What has an effect elsewhere is recorded before it, and once
 * more if it failed. false after a line: it is not on record, and nothing may be done or
 * shown that has to be (without strict it may, and true comes after the line).
 */
bool console_record(struct console *c, const char *operation, const char *what, int r);

/* The commands of each file; the last row has no name. */
extern const struct console_command console_state[];
extern const struct console_command console_keys[];
extern const struct console_command console_host[];
extern const struct console_command console_settings[];
extern const struct console_command console_lmks[];
extern const struct console_command console_data[];

#endif
