/*
 * config_line: find the line on which a setting is given.
 *
 * Lua keeps no line for a value in a table, so the source is read once more,
 * after Lua has found it correct: strings and comments are stepped over,
 * braces counted, and the keys of the braces that are open make up a name.
 */
#include "config_table.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { DEPTH = 8, NAME_MAX_LEN = 256 };

struct scan {
	const char *p, *end;
	unsigned    line;
	unsigned    depth;		/* braces open */
	size_t      prefix[DEPTH + 1];	/* length of name at each depth */
	char        name[NAME_MAX_LEN];	/* of the entry being read */
};

/* Step over one character. */
static void
step(struct scan *s)
{
	if (s->p < s->end && *s->p++ == '\n')
		s->line++;
}

static bool
at(const struct scan *s, const char *text)
{
	size_t n = strlen(text);

	return (size_t)(s->end - s->p) >= n && memcmp(s->p, text, n) == 0;
}

/* Step over [[...]] or [==[...]==], if one starts here. */
static bool
long_bracket(struct scan *s)
{
	const char *p = s->p + 1;
	char close[32];
	size_t level = 0;

	if (s->p >= s->end || *s->p != '[')
		return false;
	for (; p < s->end && *p == '='; p++)
		level++;
	if (p >= s->end || *p != '[' || level > sizeof(close) - 3)
		return false;
	memset(close, '=', sizeof(close));
	close[0] = ']';
	close[level + 1] = ']';
	close[level + 2] = '\0';
	while (s->p < s->end && !at(s, close))
		step(s);
	for (size_t i = 0; i < level + 2; i++)
		step(s);
	return true;
}

/* Step over a comment, if one starts here. */
static bool
comment(struct scan *s)
{
	if (!at(s, "--"))
		return false;
	s->p += 2;
	if (!long_bracket(s))
		while (s->p < s->end && *s->p != '\n')
			step(s);
	return true;
}

/* Step over a quoted string, whose text (escapes as written) goes to out. */
static void
quoted(struct scan *s, char *out, size_t room)
{
	char quote = *s->p;
	size_t n = 0;

	step(s);
	while (s->p < s->end && *s->p != quote) {
		if (*s->p == '\\')
			step(s);
		if (n + 1 < room && s->p < s->end)
			out[n++] = *s->p;
		step(s);
	}
	out[n] = '\0';
	step(s);
}

/* Step over a name or a number. */
static void
word(struct scan *s, char *out, size_t room)
{
	size_t n = 0;

	while (s->p < s->end && (isalnum((unsigned char)*s->p) || *s->p == '_')) {
		if (n + 1 < room)
			out[n++] = *s->p;
		step(s);
	}
	out[n] = '\0';
}

static void
blank(struct scan *s)
{
	while (s->p < s->end && (isspace((unsigned char)*s->p) || at(s, "--")))
		if (!comment(s))
			step(s);
}

/* The name of the entry is the one of the table around it, a dot and key. */
static void
set_name(struct scan *s, const char *key)
{
	size_t base = s->prefix[s->depth];
	bool number = key[strspn(key, "0123456789")] == '\0';

	snprintf(s->name + base, sizeof(s->name) - base, "%s%s%s", base > 0 ? "." : "",
	    number && strlen(key) == 1 ? "0" : "", key);
}

/*
 * Read a key and its `=`, if the text goes on with them; anything else is a
 * value and stepped over. true: s->name is new.
 */
static bool
key(struct scan *s)
{
	char text[64] = "";
	bool bracket = *s->p == '[';

	if (bracket) {
		step(s);
		blank(s);
	}
	if (s->p < s->end && (*s->p == '"' || *s->p == '\''))
		quoted(s, text, sizeof(text));
	else
		word(s, text, sizeof(text));
	blank(s);
	if (bracket && s->p < s->end && *s->p == ']') {
		step(s);
		blank(s);
	}
	if (text[0] == '\0' || !at(s, "=") || at(s, "=="))
		return false;
	step(s);
	set_name(s, text);
	return true;
}

static void
open_brace(struct scan *s)
{
	step(s);
	if (s->depth < DEPTH)
		s->prefix[++s->depth] = strlen(s->name);
}

/* Leave a table, or go to the next entry of one. */
static void
next_entry(struct scan *s)
{
	if (*s->p == '}' && s->depth > 0)
		s->depth--;
	s->name[s->prefix[s->depth]] = '\0';
	step(s);
}

unsigned
config_line(const char *text, size_t n, const char *name)
{
	struct scan s = { .p = text, .end = text + n, .line = 1 };
	unsigned found = 0;

	while (s.p < s.end) {
		unsigned here = s.line;
		const char *before = s.p;

		if (comment(&s) || long_bracket(&s))
			continue;
		if (*s.p == '{')
			open_brace(&s);
		else if (*s.p == '}' || *s.p == ',' || *s.p == ';')
			next_entry(&s);
		else if (s.depth > 0 && (isalnum((unsigned char)*s.p) ||
		    strchr("[_\"'", *s.p) != NULL) && key(&s) && strcmp(s.name, name) == 0)
			found = here;
		if (s.p == before)
			step(&s);
	}
	return found;
}
