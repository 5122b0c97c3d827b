/*
 * schema_field: one field of a request: how many bytes it takes, and whether
 * they may stand there.
 */
#include "schema_cut.h"

#include "attributes.h"
#include "charset.h"
#include "config.h"
#include "err.h"
#include "key.h"
#include "keytype.h"
#include "schema_pin.h"
#include "schema_rsa.h"
#include "secret.h"
#include "userstore.h"

bool
schema_in_class(const struct shape *sh, uint8_t c)
{
	if (sh->charset == 0)
		return c != 0 && strchr(sh->set, c) != NULL;
	return charset_has(c, sh->charset);
}

static const char *
class_rule(const struct shape *sh)
{
	switch (sh->type) {
	case FIELD_N:
	case FIELD_FORMAT:
		return "holds a character that is not a decimal digit";
	case FIELD_H:
		return "holds a character that is not an upper-case hexadecimal digit";
	case FIELD_ENUM:
		return "is not one of the values allowed";
	case FIELD_MARK:
		return "is not the delimiter that belongs here";
	default:
		return "holds a character that can't be printed";
	}
}

/* Bytes up to the trailer, or to the end when no trailer can be meant. */
static size_t
rest_length(const struct cut *c)
{
	size_t n = cut_left(c), i;

	for (i = 0; i <= SCHEMA_TRAILER && i < n; i++) {
		if (c->body.p[c->body.n - 1 - i] == SCHEMA_EM)
			return n - 1 - i;
	}
	return n;
}

/* The number of characters the shape takes here: *n. */
static int
extent(struct cut *c, const struct field *f, const struct shape *sh, size_t *n)
{
	size_t most = cut_left(c);
	long counted;

	switch (sh->extent) {
	case EXTENT_FIXED:
		*n = sh->max;
		break;
	case EXTENT_RANGE:
		for (*n = 0; *n < sh->max && *n < most; ++*n) {
			if (!schema_in_class(sh, c->body.p[c->at + *n]))
				break;
		}
		if (*n < sh->min)
			return schema_fault(c, f, c->at + *n, *n == most ? f->cut_short :
			    ERR_INPUT, *n == most ? "ends too early" : class_rule(sh));
		break;
	case EXTENT_FIELD:
		if ((counted = schema_count(c, sh->length_of)) < 0)
			return schema_fault(c, f, c->at, ERR_INPUT, "has no length");
		*n = (size_t)counted * sh->each;
		break;
	default:
		*n = rest_length(c);
		if (sh->type == FIELD_A)
			*n = schema_text_length(span_sub(c->body, c->at, *n));
	}
	if (*n > most)
		return schema_fault(c, f, c->at, f->cut_short, "ends too early");
	return 0;
}

static unsigned
bare_length(const struct cut *c, const struct shape *sh)
{
	enum key_bare bare = sh->kind != NULL ? sh->kind->bare : BARE_SINGLE;

	if (bare == BARE_ZMK)
		return c->rq->config->zmk_single ? 8 : 16;
	return bare == BARE_DOUBLE ? 16 : 8;
}

/* A key field: its length follows from its tag; what it holds is for key_open. */
static int
cut_key(struct cut *c, const struct field *f, const struct shape *sh, size_t *n)
{
	struct span text = span_sub(c->body, c->at, cut_left(c));
	size_t tag;
	int r;

	if (text.n == 0)
		return schema_fault(c, f, c->at, f->cut_short, "ends too early");
	if ((r = key_field_length(text, bare_length(c, sh), n)) != 0)
		return schema_fault(c, f, c->at, r, r == ERR_SCHEME ?
		    "has an unknown key scheme tag" : "is a key block whose length is wrong");
	if (*n > text.n)
		return schema_fault(c, f, c->at, f->cut_short, "ends too early");
	tag = charset_has(text.p[0], CHAR_HEX) ? 0 : 1;
	if (tag != 0 && *n > 1 && text.p[1] == 'K')
		tag++;	/* an index of user storage: UK and three digits */
	if (text.p[0] != 'S' && text.p[0] != 'R' &&
	    !charset_all(span_sub(text, tag, *n - tag), CHAR_HEX))
		return schema_fault(c, f, c->at, ERR_INPUT, "holds a character that "
		    "is not an upper-case hexadecimal digit");
	return 0;
}

