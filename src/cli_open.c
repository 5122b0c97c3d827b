/*
 * cli_open: the LMKs that a command works with: the public test ones by name, those
 * of one's own out of the vault, which is closed again at once.
 */
#include "cli.h"

#include <string.h>
#include <unistd.h>

#include "authority.h"
#include "crypto/libcrypto.h"
#include "err.h"
#include "failures.h"
#include "key.h"
#include "lmk.h"
#include "lmk_test.h"
#include "log.h"
#include "printer.h"
#include "prompt.h"
#include "rsastore.h"
#include "secret.h"
#include "userstore.h"
#include "vault.h"

int
cli_open_memory(bool strict)
{
	int r;

	if ((r = secret_init(strict)) == 0 && (r = libcrypto_init()) == 0)
		return 0;
	fprintf(stderr, "luahsm: cannot make the memory for keys: %s\n", err_text(r));
	return CLI_FAILED;
}

/* LMK id under that name: of the vault, or a test one. 0, or the exit status after a line. */
static int
load(struct vault *v, unsigned id, const char *name)
{
	const struct vault_lmk *own = v != NULL ? vault_find(v, name) : NULL;
	int r = own != NULL ? lmk_put(id, name, own->comment, own->test, &own->value) :
	    lmk_load(id, name);

	if (r == 0)
		return 0;
	if (id >= LMK_OLD)
		fputs("luahsm: cannot load the old LMK", stderr);
	else
		fprintf(stderr, "luahsm: cannot load LMK %02u", id);
	fprintf(stderr, ", \"%s\": %s\n", name, v != NULL && r == ERR_LMK ?
	    "the vault has none of that name" : err_text(r));
	return r == ERR_LMK || r == ERR_INDEX ? CLI_CONFIG : CLI_FAILED;
}

/* Those that are configured, or, where none is, all live ones of the vault. */
static int
load_live(const struct config *config, struct vault *v)
{
	bool any = false;
	int r = 0;

	for (unsigned id = 0; id < CONFIG_LMKS && r == 0; id++) {
		if (config->lmk[id][0] == '\0')
			continue;
		any = true;
		r = load(v, id, config->lmk[id]);
	}
	for (size_t i = 0; v != NULL && !any && i < v->lmks && r == 0; i++)
		if (v->lmk[i].state == VAULT_LIVE)
			r = load(v, v->lmk[i].id, v->lmk[i].name);
	/* a command that looks for one by name needs no default */
	if (r != 0 || config->lmk_default == CONFIG_LMKS || lmk_get(config->lmk_default) != NULL)
		return r;
	fprintf(stderr, "luahsm: lmk.default: LMK %02u is not loaded; `luahsm lmk check` shows "
	    "what the vault has\n", config->lmk_default);
	return CLI_CONFIG;
}

/* Key change storage: what the vault keeps for each LMK, and what is configured for others. */
static int
load_old(const struct config *config, struct vault *v)
{
	int r = 0;

	for (size_t i = 0; v != NULL && i < v->lmks && r == 0; i++)
		if (v->lmk[i].state == VAULT_OLD)
			r = load(v, LMK_OLD + v->lmk[i].id, v->lmk[i].name);
	return r == 0 && config->lmk_old[0] != '\0' ? load(v, LMK_OLD_ANY, config->lmk_old) : r;
}

/* What strict does not serve with. 0, or CLI_CONFIG after a line. */
static int
check_strict(const struct config *config)
{
	for (unsigned id = 0; id <= LMK_OLD_ANY; id++) {
		const struct lmk *lmk = id >= LMK_OLD ? lmk_stored(id - LMK_OLD) : lmk_get(id);
		const char *why = NULL;

		if (lmk == NULL)
			continue;
		if (lmk_is_test(lmk))
			why = "it has test status, which strict refuses";
		else if (lmk_scheme(lmk) == LMK_VARIANT && !config->strict_variant_lmk)
			why = "strict refuses variant LMKs, whose keys carry no authentication; "
			    "strict.variant_lmk allows them";
		if (why == NULL)
			continue;
		fprintf(stderr, "luahsm: LMK \"%s\": %s\n", lmk_name(lmk), why);
		return CLI_CONFIG;
	}
	return 0;
}

/* Open the vault of the configuration. NULL after a line. */
static struct vault *
open_vault(const struct config *config)
{
	struct vault *v = NULL;
	struct master *m;

	if (access(config->vault, F_OK) != 0) {
		fprintf(stderr, "%s: there is no vault; `luahsm lmk` makes one for LMKs of your "
		    "own\n", config->vault);
		return NULL;
	}
	m = prompt_master(config->passphrase_file, "lmk.passphrase", "passphrase of the vault",
	    false, stderr);
	if (m != NULL)
		v = vault_open(config->vault, m, stderr);
	master_free(m);
	return v;
}

int
cli_open_lmks(const struct config *config)
{
	struct vault *v = NULL;
	int r;

	if ((r = cli_open_memory(config->profile == PROFILE_STRICT)) != 0)
		return r;
	if ((r = key_init()) != 0 || (r = rsastore_init()) != 0 || (r = failures_init()) != 0 ||
	    (r = userstore_init((enum userstore_form)config->storage)) != 0 ||
	    (r = printer_init()) != 0) {
		fprintf(stderr, "luahsm: cannot make the memory for keys: %s\n", err_text(r));
		return CLI_FAILED;
	}
	if (config->vault[0] != '\0' && ((v = open_vault(config)) == NULL ||
	    authority_keep_officers(v) != 0))
		return CLI_CONFIG;
	if ((r = load_live(config, v)) == 0)
		r = load_old(config, v);
	vault_free(v);
	if (r == 0 && config->profile == PROFILE_STRICT)
		r = check_strict(config);
	return r != 0 ? r : -1;
}
