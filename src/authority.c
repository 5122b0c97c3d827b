/*
 * authority: grants in places of a shared page.
 *
 * A place is taken by its owner; it counts from the moment `until` is set, which comes
 * last, and no more once `until` is zero, which comes first. Who reads looks at `until` before
 * and after, so that a place that changes meanwhile authorises nothing.
 */
#include "authority.h"

#include <assert.h>
#include <ctype.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "err.h"
#include "secret.h"
#include "shared.h"
#include "stats.h"
#include "vault.h"

static const uint64_t minute = 60 * (uint64_t)1000000000;	/* in nanoseconds */

struct place {
	_Atomic uint32_t owner;		/* session; 0: free */
	_Atomic uint64_t until;		/* of stats_now; 0: not granted */
	struct activity  activity;
};

struct page {
	atomic_bool  revoked;
	struct place place[AUTHORITY_MOST];
};

static struct page *page;

static struct vault_officer *officers;	/* in the slab */
static size_t                nofficers;

int
authority_init(void)
{
	page = shared_map(sizeof(*page));
	return page != NULL ? 0 : ERR_NO_MEMORY;
}

int
authority_keep_officers(const struct vault *v)
{
	if (v->officers == 0)
		return 0;
	secret_free(officers);
	if ((officers = secret_alloc(v->officers * sizeof(*officers))) == NULL)
		return ERR_NO_MEMORY;
	memcpy(officers, v->officer, v->officers * sizeof(*officers));
	nofficers = v->officers;
	return 0;
}

size_t
authority_officers(void)
{
	return nofficers;
}

static const struct vault_officer *
find(const char *name)
{
	const struct vault_officer *found = NULL;

	for (size_t i = 0; i < nofficers; i++)
		if (strcmp(officers[i].name, name) == 0)
			found = &officers[i];
	return found;
}

bool
authority_knows(const char *name)
{
	return find(name) != NULL;
}

bool
authority_officer(const char *name, struct span passphrase)
{
	const struct vault_officer *found = find(name);
	bool good;

	if (nofficers == 0)
		return false;
	good = crypto_pwhash_str_verify(found != NULL ? found->hash : officers[0].hash,
	    (const char *)passphrase.p, passphrase.n) == 0;
	return good && found != NULL;
}

/* --- texts --------------------------------------------------------------- */

/* The next part of text, up to a full stop. false: there is none, or it is too long. */
static bool
next_part(struct span *text, char part[AUTHORITY_WORD + 1])
{
	const uint8_t *stop = text->n > 0 ? memchr(text->p, '.', text->n) : NULL;
	size_t n = stop != NULL ? (size_t)(stop - text->p) : text->n;

	if (n > AUTHORITY_WORD)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!isalnum(text->p[i]))
			return false;
		part[i] = (char)tolower(text->p[i]);
	}
	part[n] = '\0';
	n += stop != NULL;
	*text = span_sub(*text, n, text->n - n);
	return true;
}

/* The interface a part names, or 0. */
static unsigned
interface_of(const char *part)
{
	return strcmp(part, "host") == 0 ? AUTHORITY_HOST :
	    strcmp(part, "console") == 0 ? AUTHORITY_CONSOLE : 0;
}

int
authority_parse(struct span text, struct activity *a)
{
	char part[AUTHORITY_WORD + 1];

	memset(a, 0, sizeof(*a));
	a->interfaces = AUTHORITY_HOST | AUTHORITY_CONSOLE;
	if (!next_part(&text, a->category) || a->category[0] == '\0')
		return ERR_INPUT;
	for (int at = 0; text.n > 0; at++) {
		unsigned interfaces;
		unsigned long minutes;

		if (!next_part(&text, part))
			return ERR_INPUT;
		if ((interfaces = interface_of(part)) != 0 && at < 2) {
			a->interfaces = interfaces;
			at = 1;
		} else if (at == 0) {
			memcpy(a->sub, part, sizeof(part));
		} else if (at == 2 && strspn(part, "0123456789") == strlen(part) &&
		    strlen(part) <= 4 && (minutes = strtoul(part, NULL, 10)) >= 1 &&
		    minutes <= AUTHORITY_MINUTES) {
			a->minutes = (unsigned)minutes;
		} else {
			return ERR_INPUT;
		}
	}
	return 0;
}

void
authority_format(const struct activity *a, char *text)
{
	const char *where = a->interfaces == AUTHORITY_HOST ? ".host" :
	    a->interfaces == AUTHORITY_CONSOLE ? ".console" : "";

	snprintf(text, AUTHORITY_TEXT, "%s%s%s%s", a->category,
	    a->sub[0] != '\0' ? "." : "", a->sub, where);
}

