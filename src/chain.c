#include "chain.h"

#include <ctype.h>

#include "scan.h"

enum { DEPTH = 256 };	/* brackets in brackets; the parser takes 200 */

/* A source being looked at. */
struct chain {
	struct scan scan;
	unsigned depth;
	unsigned steps[DEPTH];	/* of the chain at each depth */
	bool     joined;	/* the last token was one after which a name goes on */
};

/* A name or number: a chain starts with it, unless a dot or colon stands before it. */
static void
take_word(struct chain *c)
{
	if (!c->joined)
		c->steps[c->depth] = 0;
	scan_word(&c->scan);
	c->joined = false;
}

static bool
take_sign(struct chain *c)
{
	int sign = scan_look(&c->scan, 0);
	bool step = sign == '.' || sign == ':';
	bool two = step && scan_look(&c->scan, 1) == sign;	/* .. and :: */

	scan_skip(&c->scan, two ? 2 : 1);
	c->joined = step && !two;
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
	} else {
		c->steps[c->depth] = 0;
	}
	return c->steps[c->depth] <= CHAIN_MAX;
}

unsigned
chain_find(struct span source)
{
	struct chain c = { .scan = { .source = source, .line = 1 } };

	while (!scan_ended(&c.scan)) {
		int sign = scan_look(&c.scan, 0);

		if (scan_skip_text(&c.scan))
			continue;
		if (isalnum(sign) || sign == '_')
			take_word(&c);
		else if (!take_sign(&c))
			return c.scan.line;
	}
	return 0;
}
