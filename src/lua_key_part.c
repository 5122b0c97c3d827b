/*
 * lua_key_part: keys for scripts that are put together, taken over from the old
 * LMK, or given a stricter header.
 */
#include <sodium.h>

#include "attributes.h"
#include "config.h"
#include "crypto/keyblock_change.h"
#include "err.h"
#include "key.h"
#include "keytype.h"
#include "keyuse.h"
#include "lmk.h"
#include "lua_keys.h"
#include "sandbox.h"

static bool
is_block_lmk(lua_State *L)
{
	return lmk_scheme(lua_request(L)->lmk) != LMK_VARIANT;
}

/*
 * Note a component. In strict one that was here before is refused: with it, whoever knows
 * the rest knows the key (spec: threats A8).
 */
static int
note_part(struct request *rq, const struct key *key)
{
	for (unsigned i = 0; i < rq->parts; i++)
		if (rq->part[i]->len == key->len && rq->config->profile == PROFILE_STRICT &&
		    sodium_memcmp(rq->part[i]->bytes, key->bytes, key->len) == 0)
			return ERR_PARTS;
	if (rq->parts < REQUEST_PARTS)
		rq->part[rq->parts++] = key;
	return 0;
}

/* key.part(field, type [, code]) -> key: a component of a key of that type under the LMK. */
int
lua_key_part(lua_State *L)
{
	struct request *rq = lua_request(L);
	struct span field = value_data_kept(L, 1);
	unsigned type = lua_key_type(L, 2);
	int parity = value_given(L, 3) ? value_code(L, 3) : ERR_PARITY_1;
	struct key *key;
	int r;

	if ((r = keyuse_scheme(rq->lmk, field, rq->config)) != 0 ||
	    (r = key_open(rq->lmk, rq->config->component_ff && !is_block_lmk(L) ?
	    type | KEYTYPE_COMPONENT : type, field, &key)) != 0)
		return lua_raise(L, r, "a component can't be opened under this LMK");
	if (!key->odd)
		return lua_raise(L, parity, "a component has bad parity");
	if (is_block_lmk(L) && type != KEYTYPE_BLOCK && !keyuse_is(&key->header, type))
		return lua_raise(L, ERR_USAGE, "the key block is of another use");
	if (is_block_lmk(L) && key->header.key_version[0] != 'c')
		return lua_raise(L, ERR_KEY_VERSION, "the key block is no component");
	if (note_part(rq, key) != 0)
		return lua_raise(L, ERR_PARTS, "a component is there twice");
	value_push_opened(L, key);
	return 1;
}

/*
 * key.newpart(type, scheme [, attributes]) -> key: a new component of a key of that
 * type. In a key block it gets the component number that the version says.
 */
int
lua_key_newpart(lua_State *L)
{
	struct key *key;
	char *version;

	lua_settop(L, 3);
	(void)lua_key_random(L);
	key = value_key_own(L, lua_gettop(L));
	version = key->header.key_version;
	if (!is_block_lmk(L)) {
		if (lua_request(L)->config->component_ff)
			key->type |= KEYTYPE_COMPONENT;
		return 1;
	}
	if (key->header.version == 0) {
		if (!keyuse_default(key->type, key, &key->header))
			return lua_raise(L, ERR_KEY_TYPE, "has no usage in key blocks");
		key->header.version = '1';
		memcpy(version, "01", 2);
	}
	if (version[0] != '0' || version[1] < '1' || version[1] > '9')
		return lua_raise(L, ERR_KEY_VERSION, "the version of a component is its number, "
		    "01 to 09");
	version[0] = 'c';
	return 1;
}

/* key.join(type, part, part) -> key: two components together; join the result with the next. */
int
lua_key_join(lua_State *L)
{
	unsigned type = is_block_lmk(L) ? KEYTYPE_BLOCK : lua_key_type(L, 1);
	const struct key *a = value_key(L, 2), *b = value_key(L, 3);
	struct key *key;

	if (type != KEYTYPE_BLOCK && ((b->type & 0xFFF) != type ||
	    (a->type & 0xFFF) != type))
		return luaL_error(L, "components are of other types");
	key = value_push_key(L);
	return lua_result(L, key_join(a, b, type, key));
}