/* Is a key in front of f one of AES? Format 48 is for those alone. */
static bool
behind_aes(const struct cut *c, const struct field *f)
{
	for (const struct field *k = c->s->field; k < f; k++) {
		const struct value *v = c->v[k - c->s->field];

		if (v->kind == VALUE_DATA && schema_shape(k, c->v)->type == FIELD_KEY &&
		    key_field_is_aes(v->span))
			return true;
	}
	return false;
}

/* The types of schema_pin.h: what counts may be less than what the field takes. */
static int
cut_pin(struct cut *c, const struct field *f, const struct shape *sh, size_t *n,
    struct value *v)
{
	struct span refer[2] = { { NULL, 0 }, { NULL, 0 } };
	struct piece piece = { 0 };
	int r;

	/* As in schema_count: what is absent still has the span of an earlier request. */
	for (unsigned k = 0; k < 2; k++)
		if (sh->refer[k] >= 0 && c->v[sh->refer[k]]->kind == VALUE_DATA)
			refer[k] = c->v[sh->refer[k]]->span;
	r = schema_pin_cut(sh, c->rq->config, refer, span_sub(c->body, c->at, cut_left(c)),
	    &piece);
	if (r != 0 && sh->type == FIELD_ACCOUNT && !behind_aes(c, f)) {
		/* Not the PAN that 48 wants: the fault is the format (23), which ranks later. */
		for (unsigned k = 0; k < 2; k++)
			if (span_is(refer[k], "48"))
				refer[k] = span_of(NULL, 0);
		r = schema_pin_cut(sh, c->rq->config, refer, span_sub(c->body, c->at,
		    cut_left(c)), &piece);
	}
	*n = piece.n;
	v->span = piece.value;
	if (r > 0)
		return schema_fault(c, f, c->at, f->cut_short, "ends too early");
	return r == 0 ? 0 :
	    schema_fault(c, f, c->at, r == ERR_INPUT ? f->invalid : r, piece.rule);
}

bool
schema_is_word(const struct shape *sh, struct span text)
{
	if (text.n != sh->max)
		return false;
	for (const char *word = sh->set; *word != '\0'; word += sh->max) {
		word += *word == ' ';
		if (memcmp(word, text.p, text.n) == 0)
			return true;
	}
	return false;
}

/* Characters of another class are 15 always; a wrong value is the field's own code. */
static int
check_text(struct cut *c, const struct field *f, const struct shape *sh, struct span text)
{
	long n;

	if (sh->charset != 0 ? !charset_all(text, sh->charset) :
	    !schema_in_class(sh, text.p[0]))
		return schema_fault(c, f, c->at, sh->type == FIELD_ENUM ||
		    sh->type == FIELD_MARK ? f->invalid : ERR_INPUT, class_rule(sh));
	if (sh->type == FIELD_ENUM && sh->max > 1 && !schema_is_word(sh, text))
		return schema_fault(c, f, c->at, f->invalid, class_rule(sh));
	if (f->equals[0] != '\0' && !span_is(text, f->equals))
		return schema_fault(c, f, c->at, ERR_INPUT, "is not the one value allowed");
	if (f->ranged) {
		n = schema_number(text, sh->type == FIELD_H ? 16 : 10);
		if (n < f->least || n > f->most)
			return schema_fault(c, f, c->at, f->invalid, "is out of range");
	}
	return 0;
}

/* A secret field goes to the slab and out of the message. */
static int
take_secret(struct cut *c, const struct field *f, struct value *v)
{
	struct secret *slot;

	if (v->span.n > SECRET_MAX)
		return schema_fault(c, f, c->at, f->invalid, "is longer than a secret may be");
	if ((slot = secret_take()) == NULL)
		return schema_fault(c, f, c->at, ERR_NO_ROOM, "finds no free slot");
	memcpy(slot->bytes, v->span.p, v->span.n);
	slot->len = (uint32_t)v->span.n;
	/* The message block is the connection's own; const is for readers. Blanks,
	 * since a trailer is told by the text before it. */
	memset((uint8_t *)(uintptr_t)v->span.p, ' ', v->span.n);
	v->kind = VALUE_SECRET;
	v->secret = slot;
	return 0;
}

static int
cut_attributes(struct cut *c, const struct field *f, const struct shape *sh, size_t *n)
{
	struct attributes a;
	int r = attributes_read(sh->set, span_sub(c->body, c->at, cut_left(c)), &a, n);

	return r == 0 ? 0 : schema_fault(c, f, c->at + *n, r, "does not fit its form");
}

