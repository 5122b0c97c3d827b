/*
 * lua_printer: clear keys and PINs on paper, for scripts: a document is put
 * together here, and printed when the first reply is on its way. A script never sees
 * what is in it; what is behind the letters of the form stands at each function.
 */
#include <sodium.h>

#include "config.h"
#include "err.h"
#include "hex.h"
#include "key.h"
#include "lua_keys.h"
#include "printer.h"
#include "sandbox.h"
#include "secret.h"

enum { KCV = 6, PARTS_MAX = 3 };

/* Clear text on its way into the document, in the slab. */
struct clear {
	char    key[2 * KEY_MAX];
	uint8_t words[PRINTER_SPELT];
};

/* Keys that may be printed although they came in the request: TMKs. */
static const uint16_t printable[] = { 0x002, 0x80D, 0 };

static struct clear *
get_clear(lua_State *L)
{
	static struct clear *clear;

	if (clear == NULL && (clear = secret_alloc(sizeof(*clear))) == NULL)
		luaL_error(L, "no room in the slab for what is printed");
	return clear;
}

/* The request's document, with the print fields at i. */
static struct mailer
start(lua_State *L, int i)
{
	struct mailer m = { 0 };

	if (!sandbox_of(L)->prints)
		luaL_error(L, "only a command that says prints = true may print");
	if (lua_request(L)->config->spool[0] == '\0')
		lua_raise(L, ERR_PRINTER, "there is no printer (print.spool)");
	if (mailer_fields(value_data(L, i), &m) != 0)
		lua_raise(L, ERR_INPUT, "there are more print fields than 16");
	return m;
}

/* Wipe what is in the document by now, and raise what went wrong. */
static int
finish(lua_State *L, struct mailer *m, struct clear *clear)
{
	int r = printer_document(m);

	sodium_memzero(clear, sizeof(*clear));
	if (r == 0)
		return 0;
	return lua_raise(L, r, r == ERR_NO_FORM ? "no formatting data is loaded" :
	    "the document is too long, or the second of this request");
}

/* A key that this request has made, or a TMK. */
static struct key *
key_at(lua_State *L, int i)
{
	struct key *key = value_key_use(L, i);

	return key_is_scratch(key) ? key : value_key_for(L, i, printable);
}

static int
print_key(lua_State *L, unsigned parts)
{
	struct key *key = key_at(L, 1);
	struct mailer m = start(L, 2);
	struct clear *clear = get_clear(L);
	size_t n = 2u * key->len / parts;
	char kcv[KCV];
	int r;

	if ((r = key_kcv(key, KCV, kcv)) != 0)
		return lua_raise(L, r, NULL);
	hex_encode(key->bytes, key->len, clear->key);
	for (unsigned i = 0; i < parts; i++)
		m.value[MAILER_P + i] = span_of(clear->key + i * n, n);
	m.value[MAILER_T] = span_of(kcv, KCV);
	return finish(L, &m, clear);
}

/* printer.key(key, fields): ^P the whole key, ^T its check value, 6H. */
static int
l_key(lua_State *L)
{
	return print_key(L, 1);
}

/* printer.parts(key, fields): ^P ^Q ^R thirds of a key of triple length; ^P ^Q halves of others. */
static int
l_parts(lua_State *L)
{
	return print_key(L, value_key(L, 1)->len == 24 ? PARTS_MAX : 2);
}

/*
 * printer.pin(pin, fields [, reference]): ^P the PIN, ^W the same in words, ^Q the
 * reference number. Without a PIN (nil) only that. All arguments are taken before
 * anything is clear: one that is wrong raises.
 */
static int
l_pin(lua_State *L)
{
	const struct secret *pin = value_given(L, 1) ? value_secret(L, 1) : NULL;
	struct mailer m = start(L, 2);
	struct clear *clear;
	size_t n;

	if (value_given(L, 3))
		m.value[MAILER_Q] = value_data(L, 3);
	clear = get_clear(L);
	if (pin != NULL) {
		printer_spell(pin, clear->words, &n);
		m.value[MAILER_W] = span_of(clear->words, n);
		m.value[MAILER_P] = span_of(pin->bytes, pin->len);
	}
	return finish(L, &m, clear);
}

/* printer.load(form), printer.add(form): formatting data, in place of those loaded or behind. */
static int
l_load(lua_State *L)
{
	int r = printer_load(value_data(L, 1));

	return r == 0 ? 0 : lua_raise(L, r, "is empty, too long, or has an unknown symbol");
}

static int
l_add(lua_State *L)
{
	int r = printer_add(value_data(L, 1));

	return r == 0 ? 0 : lua_raise(L, r, "is too much, or has an unknown symbol, or there is "
	    "nothing to add to");
}

/* printer.words(texts): a word for each digit, 1H its length and the word itself, ten times. */
static int
l_words(lua_State *L)
{
	int r = printer_words(value_data(L, 1));

	return r == 0 ? 0 : lua_raise(L, r, "is not ten lengths and words");
}

/* printer.batch(n, final) -> number: entries of the solicitation batch with these n, which ends
 * when it is the final one. */
static int
l_batch(lua_State *L)
{
	unsigned n = (unsigned)value_int(L, 1, 0, PRINTER_BATCH);

	lua_pushinteger(L, (lua_Integer)printer_batch(n, lua_toboolean(L, 2) != 0));
	return 1;
}

const luaL_Reg lua_printer_functions[] = {
	{ "load",  l_load },
	{ "add",   l_add },
	{ "words", l_words },
	{ "key",   l_key },
	{ "parts", l_parts },
	{ "pin",   l_pin },
	{ "batch", l_batch },
	{ NULL, NULL }
};
