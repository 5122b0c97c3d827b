/*
 * component: pieces of an LMK as text, and put together.
 */
#include "component.h"

#include <ctype.h>
#include <string.h>

#include "crypto/shamir.h"
#include "err.h"
#include "hex.h"

static const char title[] = "luahsm lmk component 1";

/* Digits in a line of a value. */
static size_t
line_of(enum lmk_scheme scheme)
{
	return 2 * (scheme == LMK_VARIANT ? (size_t)LMK_PAIR_LEN : lmk_value_length(scheme));
}

int
component_write(const struct component *c, char *text, size_t *n)
{
	size_t line = line_of(c->value.scheme), at;
	char check[LMK_CHECK + 1];
	int r;

	if ((r = lmk_value_check(&c->value, check)) != 0)
		return r;
	at = (size_t)sprintf(text, "%s\nscheme %s\nstatus %s\n%s %u of %u", title,
	    lmk_scheme_text(c->value.scheme), c->test ? "test" : "live",
	    c->share ? "share" : "part", c->number, c->count);
	if (c->share)
		at += (size_t)sprintf(text + at, ", %u needed", c->needed);
	if (c->whole[0] != '\0')
		at += (size_t)sprintf(text + at, "\nlmk %s", c->whole);
	for (size_t i = 0; i < c->value.len; i += line / 2) {
		at += (size_t)sprintf(text + at, "\nvalue ");
		hex_encode(c->value.bytes + i, line / 2, text + at);
		at += line;
	}
	at += (size_t)sprintf(text + at, "\ncheck %s\n", check);
	*n = at;
	return 0;
}

void
component_print(const struct lmk_value *v, char *text)
{
	size_t line = line_of(v->scheme);

	for (size_t i = 0; i < v->len; i += line / 2) {
		hex_encode(v->bytes + i, line / 2, text);
		text += line;
		*text++ = '\n';
	}
	*text = '\0';
}

int
component_digits(char *text, size_t n, enum lmk_scheme scheme, struct lmk_value *value)
{
	size_t digits = 0;

	for (size_t i = 0; i < n; i++)
		if (!isspace((unsigned char)text[i]))
			text[digits++] = (char)toupper((unsigned char)text[i]);
	value->scheme = scheme;
	value->len = lmk_value_length(scheme);
	if (digits != 2 * value->len)
		return ERR_INPUT;
	return hex_decode(span_of(text, digits), value->bytes, value->len);
}

/* --- reading ------------------------------------------------------------- */

enum { WORDS = 64 };	/* longest line without a value */

struct reader {
	struct span rest, line;
	char        words[WORDS];	/* the line, if it fits: never one of a value */
};

/* The next line. false: there is none. */
static bool
next_line(struct reader *rd)
{
	const uint8_t *end;
	size_t n;

	if (rd->rest.n == 0)
		return false;
	end = memchr(rd->rest.p, '\n', rd->rest.n);
	n = end != NULL ? (size_t)(end - rd->rest.p) : rd->rest.n;
	rd->line = span_sub(rd->rest, 0, n);
	n += end != NULL;
	rd->rest = span_sub(rd->rest, n, rd->rest.n - n);
	while (rd->line.n > 0 && isspace(rd->line.p[rd->line.n - 1]))
		rd->line.n--;
	rd->words[0] = '\0';
	if (rd->line.n < WORDS && (rd->line.n == 0 || rd->line.p[0] != 'v'))
		snprintf(rd->words, sizeof(rd->words), "%.*s", (int)rd->line.n,
		    (const char *)rd->line.p);
	return true;
}

/* The word behind first in the next line; NULL: the line is another. */
static const char *
next_word(struct reader *rd, const char *first)
{
	size_t n = strlen(first);

	return next_line(rd) && strncmp(rd->words, first, n) == 0 && rd->words[n] == ' ' ?
	    rd->words + n + 1 : NULL;
}

/* "part 2 of 3" or "share 2 of 5, 3 needed". */
static const char *
read_number(struct reader *rd, struct component *c)
{
	int end = 0;

	if (!next_line(rd))
		return "ends before it says which part it is";
	/* NOLINTBEGIN(cert-err34-c): one digit each, which always fits */
	if (sscanf(rd->words, "part %1u of %1u%n", &c->number, &c->count, &end) != 2 || end == 0) {
		c->share = true;
		if (sscanf(rd->words, "share %1u of %1u, %1u needed%n", &c->number, &c->count,
		    &c->needed, &end) != 3 || end == 0)
			return "does not say which part of how many it is";
	}
	/* NOLINTEND(cert-err34-c) */
	if (rd->words[end] != '\0' || c->count < COMPONENT_LEAST || c->number < 1 ||
	    c->number > c->count || (c->share && (c->needed < 2 || c->needed > c->count)))
		return "cannot be that part of so many";
	return NULL;
}

