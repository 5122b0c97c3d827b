/*
 * span: borrowed bytes, passed by value.
 *
 * A span owns nothing and lives as long as the bytes it was cut from; the
 * comment of whoever hands one out says how long that is.
 */
#ifndef LUAHSM_SPAN_H
#define LUAHSM_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
	const uint8_t *p;
	size_t         n;
};

/* The span of a string literal, without its closing NUL. */
#define SPAN(lit) ((struct span){ (const uint8_t *)(lit), sizeof(lit) - 1 })

static inline struct span
span_of(const void *p, size_t n)
{
	return (struct span){ p, n };
}

static inline struct span
span_str(const char *s)
{
	return (struct span){ (const uint8_t *)s, strlen(s) };
}

/* The n bytes from offset at; the caller has checked that they are there. */
static inline struct span
span_sub(struct span s, size_t at, size_t n)
{
	return (struct span){ s.p + at, n };
}

/* Not for secrets: stops at the first difference. */
static inline bool
span_is(struct span s, const char *text)
{
	size_t n = strlen(text);

	return s.n == n && (n == 0 || memcmp(s.p, text, n) == 0);
}

#endif
