/*
 * kms_message: standard input, a block at a time.
 */
#include "kms_message.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* Some bytes: their number, 0 at the end, -1 with d->error. */
static ssize_t
read_some(struct kms_daemon *d, uint8_t *p, size_t n)
{
	ssize_t got;

	do {
		if (kms_wait(d, STDIN_FILENO, POLLIN) != 0)
			return -1;
		got = read(STDIN_FILENO, p, n);
	} while (got < 0 && (errno == EINTR || errno == EAGAIN));
	if (got < 0)
		kms_fail(d, "cannot read the message from standard input: %s", strerror(errno));
	return got;
}

int
kms_message_hash(struct kms_daemon *d, struct kms_hash *hashes, size_t n)
{
	static uint8_t block[64 * 1024];
	ssize_t got;

	while ((got = read_some(d, block, sizeof(block))) > 0)
		for (size_t i = 0; i < n; i++)
			kms_hash_add(&hashes[i], block, (size_t)got);
	return (int)got;
}

int
kms_message_keep(struct kms_daemon *d, uint8_t message[KMS_MESSAGE], size_t *n)
{
	uint8_t more;
	ssize_t got = 1;

	for (*n = 0; *n < KMS_MESSAGE && got > 0; *n += (size_t)got)
		if ((got = read_some(d, message + *n, KMS_MESSAGE - *n)) < 0)
			return -1;
	if (got > 0 && (got = read_some(d, &more, 1)) > 0)
		return kms_fail(d, "an ed25519 key signs messages of at most %d bytes; ed25519ph "
		    "and the other algorithms have no limit", KMS_MESSAGE);
	return (int)got;
}
