#include "chain.h"

#include <ctype.h>

enum { DEPTH = 256 };	/* brackets in brackets; the parser takes 200 */

/* A source being looked at. */
struct scan {
	struct span s;
	size_t   at;
	unsigned line;
	unsigned depth;
	unsigned steps[DEPTH];	/* of the chain at each depth */
	bool     joined;	/* the last token was one after which a name goes on */
};

static int
look(const struct scan *c, size_t ahead)
{
	return c->at + ahead < c->s.n ? c->s.p[c->at + ahead] : -1;
}

static void
skip(struct scan *c, size_t n)
{
	for (; n > 0 && c->at < c->s.n; n--)
		c->line += c->s.p[c->at++] == '\n';
}

/* Signs between the brackets that open a long text here: [[ 0, [=[ 1; -1 for none. */
static int
long_level(const struct scan *c, size_t ahead)
{
	int level = 0;

	if (look(c, ahead) != '[')
		return -1;
	while (look(c, ahead + 1 + (size_t)level) == '=')
		level++;
	return look(c, ahead + 1 + (size_t)level) == '[' ? level : -1;
}

/* Past the closing bracket of that level. */
static void
skip_long(struct scan *c, int level)
{
	size_t signs = (size_t)level, k;

	while (c->at < c->s.n) {
		for (k = 0; k < signs && look(c, 1 + k) == '='; k++)
			;
		if (look(c, 0) == ']' && k == signs && look(c, 1 + signs) == ']') {
			skip(c, signs + 2);
			return;
		}
		skip(c, 1);
	}
}

static bool
is_newline(int sign)
{
	return sign == '\n' || sign == '\r';
}

/* As Lua reads it: what it takes for a text must not hide a chain from here. */
static void
skip_quoted(struct scan *c, int quote)
{
	skip(c, 1);
	while (c->at < c->s.n && look(c, 0) != quote && !is_newline(look(c, 0))) {
		if (look(c, 0) != '\\') {
			skip(c, 1);
		} else if (look(c, 1) == 'z') {
			skip(c, 2);
			while (isspace(look(c, 0)))
				skip(c, 1);
		} else {
			bool two = is_newline(look(c, 1)) && is_newline(look(c, 2)) &&
			    look(c, 1) != look(c, 2);

			skip(c, two ? 3 : 2);
		}
	}
	skip(c, 1);
}

static void
skip_comment(struct scan *c)
{
	int level = long_level(c, 2);

	skip(c, 2);
	if (level >= 0)
		skip_long(c, level);
	while (level < 0 && c->at < c->s.n && !is_newline(look(c, 0)))
		skip(c, 1);
}

/* A name or number: a chain starts with it, unless a dot or colon stands before it. */
static void
take_word(struct scan *c)
{
	if (!c->joined)
		c->steps[c->depth] = 0;
	while (isalnum(look(c, 0)) || look(c, 0) == '_')
		skip(c, 1);
	c->joined = false;
}

static bool
take_sign(struct scan *c)
{
	int sign = look(c, 0);
	bool two = look(c, 1) == sign && (sign == '.' || sign == ':');	/* .. and :: */

	skip(c, two ? 2 : 1);
	c->joined = !two && (sign == '.' || sign == ':');
	if (sign == '(' || sign == '[' || sign == '{') {
		c->steps[c->depth]++;
		if (++c->depth == DEPTH)
			return false;
		c->steps[c->depth] = 0;
	} else if ((sign == ')' || sign == ']' || sign == '}') && c->depth > 0) {
		/* A chain in brackets goes on behind them. */
		c->depth--;
		c->steps[c->depth] += c->steps[c->depth + 1];
	} else if (c->joined) {
		c->steps[c->depth]++;
	} else if (!isspace(sign)) {
		c->steps[c->depth] = 0;
	}
	return c->steps[c->depth] <= CHAIN_MAX;
}

unsigned
chain_find(struct span source)
{
	struct scan c = { .s = source, .line = 1 };

	while (c.at < source.n) {
		int sign = look(&c, 0), level = long_level(&c, 0);

		if (sign == '-' && look(&c, 1) == '-')
			skip_comment(&c);
		else if (sign == '"' || sign == '\'')
			skip_quoted(&c, sign);
		else if (level >= 0)
			skip_long(&c, level);
		else if (isalnum(sign) || sign == '_')
			take_word(&c);
		else if (isspace(sign))
			skip(&c, 1);
		else if (!take_sign(&c))
			return c.line;
	}
	return 0;
}
