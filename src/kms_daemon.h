/*
 * kms_daemon: the daemon behind its Unix socket: find it, start it if none
 * answers, ask it.
 *
 * Every wait ends at the deadline. Failures leave a sentence in d->error.
 */
#ifndef KMS_DAEMON_H
#define KMS_DAEMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"
#include "span.h"

enum {
	KMS_HEADER    = 4,	/* of a message; echoed */
	KMS_MESSAGE   = 32000,	/* bytes of a message that is sent as it is (Z4, Z6) */
	KMS_REQUEST   = KMS_MESSAGE + 8192
};

enum kms_level { KMS_ERROR, KMS_WARN, KMS_INFO, KMS_DEBUG };

struct kms_daemon {
	int            fd;		/* -1: not connected */
	int64_t        until;		/* deadline, on ready_now's clock */
	enum kms_level level;		/* what is told on stderr */
	char           error[512];
	uint8_t        request[KMS_REQUEST];
	size_t         n;		/* bytes of request so far */
	uint8_t        reply[FRAME_LIMIT];
};

/*
 * The time that LUAHSM_TIMEOUT allows, or else seconds, from now on. 0, or -1: it
 * is not a number of seconds.
 */
int kms_allow(struct kms_daemon *d, int seconds);

/* What LUAHSM_LOG_LEVEL and DEBUG want told on stderr. */
enum kms_level kms_level_wanted(void);

/* One line on stderr, if level is to be told. */
void kms_say(const struct kms_daemon *d, enum kms_level level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Set d->error; -1, for `return kms_fail(...)`. */
int kms_fail(struct kms_daemon *d, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Wait until fd is ready for events (POLLIN, POLLOUT). 0, or -1: the deadline
 * has passed.
 */
int kms_wait(struct kms_daemon *d, int fd, short events);

/* Connect, and start a daemon where none answers and that is allowed. 0 or -1. */
int kms_connect(struct kms_daemon *d);

/* Begin a request of this command; add fields as printf writes them, or bytes. */
void kms_begin(struct kms_daemon *d, const char command[2]);
void kms_add(struct kms_daemon *d, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void kms_add_bytes(struct kms_daemon *d, const void *p, size_t n);

/*
 * Send it and wait for the reply. code: the two characters of its error code;
 * *rest: what follows, until the next request. 0, or -1: there is no reply,
 * and the connection is closed.
 */
int kms_ask(struct kms_daemon *d, char code[3], struct span *rest);

#endif
