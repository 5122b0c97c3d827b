/*
 * console_lmk: LMKs loaded and deleted. They go to the vault, whose passphrase is asked
 * for; the server has them from its next start on.
 */
#include "console.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "component.h"
#include "config.h"
#include "err.h"
#include "lmk.h"
#include "log.h"
#include "secret.h"
#include "vault.h"

/* The vault, open and locked. */
struct open_vault {
	char          path[PATH_MAX];
	struct vault *vault;
	int           lock;
};

static bool
is_there(const struct open_vault *v)
{
	return access(v->path, F_OK) == 0 || errno != ENOENT;
}

static bool
open_vault(struct console *c, struct open_vault *v)
{
	struct master *m;
	bool there;

	*v = (struct open_vault){ .lock = -1 };
	if (!console_may(c, "admin", "") || config_vault(c->config, v->path, c->out) != 0)
		return false;
	there = is_there(v);
	if (!(there ? console_ask_passphrase(c, "Passphrase of the vault") :
	    console_ask_new(c, "Passphrase of the new vault")) ||
	    (v->lock = vault_lock(v->path, c->out)) < 0)
		return false;
	if (is_there(v) != there) {
		console_say(c, "Somebody else made or removed the vault just now.");
		return false;
	}
	if ((m = master_from_passphrase(span_of(c->line, c->n))) != NULL)
		v->vault = there ? vault_open(v->path, m, c->out) : vault_new(m, c->out);
	else
		console_say(c, "A passphrase has 1 to %d characters.", MASTER_PASSPHRASE);
	master_free(m);
	return v->vault != NULL;
}

static void
close_vault(struct open_vault *v)
{
	vault_free(v->vault);
	if (v->lock >= 0)
		close(v->lock);
}

/* A component with its check value, typed. */
static bool
ask_component(struct console *c, struct component *part, enum lmk_scheme scheme)
{
	char text[40], check[LMK_CHECK + 1];

	snprintf(text, sizeof(text), "Component %u of %u", part->number, part->count);
	if (!console_ask_secret(c, text) ||
	    component_digits(c->line, c->n, scheme, &part->value) != 0 ||
	    lmk_value_check(&part->value, check) != 0) {
		console_say(c, "It has %zu hexadecimal digits.", 2 * lmk_value_length(scheme));
		return false;
	}
	if (!console_ask(c, "Check value") || strcmp(c->line, check) != 0) {
		console_say(c, "Another check value: a digit is wrong.");
		return false;
	}
	return true;
}

/* Parts typed and put together. */
static bool
ask_value(struct console *c, struct lmk_value *value)
{
	static const char *const schemes[] = { "variant", "3des-kb", "aes-kb" };
	char scheme = console_choose(c, "Scheme [V variant, T 3DES, A AES]", "AVT");
	char count = scheme != '\0' ? console_choose(c, "Number of components [2-9]", "32456789") :
	    '\0';
	struct component *part[COMPONENT_MOST] = { 0 };
	unsigned n = count != '\0' ? (unsigned)(count - '0') : 0;
	bool good = n > 0;

	for (unsigned i = 0; i < n && good; i++) {
		if ((part[i] = secret_alloc(sizeof(*part[i]))) == NULL)
			break;
		part[i]->number = i + 1;
		part[i]->count = n;
		good = ask_component(c, part[i], (enum lmk_scheme)lmk_scheme_find(
		    schemes[scheme == 'V' ? 0 : scheme == 'T' ? 1 : 2]));
	}
	good = good && part[n - 1] != NULL &&
	    component_join((const struct component *const *)part, n, value, c->out) == 0;
	for (unsigned i = 0; i < n; i++)
		secret_free(part[i]);
	return good;
}

/* Save it, with a record that it is about to be, and one more if it is not. */
static bool
save(struct console *c, struct open_vault *v, const char *operation, const char *name)
{
	if (!console_record(c, operation, name, 0))
		return false;
	if (vault_save(v->vault, v->path, c->out) == 0)
		return true;
	(void)console_record(c, operation, name, ERR_SYSTEM);
	return false;
}

