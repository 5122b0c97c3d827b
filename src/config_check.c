/*
 * config_check: what only the settings together can show.
 */
#include "config.h"

#include <string.h>

#include "charset.h"
#include "crypto/weakpin.h"
#include "lmk.h"
#include "policy.h"

static int
refuse(FILE *err, const char *what)
{
	fprintf(err, "%s\n", what);
	return -1;
}

static bool
is_test_lmk(const char *name)
{
	for (unsigned i = 0; lmk_names[i] != NULL; i++)
		if (strcmp(name, lmk_names[i]) == 0)
			return true;
	return false;
}

/* Every LMK has a known name and a port of its own, and the default is one of them. */
static int
check_lmks(const struct config *c, FILE *err)
{
	for (unsigned i = 0; i < CONFIG_LMKS; i++) {
		if (c->lmk[i][0] == '\0')
			continue;
		/* what is in the vault is known when it is open */
		if (c->vault[0] == '\0' && !is_test_lmk(c->lmk[i])) {
			fprintf(err, "lmk.%02u: there is no LMK \"%s\"; it is", i, c->lmk[i]);
			for (unsigned n = 0; lmk_names[n] != NULL; n++)
				fprintf(err, "%s %s", n > 0 ? " or" : "", lmk_names[n]);
			fputs("\n", err);
			return -1;
		}
		if (c->listen_tcp && c->port + 1 + i > 65535) {
			fprintf(err, "port: %u leaves no port for LMK %02u (port + 1 + %u); "
			    "choose a lower one\n", c->port, i, i);
			return -1;
		}
	}
	if (c->vault[0] == '\0' && c->lmk[c->lmk_default][0] == '\0') {
		fprintf(err, "lmk.default: LMK %02u is not loaded; give lmk.%02u a name or "
		    "choose another default\n", c->lmk_default, c->lmk_default);
		return -1;
	}
	return 0;
}

/* What strict refuses (design: Secrets, Configuration; spec: threats.md 4). */
static int
check_strict(const struct config *c, FILE *err)
{
	if (c->listen_tcp && c->naddress == 0)
		return refuse(err, "address: strict listens on no address by itself; "
		    "give one, or port = 0 for the Unix socket only");
	if (c->authorised)
		return refuse(err, "authorised: strict never starts in the authorised state");
	if (c->pin_lmk_method == LMK_PIN_PLAIN0)
		return refuse(err, "pin.lmk_method: strict refuses plain0, which encrypts "
		    "nothing; use fpe10");
	if (!c->table_encrypted)
		return refuse(err, "pin.decimalisation_table: strict takes encrypted tables "
		    "only");
	if (!c->restrict_formats)
		return refuse(err, "pin.restrict_formats: strict translates PIN blocks only as "
		    "PCI HSM allows");
	if (!c->pin_one_error)
		return refuse(err, "pin.one_error: strict never tells why a PIN block is bad");
	if (!c->dukpt_counter)
		return refuse(err, "pin.dukpt_counter: strict takes no counter that no device "
		    "comes to");
	if (c->pin_failures == 0)
		return refuse(err, "pin.failures: strict limits the wrong PINs of an account; "
		    "give 1 to 16");
	if (!c->seccomp)
		return refuse(err, "seccomp: strict refuses workers without a filter of system "
		    "calls");
	if (c->x_under_lmk)
		return refuse(err, "key.x_under_lmk: strict refuses schemes X and Y under "
		    "the LMK");
	for (unsigned i = 0; i < CONFIG_LMKS; i++) {
		if (!is_test_lmk(c->lmk[i]))
			continue;
		fprintf(err, "lmk.%02u: strict refuses %s, which everybody knows; `luahsm lmk` "
		    "puts LMKs of your own in the vault\n", i, c->lmk[i]);
		return -1;
	}
	return 0;
}

/* Is the text a list of users, as a policy has them? */
static bool
is_users(const char *text)
{
	char policy[CONFIG_POLICY + 8];

	snprintf(policy, sizeof(policy), "sign=%s", text);
	return strchr(text, ';') == NULL && policy_valid(policy);
}

int
config_check(const struct config *c, FILE *err)
{
	if (c->socket_users[0] != '\0' && !is_users(c->socket_users))
		return refuse(err, "socket_users: give numbers of users, 1000,1001, or *");
	if (!policy_valid(c->store_policy))
		return refuse(err, "store.policy: give rights and the numbers of users, "
		    "as in sign=1000,1001;read=*;admin=0");
	if (!c->listen_tcp && c->socket[0] == '\0')
		return refuse(err, "port and socket: one of them is needed to be reached");
	if (c->frame_max < c->header_length + 2 + 256)
		return refuse(err, "limits.frame: too little for the message header; "
		    "give at least message.header_length + 258");
	if (c->serial[0] != '\0' && c->serial[sizeof(c->serial) - 2] == '\0')
		return refuse(err, "message.serial: takes 12 characters, or none");
	for (unsigned i = 0; i < c->formats_off.n; i++)
		if (!charset_all(span_of(c->formats_off.code[i], 2), CHAR_DIGIT))
			return refuse(err, "pin.formats_off: takes format codes of two digits");
	if (!weakpin_valid(c->pin_excluded))
		return refuse(err, "pin.excluded: takes PINs of 4 to 12 digits, and same, "
		    "ascending and descending, with commas between");
	if (check_lmks(c, err) != 0)
		return -1;
	return c->profile == PROFILE_STRICT ? check_strict(c, err) : 0;
}
