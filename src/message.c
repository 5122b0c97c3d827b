/*
 * message: text, hexadecimal and fields to bytes, and bytes to text.
 */
#include "message.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Where bytes go, and where complaints do. */
struct sink {
	uint8_t    *out;
	size_t      room, n;
	FILE       *err;
	const char *start;	/* of the whole text, to count from */
};

static int
refuse(struct sink *s, const char *at, const char *what)
{
	fprintf(s->err, "request, character %zu: %s\n", (size_t)(at - s->start) + 1, what);
	return -1;
}

static int
put(struct sink *s, const char *at, unsigned byte)
{
	if (s->n == s->room)
		return refuse(s, at, "longer than any message can be");
	s->out[s->n++] = (uint8_t)byte;
	return 0;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* The byte of the two digits at p, or -1. */
static int
hex_byte(const char *p, const char *end)
{
	int high, low;

	if (end - p < 2 || (high = hex_digit(p[0])) < 0 || (low = hex_digit(p[1])) < 0)
		return -1;
	return high << 4 | low;
}

static int
parse_text(struct sink *s, const char *p, const char *end)
{
	int byte;

	while (p < end) {
		byte = (unsigned char)*p;
		if (byte != '\\') {
			p++;
		} else if (end - p >= 2 && p[1] == '\\') {
			p += 2;
		} else if (end - p >= 2 && p[1] == 'x' && (byte = hex_byte(p + 2, end)) >= 0) {
			p += 4;
		} else {
			return refuse(s, p, "after a backslash come xHH (a byte, two "
			    "hexadecimal digits) or a second backslash");
		}
		if (put(s, p, (unsigned)byte) != 0)
			return -1;
	}
	return 0;
}

static int
parse_hex(struct sink *s, const char *p, const char *end)
{
	int byte;

	while (p < end) {
		if (isspace((unsigned char)*p)) {
			p++;
			continue;
		}
		if ((byte = hex_byte(p, end)) < 0)
			return refuse(s, p, "hexadecimal bytes are pairs of 0-9 and A-F");
		if (put(s, p, (unsigned)byte) != 0)
			return -1;
		p += 2;
	}
	return 0;
}

/* The length and type in front of a piece. false: p is no typed piece. */
static bool
read_type(const char *p, const char *end, bool *counted, size_t *length, char *type,
    const char **value)
{
	const char *digits = p;

	*length = 0;
	while (p < end && isdigit((unsigned char)*p) && p - digits < 5)
		*length = *length * 10 + (size_t)(*p++ - '0');
	*counted = p > digits;
	if (end - p < 2 || strchr("ANHBC", p[0]) == NULL || p[1] != ':')
		return false;
	*type = p[0];
	*value = p + 2;
	return true;
}

/* Are all n bytes of the kind that type names? */
static bool
has_kind(const uint8_t *p, size_t n, char type)
{
	for (size_t i = 0; i < n; i++)
		if ((type == 'N' && !isdigit(p[i])) || (type == 'H' && !isxdigit(p[i])))
			return false;
	return true;
}

static int
parse_piece(struct sink *s, const char *p, const char *end)
{
	const char *value = p;
	size_t before = s->n, length;
	bool counted;
	char type, what[96];

	if (!read_type(p, end, &counted, &length, &type, &value))
		return parse_text(s, p, end);
	if (type == 'B' || type == 'C') {
		if (parse_hex(s, value, end) != 0)
			return -1;
	} else if (parse_text(s, value, end) != 0) {
		return -1;
	}
	if (!has_kind(s->out + before, s->n - before, type))
		return refuse(s, value, type == 'N' ? "N takes the digits 0-9" :
		    "H takes hexadecimal digits");
	if (counted && s->n - before != length) {
		snprintf(what, sizeof(what), "%zu %s where the length says %zu",
		    s->n - before, type == 'B' || type == 'C' ? "bytes" : "characters", length);
		return refuse(s, value, what);
	}
	return 0;
}

static const char *
piece_end(const char *p, const char *end)
{
	const char *bar = memchr(p, '|', (size_t)(end - p));

	return bar != NULL ? bar : end;
}

/*
 * Is the text written as fields? Every piece is typed; the first may be bare
 * when it is as long as a command code and another follows.
 */
static bool
is_fields(const char *text, const char *end)
{
	unsigned typed = 0;

	for (const char *p = text;;) {
		const char *stop = piece_end(p, end), *value;
		size_t length;
		bool counted;
		char type;

		if (read_type(p, stop, &counted, &length, &type, &value))
			typed++;
		else if (p != text || stop - p != 2)
			return false;
		if (stop == end)
			return typed > 0;
		p = stop + 1;
	}
}

static int
parse_fields(struct sink *s, const char *text, const char *end)
{
	const char *value;
	size_t length;
	bool counted;
	char type;

	for (const char *p = text;;) {
		const char *stop = piece_end(p, end);
		bool last = stop == end;

		/* a ; may close the last piece: no byte in hexadecimal is one */
		if (last && read_type(p, stop, &counted, &length, &type, &value) &&
		    stop > value && stop[-1] == ';' && (type != 'A' ||
		    (counted && (size_t)(stop - value) == length + 1)))
			stop--;
		if (parse_piece(s, p, stop) != 0)
			return -1;
		if (last)
			return 0;
		p = stop + 1;
	}
}

int
message_parse(const char *text, bool hex, uint8_t *out, size_t room, size_t *n, FILE *err)
{
	struct sink s = { .out = out, .room = room, .err = err, .start = text };
	const char *end = text + strlen(text);
	int r;

	if (hex)
		r = parse_hex(&s, text, end);
	else if (is_fields(text, end))
		r = parse_fields(&s, text, end);
	else
		r = parse_text(&s, text, end);
	*n = s.n;
	return r;
}

void
message_print(struct span bytes, FILE *out)
{
	for (size_t i = 0; i < bytes.n; i++) {
		if (bytes.p[i] == '\\')
			fputs("\\\\", out);
		else if (bytes.p[i] < 0x20 || bytes.p[i] > 0x7e)
			fprintf(out, "\\x%02X", bytes.p[i]);
		else
			putc(bytes.p[i], out);
	}
}
