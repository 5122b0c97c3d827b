/*
 * lua_verify: the one place where PINs and card values are found right or
 * wrong, for scripts. What is wrong is counted (failures.h); an account that
 * has had too many is refused unseen (39).
 */
#include <sodium.h>

#include "config.h"
#include "crypto/account.h"
#include "crypto/cvv.h"
#include "crypto/ibm3624.h"
#include "crypto/lmkpin.h"
#include "crypto/pin.h"
#include "err.h"
#include "failures.h"
#include "key.h"
#include "lmk.h"
#include "log.h"
#include "lua_keys.h"
#include "lua_pins.h"
#include "sandbox.h"
#include "secret.h"
#include "stats.h"
#include "usage.h"

enum { SECOND = 1000000000, SUBJECT = 32 };

static const uint16_t pvks[] = { 0x002, 0 };

static uint32_t
seconds(void)
{
	return (uint32_t)(stats_now() / SECOND);
}

/* The account that subject is with that key, unless it is refused. */
static uint64_t
permitted(lua_State *L, struct span key, struct span subject)
{
	uint64_t who = failures_who(key, subject);

	if (failures_permit(who, seconds()) != 0)
		lua_raise(L, ERR_FAILURES, "too many were wrong for this account, or it is too "
		    "early for the next one (pin.failures)");
	return who;
}

static void
note(lua_State *L, uint64_t who)
{
	const char *name = sandbox_of(L)->name;
	unsigned what = failures_note(who, seconds());

	if (what & FAILURES_REFUSED) {
		usage_health(HEALTH_PIN_ATTACK);
		log_event(LOG_WARN, "account-refused", "plugin", 's', name, "account", 'U', who,
		    "why", 's', "so many were wrong as pin.failures allows", NULL);
	}
	if (what & FAILURES_ALARM) {
		usage_health(HEALTH_PIN_MINUTE);
		log_event(LOG_ERROR, "pin-alarm", "plugin", 's', name, "failures", 'U',
		    (uint64_t)lua_request(L)->config->pin_alarm, "why", 's',
		    "so many wrong PINs and card values in a minute: is somebody guessing?", NULL);
	}
	if (what & FAILURES_HOUR) {
		usage_health(HEALTH_PIN_HOUR);
		log_event(LOG_ERROR, "pin-alarm-hour", "plugin", 's', name, "failures", 'U',
		    (uint64_t)lua_request(L)->config->pin_alarm_hour, "why", 's',
		    "so many wrong PINs and card values in an hour: is somebody guessing?", NULL);
	}
}

/* Right ends well; wrong is counted and raised, and so is a block that holds no PIN. */
static int
judge(lua_State *L, uint64_t who, bool right)
{
	if (right && lua_request(L)->doom == 0)
		return 0;
	note(L, who);
	return lua_raise(L, ERR_VERIFY, NULL);
}

