/*
 * lua_key_move: keys for scripts: opened, made, wrapped, moved under other keys.
 *
 * A key is told by key type codes and schemes under a variant LMK, and by the
 * header of its key block under a key block LMK; a script says both and C
 * takes what counts. Attributes are the text of an attributes field, or nil.
 */
#include "attributes.h"
#include "config.h"
#include "crypto/dukpt.h"
#include "crypto/dukpt_aes.h"
#include "crypto/keywrap.h"
#include "err.h"
#include "key.h"
#include "keytype.h"
#include "keyuse.h"
#include "lmk.h"
#include "lua_keys.h"
#include "sandbox.h"

/* Keys that may encrypt other keys: ZMK, TMK (with TPK, PVK when 002 is shared), KEK. */
static const uint16_t wrapping[] = { 0x000, 0x002, 0x80D, 0x107, 0 };

static bool
is_strict(lua_State *L)
{
	return lua_request(L)->config->profile == PROFILE_STRICT;
}

static bool
is_block_lmk(lua_State *L)
{
	return lmk_scheme(lua_request(L)->lmk) != LMK_VARIANT;
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

bool
lua_key_attributes(lua_State *L, int i, const char *form, struct attributes *a)
{
	struct span text;
	size_t n;
	int r;

	if (!value_given(L, i))
		return false;
	/* A key keeps the optional blocks. */
	text = value_data_kept(L, i);
	if ((r = attributes_read(form, text, a, &n)) != 0 || n != text.n)
		lua_raise(L, r != 0 ? r : ERR_INPUT, "the attributes do not fit here");
	return true;
}

int
lua_key_push_good(lua_State *L, struct key *key, unsigned type, int parity)
{
	if (!key->odd)
		return lua_raise(L, parity, "a key has bad parity: another LMK, another "
		    "key type, or damaged");
	if (key->type == KEYTYPE_BLOCK && type != KEYTYPE_BLOCK &&
	    !keyuse_is(&key->header, type))
		return lua_raise(L, ERR_USAGE, "a key block is for another use");
	value_push_opened(L, key);
	return 1;
}

/* key.open(field, type [, code]) -> key: a key field under the LMK; bad parity is code (10). */
int
lua_key_open(lua_State *L)
{
	struct span field = value_data_kept(L, 1);
	unsigned type = lua_key_type(L, 2);
	int parity = value_given(L, 3) ? value_code(L, 3) : ERR_PARITY_1;
	struct key *key;
	int r;

	if ((r = keyuse_scheme(lua_request(L)->lmk, field, lua_request(L)->config)) != 0 ||
	    (r = key_open(lua_request(L)->lmk, type, field, &key)) != 0)
		return lua_raise(L, r, "a key can't be opened under this LMK");
	return lua_key_push_good(L, key, type, parity);
}

/* Bytes of a new key under a variant LMK; raises for a scheme that says none. */
static size_t
length_of_scheme(lua_State *L, char scheme)
{
	size_t len = keywrap_length(scheme);

	if (scheme == 'S')
		lua_raise(L, ERR_LMK_SCHEME, "key blocks need a key block LMK");
	if (len == 0)
		lua_raise(L, ERR_SCHEME, "names no key scheme");
	return len;
}

/* A new key by the attributes of its block. */
static int
random_block(lua_State *L, const struct attributes *a, struct key *key)
{
	int r = 0;

	if (!a->has[ATTR_ALGORITHM])
		return lua_raise(L, ERR_INPUT, "the attributes give no algorithm");
	if (is_strict(L) && a->key_len < 16)
		return lua_raise(L, ERR_KEY_LENGTH, "strict makes no single-length keys");
	attributes_apply(a, &key->header);
	key->header.version = '1';
	key->type = KEYTYPE_BLOCK;
	if (a->header.algorithm == 'A')
		key_random_plain(key, a->key_len, true);
	else
		r = key_random(key, a->key_len);
	key->scheme = 'S';
	return r;
}

/*
 * key.random(type, scheme [, attributes]) -> key: new, odd parity, never weak.
 * Variant LMK: as long as the scheme says. Key block LMK: by the attributes;
 * without them a kind's own, of double length.
 */
int
lua_key_random(lua_State *L)
{
	unsigned type = lua_key_type(L, 1);
	char scheme = scheme_at(L, 2);
	struct attributes a;
	bool said = lua_key_attributes(L, 3, "uamvxb", &a);
	struct key *key;
	size_t len;

	if (is_block_lmk(L)) {
		if (scheme != 'S')
			return lua_raise(L, keywrap_length(scheme) != 0 ? ERR_LMK_SCHEME :
			    ERR_SCHEME, "a key block LMK needs scheme S");
		if (!said && type == KEYTYPE_BLOCK)
			return lua_raise(L, ERR_INPUT, "a key block needs attributes");
		key = value_push_key(L);
		key->type = (uint16_t)type;
		return lua_result(L, said ? random_block(L, &a, key) : key_random(key, 16));
	}
	if (said)
		return lua_raise(L, ERR_INPUT, "attributes are for key blocks");
	len = length_of_scheme(L, scheme);
	if (is_strict(L) && len < 16)
		return lua_raise(L, ERR_KEY_LENGTH, "strict makes no single-length keys");
	key = value_push_key(L);
	key->type = (uint16_t)type;
	return lua_result(L, key_random(key, len));
}

/* key.wrap(key, scheme) -> data: the key field under the LMK, as the key's own type. */
int
lua_key_wrap(lua_State *L)
{
	const struct key *key = value_key(L, 1);
	char scheme = scheme_at(L, 2);
	size_t n = 0;
	int r;

	if ((scheme == 'X' || scheme == 'Y') && !is_block_lmk(L) &&
	    !lua_request(L)->config->x_under_lmk)
		return lua_raise(L, ERR_SCHEME, "X and Y are not used under the LMK "
		    "(key.x_under_lmk)");
	r = key_wrap(lua_request(L)->lmk, key, key->type, scheme,
	    (char *)value_push_data(L, KEY_FIELD_MAX), &n);
	value_cut(L, n);
	return lua_result(L, r);
}

/* The header that key gets outside: its own, or what the attributes say of it. */
static struct keyblock_header
header_outside(lua_State *L, const struct key *key, int i, char scheme)
{
	struct keyblock_header h = key->header;
	struct attributes a;
	bool said = lua_key_attributes(L, i, "x|umvxb", &a);

	if (h.version == 0 && !said && is_block_lmk(L) && keyuse_default(key->type, key, &h)) {
		h.version = '1';
	} else if (h.version == 0) {
		if (!said || !a.has[ATTR_USAGE])
			lua_raise(L, ERR_INPUT, "a key that is in no block needs attributes "
			    "to leave in one");
		attributes_apply(&a, &h);
		h.algorithm = key->len == 8 ? 'D' : 'T';
		h.version = scheme == 'R' ? 'B' : '0';
		if (h.exportability == 'E')
			lua_raise(L, ERR_EXPORT, "exportability E is for keys in key blocks");
	} else if (said) {
		if (a.has[ATTR_USAGE] || a.header.exportability != 'N')
			lua_raise(L, ERR_EXPORT, "a key block can only be made not exportable");
		h.exportability = 'N';
	}
	return h;
}

/*
 * key.export(key, zmk, scheme [, atalla [, attributes [, version]]]) -> data: the
 * key field under a ZMK or TMK. attributes and version: for key blocks (S, R).
 */
int
lua_key_export(lua_State *L)
{
	const struct key *key = value_key(L, 1);
	struct key *zmk = value_key_for(L, 2, wrapping);
	struct key_block_form form = { .scheme = scheme_at(L, 3) };
	unsigned atalla = atalla_at(L, 4);
	bool block = form.scheme == 'S' || form.scheme == 'R';
	struct keyblock_header h;
	size_t n = 0;
	int r;

	if (key->type != KEYTYPE_BLOCK && keytype_pair(key->type) == KEYTYPE_NONE)
		return lua_raise(L, ERR_KEY_TYPE, "a key of one transaction stays here");
	if ((r = keyuse_export(zmk, key, form.scheme, is_strict(L))) != 0)
		return lua_raise(L, r, "the key may not leave so");
	if (is_strict(L) && key_is_weak(zmk))
		return lua_raise(L, ERR_WRAPPING_KEY, "the key that would encrypt it is weak");
	if (!block && (value_given(L, 5) || value_given(L, 6)))
		return lua_raise(L, ERR_INPUT, "attributes are for key blocks");
	if (block) {
		h = header_outside(L, key, 5, form.scheme);
		form.header = &h;
		form.version = value_character(L, 6);
		r = key_export_block(zmk, key, &form,
		    (char *)value_push_data(L, KEY_FIELD_MAX), &n);
	} else
		r = key_export(zmk, atalla, key, form.scheme,
		    (char *)value_push_data(L, KEY_FIELD_MAX), &n);
	value_cut(L, n);
	return lua_result(L, r);
}

/* What a key that came in a block gets here: another usage and more blocks if asked. */
static int
settle_block(lua_State *L, struct key *key, unsigned type, const struct attributes *a)
{
	const char *outside;

	if (!is_block_lmk(L)) {
		if (!keyuse_fits(&key->header, type, lua_request(L)->config->separate_002))
			return ERR_USAGE;
		/* Under a variant LMK nothing would say so any more. */
		if (is_strict(L) && key->header.exportability == 'N')
			return ERR_EXPORT;
		key->type = (uint16_t)type;
		return a != NULL ? ERR_INPUT : 0;
	}
	if (type != KEYTYPE_BLOCK && !keyuse_is(&key->header, type))
		return ERR_USAGE;
	if (a == NULL)
		return 0;
	if (a->has[ATTR_MODE])
		return ERR_INPUT;
	outside = keyblock_tr31_usage(a->header.usage);
	if (memcmp(a->header.usage, key->header.usage, 2) != 0 &&
	    (outside == NULL || memcmp(outside, key->header.usage, 2) != 0))
		return ERR_USAGE;
	attributes_apply(a, &key->header);
	return 0;
}

int
lua_key_settle(lua_State *L, struct key *key, unsigned type, const struct attributes *a)
{
	key->type = (uint16_t)type;
	if (!is_block_lmk(L))
		return a != NULL ? ERR_INPUT : 0;
	if (a == NULL)
		return type == KEYTYPE_BLOCK ? ERR_INPUT : 0;
	if (!a->has[ATTR_MODE])
		return ERR_INPUT;
	if (a->header.exportability == 'E')
		return ERR_EXPORT;
	key->header = (struct keyblock_header){ .version = '1',
		.algorithm = key->len == 8 ? 'D' : 'T' };
	attributes_apply(a, &key->header);
	return 0;
}

/*
 * key.import(zmk, field, type [, atalla [, attributes]]) -> key: parity is not
 * judged, see key.odd. Of a key block the header counts, and must fit the type.
 */
int
lua_key_import(lua_State *L)
{
	struct key *zmk = value_key_for(L, 1, wrapping);
	struct span field = value_data_kept(L, 2);
	unsigned type = lua_key_type(L, 3), atalla = atalla_at(L, 4);
	struct attributes a;
	bool said = lua_key_attributes(L, 5, "u[mvx]b", &a);
	bool block = field.n != 0 && (field.p[0] == 'S' || field.p[0] == 'R');
	struct key *key = value_push_key(L);
	int r;

	if ((r = keyuse_import(zmk, field.n != 0 ? (char)field.p[0] : '\0',
	    is_strict(L))) != 0)
		return lua_raise(L, r, "no such key may come in under this one");
	if (block && (r = key_import_block(zmk, field, key)) == 0)
		r = settle_block(L, key, type, said ? &a : NULL);
	else if (!block && (r = key_import(zmk, atalla, field, key)) == 0)
		r = lua_key_settle(L, key, type, said ? &a : NULL);
	if (r == 0 && is_strict(L) && key_is_weak(key))
		r = ERR_WEAK;
	return lua_result(L, r);
}

/*
 * key.ikey(bdk, ksn [, attributes]) -> key: the initial key (302) of a device. ksn:
 * without counter, 15H; 16H for an AES key.
 */
int
lua_key_ikey(lua_State *L)
{
	static const uint16_t bdk[] = { 0x009, 0x609, 0x809, 0x909, 0 };
	struct key *master = value_key_for(L, 1, bdk);
	struct span ksn = value_data(L, 2);
	struct attributes a;
	bool said = lua_key_attributes(L, 3, "uamvxb", &a);
	struct key *key = value_push_key(L);

	if (said != is_block_lmk(L))
		return lua_raise(L, ERR_INPUT, said ? "attributes are for key blocks" :
		    "a key block needs attributes");
	key->type = 0x302;
	if (said) {
		attributes_apply(&a, &key->header);
		key->header.version = '1';
		key->type = KEYTYPE_BLOCK;
		if ((a.header.algorithm == 'A') != master->aes)
			return lua_raise(L, ERR_ALGORITHM, "the key is not of the BDK's cipher");
	}
	return lua_result(L, master->aes ? dukpt_aes_initial_key(master, ksn, a.key_len, key) :
	    dukpt_initial_key(master, ksn, key));
}
