/*
 * lua_key: what scripts may ask about keys, and the library's table; what makes
 * and moves keys is in lua_key_move.c.
 *
 * A type is given as a kind ("ZPK") or as the three characters of a key type
 * code, from a field or as a text. A scheme is one character; "0" stands for Z.
 */
#include "config.h"
#include "crypto/keywrap.h"
#include "err.h"
#include "key.h"
#include "keytype.h"
#include "keyuse.h"
#include "lmk.h"
#include "lua_keys.h"
#include "sandbox.h"

/* Does the list have one of the types that are 002 while that is shared? Then 002
 * stands for that one there and, where they are apart, not for a PVK. */
static bool
has_shared(const uint16_t *types)
{
	unsigned k = 0;

	do {
		if (types[k] == 0x70D || types[k] == 0x80D || types[k] == 0x90D)
			return true;
	} while (types[++k] != 0);
	return false;
}

/* May a key of that type, or of that block, serve as one of the list? */
static bool
is_listed(const struct key *key, const uint16_t *types, bool separate_002)
{
	bool block = key->type == KEYTYPE_BLOCK;
	bool no_pvk = (block || separate_002) && has_shared(types);
	unsigned k = 0;

	/* The list ends with 0 behind its first place: 000 is the ZMK. */
	do {
		if (types[k] == 0x002 && no_pvk)
			continue;
		if (block ? keyuse_is(&key->header, types[k]) : key->type == types[k])
			return true;
	} while (types[++k] != 0);
	return false;
}

struct key *
value_key_for(lua_State *L, int i, const uint16_t *types)
{
	struct key *key = value_key_use(L, i);

	if (is_listed(key, types, lua_request(L)->config->separate_002))
		return key;
	if (key->type == KEYTYPE_BLOCK)
		lua_raise(L, ERR_USAGE, "a key block is not for this use");
	luaL_error(L, "argument %d: a key of type %s is not for this use", i,
	    keytype_name(key->type));
	return NULL;
}

void
value_key_mode(lua_State *L, const struct key *key, const char *modes)
{
	if (key->header.version != 0 && strchr(modes, key->header.mode) == NULL)
		lua_raise(L, ERR_MODE, "the key block's mode of use does not allow it");
}

void
value_key_usage(lua_State *L, const struct key *key, const char *usages, const char *modes)
{
	const char *u = usages;

	if (key->header.version == 0)
		return;
	while (memcmp(u, key->header.usage, 2) != 0) {
		u += 2;
		if (*u++ == '\0')
			lua_raise(L, ERR_USAGE, "a key block is not for this use");
	}
	value_key_mode(L, key, modes);
}

unsigned
lua_key_type(lua_State *L, int i)
{
	struct span text = value_data(L, i);
	const struct key_kind *kind = keytype_kind(text);
	bool block = lmk_scheme(lua_request(L)->lmk) != LMK_VARIANT;
	unsigned type;

	if (kind != NULL && kind->type != KEYTYPE_BLOCK)
		return block ? kind->type_pci : keytype_of(kind, lua_request(L)->config);
	if (block)
		return KEYTYPE_BLOCK;
	if (kind != NULL || span_is(text, "FFF"))
		lua_raise(L, ERR_LMK_SCHEME, "FFF stands for the header of a key block");
	if ((type = keytype_parse(text)) == KEYTYPE_NONE)
		lua_raise(L, ERR_KEY_TYPE, "names no key type");
	return type;
}

/* key.odd(key) -> boolean: has every byte odd parity? */
static int
l_odd(lua_State *L)
{
	lua_pushboolean(L, value_key(L, 1)->odd);
	return 1;
}

/* key.fix(key): give a key that was imported or made odd parity. */
static int
l_fix(lua_State *L)
{
	key_force_parity(value_key_own(L, 1));
	return 0;
}

/* key.zero(key) -> boolean: is it all zeros? strict leaves parity out, since the
 * key is as weak with it. */
static int
l_zero(lua_State *L)
{
	bool strict = lua_request(L)->config->profile == PROFILE_STRICT;

	lua_pushboolean(L, key_is_zero(value_key(L, 1), !strict));
	return 1;
}

/* Digits of a check value that are shown; strict has zeros for those past 6. */
static unsigned
shown(lua_State *L, unsigned digits)
{
	bool strict = lua_request(L)->config->profile == PROFILE_STRICT;

	return strict && digits > 6 ? 6 : digits;
}

