/*
 * lua_key: working keys for scripts: made, opened, wrapped, checked; never shown.
 *
 * A type is given as a kind ("ZPK") or as the three characters of a key type
 * code, from a field or as a text. A scheme is one character; "0" stands for Z.
 */
#include "config.h"
#include "crypto/dukpt.h"
#include "err.h"
#include "key.h"
#include "keytype.h"
#include "lmk.h"
#include "lua_keys.h"
#include "sandbox.h"

/* Keys that may encrypt other keys: ZMK, TMK (with TPK, PVK when 002 is shared), KEK. */
static const uint16_t wrapping[] = { 0x000, 0x002, 0x80D, 0x107, 0 };

struct key *
value_key_for(lua_State *L, int i, const uint16_t *types)
{
	struct key *key = value_key(L, i);
	unsigned k = 0;

	/* The list ends with 0 behind its first place: 000 is the ZMK. */
	do {
		if (key->type == types[k])
			return key;
	} while (types[++k] != 0);
	luaL_error(L, "argument %d: a key of type %s is not for this use", i,
	    keytype_name(key->type));
	return NULL;
}

/* The key type that argument i names; raises 28 when there is none. */
static unsigned
type_at(lua_State *L, int i)
{
	struct span text = value_data(L, i);
	const struct key_kind *kind = keytype_kind(text);
	unsigned type;

	if (kind != NULL)
		return keytype_of(kind, lua_request(L)->config);
	if (span_is(text, "FFF"))
		lua_raise(L, lmk_scheme(lua_request(L)->lmk) == LMK_VARIANT ?
		    ERR_LMK_SCHEME : ERR_LMK, "FFF stands for the header of a key block");
	if ((type = keytype_parse(text)) == KEYTYPE_NONE)
		lua_raise(L, ERR_KEY_TYPE, "names no key type");
	return type;
}

static char
scheme_at(lua_State *L, int i)
{
	struct span text = value_data(L, i);
	char tag = text.n == 1 ? (char)text.p[0] : '\0';

	return tag == '0' ? 'Z' : tag;
}

static unsigned
atalla_at(lua_State *L, int i)
{
	if (!value_given(L, i))
		return 0;
	if (!lua_request(L)->config->atalla)
		lua_raise(L, ERR_INPUT, "Atalla variants are switched off (key.atalla)");
	return (unsigned)value_int(L, i, 0, 99);
}

/* Is the scheme one that keys may have under the LMK here? */
static void
check_lmk_scheme(lua_State *L, char scheme)
{
	if ((scheme == 'X' || scheme == 'Y') && !lua_request(L)->config->x_under_lmk)
		lua_raise(L, ERR_SCHEME, "X and Y are not used under the LMK (key.x_under_lmk)");
}

static size_t
scheme_length(char scheme)
{
	switch (scheme) {
	case 'Z':
		return 8;
	case 'U':
	case 'X':
	case 'P':
		return 16;
	case 'T':
	case 'Y':
		return 24;
	default:
		return 0;
	}
}

/* key.random(type, scheme) -> key: new, odd parity, never weak, as long as the scheme says. */
static int
l_random(lua_State *L)
{
	unsigned type = type_at(L, 1);
	size_t len = scheme_length(scheme_at(L, 2));
	struct key *key;

	if (len == 0)
		return lua_raise(L, ERR_SCHEME, "names no key scheme");
	key = value_push_key(L);
	key->type = (uint16_t)type;
	return lua_result(L, key_random(key, len));
}

/* key.open(field, type [, code]) -> key: a key field under the LMK; bad parity is code (10). */
static int
l_open(lua_State *L)
{
	struct span field = value_data(L, 1);
	unsigned type = type_at(L, 2);
	int parity = value_given(L, 3) ? value_code(L, 3) : ERR_PARITY_1;
	struct key *key;
	int r;

	if ((r = key_open(lua_request(L)->lmk, type, field, &key)) != 0)
		return lua_raise(L, r, "a key can't be opened under this LMK");
	if (!key->odd)
		return lua_raise(L, parity, "a key has bad parity: another LMK, another "
		    "key type, or damaged");
	value_push_opened(L, key);
	return 1;
}

/* key.wrap(key, scheme) -> data: the key field under the LMK, as the key's own type. */
static int
l_wrap(lua_State *L)
{
	struct key *key = value_key(L, 1);
	char scheme = scheme_at(L, 2);
	size_t n = 0;
	int r;

	check_lmk_scheme(L, scheme);
	r = key_wrap(lua_request(L)->lmk, key, key->type, scheme,
	    (char *)value_push_data(L, KEY_FIELD_MAX), &n);
	value_cut(L, n);
	return lua_result(L, r);
}

/* key.export(key, zmk, scheme [, atalla]) -> data: the key field under a ZMK or TMK. */
static int
l_export(lua_State *L)
{
	struct key *key = value_key(L, 1);
	struct key *zmk = value_key_for(L, 2, wrapping);
	char scheme = scheme_at(L, 3);
	unsigned atalla = atalla_at(L, 4);
	size_t n = 0;
	int r;

	if (keytype_pair(key->type) == KEYTYPE_NONE)
		return lua_raise(L, ERR_KEY_TYPE, "a key of one transaction stays here");
	r = key_export(zmk, atalla, key, scheme, (char *)value_push_data(L, KEY_FIELD_MAX),
	    &n);
	value_cut(L, n);
	return lua_result(L, r);
}

