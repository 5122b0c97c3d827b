#include "printer.h"

#include <sodium.h>

#include "courier.h"
#include "err.h"
#include "secret.h"
#include "shared.h"

/* Half a form that a dead owner of the lock left is printed as it is: paper shows it. */
struct store {
	struct shared_lock lock;
	size_t             n;
	uint8_t            form[PRINTER_FORM];
	bool               loaded, spells;
	unsigned           batch;
	uint8_t            length[PRINTER_WORDS];
	uint8_t            word[PRINTER_WORDS][PRINTER_WORD];
};

static struct store *store;
static uint8_t *document;	/* MAILER_MAX bytes in the slab */
static size_t   document_n;	/* 0: there is none */

int
printer_init(void)
{
	if (store != NULL)
		return 0;
	if ((store = shared_map(sizeof(*store))) == NULL)
		return ERR_NO_MEMORY;
	shared_lock_init(&store->lock);
	return 0;
}

void
printer_rehearse(struct span form)
{
	shared_lock_take(&store->lock);
	memcpy(store->form, form.p, form.n);
	store->n = form.n;
	store->loaded = form.n != 0;
	store->spells = false;
	store->batch = 0;
	shared_lock_put(&store->lock);
}

int
printer_load(struct span form)
{
	if (form.n == 0 || form.n > PRINTER_LOAD || mailer_check(form) != 0)
		return ERR_INPUT;
	shared_lock_take(&store->lock);
	memcpy(store->form, form.p, form.n);
	store->n = form.n;
	store->loaded = true;
	shared_lock_put(&store->lock);
	return 0;
}

int
printer_add(struct span form)
{
	int r = 0;

	if (form.n == 0 || form.n > PRINTER_LOAD || mailer_check(form) != 0)
		return ERR_INPUT;
	shared_lock_take(&store->lock);
	if (!store->loaded)
		r = ERR_NO_FORM;
	else if (form.n > PRINTER_FORM - store->n)
		r = ERR_INPUT;
	if (r == 0) {
		memcpy(store->form + store->n, form.p, form.n);
		store->n += form.n;
	}
	shared_lock_put(&store->lock);
	return r;
}

int
printer_words(struct span texts)
{
	uint8_t length[PRINTER_WORDS];
	size_t start[PRINTER_WORDS], at = 0;

	for (unsigned k = 0; k < PRINTER_WORDS; k++) {
		uint8_t c = at < texts.n ? texts.p[at] : '\0';

		if (c >= '0' && c <= '9')
			length[k] = (uint8_t)(c - '0');
		else if (c >= 'A' && c <= 'F')
			length[k] = (uint8_t)(c - 'A' + 10);
		else
			return ERR_INPUT;
		if (length[k] == 0)
			length[k] = PRINTER_WORD;
		start[k] = ++at;
		at += length[k];
	}
	if (at != texts.n)
		return ERR_INPUT;
	shared_lock_take(&store->lock);
	for (unsigned k = 0; k < PRINTER_WORDS; k++)
		memcpy(store->word[k], texts.p + start[k], length[k]);
	memcpy(store->length, length, sizeof(length));
	store->spells = true;
	shared_lock_put(&store->lock);
	return 0;
}

void
printer_spell(const struct secret *digits, uint8_t *out, size_t *n)
{
	*n = 0;
	shared_lock_take(&store->lock);
	for (size_t i = 0; i < digits->len && i < PRINTER_SPELT / (PRINTER_WORD + 1); i++) {
		unsigned d = digits->bytes[i] - '0';

		if (!store->spells || d >= PRINTER_WORDS) {
			out[(*n)++] = digits->bytes[i];
			continue;
		}
		if (*n != 0)
			out[(*n)++] = ' ';
		memcpy(out + *n, store->word[d], store->length[d]);
		*n += store->length[d];
	}
	shared_lock_put(&store->lock);
}

unsigned
printer_batch(unsigned n, bool final)
{
	unsigned sum;

	shared_lock_take(&store->lock);
	sum = store->batch + n > PRINTER_BATCH ? PRINTER_BATCH : store->batch + n;
	store->batch = final ? 0 : sum;
	shared_lock_put(&store->lock);
	return sum;
}

int
printer_document(struct mailer *m)
{
	uint8_t form[PRINTER_FORM];
	bool loaded;
	int r;

	if (document == NULL && (document = secret_alloc(MAILER_MAX)) == NULL)
		return ERR_NO_MEMORY;
	if (document_n != 0)
		return ERR_INPUT;
	shared_lock_take(&store->lock);
	loaded = store->loaded;
	m->form = span_of(form, store->n);
	memcpy(form, store->form, store->n);
	shared_lock_put(&store->lock);
	if (!loaded)
		return ERR_NO_FORM;
	if ((r = mailer_write(m, document, &document_n)) != 0)
		printer_drop();
	return r;
}

bool
printer_holds(void)
{
	return document_n != 0;
}

int
printer_print(const char *dir, const char *code)
{
	int r = courier_write(dir, code, span_of(document, document_n));

	printer_drop();
	return r;
}

void
printer_drop(void)
{
	if (document != NULL)
		sodium_memzero(document, MAILER_MAX);
	document_n = 0;
}
