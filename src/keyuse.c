#include "keyuse.h"

#include "config.h"
#include "crypto/keyblock.h"
#include "err.h"
#include "key.h"
#include "keytype.h"
#include "lmk.h"

/* Usages of a type, the first being the one that new keys get. */
static const struct use {
	uint16_t    type;
	bool        aes;	/* AES keys serve too */
	const char *usages;
} uses[] = {
	{ 0x000, true,  "52 K0 K1 51" },	/* ZMK */
	{ 0x001, true,  "72 P0" },		/* ZPK */
	{ 0x002, false, "V0 V1 V2" },		/* PVK */
	{ 0x70D, true,  "71 P0" },		/* TPK */
	{ 0x80D, true,  "51 K0" },		/* TMK */
	{ 0x90D, false, "73 P0" },		/* TKR */
	{ 0x302, true,  "B1" },			/* IKEY */
	{ 0x402, false, "C0 11 12 13" },	/* CVK, CSCK */
	{ 0x003, true,  "M3 M0 M1 M2 M4 M5 M6" },	/* TAK */
	{ 0x008, true,  "M3 M0 M1 M2 M4 M5 M6" },	/* ZAK */
	{ 0x006, false, "01" },			/* WWK */
	{ 0x107, true,  "54 24" },		/* KEK */
	{ 0x300, false, "54 K0" },		/* KEKr, KEKs: no usage is their own */
	{ 0x400, false, "54 K0" },
	{ 0x607, false, "53" },			/* ZKA master key */
	{ 0x009, true,  "B0" },			/* BDK-1 to 4 */
	{ 0x609, true,  "41 B0" },
	{ 0x809, false, "42 B0" },
	{ 0x909, true,  "43 B0" },
	{ 0x109, false, "E0" },			/* MK-AC, SMI, SMC, DAC, DN, CVC3 */
	{ 0x209, false, "E2" },
	{ 0x309, false, "E1" },
	{ 0x409, false, "E3" },
	{ 0x509, false, "E4" },
	{ 0x709, false, "32 E6" },
	{ 0x00A, true,  "22 D0" },		/* ZEK */
	{ 0x00B, true,  "21 D0" },		/* DEK */
	{ 0x30B, true,  "23 D0" },		/* TEK */
	{ 0x10C, true,  "61 62 63 64 65" },	/* HMAC */
};

static const struct use *
find(unsigned type)
{
	for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
		if (uses[i].type == type)
			return &uses[i];
	return NULL;
}

/* Is the usage of h, or what TR-31 makes of that of the list, the same? */
static bool
listed(const struct keyblock_header *h, const char *list)
{
	bool tr31 = h->version >= 'A';

	for (const char *u = list;; u += 3) {
		const char *outside = keyblock_tr31_usage(u);

		if (memcmp(u, h->usage, 2) == 0 ||
		    (tr31 && outside != NULL && memcmp(outside, h->usage, 2) == 0))
			return true;
		if (u[2] == '\0')
			return false;
	}
}

bool
keyuse_is(const struct keyblock_header *h, unsigned type)
{
	const struct use *use = find(type);

	return use != NULL && listed(h, use->usages);
}

int
keyuse_check(const struct key *key, const struct key_kind *kind)
{
	const struct use *use = find(kind->type_pci);

	if (key->type != KEYTYPE_BLOCK || kind->type_pci == KEYTYPE_BLOCK)
		return 0;
	if (use == NULL || !listed(&key->header, use->usages))
		return ERR_USAGE;
	/* A component is no key yet. */
	if (key->header.key_version[0] == 'c')
		return ERR_KEY_VERSION;
	return key->aes && !use->aes ? ERR_ALGORITHM : 0;
}

bool
keyuse_default(unsigned type, const struct key *key, struct keyblock_header *h)
{
	const struct use *use = find(type);

	if (use == NULL)
		return false;
	*h = (struct keyblock_header){
		.usage = { use->usages[0], use->usages[1] },
		.algorithm = key->aes ? 'A' : key->len == 8 ? 'D' : 'T',
		.mode = type == 0x607 ? 'X' : 'N',
		.key_version = { '0', '0' }, .exportability = 'S'
	};
	return true;
}

int
keyuse_scheme(const struct lmk *lmk, struct span field, const struct config *config)
{
	bool split = field.n != 0 && (field.p[0] == 'X' || field.p[0] == 'Y');

	return split && lmk_scheme(lmk) == LMK_VARIANT && config->profile == PROFILE_STRICT &&
	    !config->x_under_lmk ? ERR_SCHEME : 0;
}

bool
keyuse_fits(const struct keyblock_header *h, unsigned type, bool separate_002)
{
	if (type == 0x002 && !separate_002 && (keyuse_is(h, 0x70D) || keyuse_is(h, 0x80D) ||
	    keyuse_is(h, 0x90D)))
		return true;
	return keyuse_is(h, type);
}

static bool
one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* Is a wrapping key strong enough for strict: double length, and no weaker than the key? */
static bool
is_weaker(const struct key *zmk, const struct key *key)
{
	if (zmk->aes)
		return key->aes && zmk->len < key->len;
	return key->aes || zmk->len < key->len;
}

int
keyuse_export(const struct key *zmk, const struct key *key, char scheme, bool strict)
{
	bool block = scheme == 'S' || scheme == 'R';
	const struct keyblock_header *h = &key->header;

	if (zmk->header.version != 0 && !one_of(zmk->header.mode, "BEN"))
		return ERR_MODE;
	if (strict && (zmk->len < 16 || is_weaker(zmk, key)))
		return ERR_WRAPPING_KEY;
	if (h->version == 0)
		return 0;
	if (h->exportability == 'N')
		return ERR_EXPORT;
	if (h->exportability == 'E' && !block)
		return ERR_EXPORT;
	/* E: under a key that has come in a key block itself. */
	if (h->exportability == 'E' && zmk->header.version == 0)
		return ERR_WRAPPING_KEY;
	if (!block && (memcmp(h->usage, "K", 1) == 0 || memcmp(h->usage, "52", 2) == 0 ||
	    memcmp(h->usage, "D0", 2) == 0 || memcmp(h->usage, "21", 2) == 0 ||
	    memcmp(h->usage, "22", 2) == 0))
		return ERR_KEY_FUNCTION;
	return 0;
}

int
keyuse_import(const struct key *zmk, char scheme, bool strict)
{
	if (zmk->header.version != 0 && memcmp(zmk->header.usage, "51", 2) == 0)
		return ERR_USAGE;
	if (zmk->header.version != 0 && !one_of(zmk->header.mode, "BDN"))
		return ERR_MODE;
	if (strict && zmk->len < 16)
		return ERR_WRAPPING_KEY;
	return strict && (scheme == 'X' || scheme == 'Y') ? ERR_SCHEME : 0;
}
