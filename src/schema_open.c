/*
 * schema_open: the second pass over a request that was cut.
 */
#include "schema_cut.h"

#include "config.h"
#include "crypto/pinblock.h"
#include "err.h"
#include "key.h"
#include "keytype.h"
#include "keyuse.h"
#include "lmk.h"
#include "schema_pin.h"
#include "userstore.h"

static int
choose_lmk(struct cut *c, int port_lmk)
{
	static const struct field lmk = { .name = "LMK identifier" };
	int id = c->tail->lmk;

	if (id < 0)
		id = port_lmk >= 0 ? port_lmk : (int)c->rq->config->lmk_default;
	if ((c->rq->lmk = lmk_get((unsigned)id)) == NULL)
		return schema_fault(c, &lmk, c->at, ERR_LMK, "names an LMK that is not loaded");
	if (port_lmk >= 0 && id != port_lmk)
		return schema_fault(c, &lmk, c->at, ERR_LMK_OTHER, "differs from the port's LMK");
	return 0;
}

/* A field that names a place of user storage reads as what is there. */
static int
fetch(struct cut *c, const struct field *f, struct value *v)
{
	size_t at = (size_t)(v->span.p - c->body.p), n;
	uint8_t *text;
	int r;

	if (!userstore_is_index(v->span))
		return 0;
	if ((text = request_bytes(c->rq, USERSTORE_LONG)) == NULL)
		return schema_fault(c, f, at, ERR_NO_ROOM, "finds no room");
	if ((r = userstore_field(v->span, text, &n)) != 0)
		return schema_fault(c, f, at, r, "names a place of user storage that has "
		    "nothing for it");
	v->span = span_of(text, n);
	return 0;
}

static int
open_key(struct cut *c, const struct field *f, const struct shape *sh, struct value *v)
{
	size_t at = (size_t)(v->span.p - c->body.p);
	unsigned lengths = sh->kind->lengths;
	int r;

	if ((r = fetch(c, f, v)) != 0)
		return r;
	if (sh->kind->type == KEYTYPE_BLOCK && lmk_scheme(c->rq->lmk) == LMK_VARIANT)
		return schema_fault(c, f, at, ERR_LMK_SCHEME, "is said to be a key block");
	if ((r = keyuse_scheme(c->rq->lmk, v->span, c->rq->config)) != 0)
		return schema_fault(c, f, at, r, "has a scheme that strict does not take");
	r = key_open(c->rq->lmk, keytype_of(sh->kind, c->rq->config), v->span, &v->key);
	if (r != 0)
		return schema_fault(c, f, at, r, "can't be opened under this LMK");
	if (!v->key->odd)
		return schema_fault(c, f, at, f->parity, "has bad parity: another LMK, "
		    "another key type, or damaged");
	if ((r = keyuse_check(v->key, sh->kind)) != 0)
		return schema_fault(c, f, at, r, "is a key block for another use");
	if (!key_is_sized(v->key, lengths))
		return schema_fault(c, f, at, ERR_KEY_LENGTH, "has a length that does not fit");
	v->kind = VALUE_KEY;
	return 0;
}

static int
open_table(struct cut *c, const struct field *f, const struct shape *sh, struct value *v)
{
	size_t at = (size_t)(v->span.p - c->body.p);
	int r = fetch(c, f, v);

	if (r != 0)
		return r;
	r = schema_pin_table(c->rq, sh, v);
	return r == 0 ? 0 : schema_fault(c, f, at, r, r == ERR_TABLE ?
	    "needs 8 different digits or more, each at most 4 times" :
	    "can't be opened under this LMK");
}

