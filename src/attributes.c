#include "attributes.h"

#include "charset.h"
#include "err.h"

/* Text being read. */
struct reading {
	struct span text;
	size_t      at;
	struct attributes *a;
};

static bool
is_letter(uint8_t c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* The next n characters, or NULL when there are fewer. */
static const char *
take(struct reading *rd, size_t n)
{
	const char *p = (const char *)rd->text.p + rd->at;

	if (n > rd->text.n - rd->at)
		return NULL;
	rd->at += n;
	return p;
}

static int
read_algorithm(struct attributes *a, const char *p)
{
	static const struct {
		char    text[3];
		char    letter;
		uint8_t len;
	} known[] = {
		{ "D1", 'D', 8 }, { "T2", 'T', 16 }, { "T3", 'T', 24 },
		{ "A1", 'A', 16 }, { "A2", 'A', 24 }, { "A3", 'A', 32 },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (memcmp(known[i].text, p, 2) == 0) {
			a->header.algorithm = known[i].letter;
			a->key_len = known[i].len;
			a->has[ATTR_ALGORITHM] = true;
			return 0;
		}
	return ERR_ALGORITHM;
}

static int
read_blocks(struct reading *rd)
{
	const char *p = take(rd, 2);
	struct keyblock_header *h = &rd->a->header;
	struct span rest;
	unsigned count;

	if (p == NULL || !is_digit((uint8_t)p[0]) || !is_digit((uint8_t)p[1]))
		return ERR_INPUT;
	count = (unsigned)(p[0] - '0') * 10 + (unsigned)(p[1] - '0');
	if (count > KEYBLOCK_OPTIONAL)
		return ERR_BLOCK_COUNT;
	rest = span_sub(rd->text, rd->at, rd->text.n - rd->at);
	h->count = (uint8_t)count;
	h->blocks = span_sub(rest, 0, keyblock_options_length(rest, count));
	if (count != 0 && h->blocks.n == 0)
		return ERR_BLOCK_OPTION;
	rd->at += h->blocks.n;
	return 0;
}

/* One letter of a form. */
static int
read_piece(struct reading *rd, char letter)
{
	struct keyblock_header *h = &rd->a->header;
	bool one = letter == 'm' || letter == 'x';
	const char *p;

	if (letter == 'b')
		return read_blocks(rd);
	if ((p = take(rd, one ? 1 : 2)) == NULL ||
	    !charset_all(span_of(p, one ? 1 : 2), CHAR_PRINT))
		return ERR_INPUT;
	switch (letter) {
	case 'u':
		memcpy(h->usage, p, 2);
		rd->a->has[ATTR_USAGE] = true;
		return 0;
	case 'a':
		return read_algorithm(rd->a, p);
	case 'm':
		h->mode = p[0];
		rd->a->has[ATTR_MODE] = true;
		return 0;
	case 'v':
		memcpy(h->key_version, p, 2);
		rd->a->has[ATTR_VERSION] = true;
		return is_digit((uint8_t)p[0]) && is_digit((uint8_t)p[1]) ? 0 :
		    ERR_KEY_VERSION;
	default:
		h->exportability = p[0];
		rd->a->has[ATTR_EXPORT] = true;
		return 0;
	}
}

/* One form, up to its end or the next |. */
static int
read_form(struct reading *rd, const char *form)
{
	bool skip = false;
	int r = 0;

	*rd->a = (struct attributes){ 0 };
	rd->at = 0;
	for (; *form != '\0' && *form != '|' && r == 0; form++) {
		if (*form == '[')
			skip = rd->at == rd->text.n || !is_letter(rd->text.p[rd->at]);
		else if (*form == ']')
			skip = false;
		else if (!skip)
			r = read_piece(rd, *form);
	}
	return r;
}

/* Does the group end here? */
static bool
ends(const struct reading *rd)
{
	uint8_t c = rd->at < rd->text.n ? rd->text.p[rd->at] : 0x19;

	return c == 0x19 || c == '%' || c == '&' || c == '!';
}

int
attributes_read(const char *form, struct span text, struct attributes *a, size_t *n)
{
	struct reading rd = { .text = text, .a = a };
	const char *other = strchr(form, '|');
	int r = read_form(&rd, form);

	if (other != NULL && (r != 0 || !ends(&rd)))
		r = read_form(&rd, other + 1);
	*n = rd.at;
	return r;
}

void
attributes_apply(const struct attributes *a, struct keyblock_header *h)
{
	if (a->has[ATTR_USAGE])
		memcpy(h->usage, a->header.usage, 2);
	if (a->has[ATTR_ALGORITHM])
		h->algorithm = a->header.algorithm;
	if (a->has[ATTR_MODE])
		h->mode = a->header.mode;
	if (a->has[ATTR_VERSION])
		memcpy(h->key_version, a->header.key_version, 2);
	if (a->has[ATTR_EXPORT])
		h->exportability = a->header.exportability;
	if (a->header.count != 0) {
		h->count = a->header.count;
		h->blocks = a->header.blocks;
	}
}
