#include "crypto/der.h"

#include "err.h"

/* The length at p (n bytes are there) and the bytes it takes: 0, or ERR_INPUT. */
static int
read_length(const uint8_t *p, size_t n, size_t *length, size_t *taken)
{
	size_t digits;

	if (n == 0)
		return ERR_INPUT;
	*length = p[0];
	*taken = 1;
	if (p[0] < 0x80)
		return 0;
	digits = p[0] & 0x7F;
	if (digits == 0 || digits > 2 || digits >= n || p[1] == 0)
		return ERR_INPUT;
	*length = 0;
	for (size_t i = 1; i <= digits; i++)
		*length = *length << 8 | p[i];
	*taken = 1 + digits;
	return *length < 0x80 ? ERR_INPUT : 0;
}

int
der_next(struct span *in, struct der *element)
{
	size_t length, taken;

	if (in->n < 2 || (in->p[0] & 0x1F) == 0x1F ||
	    read_length(in->p + 1, in->n - 1, &length, &taken) != 0 ||
	    length > in->n - 1 - taken)
		return ERR_INPUT;
	element->tag = in->p[0];
	element->body = span_sub(*in, 1 + taken, length);
	element->whole = span_sub(*in, 0, 1 + taken + length);
	*in = span_sub(*in, 1 + taken + length, in->n - 1 - taken - length);
	return 0;
}

int
der_take(struct span *in, uint8_t tag, struct span *body)
{
	struct span rest = *in;
	struct der element;

	if (der_next(&rest, &element) != 0 || element.tag != tag)
		return ERR_INPUT;
	*in = rest;
	*body = element.body;
	return 0;
}

int
der_take_number(struct span *in, struct span *number)
{
	struct span rest = *in, body;

	if (der_take(&rest, DER_INTEGER, &body) != 0 || body.n == 0)
		return ERR_INPUT;
	*in = rest;
	while (body.n > 1 && body.p[0] == 0)
		body = span_sub(body, 1, body.n - 1);
	*number = body;
	return 0;
}

void
der_begin(struct der_writer *w, uint8_t *buffer, size_t size)
{
	*w = (struct der_writer){ .buffer = buffer, .size = size, .at = size };
}

void
der_put(struct der_writer *w, struct span bytes)
{
	if (bytes.n > w->at) {
		w->full = true;
		return;
	}
	w->at -= bytes.n;
	if (bytes.n != 0)
		memcpy(w->buffer + w->at, bytes.p, bytes.n);
}

size_t
der_mark(const struct der_writer *w)
{
	return w->at;
}

void
der_wrap(struct der_writer *w, uint8_t tag, size_t mark)
{
	size_t length = mark - w->at, n = 2;
	uint8_t head[4] = { tag, (uint8_t)length };

	if (length >= 0x100) {
		head[1] = 0x82;
		head[2] = (uint8_t)(length >> 8);
		head[3] = (uint8_t)length;
		n = 4;
	} else if (length >= 0x80) {
		head[1] = 0x81;
		head[2] = (uint8_t)length;
		n = 3;
	}
	if (length > 0xFFFF)
		w->full = true;
	der_put(w, span_of(head, n));
}

void
der_element(struct der_writer *w, uint8_t tag, struct span body)
{
	size_t mark = der_mark(w);

	der_put(w, body);
	der_wrap(w, tag, mark);
}

void
der_number(struct der_writer *w, struct span number, bool plain)
{
	size_t mark = der_mark(w);

	der_put(w, number);
	if (!plain && number.n != 0 && (number.p[0] & 0x80) != 0)
		der_put(w, SPAN("\0"));
	der_wrap(w, DER_INTEGER, mark);
}

struct span
der_written(const struct der_writer *w)
{
	return w->full ? span_of(NULL, 0) : span_of(w->buffer + w->at, w->size - w->at);
}