/*
 * key.form(key, scheme [, attributes]) -> data: joined components as a key under the
 * LMK, with odd parity. attributes: version and optional blocks of a key block; a
 * command that has no such field leaves the argument out, and the version is 00.
 */
int
lua_key_form(lua_State *L)
{
	const struct key *sum = value_key(L, 1);
	struct attributes a;
	bool none = lua_gettop(L) < 3;
	bool said = !none && lua_key_attributes(L, 3, "vb", &a);
	struct key *key = value_push_key(L);

	if (!none && said != is_block_lmk(L))
		return lua_raise(L, ERR_INPUT, said ? "attributes are for key blocks" :
		    "a key block needs attributes");
	/* A single part may be one of the cache, which stays as it is. */
	key_copy(sum, key);
	if (said)
		attributes_apply(&a, &key->header);
	else if (is_block_lmk(L))
		memset(key->header.key_version, '0', sizeof(key->header.key_version));
	if (!key->aes && key->header.algorithm != 'H')
		key_force_parity(key);
	if (key_is_zero(key, false) ||
	    (lua_request(L)->config->profile == PROFILE_STRICT && key_is_weak(key)))
		return lua_raise(L, key_is_zero(key, false) ? ERR_PARITY_2 : ERR_WEAK,
		    "the components make no good key");
	lua_replace(L, 1);
	lua_settop(L, 2);
	return lua_key_wrap(L);
}

/* The type at i, as the old LMK has types. */
static unsigned
type_of_old(lua_State *L, int i, const struct lmk *old)
{
	const struct lmk *live = lua_request(L)->lmk;
	unsigned type;

	if (old == NULL)
		lua_raise(L, ERR_OLD_LMK, NULL);
	/* A name that the live LMK would not look at may matter to the old one. */
	lua_request(L)->lmk = old;
	type = lua_key_type(L, i);
	lua_request(L)->lmk = live;
	return type;
}

/* key.old(field, type [, code]) -> key: the same under the old LMK, in key change storage. */
int
lua_key_old(lua_State *L)
{
	const struct lmk *old = lmk_old(lua_request(L)->lmk);
	struct span field = value_data_kept(L, 1);
	unsigned type = type_of_old(L, 2, old);
	int parity = value_given(L, 3) ? value_code(L, 3) : ERR_PARITY_1;
	struct key *key;
	int r;

	if (lmk_scheme(old) != LMK_VARIANT && !is_block_lmk(L))
		return lua_raise(L, ERR_LMK_SCHEME, "keys don't go from key blocks to variants");
	if ((r = keyuse_scheme(old, field, lua_request(L)->config)) != 0 ||
	    (r = key_open(old, type, field, &key)) != 0)
		return lua_raise(L, r, "a key can't be opened under the old LMK");
	return lua_key_push_good(L, key, type, parity);
}

/*
 * key.migrate(key [, attributes]) -> key: one of the old LMK to be wrapped under the
 * live one. A key without header gets one from the attributes when that is a key block LMK.
 */
int
lua_key_migrate(lua_State *L)
{
	const struct key *old = value_key(L, 1);
	struct attributes a;
	bool said = lua_key_attributes(L, 2, "umvxb", &a);
	struct key *key = value_push_key(L);
	int r = 0;

	key_copy(old, key);
	if (old->header.version == 0)
		r = lua_key_settle(L, key, old->type, said ? &a : NULL);
	else if (said)
		r = ERR_INPUT;
	return lua_result(L, r);
}

/* key.change(key, field, old, new) -> key: of a key block, with a stricter header: field M, V, E
 * or S as in keyblock_change.h. */
int
lua_key_change(lua_State *L)
{
	const struct key *from = value_key(L, 1);
	struct span field = value_data(L, 2), old = value_data(L, 3), new = value_data(L, 4);
	struct key *key = value_push_key(L);
	uint8_t *text = request_bytes(lua_request(L), KEYBLOCK_MAX);

	if (from->header.version == 0)
		return lua_raise(L, ERR_LMK_SCHEME, "only a key block has a header");
	if (text == NULL || field.n != 1)
		return luaL_error(L, "a change takes a field of one letter, and room");
	key_copy(from, key);
	return lua_result(L, keyblock_change(&key->header, (char)field.p[0], old, new, text));
}