static void
load_into(struct console *c, enum vault_state state)
{
	struct vault_lmk *lmk = secret_alloc(sizeof(*lmk));
	struct open_vault v = { .lock = -1 };
	char check[LMK_CHECK + 1];

	if (lmk != NULL && open_vault(c, &v) && console_ask(c, "Name") && c->n <= LMK_NAME) {
		memcpy(lmk->name, c->line, c->n + 1);
		lmk->state = state;
		lmk->created = (int64_t)time(NULL);
		if (console_ask(c, "LMK identifier") && c->n == 2 &&
		    strspn(c->line, "0123456789") == 2) {
			lmk->id = (unsigned)(c->line[0] - '0') * 10 + (unsigned)(c->line[1] - '0');
			if (ask_value(c, &lmk->value) && vault_add(v.vault, lmk, c->out) == 0 &&
			    console_may(c, "admin", "") && save(c, &v, "store-lmk", lmk->name) &&
			    lmk_value_check(&lmk->value, check) == 0) {
				log_event(LOG_INFO, "lmk-stored", "name", 's', lmk->name, NULL);
				console_say(c, "Check: %s; it is served from the next start on.",
				    check);
			}
		}
	}
	close_vault(&v);
	secret_free(lmk);
}

static void
load_live(struct console *c)
{
	load_into(c, VAULT_LIVE);
}

static void
load_old(struct console *c)
{
	load_into(c, VAULT_OLD);
}

static void
load_new(struct console *c)
{
	load_into(c, VAULT_NEW);
}

/* Take one away that is live, or one that is in storage. */
static void
take_away(struct console *c, bool live)
{
	struct open_vault v;
	struct vault_lmk *lmk;

	if (open_vault(c, &v) && console_ask(c, "Name")) {
		lmk = vault_find(v.vault, c->line);
		if (lmk == NULL || (lmk->state == VAULT_LIVE) != live) {
			console_say(c, "The vault has no such LMK.");
		} else {
			vault_remove(v.vault, lmk);
			if (console_may(c, "admin", "") && save(c, &v, "delete-lmk", c->line)) {
				log_event(LOG_INFO, "lmk-deleted", "name", 's', c->line, NULL);
				console_say(c, "Deleted; it is served until the next start.");
			}
		}
	}
	close_vault(&v);
}

static void
delete_live(struct console *c)
{
	take_away(c, true);
}

static void
delete_stored(struct console *c)
{
	take_away(c, false);
}

/* A component in the clear, to be written down. */
static void
generate(struct console *c)
{
	char scheme = console_choose(c, "Scheme [V variant, T 3DES, A AES]", "AVT");
	struct component *part = secret_alloc(sizeof(*part));
	char *text = secret_alloc(COMPONENT_TEXT), check[LMK_CHECK + 1];

	if (part != NULL && text != NULL && scheme != '\0' && console_may(c, "admin", "")) {
		lmk_value_random(&part->value, scheme == 'V' ? LMK_VARIANT :
		    scheme == 'T' ? LMK_3DES_BLOCK : LMK_AES_BLOCK);
		if (lmk_value_check(&part->value, check) == 0 &&
		    console_record(c, "show-lmk-part", "", 0)) {
			component_print(&part->value, text);
			fflush(c->out);
			log_event(LOG_INFO, "component-shown", "session", 'u', c->session, NULL);
			if (write(c->fd, text, strlen(text)) > 0)
				console_say(c, "Check: %s", check);
		}
	}
	secret_free(text);
	secret_free(part);
}

static void
duplicate(struct console *c)
{
	console_say(c, "There are no smart cards here: copy the file of the component, or make new "
	    "ones of the same LMK with `luahsm lmk components`.");
}

const struct console_command console_lmks[] = {
	{ "GK", generate, "generate a component of an LMK" },
	{ "LK", load_live, "load an LMK from components into the vault" },
	{ "LO", load_old, "load an old LMK into key change storage" },
	{ "LN", load_new, "load a new LMK into key change storage" },
	{ "DM", delete_live, "delete an LMK" },
	{ "DC", duplicate, "duplicate a component" },
	{ "DO", delete_stored, "delete an LMK from key change storage" },
	{ NULL, NULL, NULL },
};
