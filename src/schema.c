#include "schema.h"

#include <stdlib.h>

#include "charset.h"
#include "err.h"
#include "schema_cut.h"

int
schema_fault(struct cut *c, const struct field *f, size_t at, int r, const char *rule)
{
	c->rq->fault.field = f->name[0] != '\0' ? f->name : NULL;
	c->rq->fault.offset = c->base + at;
	return request_fail(c->rq, r, rule);
}

long
schema_number(struct span digits, unsigned base)
{
	long n = 0;
	size_t i;

	if (digits.n == 0 || digits.n > 9)
		return -1;
	for (i = 0; i < digits.n; i++) {
		uint8_t d = digits.p[i];

		if (!charset_has(d, base == 10 ? CHAR_DIGIT : CHAR_HEX))
			return -1;
		n = n * (long)base + (d <= '9' ? d - '0' : d - 'A' + 10);
	}
	return n;
}

bool
schema_applies(const struct field *f, struct value **v)
{
	for (unsigned i = 0; i < f->nwhen; i++) {
		const struct when *w = &f->when[i];
		unsigned k = 0;

		while (k < w->n && !cut_reads(v[w->field], w->text[k]))
			k++;
		if (k == w->n)
			return false;
	}
	return true;
}

const struct shape *
schema_choice(const struct field *f, struct value **v)
{
	for (unsigned i = 0; i < f->nchoice; i++) {
		if (cut_reads(v[f->by], f->choice[i].text))
			return &f->choice[i].shape;
	}
	return &f->shape;
}

int
schema_find(const struct schema *s, struct span name)
{
	for (int i = 0; i < s->n; i++) {
		if (s->field[i].name[0] != '\0' && span_is(name, s->field[i].name))
			return i;
	}
	return -1;
}

long
schema_count(const struct cut *c, int field)
{
	const struct value *v = c->v[field];

	/* The span of a field that is absent is that of an earlier request. */
	if (v->kind != VALUE_DATA)
		return -1;
	return schema_number(v->span, c->s->field[field].shape.type == FIELD_H ? 16 : 10);
}

/* %nn stands before the # & ! blocks of a command and at the end. */
static int
cut_lmk(struct cut *c)
{
	static const struct field lmk = { .name = "LMK identifier" };
	long id;

	if (c->tail->lmk >= 0 || cut_left(c) == 0 || c->body.p[c->at] != '%')
		return 0;
	id = cut_left(c) < 3 ? -1 : schema_number(span_sub(c->body, c->at + 1, 2), 10);
	if (id < 0)
		return schema_fault(c, &lmk, c->at, ERR_INPUT, "is not % and two digits");
	c->tail->lmk = (int)id;
	c->at += 3;
	return 0;
}

/* Is an optional field there? */
static int
group_opens(struct cut *c, const struct field *f)
{
	int r;

	if (f->mark != '\0' && strchr("#&!", f->mark) != NULL && (r = cut_lmk(c)) != 0)
		return r;
	if (f->mark == '\0')
		c->open = cut_left(c) > 0 && schema_in_class(&f->shape, c->body.p[c->at]);
	else if ((c->open = cut_left(c) > 0 && c->body.p[c->at] == (uint8_t)f->mark))
		c->at++;
	return 0;
}

static int
cut_list(struct cut *c, const struct field *list, struct value *v)
{
	const struct shape *sh = &list->shape;
	long count = schema_count(c, sh->length_of);
	int r;

	if (count < 0 || count > sh->max)
		return schema_fault(c, list, c->at, list->invalid, "has too many elements");
	v->kind = VALUE_LIST;
	v->count = (uint16_t)count;
	for (long e = 0; e < count; e++) {
		for (unsigned k = 0; k < sh->count; k++) {
			struct value *cell = c->v[sh->cell + e * sh->count + k];

			cell->request = c->rq->number;
			r = schema_cut_field(c, &c->s->field[sh->first + k], cell);
			if (r != 0)
				return r;
		}
	}
	return 0;
}

static int
cut_fields(struct cut *c)
{
	int r = 0;

	for (unsigned i = 0; i < c->s->n && r == 0; i++) {
		const struct field *f = &c->s->field[i];
		struct value *v = c->v[i];

		v->request = c->rq->number;
		v->kind = VALUE_ABSENT;
		if (f->opens)
			c->open = false;
		if (f->nwhen != 0 && !schema_applies(f, c->v))
			continue;
		if (f->opens && (r = group_opens(c, f)) != 0)
			break;
		if (f->group != 0 && !c->open)
			continue;
		r = f->shape.type == FIELD_LIST ? cut_list(c, f, v) : schema_cut_field(c, f, v);
	}
	return r;
}

/* Did the last field take all there was, an LMK identifier included? */
static bool
took_rest(const struct cut *c)
{
	unsigned last = c->s->n - 1U;
	const struct shape *sh;

	if (c->s->n == 0 || c->v[last]->kind == VALUE_ABSENT)
		return false;
	sh = schema_shape(&c->s->field[last], c->v);
	return sh->extent == EXTENT_REST && sh->type != FIELD_A;
}

static int
cut_tail(struct cut *c)
{
	static const struct field end = { .name = "end of message" };
	int r;

	if (!took_rest(c) && (r = cut_lmk(c)) != 0)
		return r;
	if (cut_left(c) == 0)
		return 0;
	if (c->body.p[c->at] != SCHEMA_EM)
		return schema_fault(c, &end, c->at, ERR_INPUT, "bytes are left over");
	if (cut_left(c) > 1 + SCHEMA_TRAILER)
		return schema_fault(c, &end, c->at, ERR_INPUT, "trailer is too long");
	c->tail->trailer = span_sub(c->body, c->at, cut_left(c));
	return 0;
}

/* Text before it, so that binary data is not echoed for a trailer. */
struct span
schema_guess_trailer(struct span body)
{
	size_t at = 0;

	while (at < body.n && charset_has(body.p[at], CHAR_PRINT))
		at++;
	if (at < body.n && (body.p[at] != SCHEMA_EM || body.n - at > 1 + SCHEMA_TRAILER))
		at = body.n;
	return span_sub(body, at, body.n - at);
}

int
schema_cut(const struct schema *s, struct request *rq, struct span body, size_t at,
    int port_lmk, struct value **v, struct tail *tail)
{
	struct cut c = { .s = s, .rq = rq, .body = body, .base = at, .v = v, .tail = tail };
	int r;

	tail->lmk = -1;
	tail->trailer = span_of(NULL, 0);
	if ((r = cut_fields(&c)) != 0 || (r = cut_tail(&c)) != 0) {
		tail->trailer = schema_guess_trailer(body);
		return r;
	}
	return schema_open(&c, port_lmk);
}

void
schema_free(struct schema *s)
{
	for (unsigned i = 0; s->field != NULL && i < s->total; i++)
		free(s->field[i].choice);
	free(s->field);
	*s = (struct schema){ 0 };
}
