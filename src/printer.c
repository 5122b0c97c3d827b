#include "printer.h"

#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>

#include <sodium.h>

#include "courier.h"
#include "err.h"
#include "secret.h"

/* A worker may be killed while it writes: the mutex is one that survives its owner. */
struct shared {
	pthread_mutex_t lock;
	size_t  n;
	uint8_t form[PRINTER_FORM];
	bool    loaded, spells;
	unsigned batch;
	uint8_t length[PRINTER_WORDS];
	uint8_t word[PRINTER_WORDS][PRINTER_WORD];
};

static struct shared *shared;
static uint8_t *document;	/* MAILER_MAX bytes in the slab */
static size_t   document_n;	/* 0: there is none */

int
printer_init(void)
{
	pthread_mutexattr_t attributes;
	void *p;

	if (shared != NULL)
		return 0;
	p = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
	    0);
	if (p == MAP_FAILED)
		return ERR_NO_MEMORY;
	shared = p;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&shared->lock, &attributes);
	pthread_mutexattr_destroy(&attributes);
	return 0;
}

/* Half a form that a dead owner left is printed as it is: paper shows it. */
static void
lock(void)
{
	if (pthread_mutex_lock(&shared->lock) == EOWNERDEAD)
		pthread_mutex_consistent(&shared->lock);
}

static void
unlock(void)
{
	pthread_mutex_unlock(&shared->lock);
}

void
printer_rehearse(struct span form)
{
	lock();
	memcpy(shared->form, form.p, form.n);
	shared->n = form.n;
	shared->loaded = form.n != 0;
	shared->spells = false;
	shared->batch = 0;
	unlock();
}

int
printer_load(struct span form)
{
	if (form.n == 0 || form.n > PRINTER_LOAD || mailer_check(form) != 0)
		return ERR_INPUT;
	lock();
	memcpy(shared->form, form.p, form.n);
	shared->n = form.n;
	shared->loaded = true;
	unlock();
	return 0;
}

int
printer_add(struct span form)
{
	int r = 0;

	if (form.n == 0 || form.n > PRINTER_LOAD || mailer_check(form) != 0)
		return ERR_INPUT;
	lock();
	if (!shared->loaded)
		r = ERR_NO_FORM;
	else if (form.n > PRINTER_FORM - shared->n)
		r = ERR_INPUT;
	if (r == 0) {
		memcpy(shared->form + shared->n, form.p, form.n);
		shared->n += form.n;
	}
	unlock();
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
	lock();
	for (unsigned k = 0; k < PRINTER_WORDS; k++)
		memcpy(shared->word[k], texts.p + start[k], length[k]);
	memcpy(shared->length, length, sizeof(length));
	shared->spells = true;
	unlock();
	return 0;
}

void
printer_spell(const struct secret *digits, uint8_t *out, size_t *n)
{
	*n = 0;
	lock();
	for (size_t i = 0; i < digits->len && i < PRINTER_SPELT / (PRINTER_WORD + 1); i++) {
		unsigned d = digits->bytes[i] - '0';

		if (!shared->spells || d >= PRINTER_WORDS) {
			out[(*n)++] = digits->bytes[i];
			continue;
		}
		if (*n != 0)
			out[(*n)++] = ' ';
		memcpy(out + *n, shared->word[d], shared->length[d]);
		*n += shared->length[d];
	}
	unlock();
}

unsigned
printer_batch(unsigned n, bool final)
{
	unsigned sum;

	lock();
	sum = shared->batch + n > PRINTER_BATCH ? PRINTER_BATCH : shared->batch + n;
	shared->batch = final ? 0 : sum;
	unlock();
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
	lock();
	loaded = shared->loaded;
	m->form = span_of(form, shared->n);
	memcpy(form, shared->form, shared->n);
	unlock();
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
