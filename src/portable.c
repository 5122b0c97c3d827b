#include "portable.h"

#include <ctype.h>
#include <stdlib.h>

#include "scan.h"

enum { NUMBER_MAX = 64 };

static const unsigned long long exact = 9007199254740992;	/* 2^53 */

/* Signs that only Lua 5.4 has; a longer one stands before a shorter one. */
static const struct {
	const char *sign;
	const char *why;	/* NULL: shared, and begins as another does */
} signs[] = {
	{ "~=", NULL },
	{ "//", "// is in Lua 5.4 only; use math.floor(x / y)" },
	{ "<<", "<< is in Lua 5.4 only; multiply" },
	{ ">>", ">> is in Lua 5.4 only; use math.floor(x / y)" },
	{ "&",  "& is in Lua 5.4 only; use arithmetic or a table" },
	{ "|",  "| is in Lua 5.4 only; use arithmetic or a table" },
	{ "~",  "~ is in Lua 5.4 only; use arithmetic or a table" },
};

static bool
starts_with(const struct scan *c, const char *s)
{
	size_t i = 0;

	while (s[i] != '\0' && scan_look(c, i) == s[i])
		i++;
	return s[i] == '\0';
}

/* local x <const>: its words between < and > are nowhere else one. */
static const char *
find_attribute(struct scan c)
{
	struct span word;

	scan_skip(&c, 1);
	while (scan_skip_text(&c))
		;
	word = scan_word(&c);
	while (scan_skip_text(&c))
		;
	if (scan_look(&c, 0) != '>')
		return NULL;
	if (span_is(word, "const"))
		return "<const> is in Lua 5.4 only; leave it out";
	if (span_is(word, "close"))
		return "<close> is in Lua 5.4 only; leave it out";
	return NULL;
}

static const char *
take_sign(struct scan *c)
{
	const char *why = scan_look(c, 0) == '<' ? find_attribute(*c) : NULL;

	for (size_t i = 0; why == NULL && i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (!starts_with(c, signs[i].sign))
			continue;
		if (signs[i].why != NULL)
			return signs[i].why;
		scan_skip(c, 2);
		return NULL;
	}
	scan_skip(c, 1);
	return why;
}

/* A number without fraction or exponent is an integer of 64 bits in Lua 5.4 only. */
static const char *
check_number(struct span word, bool whole)
{
	char text[NUMBER_MAX], *end;
	bool hex;

	if (!whole)
		return NULL;
	if (word.n >= sizeof(text))
		return "a number with too many digits";
	memcpy(text, word.p, word.n);
	text[word.n] = '\0';
	hex = strncasecmp(text, "0x", 2) == 0;
	if (strtoull(text, &end, hex ? 16 : 10) > exact && *end == '\0')
		return "a whole number above 2^53 is not the same in every Lua";
	if (strcasecmp(end, "LL") == 0 || strcasecmp(end, "ULL") == 0 ||
	    strcasecmp(end, "i") == 0)
		return "numbers with LL, ULL or i are in LuaJIT only";
	return NULL;
}

static const char *
take_word(struct scan *c)
{
	bool fraction = c->at > 0 && c->source.p[c->at - 1] == '.';
	struct span word = scan_word(c);

	if (isdigit(word.p[0]))
		return check_number(word, !fraction && scan_look(c, 0) != '.');
	return span_is(word, "goto") ?
	    "goto is not in every Lua; use a function and return" : NULL;
}

const char *
portable_find(struct span source, unsigned *line)
{
	struct scan c = { .source = source, .line = 1 };
	const char *why = NULL;

	/* A compiled chunk has no tokens: the sandbox says what it is. */
	if (source.n != 0 && source.p[0] == 0x1B)
		return NULL;
	while (why == NULL && !scan_ended(&c)) {
		int sign = scan_look(&c, 0);

		*line = c.line;
		if (scan_skip_text(&c))
			continue;
		why = isalnum(sign) || sign == '_' ? take_word(&c) : take_sign(&c);
	}
	return why;
}
