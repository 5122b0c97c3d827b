/*
 * console_keys: components of working keys, and keys formed of them. A clear component is
 * typed unseen and kept in the slab; GC prints one, as the device does, for the officer to
 * write down.
 */
#include "console.h"

#include <string.h>
#include <unistd.h>

#include "config.h"
#include "crypto/des3.h"
#include "crypto/keywrap.h"
#include "crypto/parity.h"
#include "err.h"
#include "hex.h"
#include "key.h"
#include "keytype.h"
#include "lmk.h"
#include "log.h"
#include "secret.h"

enum { TYPE = 3, KCV_SHOWN = 6, PARTS = 9 };

struct asked {
	unsigned type;
	char     text[TYPE + 1];	/* in small letters, for activities */
	char     scheme;
	size_t   len;
};

/* The scheme of a key that has this length, or, with 0, whichever and so the length. */
static bool
ask_scheme(struct console *c, struct asked *a)
{
	static const char schemes[] = "ZUTXY";
	unsigned known = c->config->x_under_lmk ? 5 : 3;
	char scheme = schemes[a->len != 0 ? a->len / 8 - 1 : 1];

	if (!console_ask(c, a->len != 0 ? "Key scheme (none: by the length)" :
	    "Key scheme (none: U)"))
		return false;
	console_upper(c);
	if (c->n > 0)
		scheme = c->line[0];
	if (c->n > 1 || memchr(schemes, scheme, known) == NULL) {
		console_say(c, "It is one of %.*s.", (int)known, schemes);
		return false;
	}
	if (a->len != 0 && keywrap_length(scheme) != a->len) {
		console_say(c, "That scheme is for keys of another length.");
		return false;
	}
	a->len = keywrap_length(scheme);
	a->scheme = scheme;
	return true;
}

/*
 * Have on record what is about to be shown or made, if it is authorised still: that may have
 * ended, or been cancelled, while somebody typed.
 */
static bool
record(struct console *c, const char *operation, const struct asked *a)
{
	return console_may(c, "component", a->text) && console_record(c, operation, a->text, 0);
}

/* Key length if `sized`, key type and scheme; variant LMKs only. */
static bool
ask_kind(struct console *c, struct asked *a, bool sized)
{
	char length = '0';

	if (lmk_scheme(c->lmk) != LMK_VARIANT) {
		console_say(c, "This takes a variant LMK; under a key block LMK use KG, and A2 and "
		    "A4 from a host.");
		return false;
	}
	if ((sized && (length = console_choose(c, "Key length [1,2,3]", "213")) == '\0') ||
	    !console_ask(c, "Key type"))
		return false;
	console_upper(c);
	a->type = keytype_parse(span_of(c->line, c->n));
	if (a->type == KEYTYPE_NONE || a->type == KEYTYPE_BLOCK) {
		console_say(c, "There is no such key type.");
		return false;
	}
	a->len = 8 * (size_t)(length - '0');
	snprintf(a->text, sizeof(a->text), "%03x", a->type);
	return console_may(c, "component", a->text) && ask_scheme(c, a);
}

/* The type under which components are encrypted. */
static unsigned
part_type(const struct console *c, const struct asked *a)
{
	return a->type | (c->config->component_ff ? (unsigned)KEYTYPE_COMPONENT : 0);
}

/* "Encrypted component: ..." and its check value. */
static void
print_key(struct console *c, struct key *key, unsigned type, const struct asked *a,
    const char *what)
{
	char field[KEY_FIELD_MAX], kcv[KCV_SHOWN];
	size_t n;
	int r;

	if ((r = key_wrap(c->lmk, key, type, a->scheme, field, &n)) != 0 ||
	    (r = key_kcv(key, KCV_SHOWN, kcv)) != 0) {
		console_say(c, "%s", err_text(r));
		return;
	}
	console_say(c, "%s: %.*s", what, (int)n, field);
	console_say(c, "Key check value: %.*s", KCV_SHOWN, kcv);
}

static void
generate_component(struct console *c)
{
	struct secret *text = secret_take();
	struct key *key = key_take();
	struct asked a;

	if (text == NULL || key == NULL || !ask_kind(c, &a, true) ||
	    key_random(key, a.len) != 0 || !record(c, "show-component", &a))
		return;
	hex_encode(key->bytes, key->len, (char *)text->bytes);
	log_event(LOG_INFO, "component-shown", "session", 'u', c->session, NULL);
	fprintf(c->out, "Clear component: ");
	fflush(c->out);
	/* past stdio's buffer, which is not the slab */
	if (write(c->fd, text->bytes, 2u * key->len) < 0)
		return;
	console_say(c, "%s", "");
	print_key(c, key, part_type(c, &a), &a, "Encrypted component");
}

