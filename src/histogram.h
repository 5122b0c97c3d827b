/*
 * histogram: counts of 64-bit values in log-linear buckets.
 *
 * Every power of two is cut into 16 buckets, so a quantile is right to about
 * 6 %. Fixed size, no allocation, mergeable. Debian packages no such library for C.
 */
#ifndef LUAHSM_HISTOGRAM_H
#define LUAHSM_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_BUCKETS = 976 };

struct histogram {
	uint64_t count, sum, max;
	uint64_t bucket[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *h, uint64_t value);
void histogram_merge(struct histogram *into, const struct histogram *from);

/* The value below which the share q (0 to 1) of all values lies, rounded up; 0 when empty. */
uint64_t histogram_quantile(const struct histogram *h, double q);

#endif
