/*
 * lua_pinblock: PIN blocks for scripts. The PIN between them is a secret.
 */
#include <sodium.h>

#include "config.h"
#include "crypto/pinblock.h"
#include "err.h"
#include "key.h"
#include "keytype.h"
#include "lua_keys.h"
#include "lua_pins.h"
#include "sandbox.h"
#include "secret.h"

/* ZPK; TPK with type 002 shared or apart; derived for one transaction. */
static const uint16_t pin_keys[] = { 0x001, 0x002, 0x70D, KEYTYPE_DUKPT_PIN, 0 };

void
pins_note(lua_State *L, unsigned format, struct span account, bool verifying)
{
	struct value *v = value_check(L, -1);

	v->count = (uint16_t)(format | (verifying ? PINS_VERIFYING : 0));
	v->span = account;
}

void
pins_check_on(lua_State *L, unsigned format)
{
	const char code[] = { (char)('0' + format / 10), (char)('0' + format % 10) };

	if (config_lists(&lua_request(L)->config->formats_off, code))
		lua_raise(L, ERR_FORMAT_OFF, "is switched off (pin.formats_off)");
}

static void
refuse(lua_State *L)
{
	lua_raise(L, ERR_PIN_FORMAT, "is not allowed to leave this format or account "
	    "(pin.restrict_formats)");
}

void
pins_check_block(lua_State *L, int i, unsigned format, struct span account)
{
	const struct value *v;
	unsigned from;

	if (!lua_request(L)->config->restrict_formats)
		return;
	v = value_check(L, i);
	from = v->count & PINS_FORMAT;
	if (!pinblock_format_allowed(from != 0 ? from : format, format))
		refuse(L);
	if (pinblock_format_bound(from) && (account.n != v->span.n ||
	    memcmp(account.p, v->span.p, account.n) != 0))
		refuse(L);
}

void
pins_check_bound(lua_State *L, int i)
{
	unsigned from = value_check(L, i)->count;

	if (lua_request(L)->config->restrict_formats && from != 0 &&
	    (from & PINS_VERIFYING) == 0 && !pinblock_format_bound(from & PINS_FORMAT))
		refuse(L);
}

/*
 * pin.one_error: nobody is told why a block holds no PIN (spec: threats 3.5). A command
 * that verifies goes on with a PIN that can't be right, so that it takes as
 * long as for a wrong one, and ends with that command's code.
 */
static int
conceal(lua_State *L, struct secret *pin, int r, int doom)
{
	struct request *rq = lua_request(L);

	request_fail(rq, r, "the PIN block holds no PIN");
	if (doom == 0)
		return lua_raise(L, ERR_PIN_BLOCK, NULL);
	rq->doom = doom;
	pin->len = 4;
	memset(pin->bytes, '0', 4);
	return 1;
}

int
pins_keep_unread(lua_State *L, int code)
{
	struct value *v = value_check(L, -1);

	if (lua_request(L)->config->pin_one_error) {
		v->count |= PINS_UNREAD | (code == ERR_LMK_PIN ? PINS_STORED : 0);
		return 0;
	}
	sodium_memzero(v->secret, sizeof(*v->secret));
	return code;
}

struct secret *
pins_secret(lua_State *L, int i)
{
	const struct value *v = value_check(L, i);

	return v->kind == VALUE_SECRET ? v->secret : value_secret(L, i);
}

struct secret *
pins_secret_for(lua_State *L, int i, struct span account)
{
	const struct value *v = value_check(L, i);

	if ((v->count & PINS_UNREAD) != 0 && (account.n != v->span.n ||
	    memcmp(account.p, v->span.p, account.n) != 0))
		return value_secret(L, i);
	return pins_secret(L, i);
}

/* The PIN on the stack's top is to go on into a block of the format at i, for the account
 * behind it or its own. A card takes it from any format. */
static void
check_onward(lua_State *L, int i, struct span account)
{
	unsigned to = (unsigned)value_int(L, i, 0, 99);

	pins_check_on(L, to);
	if (pinblock_format_known(to))
		pins_check_block(L, -1, to, value_given(L, i + 1) ? value_data(L, i + 1) : account);
}

/*
 * pinblock.open(key, block, format, account [, code [, to [, to_account]]]) -> secret: the PIN
 * of an encrypted block. code: what a verifying command answers for a wrong PIN;
 * pin.one_error answers it for a block without a PIN too, and 20 where no code is given.
 * to, to_account: what block is made of it, so that one that may not be is refused before
 * this one is looked into.
 */
static int
l_open(lua_State *L)
{
	struct key *key = value_key_for(L, 1, pin_keys);
	struct span block = value_data(L, 2);
	unsigned format = (unsigned)value_int(L, 3, 0, 99);
	struct span account = value_data_kept(L, 4);
	int doom = value_given(L, 5) ? value_code(L, 5) : 0;
	struct secret *pin;
	int r;

	lua_settop(L, 7);
	pin = value_push_secret(L);
	value_key_mode(L, key, "BDN");
	pins_check_on(L, format);
	pins_note(L, format, account, doom != 0);
	pins_check_block(L, -1, format, account);
	if (value_given(L, 6))
		check_onward(L, 6, account);
	r = pinblock_open(key, block, format, account, pin);
	if (r == PINBLOCK_UNREAD && (r = pins_keep_unread(L, ERR_PIN_BLOCK)) == 0)
		return 1;
	if ((r == ERR_PIN_BLOCK || r == ERR_PIN_LENGTH) &&
	    lua_request(L)->config->pin_one_error)
		return conceal(L, pin, r, doom);
	if (r != 0)
		return lua_raise(L, r, "the PIN block can't be opened");
	return 1;
}

/* pinblock.seal(key, pin, format, account) -> data: an encrypted block of the PIN: 16H,
 * under an AES key 32H. */
static int
l_seal(lua_State *L)
{
	struct key *key = value_key_for(L, 1, pin_keys);
	unsigned format = (unsigned)value_int(L, 3, 0, 99);
	struct span account = value_data(L, 4);
	const struct secret *pin;

	value_key_mode(L, key, "BEN");
	pins_check_on(L, format);
	/* before letters are: that the account is another must not tell of them */
	pins_check_block(L, 2, format, account);
	pin = pinblock_format_bound(format) ? pins_secret_for(L, 2, account) :
	    value_secret(L, 2);
	return lua_result(L, pinblock_seal(key, pin, format, account,
	    (char *)value_push_data(L, pinblock_length(key))));
}

const luaL_Reg lua_pinblock_functions[] = {
	{ "open", l_open },
	{ "seal", l_seal },
	{ NULL, NULL }
};
