/*
 * kms_time: points in time as RFC 3339 writes them.
 */
#ifndef KMS_TIME_H
#define KMS_TIME_H

#include <stdint.h>

/* Milliseconds since 1970, negative before it. 0, or -1: not such a time. */
int kms_time_read(const char *text, int64_t *ms);

#endif
