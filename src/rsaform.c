#include "rsaform.h"

#include "crypto/der.h"

struct span
rsaform_write(enum rsaform form, const struct rsaform_key *k, uint8_t *buffer, size_t size)
{
	struct der_writer w;

	der_begin(&w, buffer, size);
	if (form != RSAFORM_DER) {
		der_put(&w, k->key);
		return der_written(&w);
	}
	der_element(&w, DER_OCTETS, k->iv);
	der_element(&w, DER_OCTETS, k->key);
	der_wrap(&w, DER_SEQUENCE, size);
	return der_written(&w);
}

int
rsaform_read(enum rsaform form, struct span clear, struct rsaform_key *k)
{
	struct span body;

	k->iv = span_of(NULL, 0);
	if (form != RSAFORM_DER) {
		k->key = clear;
		return 0;
	}
	if (der_take(&clear, DER_SEQUENCE, &body) != 0 || clear.n != 0 ||
	    der_take(&body, DER_OCTETS, &k->key) != 0)
		return RSAFORM_ERR;
	if (body.n == 0)
		return 0;
	return der_take(&body, DER_OCTETS, &k->iv) != 0 || body.n != 0 ||
	    k->iv.n != RSAFORM_IV ? RSAFORM_ERR : 0;
}