/* key.kcv(key, digits) -> data: the leftmost 6, 8 or 16 digits of the check value. */
static int
l_kcv(lua_State *L)
{
	struct key *key = value_key_use(L, 1);
	unsigned digits = (unsigned)value_int(L, 2, 2, 16) & ~1U;
	char *kcv = (char *)value_push_data(L, digits);

	memset(kcv, '0', digits);
	return lua_result(L, key_kcv(key, shown(L, digits), kcv));
}

/* key.length(key) -> number: 1 single, 2 double, 3 triple. */
static int
l_length(lua_State *L)
{
	const struct key *key = value_key(L, 1);

	lua_pushinteger(L, key->len % 8 == 0 ? key->len / 8 : 0);
	return 1;
}

/* key.sized(key, flag) -> boolean: does the length flag 0, 1, 2 (single, double,
 * triple) or F (a key block) belong to the key? */
static int
l_sized(lua_State *L)
{
	const struct key *key = value_key(L, 1);
	struct span flag = value_data(L, 2);
	char want = key->type == KEYTYPE_BLOCK ? 'F' : (char)('0' + key->len / 8 - 1);

	lua_pushboolean(L, flag.n == 1 && flag.p[0] == (uint8_t)want);
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
	if (field.n != 0 && field.p[0] >= 'G')
		return (char)field.p[0];
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
 * asked for: its own, but U for X and T for Y unless key.x_under_lmk; S under a key block LMK. */
static int
l_lmkscheme(lua_State *L)
{
	bool keep = lua_request(L)->config->x_under_lmk;
	char scheme = scheme_of(L, 1);

	if (lmk_scheme(lua_request(L)->lmk) != LMK_VARIANT)
		scheme = 'S';
	if (!keep && (scheme == 'X' || scheme == 'Y'))
		scheme = scheme == 'X' ? 'U' : 'T';
	*value_push_data(L, 1) = (uint8_t)scheme;
	return 1;
}

/* key.kcvdigits(kcv_type [, long]) -> number: digits of a check value of that type:
 * none or "0" long (16), "1" 6, and "2" too where long is given; raises 15 for others. */
static int
l_kcvdigits(lua_State *L)
{
	long digits = value_given(L, 2) ? value_int(L, 2, 6, 16) : 16;
	struct span type = value_given(L, 1) ? value_data(L, 1) : SPAN("0");

	if (span_is(type, "1"))
		digits = 6;
	else if (!span_is(type, "0") && !(span_is(type, "2") && value_given(L, 2)))
		return lua_raise(L, ERR_INPUT, "there is no such check value type");
	lua_pushinteger(L, digits);
	return 1;
}

/* key.bare(scheme) -> data: the scheme of a double-length key, for commands where
 * Z, 0 or none at all stand for 32H without a tag. */
static int
l_bare(lua_State *L)
{
	struct span scheme = value_given(L, 1) ? value_data(L, 1) : SPAN("Z");
	bool none = span_is(scheme, "Z") || span_is(scheme, "0");

	*value_push_data(L, 1) = none || scheme.n != 1 ? 'P' : scheme.p[0];
	return 1;
}

/* key.newscheme(scheme, default) -> data: the scheme of a new key: what the options say, or
 * the default, for which they may also say Z or 0 when it is P; S when there are no
 * options under a key block LMK. A default of ZMK: that of one without a tag. */
static int
l_newscheme(lua_State *L)
{
	struct span without = value_data(L, 2);
	bool block = lmk_scheme(lua_request(L)->lmk) != LMK_VARIANT;
	struct span said = value_given(L, 1) ? value_data(L, 1) : block ? SPAN("S") : without;

	if (span_is(without, "ZMK"))
		without = lua_request(L)->config->zmk_single ? SPAN("Z") : SPAN("P");
	if (!value_given(L, 1) && !block)
		said = without;
	if (span_is(without, "P") && (span_is(said, "Z") || span_is(said, "0")))
		said = without;
	*value_push_data(L, 1) = said.n == 1 ? said.p[0] : '?';
	return 1;
}

/* key.kcvs(key, kcv_type) -> data: the check value of a CVK pair: none or "0" one of 6
 * digits for each half, "1" one for the whole. */
static int
l_kcvs(lua_State *L)
{
	struct key *key = value_key_use(L, 1);
	bool whole = value_given(L, 2) && span_is(value_data(L, 2), "1");

	if (value_given(L, 2) && !whole && !span_is(value_data(L, 2), "0"))
		return lua_raise(L, ERR_INPUT, "the check value type is not 0 or 1");
	if (whole)
		return lua_result(L, key_kcv(key, 6, (char *)value_push_data(L, 6)));
	return lua_result(L, key_kcv_halves(key, 6, (char *)value_push_data(L, 12)));
}

/* key.halves(key, digits) -> data: the check values of both halves, one behind the other. */
static int
l_halves(lua_State *L)
{
	struct key *key = value_key_use(L, 1);
	size_t digits = (size_t)value_int(L, 2, 2, 16) & ~(size_t)1;
	unsigned seen = shown(L, (unsigned)digits);
	char *kcv = (char *)value_push_data(L, 2 * digits);
	int r = key_kcv_halves(key, seen, kcv);

	/* The second half's digits go where they belong. */
	memmove(kcv + digits, kcv + seen, seen);
	memset(kcv + seen, '0', digits - seen);
	memset(kcv + digits + seen, '0', digits - seen);
	return lua_result(L, r);
}

/* key.same(scheme, scheme) -> boolean: do keys in these schemes have the same length?
 * Raises 26 for what is no scheme. */
static int
l_same(lua_State *L)
{
	size_t n[2];

	for (int i = 0; i < 2; i++) {
		struct span text = value_data(L, i + 1);
		char tag = text.n == 1 ? (char)text.p[0] : '\0';

		/* Key blocks are of any length. */
		if (tag == 'S' || tag == 'R') {
			lua_pushboolean(L, 1);
			return 1;
		}
		if ((n[i] = keywrap_length(tag == '0' ? 'Z' : tag)) == 0)
			return lua_raise(L, ERR_SCHEME, "names no key scheme");
	}
	lua_pushboolean(L, n[0] == n[1]);
	return 1;
}

/* key.eraseold(): empty the LMK's key change storage. */
static int
l_eraseold(lua_State *L)
{
	lmk_erase_old(lua_request(L)->lmk);
	key_forget();
	return 0;
}

/* key.permit(type, "generate" | "import" | "export"): raises 29 when keys of the
 * type never may, 17 when it needs the authorised state. */
static int
l_permit(lua_State *L)
{
	struct key_rule rule = keytype_rule(lua_key_type(L, 1));
	static const char *const uses[] = { "generate", "import", "export", NULL };
	const char letters[] = { rule.generate, rule.import, rule.export };
	int use = luaL_checkoption(L, 2, NULL, uses);
	char letter = letters[use], type[4];

	if (letter == 'N')
		return lua_raise(L, ERR_KEY_FUNCTION, "the key type does not allow it");
	snprintf(type, sizeof(type), "%03x", lua_key_type(L, 1) & 0xFFF);
	if (letter == 'A' && !request_may(lua_request(L), uses[use], type))
		return lua_raise(L, ERR_AUTHORISED, "the key type needs the authorised state");
	return 0;
}

const luaL_Reg lua_key_functions[] = {
	{ "open",   lua_key_open },
	{ "old",    lua_key_old },
	{ "migrate", lua_key_migrate },
	{ "change", lua_key_change },
	{ "random", lua_key_random },
	{ "wrap",   lua_key_wrap },
	{ "export", lua_key_export },
	{ "import", lua_key_import },
	{ "newpart", lua_key_newpart },
	{ "part",   lua_key_part },
	{ "join",   lua_key_join },
	{ "form",   lua_key_form },
	{ "ikey",   lua_key_ikey },
	{ "odd",    l_odd },
	{ "fix",    l_fix },
	{ "zero",   l_zero },
	{ "kcv",    l_kcv },
	{ "length", l_length },
	{ "sized",  l_sized },
	{ "scheme", l_scheme },
	{ "lmkscheme", l_lmkscheme },
	{ "kcvdigits", l_kcvdigits },
	{ "bare",   l_bare },
	{ "newscheme", l_newscheme },
	{ "kcvs",   l_kcvs },
	{ "halves", l_halves },
	{ "same",   l_same },
	{ "eraseold", l_eraseold },
	{ "permit", l_permit },
	{ NULL, NULL }
};
