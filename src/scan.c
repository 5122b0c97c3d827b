#include "scan.h"

#include <ctype.h>

bool
scan_ended(const struct scan *c)
{
	return c->at >= c->source.n;
}

int
scan_look(const struct scan *c, size_t ahead)
{
	return c->at + ahead < c->source.n ? c->source.p[c->at + ahead] : -1;
}

void
scan_skip(struct scan *c, size_t n)
{
	for (; n > 0 && !scan_ended(c); n--)
		c->line += c->source.p[c->at++] == '\n';
}

/* Signs between the brackets that open a long text here: [[ 0, [=[ 1; -1 for none. */
static int
long_level(const struct scan *c, size_t ahead)
{
	int level = 0;

	if (scan_look(c, ahead) != '[')
		return -1;
	while (scan_look(c, ahead + 1 + (size_t)level) == '=')
		level++;
	return scan_look(c, ahead + 1 + (size_t)level) == '[' ? level : -1;
}

/* Past the closing bracket of that level. */
static void
skip_long(struct scan *c, int level)
{
	size_t signs = (size_t)level, k;

	while (!scan_ended(c)) {
		for (k = 0; k < signs && scan_look(c, 1 + k) == '='; k++)
			;
		if (scan_look(c, 0) == ']' && k == signs && scan_look(c, 1 + signs) == ']') {
			scan_skip(c, signs + 2);
			return;
		}
		scan_skip(c, 1);
	}
}

static bool
is_newline(int sign)
{
	return sign == '\n' || sign == '\r';
}

/* Up to the line's end, or to one of these before it. */
static void
skip_to(struct scan *c, int sign, int other)
{
	while (!scan_ended(c) && scan_look(c, 0) != sign && scan_look(c, 0) != other &&
	    !is_newline(scan_look(c, 0)))
		c->at++;
}

/* Past the backslash and what it stands for. */
static void
skip_escape(struct scan *c)
{
	bool two = is_newline(scan_look(c, 1)) && is_newline(scan_look(c, 2)) &&
	    scan_look(c, 1) != scan_look(c, 2);

	if (scan_look(c, 1) != 'z') {
		scan_skip(c, two ? 3 : 2);
		return;
	}
	scan_skip(c, 2);
	while (isspace(scan_look(c, 0)))
		scan_skip(c, 1);
}

static void
skip_quoted(struct scan *c, int quote)
{
	scan_skip(c, 1);
	for (skip_to(c, quote, '\\'); scan_look(c, 0) == '\\'; skip_to(c, quote, '\\'))
		skip_escape(c);
	scan_skip(c, 1);
}

static void
skip_comment(struct scan *c)
{
	int level = long_level(c, 2);

	scan_skip(c, 2);
	if (level >= 0)
		skip_long(c, level);
	else
		skip_to(c, '\n', '\n');
}

bool
scan_skip_text(struct scan *c)
{
	int sign = scan_look(c, 0), level;

	if (isspace(sign)) {
		while (isspace(scan_look(c, 0)))
			scan_skip(c, 1);
		return true;
	}
	if (sign == '-' && scan_look(c, 1) == '-')
		skip_comment(c);
	else if (sign == '"' || sign == '\'')
		skip_quoted(c, sign);
	else if (sign == '[' && (level = long_level(c, 0)) >= 0)
		skip_long(c, level);
	else
		return false;
	return true;
}

struct span
scan_word(struct scan *c)
{
	size_t start = c->at;

	while (isalnum(scan_look(c, 0)) || scan_look(c, 0) == '_')
		scan_skip(c, 1);
	return span_sub(c->source, start, c->at - start);
}
