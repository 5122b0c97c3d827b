/*
 * histogram: which bucket a value belongs to, and back.
 *
 * Values below 16 have a bucket each. Above, a value with its highest bit at
 * e is in bucket (e - 3) * 16 plus its next four bits.
 */
#include "histogram.h"

enum { PARTS = 16, PART_BITS = 4 };

static unsigned
bucket_of(uint64_t value)
{
	unsigned high;

	if (value < PARTS)
		return (unsigned)value;
	high = 63 - (unsigned)__builtin_clzll(value);
	return (high - PART_BITS + 1) * PARTS +
	    (unsigned)(value >> (high - PART_BITS) & (PARTS - 1));
}

/* The largest value of a bucket. */
static uint64_t
bucket_top(unsigned bucket)
{
	unsigned shift;

	if (bucket < PARTS)
		return bucket;
	shift = bucket / PARTS - 1;
	/* The last bucket's top is 2^64 - 1: the shift drops the bit above. */
	return ((uint64_t)(PARTS + bucket % PARTS + 1) << shift) - 1;
}

void
histogram_add(struct histogram *h, uint64_t value)
{
	h->count++;
	h->sum += value;
	if (value > h->max)
		h->max = value;
	h->bucket[bucket_of(value)]++;
}

void
histogram_merge(struct histogram *into, const struct histogram *from)
{
	into->count += from->count;
	into->sum += from->sum;
	if (from->max > into->max)
		into->max = from->max;
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
		into->bucket[i] += from->bucket[i];
}

uint64_t
histogram_quantile(const struct histogram *h, double q)
{
	double want = q * (double)h->count;
	uint64_t seen = 0;

	if (h->count == 0)
		return 0;
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += h->bucket[i];
		if (seen > 0 && (double)seen >= want)
			return bucket_top(i) < h->max ? bucket_top(i) : h->max;
	}
	return h->max;
}