/* key.import(zmk, field, type [, atalla]) -> key: parity is not judged, see key.odd. */
static int
l_import(lua_State *L)
{
	struct key *zmk = value_key_for(L, 1, wrapping);
	struct span field = value_data(L, 2);
	unsigned type = type_at(L, 3), atalla = atalla_at(L, 4);
	struct key *key = value_push_key(L);

	key->type = (uint16_t)type;
	return lua_result(L, key_import(zmk, atalla, field, key));
}

/* key.ikey(bdk, ksn) -> key: the initial key (302) of a device; ksn: 15H, no counter. */
static int
l_ikey(lua_State *L)
{
	static const uint16_t bdk[] = { 0x009, 0x609, 0x809, 0x909, 0 };
	struct key *master = value_key_for(L, 1, bdk);
	struct span ksn = value_data(L, 2);
	struct key *key = value_push_key(L);

	key->type = 0x302;
	return lua_result(L, dukpt_initial_key(master, ksn, key));
}

/* key.odd(key) -> boolean: has every byte odd parity? */
static int
l_odd(lua_State *L)
{
	lua_pushboolean(L, value_key(L, 1)->odd);
	return 1;
}

/* key.fix(key): give an imported key odd parity. */
static int
l_fix(lua_State *L)
{
	key_force_parity(value_key(L, 1));
	return 0;
}

/* key.zero(key) -> boolean: is it all zeros but for parity? */
static int
l_zero(lua_State *L)
{
	lua_pushboolean(L, key_is_zero(value_key(L, 1)));
	return 1;
}

/* key.kcv(key, digits) -> data: the leftmost 6, 8 or 16 digits of the check value. */
static int
l_kcv(lua_State *L)
{
	struct key *key = value_key(L, 1);
	unsigned digits = (unsigned)value_int(L, 2, 2, 16) & ~1U;

	return lua_result(L, key_kcv(key, digits, (char *)value_push_data(L, digits)));
}

/* key.length(key) -> number: 1 single, 2 double, 3 triple. */
static int
l_length(lua_State *L)
{
	lua_pushinteger(L, value_key(L, 1)->len / 8);
	return 1;
}

/* The scheme that the key or key field at i is written in: Z, P, U, T, X or Y. */
static char
scheme_of(lua_State *L, int i)
{
	const struct value *v;
	struct span field;

	if (lua_type(L, i) == LUA_TUSERDATA && (v = value_check(L, i))->kind == VALUE_KEY)
		return v->key->scheme;
	field = value_data(L, i);
	if (field.n == 16)
		return 'Z';
	if (field.n == 32)
		return 'P';
	return field.n != 0 ? (char)field.p[0] : '?';
}

/* key.scheme(key) -> data: the scheme that a key or key field came in: Z, P
 * (two keys without a tag), U, T, X or Y. */
static int
l_scheme(lua_State *L)
{
	char scheme = scheme_of(L, 1);

	*value_push_data(L, 1) = (uint8_t)scheme;
	return 1;
}

/* key.lmkscheme(key) -> data: the scheme that it gets under the LMK when none is
 * asked for: its own, but U for X and T for Y unless key.x_under_lmk. */
static int
l_lmkscheme(lua_State *L)
{
	bool keep = lua_request(L)->config->x_under_lmk;
	char scheme = scheme_of(L, 1);

	if (!keep && (scheme == 'X' || scheme == 'Y'))
		scheme = scheme == 'X' ? 'U' : 'T';
	*value_push_data(L, 1) = (uint8_t)scheme;
	return 1;
}

/* key.kcvdigits(kcv_type) -> number: digits of a check value of that type: none
 * or "0" 16, "1" 6; raises 15 for others. */
static int
l_kcvdigits(lua_State *L)
{
	struct span type;

	if (!value_given(L, 1) || span_is(type = value_data(L, 1), "0"))
		lua_pushinteger(L, 16);
	else if (span_is(type, "1"))
		lua_pushinteger(L, 6);
	else
		return lua_raise(L, ERR_INPUT, "the check value type is not 0 or 1");
	return 1;
}

/* key.permit(type, "generate" | "import" | "export"): raises 29 when keys of the
 * type never may, 17 when it needs the authorised state. */
static int
l_permit(lua_State *L)
{
	struct key_rule rule = keytype_rule(type_at(L, 1));
	static const char *const uses[] = { "generate", "import", "export", NULL };
	const char letters[] = { rule.generate, rule.import, rule.export };
	char letter = letters[luaL_checkoption(L, 2, NULL, uses)];

	if (letter == 'N')
		return lua_raise(L, ERR_KEY_FUNCTION, "the key type does not allow it");
	if (letter == 'A' && !lua_request(L)->authorised)
		return lua_raise(L, ERR_AUTHORISED, "the key type needs the authorised state");
	return 0;
}

const luaL_Reg lua_key_functions[] = {
	{ "random", l_random },
	{ "open",   l_open },
	{ "wrap",   l_wrap },
	{ "export", l_export },
	{ "import", l_import },
	{ "ikey",   l_ikey },
	{ "odd",    l_odd },
	{ "fix",    l_fix },
	{ "zero",   l_zero },
	{ "kcv",    l_kcv },
	{ "length", l_length },
	{ "scheme", l_scheme },
	{ "lmkscheme", l_lmkscheme },
	{ "kcvdigits", l_kcvdigits },
	{ "permit", l_permit },
	{ NULL, NULL }
};
