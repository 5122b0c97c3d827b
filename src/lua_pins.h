/*
 * lua_pins: where a PIN came from, so that pin.restrict_formats holds whatever
 * a plug-in does with it (spec: pins.md 1.6, threats A4 and A5).
 */
#ifndef LUAHSM_LUA_PINS_H
#define LUAHSM_LUA_PINS_H

#include "lua_value.h"

/* Usages of PVKs in key blocks, by method. */
#define PINS_VISA "V0 V2"
#define PINS_IBM  "V0 V1"

/* In the count of a PIN's value, beside its format: to be compared and nothing else; digits of
 * it are letters; it was under the LMK. */
enum { PINS_VERIFYING = 0x100, PINS_UNREAD = 0x200, PINS_STORED = 0x400, PINS_FORMAT = 0xFF };

/*
 * Note that the secret on the stack's top was in a block of that format, bound
 * to account if the format is; verifying: to be compared, nothing else. account
 * stays (value_data_kept).
 */
void pins_note(lua_State *L, unsigned format, struct span account, bool verifying);

/* Raise 69 where blocks of that format are switched off (pin.formats_off). */
void pins_check_on(lua_State *L, unsigned format);

/*
 * Raise 23 where PIN blocks are restricted and the PIN at i may not go into a
 * block of that format and account.
 */
void pins_check_block(lua_State *L, int i, unsigned format, struct span account);

/* The same where a value is made of the PIN that stands for it: the block must be bound. */
void pins_check_bound(lua_State *L, int i);

/*
 * The PIN on the stack's top has letters where digits should be. Under accounts
 * of a caller's choosing that gives it away (spec: threats A4), so with
 * pin.one_error nobody is told: 0, and such a PIN is good for what asks for it
 * below. Else it is wiped, and code (ERR_PIN_BLOCK or, from under the LMK,
 * ERR_LMK_PIN) is returned; it is also what value_secret raises for such a PIN.
 */
int pins_keep_unread(lua_State *L, int code);

/* The PIN at i, be it of letters: for values that are made of it, and to compare. */
struct secret *pins_secret(lua_State *L, int i);

/* The same, for where the letters are kept; they stay with the account they were bound to. */
struct secret *pins_secret_for(lua_State *L, int i, struct span account);

#endif