/* The second pass over one field: keys, and codes that only rank after them. */
static int
open_one(struct cut *c, const struct field *f, struct value *v)
{
	const struct shape *sh;

	if (v->kind != VALUE_DATA)
		return 0;
	sh = schema_shape(f, c->v);
	switch (sh->type) {
	case FIELD_KEY:
		return open_key(c, f, sh, v);
	case FIELD_TABLE:
		return open_table(c, f, sh, v);
	case FIELD_VALIDATION:
		return schema_pin_template(v->span) ? 0 : schema_fault(c, f,
		    (size_t)(v->span.p - c->body.p), ERR_INPUT, "does not have exactly one N");
	case FIELD_CRYPTOGRAM:
		return fetch(c, f, v);
	default:
		return 0;
	}
}

/* Those that open_one knows, and lists, whose fields may be such. */
static bool
is_opened_type(unsigned type)
{
	return type == FIELD_KEY || type == FIELD_TABLE || type == FIELD_VALIDATION ||
	    type == FIELD_CRYPTOGRAM || type == FIELD_LIST;
}

void
schema_prepare(struct schema *s)
{
	s->nopened = s->nformats = 0;
	for (uint8_t i = 0; i < s->n; i++) {
		const struct field *f = &s->field[i];
		bool opened = is_opened_type(f->shape.type);

		for (unsigned k = 0; k < f->nchoice; k++)
			opened |= is_opened_type(f->choice[k].shape.type);
		if (opened)
			s->opened[s->nopened++] = i;
		if (f->shape.type == FIELD_FORMAT)
			s->format[s->nformats++] = i;
	}
}

static int
open_fields(struct cut *c)
{
	int r = 0;

	for (unsigned k = 0; k < c->s->nopened && r == 0; k++) {
		unsigned i = c->s->opened[k];
		const struct shape *sh = &c->s->field[i].shape;

		if (sh->type != FIELD_LIST) {
			r = open_one(c, &c->s->field[i], c->v[i]);
			continue;
		}
		for (unsigned e = 0; c->v[i]->kind == VALUE_LIST &&
		    e < c->v[i]->count * sh->count && r == 0; e++)
			r = open_one(c, &c->s->field[sh->first + e % sh->count],
			    c->v[sh->cell + e]);
	}
	return r;
}

static int
check_format(struct cut *c, const struct field *f, struct span code)
{
	const struct config *config = c->rq->config;
	size_t at = (size_t)(code.p - c->body.p);
	unsigned format = (unsigned)schema_number(code, 10);

	if (!pinblock_format_known(format))
		return schema_fault(c, f, at, f->invalid,
		    "is not a PIN block format served here");
	if (config_lists(&config->formats_off, code.p))
		return schema_fault(c, f, at, ERR_FORMAT_OFF, "is switched off (pin.formats_off)");
	if (config->restrict_formats && !pinblock_format_allowed(format, format))
		return schema_fault(c, f, at, ERR_PIN_FORMAT,
		    "is a format that nobody may use (pin.restrict_formats)");
	return 0;
}

/* Format codes are judged after the keys, and before what is in a block: none of them tells
 * whether that is a PIN (spec: commands-pins.md, order of checks). */
static int
check_formats(struct cut *c)
{
	int r = 0;

	for (unsigned k = 0; k < c->s->nformats && r == 0; k++) {
		const struct value *v = c->v[c->s->format[k]];

		if (v->kind == VALUE_DATA)
			r = check_format(c, &c->s->field[c->s->format[k]], v->span);
	}
	return r;
}

int
schema_open(struct cut *c, int port_lmk)
{
	const struct request *rq = c->rq;
	int r;

	if ((r = choose_lmk(c, port_lmk)) != 0)
		return r;
	if (c->s->activity != NULL && !request_may(rq, "command", c->s->activity))
		return request_fail(c->rq, ERR_AUTHORISED, "needs the authorised state");
	if (c->s->clear && !rq->config->pin_clear)
		return request_fail(c->rq, ERR_AUTHORISED, "clear PINs are off (pin.clear)");
	if ((r = open_fields(c)) != 0)
		return r;
	return check_formats(c);
}