/* --- grants -------------------------------------------------------------- */

/* Make a place free whose time is over. */
static void
reclaim(struct place *p)
{
	uint64_t until = atomic_load(&p->until);

	if (until != 0 && until <= stats_now() &&
	    atomic_compare_exchange_strong(&p->until, &until, 0))
		atomic_store(&p->owner, 0);
}

int
authority_grant(uint32_t session, const struct activity *a, unsigned minutes)
{
	for (size_t i = 0; page != NULL && i < AUTHORITY_MOST; i++) {
		struct place *p = &page->place[i];
		uint32_t free_one = 0;

		reclaim(p);
		if (!atomic_compare_exchange_strong(&p->owner, &free_one, session))
			continue;
		p->activity = *a;
		p->activity.minutes = minutes;
		atomic_store(&p->until, stats_now() + minutes * minute);
		return 0;
	}
	return ERR_NO_ROOM;
}

/* Take a grant away. */
static void
withdraw(struct place *p)
{
	atomic_store(&p->until, 0);
	atomic_store(&p->owner, 0);
}

/* Copy a grant that counts now. false: there is none in that place. */
static bool
look(struct place *p, struct activity *a, uint64_t *left)
{
	uint64_t until = atomic_load(&p->until), now = stats_now();

	if (until == 0 || until <= now)
		return false;
	*a = p->activity;
	*left = until - now;
	return atomic_load(&p->until) == until;
}

bool
authority_allows(enum authority_interface from, const char *category, const char *sub)
{
	struct activity a;
	uint64_t left;

	for (size_t i = 0; page != NULL && i < AUTHORITY_MOST; i++)
		if (look(&page->place[i], &a, &left) && (a.interfaces & from) != 0 &&
		    (strcmp(a.category, "all") == 0 || (strcmp(a.category, category) == 0 &&
		    (a.sub[0] == '\0' || strcmp(a.sub, sub) == 0))))
			return true;
	return false;
}

unsigned
authority_cancel(const struct activity *what)
{
	struct activity a;
	uint64_t left;
	unsigned n = 0;

	if (page == NULL)
		return 0;
	if (what == NULL)
		atomic_store(&page->revoked, true);
	for (size_t i = 0; i < AUTHORITY_MOST; i++) {
		if (!look(&page->place[i], &a, &left) || (what != NULL &&
		    (strcmp(a.category, what->category) != 0 || strcmp(a.sub, what->sub) != 0 ||
		    a.interfaces != what->interfaces ||
		    (what->minutes != 0 && a.minutes != what->minutes))))
			continue;
		withdraw(&page->place[i]);
		n++;
	}
	return n;
}

int
authority_cancel_list(unsigned n, struct span list, unsigned *cancelled)
{
	struct span rest = list;
	struct activity a;

	*cancelled = 0;
	/* twice: nothing is cancelled before all of it is read */
	for (int pass = 0; pass < 2; pass++, rest = list) {
		for (unsigned i = 0; i < n; i++) {
			const uint8_t *end = rest.n > 0 ? memchr(rest.p, ';', rest.n) : NULL;
			size_t length = end != NULL ? (size_t)(end - rest.p) : 0;

			if (end == NULL || authority_parse(span_sub(rest, 0, length), &a) != 0)
				return ERR_INPUT;
			if (pass == 1)
				*cancelled += authority_cancel(&a);
			rest = span_sub(rest, length + 1, rest.n - length - 1);
		}
		if (rest.n > 0)
			return ERR_INPUT;
	}
	return 0;
}

void
authority_end(uint32_t session)
{
	for (size_t i = 0; page != NULL && i < AUTHORITY_MOST; i++)
		if (atomic_load(&page->place[i].owner) == session)
			withdraw(&page->place[i]);
}

bool
authority_revoked(void)
{
	return page != NULL && atomic_load(&page->revoked);
}

unsigned
authority_count(void)
{
	struct activity a;
	unsigned n = 0, seconds;

	for (size_t i = 0; i < AUTHORITY_MOST; i++)
		n += authority_at(i, &a, &seconds);
	return n;
}

bool
authority_at(size_t i, struct activity *a, unsigned *seconds)
{
	uint64_t left = 0;

	if (page == NULL || !look(&page->place[i], a, &left))
		return false;
	*seconds = (unsigned)(left / (minute / 60));
	return true;
}
