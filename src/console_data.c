/*
 * console_data: card values and the DES calculator. Clear keys and PINs are typed unseen.
 */
#include "console.h"

#include <string.h>

#include "crypto/cvv.h"
#include "crypto/des3.h"
#include "crypto/dtab.h"
#include "crypto/ibm3624.h"
#include "crypto/pin.h"
#include "err.h"
#include "hex.h"
#include "key.h"
#include "keytype.h"
#include "keyuse.h"
#include "lmk.h"
#include "secret.h"

enum { PAN_MOST = 19 };

/*
 * Have a result on record, before it is shown, if it is authorised still: that may have ended,
 * or been cancelled, while somebody typed.
 */
static bool
record(struct console *c, const char *operation, const char *what, int r)
{
	return console_may(c, "misc", "") && console_record(c, operation, what, r);
}

/* --- N, $, T ------------------------------------------------------------- */

static void
calculate(struct console *c, size_t len)
{
	uint8_t data[DES_BLOCK], out[DES_BLOCK];
	char digits[2 * DES_BLOCK];
	struct key *key = key_take();

	if (key == NULL || !console_may(c, "misc", "") ||
	    !console_ask_bytes(c, "Key", key->bytes, len))
		return;
	if (!console_ask(c, "Data") || c->n != sizeof(digits) ||
	    hex_decode(span_of(c->line, c->n), data, DES_BLOCK) != 0) {
		console_say(c, "It has 16 hexadecimal digits.");
		return;
	}
	if (!record(c, "calculate", "des", 0))
		return;
	for (int encrypt = 1; encrypt >= 0; encrypt--) {
		if (des3_once(key->bytes, len, encrypt, data, out, DES_BLOCK) != 0)
			break;
		hex_encode(out, DES_BLOCK, digits);
		console_say(c, "%s: %.16s", encrypt ? "Encrypted" : "Decrypted", digits);
	}
	des3_forget_once();
}

static void
single_des(struct console *c)
{
	calculate(c, 8);
}

static void
double_des(struct console *c)
{
	calculate(c, 16);
}

static void
triple_des(struct console *c)
{
	calculate(c, 24);
}

/* --- CV, PV, ED ---------------------------------------------------------- */

/* Is the usage of the key's block one of these? */
static bool
is_among(const struct key *key, const char *usages)
{
	const char usage[] = { key->header.usage[0], key->header.usage[1], '\0' };

	return strstr(usages, usage) != NULL;
}

/* A key of that kind. Blocks: of these usages, and of a mode that lets them make values. */
static int
open_key(const struct console *c, const char *name, const char *usages, struct key **key)
{
	const struct key_kind *kind = keytype_kind(span_str(name));
	struct span field = span_of(c->line, c->n);
	int r;

	if ((r = keyuse_scheme(c->lmk, field, c->config)) != 0 ||
	    (r = key_open(c->lmk, keytype_of(kind, c->config), field, key)) != 0)
		return r;
	if (!(*key)->odd)
		return ERR_PARITY_1;
	if ((r = keyuse_check(*key, kind)) != 0)
		return r;
	if (!key_is_sized(*key, kind->lengths))
		return ERR_KEY_LENGTH;
	if ((*key)->header.version == 0)
		return 0;
	return !is_among(*key, usages) ? ERR_USAGE :
	    strchr("CGN", (*key)->header.mode) == NULL ? ERR_MODE : 0;
}

/* Ask for it. NULL after a line. */
static struct key *
ask_key(struct console *c, const char *text, const char *name, const char *usages)
{
	struct key *key;
	int r;

	if (!console_ask(c, text))
		return NULL;
	if ((r = open_key(c, name, usages, &key)) == 0)
		return key;
	console_say(c, "%s", err_text(r));
	return NULL;
}

static void
card_value(struct console *c)
{
	char pan[PAN_MOST + 1], expiry[5], out[CVV_DIGITS];
	struct key *key;
	int r;

	if (!console_may(c, "misc", "") || (key = ask_key(c, "CVK", "CVK", "C0 12 13")) == NULL ||
	    !console_ask(c, "Account number") || c->n > PAN_MOST)
		return;
	memcpy(pan, c->line, c->n + 1);
	if (!console_ask(c, "Expiry date") || c->n != 4)
		return;
	memcpy(expiry, c->line, c->n + 1);
	if (!console_ask(c, "Service code"))
		return;
	r = cvv_make(key, span_str(pan), span_str(expiry), span_of(c->line, c->n), out);
	if (!record(c, "card-value", "402", r))
		return;
	if (r != 0)
		console_say(c, "%s", err_text(r));
	else
		console_say(c, "CVV: %.3s", out);
}

/* The data block: 11 digits of the account, PVKI, 4 digits of the PIN. */
static void
pin_value(struct console *c)
{
	enum { ACCOUNT = 11, BLOCK = ACCOUNT + 1 + PIN_PVV_DIGITS };
	char account[ACCOUNT + 1] = "0", out[PIN_PVV_DIGITS];
	struct secret *pin = secret_take();
	struct key *key;
	int r;

	if (pin == NULL || !console_may(c, "misc", "") ||
	    (key = ask_key(c, "PVK", "PVK2", "V0 V2")) == NULL ||
	    !console_ask_secret(c, "Data block"))
		return;
	if (c->n != BLOCK || strspn(c->line, "0123456789") != BLOCK) {
		console_say(c, "It has 11 digits of the account, the PVKI, 4 of the PIN.");
		return;
	}
	memcpy(account + 1, c->line, ACCOUNT);
	memcpy(pin->bytes, c->line + ACCOUNT + 1, PIN_PVV_DIGITS);
	pin->len = PIN_PVV_DIGITS;
	r = pin_pvv(key, pin, span_of(account, sizeof(account)), c->line[ACCOUNT], out);
	if (!record(c, "pin-value", "002", r))
		return;
	if (r != 0)
		console_say(c, "%s", err_text(r));
	else
		console_say(c, "PVV: %.4s", out);
}

static void
encrypt_table(struct console *c)
{
	struct secret *table = secret_take();
	char out[64];
	int r;

	if (table == NULL || !console_may(c, "misc", "") ||
	    !console_ask(c, "Decimalisation table"))
		return;
	if (c->n != 2 * IBM3624_TABLE ||
	    hex_decode(span_of((const uint8_t *)c->line, c->n), table->bytes, IBM3624_TABLE) != 0)
		r = ERR_TABLE;
	else if ((r = ibm3624_table(table)) == 0)
		r = dtab_seal(c->lmk, table, out);
	if (!record(c, "encrypt-table", "", r))
		return;
	if (r != 0)
		console_say(c, "%s", err_text(r));
	else
		console_say(c, "Encrypted table: %.*s", (int)dtab_length(c->lmk), out);
}

const struct console_command console_data[] = {
	{ "CV", card_value, "card verification value" },
	{ "PV", pin_value, "PIN verification value (Visa)" },
	{ "ED", encrypt_table, "encrypt a decimalisation table" },
	{ "N",  single_des, "DES calculator, single length" },
	{ "$",  double_des, "DES calculator, double length" },
	{ "T",  triple_des, "DES calculator, triple length" },
	{ NULL, NULL, NULL },
};