/* The lines of the value. */
static const char *
read_value(struct reader *rd, struct component *c)
{
	size_t line = line_of(c->value.scheme), at = 0;

	c->value.len = lmk_value_length(c->value.scheme);
	do {
		if (rd->line.n != line + strlen("value ") ||
		    memcmp(rd->line.p, "value ", strlen("value ")) != 0 ||
		    hex_decode(span_sub(rd->line, strlen("value "), line),
		    c->value.bytes + at, line / 2) != 0)
			return "has a value of another length, or not in hexadecimal digits";
		at += line / 2;
	} while (at < c->value.len && next_line(rd));
	return at == c->value.len ? NULL : "has a value that is too short";
}

static const char *
read_text(struct reader *rd, struct component *c)
{
	char check[LMK_CHECK + 1];
	const char *word, *why;
	int scheme;

	if (!next_line(rd) || strcmp(rd->words, title) != 0)
		return "is not a component of an LMK";
	if ((word = next_word(rd, "scheme")) == NULL || (scheme = lmk_scheme_find(word)) < 0)
		return "names no scheme of LMKs";
	c->value.scheme = (enum lmk_scheme)scheme;
	if ((word = next_word(rd, "status")) == NULL ||
	    (strcmp(word, "live") != 0 && strcmp(word, "test") != 0))
		return "has a status that is neither live nor test";
	c->test = word[0] == 't';
	if ((why = read_number(rd, c)) != NULL)
		return why;
	if ((word = next_word(rd, "lmk")) != NULL) {
		if (strlen(word) != LMK_CHECK)
			return "has no check value behind lmk";
		memcpy(c->whole, word, sizeof(c->whole));
		if (!next_line(rd))
			return "has no value";
	}
	if ((why = read_value(rd, c)) != NULL)
		return why;
	if ((word = next_word(rd, "check")) == NULL || lmk_value_check(&c->value, check) != 0)
		return "has no check value";
	if (strcmp(word, check) != 0)
		return "does not have the check value it says: a digit of it is wrong";
	return NULL;
}

int
component_read(struct span text, struct component *c, const char *name, FILE *err)
{
	struct reader rd = { .rest = text };
	const char *why;

	memset(c, 0, sizeof(*c));
	if ((why = read_text(&rd, c)) == NULL)
		return 0;
	fprintf(err, "%s: %s\n", name, why);
	return -1;
}

/* --- putting together ---------------------------------------------------- */

static int
refuse(FILE *err, const char *why)
{
	fprintf(err, "luahsm: %s\n", why);
	return -1;
}

/* Do all belong together, each of them once? */
static int
check_set(const struct component *const c[], size_t n, FILE *err)
{
	size_t want = c[0]->share ? c[0]->needed : c[0]->count;

	for (size_t i = 0; i < n; i++) {
		if (c[i]->share != c[0]->share || c[i]->value.scheme != c[0]->value.scheme ||
		    c[i]->count != c[0]->count || c[i]->needed != c[0]->needed)
			return refuse(err, "the components are of different sets");
		if (c[i]->test != c[0]->test)
			return refuse(err, "components of test and of live status do not mix");
		if (strcmp(c[i]->whole, c[0]->whole) != 0)
			return refuse(err, "the components are of different LMKs");
		if (!c[i]->share && lmk_value_zero(&c[i]->value))
			return refuse(err, "a component is all zeros");
		for (size_t j = 0; j < i; j++)
			if (c[j]->number == c[i]->number ||
			    (!c[i]->share && lmk_value_same(&c[i]->value, &c[j]->value)))
				return refuse(err, "a component is there twice");
	}
	if (c[0]->share ? n >= want : n == want)
		return 0;
	fprintf(err, "luahsm: %zu component%s given, %zu are needed\n", n,
	    n == 1 ? " is" : "s are", want);
	return -1;
}

static int
rebuild(const struct component *const c[], struct lmk_value *value)
{
	const uint8_t *share[SHAMIR_MOST];
	uint8_t number[SHAMIR_MOST];

	for (unsigned i = 0; i < c[0]->needed; i++) {
		share[i] = c[i]->value.bytes;
		number[i] = (uint8_t)c[i]->number;
	}
	return shamir_join(share, number, c[0]->needed, value->len, value->bytes);
}

int
component_join(const struct component *const c[], size_t n, struct lmk_value *value, FILE *err)
{
	char check[LMK_CHECK + 1];
	const char *fault;

	if (n < COMPONENT_LEAST || n > COMPONENT_MOST)
		return refuse(err, "an LMK is formed from 2 to 9 components");
	if (check_set(c, n, err) != 0)
		return -1;
	*value = c[0]->value;
	if (c[0]->share && rebuild(c, value) != 0)
		return refuse(err, "the shares cannot be put together");
	for (size_t i = 1; i < n && !c[0]->share; i++)
		lmk_value_add(value, &c[i]->value);
	lmk_value_force(value);
	if (lmk_value_check(value, check) != 0)
		return refuse(err, "no check value can be had");
	if (c[0]->whole[0] != '\0' && strcmp(c[0]->whole, check) != 0) {
		fprintf(err, "luahsm: the components form an LMK with check value %s, not %s\n",
		    check, c[0]->whole);
		return -1;
	}
	fault = lmk_value_fault(value);
	if (fault == NULL || c[0]->test)
		return 0;
	fprintf(err, "luahsm: the components form no fit LMK: %s\n", fault);
	return -1;
}