/* Authentication data: not the trailer, nor what an optional field of fixed words behind takes. */
static struct span
authdata(const struct cut *c, const struct field *f)
{
	const struct field *next = f + 1;
	struct span text = span_sub(c->body, c->at, rest_length(c));
	size_t end = schema_text_length(text), word;

	if (next == c->s->field + c->s->n || next->mark == '\0' ||
	    next->shape.type != FIELD_ENUM || end <= next->shape.max)
		return text;
	word = next->shape.max;
	if (text.p[end - word - 1] != (uint8_t)next->mark ||
	    !schema_is_word(&next->shape, span_sub(text, end - word, word)))
		return text;
	return span_sub(text, 0, end - word - 1);
}

/* The types of schema_rsa.h, which look no further than the trailer. */
static int
cut_rsa(struct cut *c, const struct field *f, const struct shape *sh, size_t *n,
    struct value *v)
{
	struct piece piece = { 0 };
	int r = schema_rsa_cut(sh, sh->type == FIELD_AUTHDATA ? authdata(c, f) :
	    span_sub(c->body, c->at, cut_left(c)), &piece);

	*n = piece.n;
	v->span = piece.value;
	if (r > 0)
		return schema_fault(c, f, c->at, f->cut_short, "ends too early");
	return r == 0 ? 0 :
	    schema_fault(c, f, c->at, r == ERR_INPUT ? f->invalid : r, piece.rule);
}

/* Messages with their lengths, as many as a field says. */
static int
cut_chain(struct cut *c, const struct field *f, const struct shape *sh, size_t *n)
{
	enum { LENGTH = 4 };
	struct span text = span_sub(c->body, c->at, cut_left(c));
	long count = schema_count(c, sh->length_of), length;

	for (*n = 0; count > 0; count--) {
		if (text.n - *n < LENGTH)
			return schema_fault(c, f, c->at + *n, f->cut_short, "ends too early");
		length = schema_number(span_sub(text, *n, LENGTH), 10);
		if (length < 0)
			return schema_fault(c, f, c->at + *n, ERR_INPUT, "has no length");
		*n += LENGTH;
		if ((size_t)length > text.n - *n)
			return schema_fault(c, f, c->at + *n, f->cut_short, "ends too early");
		*n += (size_t)length;
	}
	return 0;
}

/* Blocks of user storage, as many as a field says. */
static int
cut_blocks(struct cut *c, const struct field *f, const struct shape *sh, size_t *n)
{
	long count = schema_count(c, sh->length_of);

	*n = (size_t)(count > 0 ? count : 0) * userstore_digits();
	if (*n > cut_left(c))
		return schema_fault(c, f, c->at, f->cut_short, "ends too early");
	if (!charset_all(span_sub(c->body, c->at, *n), CHAR_HEX))
		return schema_fault(c, f, c->at, ERR_INPUT, "holds a character that "
		    "is not an upper-case hexadecimal digit");
	return 0;
}

int
schema_cut_field(struct cut *c, const struct field *f, struct value *v)
{
	const struct shape *sh = schema_shape(f, c->v);
	size_t n = 0;
	int r;

	switch (sh->type) {
	case FIELD_KEY:
	case FIELD_CRYPTOGRAM:
		r = cut_key(c, f, sh, &n);
		break;
	case FIELD_ATTRIBUTES:
		r = cut_attributes(c, f, sh, &n);
		break;
	case FIELD_BLOCKS:
		r = cut_blocks(c, f, sh, &n);
		break;
	case FIELD_CHAIN:
		r = cut_chain(c, f, sh, &n);
		break;
	default:
		if (sh->type >= FIELD_RSA_FIRST)
			r = cut_rsa(c, f, sh, &n, v);
		else if (sh->type >= FIELD_PIN_FIRST)
			r = cut_pin(c, f, sh, &n, v);
		else if ((r = extent(c, f, sh, &n)) == 0)
			r = check_text(c, f, sh, span_sub(c->body, c->at, n));
	}
	if (r != 0)
		return r;
	v->kind = VALUE_DATA;
	v->base = sh->type == FIELD_H ? 16 : 10;
	if (sh->type < FIELD_PIN_FIRST)
		v->span = span_sub(c->body, c->at, n);
	if (f->secret && (r = take_secret(c, f, v)) != 0)
		return r;
	c->at += n;
	return 0;
}
