/*
 * kms_message: what stands on standard input: hashed as it streams past, or
 * kept whole where a key signs messages.
 */
#ifndef KMS_MESSAGE_H
#define KMS_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "kms_daemon.h"
#include "kms_hash.h"

/* Put all of it through n hashes. 0, or -1 with d->error. */
int kms_message_hash(struct kms_daemon *d, struct kms_hash *hashes, size_t n);

/* Keep all of it. 0, or -1 with d->error: it is longer than KMS_MESSAGE. */
int kms_message_keep(struct kms_daemon *d, uint8_t message[KMS_MESSAGE], size_t *n);

#endif