/* A clear component, typed: len bytes. */
static struct key *
ask_component(struct console *c, const struct asked *a, const char *text, size_t len)
{
	struct key *key = key_take();

	if (key == NULL || !console_ask_bytes(c, text, key->bytes, len))
		return NULL;
	key->len = (uint8_t)len;
	key->scheme = a->scheme;
	key->type = (uint16_t)a->type;
	return key;
}

static void
encrypt_component(struct console *c)
{
	struct asked a;
	struct key *key;

	if (!ask_kind(c, &a, false) || (key = ask_component(c, &a, "Component", a.len)) == NULL)
		return;
	key_force_parity(key);
	if (record(c, "encrypt-part", &a))
		print_key(c, key, part_type(c, &a), &a, "Encrypted component");
}

/* The next component of a key that is formed. NULL after a line. */
static struct key *
next_part(struct console *c, const struct asked *a, char kind, unsigned number)
{
	char text[40];
	struct key *key;
	int r;

	snprintf(text, sizeof(text), "%s component %u", kind == 'X' ? "Clear" : "Encrypted",
	    number);
	if (kind == 'X')
		return ask_component(c, a, text, a->len);
	if (!console_ask(c, text))
		return NULL;
	if ((r = key_open(c->lmk, part_type(c, a), span_of(c->line, c->n), &key)) != 0 ||
	    key->len != a->len || !key->odd) {
		console_say(c, "It is no such component under this LMK.");
		return NULL;
	}
	return key;
}

/* Exclusive or, with the rules that GY and A4 have: none twice, none zero. */
static bool
add_parts(struct console *c, const struct asked *a, char kind, unsigned parts, struct key *sum)
{
	struct key *part[PARTS];

	for (unsigned i = 0; i < parts; i++) {
		if ((part[i] = next_part(c, a, kind, i + 1)) == NULL)
			return false;
		for (unsigned j = 0; j < i; j++)
			if (memcmp(part[i]->bytes, part[j]->bytes, a->len) == 0) {
				console_say(c, "A component is there twice.");
				return false;
			}
		if (key_is_zero(part[i], false)) {
			console_say(c, "A component is all zeros.");
			return false;
		}
		for (size_t k = 0; k < a->len; k++)
			sum->bytes[k] ^= part[i]->bytes[k];
	}
	return true;
}

/* Halves or thirds, one behind the other. */
static bool
add_halves(struct console *c, const struct asked *a, struct key *sum)
{
	struct key *part;
	char text[40];

	if (a->len == DES_BLOCK) {
		console_say(c, "A key of single length has no halves.");
		return false;
	}
	for (size_t at = 0; at < a->len; at += DES_BLOCK) {
		snprintf(text, sizeof(text), "Clear %s %zu", a->len == 2 * DES_BLOCK ? "half" :
		    "third", at / DES_BLOCK + 1);
		if ((part = ask_component(c, a, text, DES_BLOCK)) == NULL)
			return false;
		memcpy(sum->bytes + at, part->bytes, DES_BLOCK);
	}
	return true;
}

/* From components of that kind. */
static bool
gather(struct console *c, const struct asked *a, char kind, struct key *sum)
{
	char parts;

	if (kind == 'H')
		return add_halves(c, a, sum);
	if (kind == 'S') {
		console_say(c, "There are no smart cards here: type components in the clear (X), "
		    "or as GC and EC encrypt them (E).");
		return false;
	}
	return (parts = console_choose(c, "Number of components [2-9]", "23456789")) != '\0' &&
	    add_parts(c, a, kind, (unsigned)(parts - '0'), sum);
}

static void
form_key(struct console *c)
{
	struct asked a;
	struct key *sum;
	char kind;

	if (!ask_kind(c, &a, true) || (kind = console_choose(c, "Component type [X clear, "
	    "H halves, E encrypted, S smart card]", "XHES")) == '\0' ||
	    (sum = key_take()) == NULL || !gather(c, &a, kind, sum))
		return;
	sum->len = (uint8_t)a.len;
	sum->scheme = a.scheme;
	key_force_parity(sum);
	if (key_is_zero(sum, false) || key_is_weak(sum))
		console_say(c, "The components form a weak key.");
	else if (record(c, "form-key", &a))
		print_key(c, sum, a.type, &a, "Encrypted key");
}

const struct console_command console_keys[] = {
	{ "GC", generate_component, "generate a key component" },
	{ "EC", encrypt_component, "encrypt a clear component" },
	{ "FK", form_key, "form a key from components" },
	{ NULL, NULL, NULL },
};
