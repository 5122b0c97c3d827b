/*
 * schema_encode: the reply's half of schema.h.
 */
#include "schema.h"

#include "charset.h"
#include "config.h"
#include "err.h"
#include "schema_cut.h"

static int
defect(struct request *rq, const struct field *f, const char *rule)
{
	rq->fault.field = f->name;
	return request_fail(rq, ERR_SCRIPT, rule);
}

/* Are these characters of the field's class, or one of its words? */
static bool
is_allowed(const struct shape *sh, struct span text)
{
	if (sh->type == FIELD_ENUM && sh->max > 1)
		return schema_is_word(sh, text);
	return sh->charset != 0 ? charset_all(text, sh->charset) :
	    text.n != 0 && schema_in_class(sh, text.p[0]);
}

/* A number becomes as many digits as the field has at least. */
static int
encode_number(struct request *rq, const struct field *f, const struct shape *sh, long value,
    uint8_t *out, size_t room, size_t *n)
{
	static const char digit[] = "0123456789ABCDEF";
	unsigned base = sh->type == FIELD_H ? 16 : 10;
	uint8_t text[24];
	size_t len = 0;

	if (sh->extent == EXTENT_REST || value < 0 ||
	    (sh->type != FIELD_N && sh->type != FIELD_H && sh->type != FIELD_ENUM))
		return defect(rq, f, "takes no number");
	do {
		text[sizeof(text) - ++len] = (uint8_t)digit[(unsigned long)value % base];
		value = (long)((unsigned long)value / base);
	} while (value != 0 || (len < sh->min && len < sizeof(text)));
	if (len < sh->min || len > sh->max)
		return defect(rq, f, "got a number with too many digits");
	if (!is_allowed(sh, span_of(text + sizeof(text) - len, len)))
		return defect(rq, f, "got a number that is not of its type");
	if (len > room)
		return ERR_NO_ROOM;
	memcpy(out, text + sizeof(text) - len, len);
	*n = len;
	return 0;
}

/* A clear PIN: as many characters as a PIN under the LMK has, F behind the digits. */
static int
encode_clear(struct request *rq, const struct field *f, struct span digits, uint8_t *out,
    size_t room, size_t *n)
{
	*n = rq->config->pin_length + 1;
	if (digits.n > *n || !charset_all(digits, CHAR_DIGIT))
		return defect(rq, f, "got a text that is no PIN");
	if (*n > room)
		return ERR_NO_ROOM;
	memset(out, 'F', *n);
	memcpy(out, digits.p, digits.n);
	return 0;
}

static int
encode_text(struct request *rq, const struct field *f, const struct shape *sh,
    struct span text, uint8_t *out, size_t room, size_t *n)
{
	if (sh->type == FIELD_CLEARPIN)
		return encode_clear(rq, f, text, out, room, n);
	if (sh->type != FIELD_CRYPTOGRAM && sh->extent != EXTENT_REST &&
	    (text.n < sh->min || text.n > sh->max))
		return defect(rq, f, "got a text of another length");
	if (text.n > room)
		return ERR_NO_ROOM;
	if (!is_allowed(sh, text))
		return defect(rq, f, "got a character that is not of its type");
	if (text.n != 0)
		memcpy(out, text.p, text.n);
	*n = text.n;
	return 0;
}

/* A field that applies, with its delimiter. */
static int
encode_one(struct request *rq, const struct field *f, const struct answer *a,
    struct value **v, uint8_t *out, size_t room, size_t *n)
{
	const struct shape *sh = schema_shape(f, v);
	size_t at = 0, len = 0;
	int r;

	if (f->mark != '\0') {
		if (room < 1)
			return ERR_NO_ROOM;
		out[at++] = (uint8_t)f->mark;
	}
	if (a->number)
		r = encode_number(rq, f, sh, a->value, out + at, room - at, &len);
	else
		r = encode_text(rq, f, sh, a->span, out + at, room - at, &len);
	*n = at + len;
	return r;
}

int
schema_encode(const struct schema *s, struct request *rq, const struct answer *a,
    struct value **v, bool partial, uint8_t *out, size_t room, size_t *n)
{
	size_t at = 0, len;
	int r;

	for (unsigned i = 0; i < s->n; i++) {
		const struct field *f = &s->field[i];

		if (f->nwhen != 0 && !schema_applies(f, v))
			continue;
		if (f->shape.type == FIELD_MARK) {
			if (room - at < 1)
				return ERR_NO_ROOM;
			out[at++] = (uint8_t)f->shape.set[0];
			continue;
		}
		if (!a[i].set) {
			if (partial || f->group != 0)
				continue;
			return defect(rq, f, "was not set by the handler");
		}
		if ((r = encode_one(rq, f, &a[i], v, out + at, room - at, &len)) != 0)
			return r;
		at += len;
	}
	*n = at;
	return 0;
}