static bool
same_pin(const struct secret *a, const struct secret *b)
{
	return a->len == b->len && sodium_memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* What the account's digits are to the algorithm, with a letter in front that tells it from others;
 * an account that is none is for the algorithm to refuse. */
static struct span
account_subject(char letter, struct span account, unsigned skip, uint8_t out[SUBJECT])
{
	uint8_t digits[ACCOUNT_DIGITS] = { 0 };

	(void)account_right(account, digits);
	out[0] = (uint8_t)letter;
	memcpy(out + 1, digits + skip, ACCOUNT_DIGITS - skip);
	return span_of(out, 1 + ACCOUNT_DIGITS - skip);
}

/* verify.pvv(pvk, pin, account, pvki, pvv): is it the PIN's Visa PVV? */
static int
l_pvv(lua_State *L)
{
	struct key *pvk = value_key_for(L, 1, pvks);
	struct secret *pin = pins_secret(L, 2);
	struct span account = value_data(L, 3), pvki = value_data(L, 4), pvv = value_data(L, 5);
	uint8_t text[SUBJECT];
	char right[PIN_PVV_DIGITS];
	uint64_t who;
	int r;

	if (pvki.n != 1 || pvv.n != PIN_PVV_DIGITS)
		return luaL_error(L, "pvki is one digit, pvv four");
	value_key_usage(L, pvk, PINS_VISA, "CVN");
	pins_check_bound(L, 2);
	/* A PVV is of the last 11 digits. */
	who = permitted(L, span_of(pvk->bytes, pvk->len), account_subject('V', account, 1, text));
	if ((r = pin_pvv(pvk, pin, account, (char)pvki.p[0], right)) != 0)
		return lua_raise(L, r, NULL);
	return judge(L, who, sodium_memcmp(right, pvv.p, sizeof(right)) == 0);
}

/* verify.offset(pvk, pin, offset, length, account, table, validation): is it the PIN that
 * the IBM offset stands for? */
static int
l_offset(lua_State *L)
{
	struct ibm3624 card = {
		.pvk = value_key_for(L, 1, pvks),
		.length = (unsigned)value_int(L, 4, PIN_LEAST, PIN_MOST),
		.account = value_data(L, 5),
		.table = value_secret(L, 6),
		.validation = value_data(L, 7),
	};
	struct secret *pin = pins_secret(L, 2), *right;
	struct span offset = value_data(L, 3);
	uint8_t text[1 + IBM3624_BLOCK] = { 'O' };
	uint64_t who;
	int r;

	value_key_usage(L, card.pvk, PINS_IBM, "CVN");
	if ((r = ibm3624_block(&card, text + 1)) != 0)
		return lua_raise(L, r, NULL);
	who = permitted(L, span_of(card.pvk->bytes, card.pvk->len), span_of(text, sizeof(text)));
	right = value_push_secret(L);
	if ((r = ibm3624_pin(&card, offset, right)) != 0)
		return lua_raise(L, r, NULL);
	return judge(L, who, same_pin(pin, right));
}

/* verify.lmkpin(lpin, pin, account): is it the PIN that is encrypted under the LMK? */
static int
l_lmkpin(lua_State *L)
{
	struct request *rq = lua_request(L);
	struct span text = value_data(L, 1), account = value_data(L, 3);
	struct secret *pin = pins_secret(L, 2), *right;
	uint8_t subject[SUBJECT];
	const char *lmk = lmk_check_value(rq->lmk);
	uint64_t who;
	int r;

	who = permitted(L, span_of(lmk, strlen(lmk)), account_subject('L', account, 0, subject));
	right = value_push_secret(L);
	r = lmkpin_open(rq->lmk, rq->config->pin_lmk_method, text, account, right);
	if (r == LMKPIN_UNREAD)
		r = pins_keep_unread(L, ERR_LMK_PIN);
	if (r != 0)
		return lua_raise(L, r, NULL);
	return judge(L, who, same_pin(pin, right));
}

/* verify.cvv(cvk, cvv, account, expiry, service): is it the card's CVV, CVC, CVV2 or iCVV? */
static int
l_cvv(lua_State *L)
{
	static const uint16_t cvks[] = { 0x402, 0 };
	struct key *cvk = value_key_for(L, 1, cvks);
	struct span cvv = value_data(L, 2), pan = value_data(L, 3);
	struct span expiry = value_data(L, 4), service = value_data(L, 5);
	char right[CVV_DIGITS];
	uint64_t who;
	int r;

	if (cvv.n != CVV_DIGITS)
		return luaL_error(L, "a CVV has three digits");
	value_key_usage(L, cvk, "C0 12 13", "CVN");
	who = permitted(L, span_of(cvk->bytes, cvk->len), pan);
	if ((r = cvv_make(cvk, pan, expiry, service, right)) != 0)
		return lua_raise(L, r, NULL);
	return judge(L, who, sodium_memcmp(right, cvv.p, sizeof(right)) == 0);
}

/* The two halves of it, for values that are compared elsewhere. */

static uint64_t
who_at(lua_State *L)
{
	const struct key *key = value_key(L, 1);

	return permitted(L, span_of(key->bytes, key->len), value_data(L, 2));
}

/* verify.permit(key, account): raises 39 when the account is refused. */
static int
l_permit(lua_State *L)
{
	(void)who_at(L);
	return 0;
}

/* verify.failed(key, account): count what was wrong; the code is the caller's to give. */
static int
l_failed(lua_State *L)
{
	note(L, who_at(L));
	return 0;
}

const luaL_Reg lua_verify_functions[] = {
	{ "pvv",    l_pvv },
	{ "offset", l_offset },
	{ "lmkpin", l_lmkpin },
	{ "cvv",    l_cvv },
	{ "permit", l_permit },
	{ "failed", l_failed },
	{ NULL, NULL }
};
