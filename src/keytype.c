/*
 * keytype: the tables of pairs, names, kinds and rules, and look-ups in them.
 *
 * Everything here is searched when plug-ins are loaded or keys are managed,
 * never on the path of a PIN: plain linear searches do.
 */
#include "keytype.h"

#include "config.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
	S2   = 2,		/* allowed lengths: double, */
	S23  = 2 | 4,		/* double or triple, */
	S123 = 1 | 2 | 4	/* any */
};

/* First number of the LMK pair by pair code 00..0E. */
static const uint8_t pairs[] = {
	4, 6, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38
};

/* Every type that is known, and its name for people: that of its pair where BU
 * alone knows the type. */
static const struct type {
	uint16_t    type;
	const char *name;
} types[] = {
	{ 0x000, "ZMK" },
	{ 0x100, "ZMK component" },
	{ 0x200, "KML" },
	{ 0x300, "KEKr" },
	{ 0x400, "KEKs" },
	{ 0x001, "ZPK" },
	{ 0x101, "Auth Para" },
	{ 0x002, "PVK/TPK/TMK" },
	{ 0x102, "TMK1" },
	{ 0x202, "TMK2" },
	{ 0x302, "IKEY" },
	{ 0x402, "CVK" },
	{ 0x602, "KIA" },
	{ 0x702, "PPASN" },
	{ 0x003, "TAK" },
	{ 0x103, "TAKs" },
	{ 0x203, "TAKr" },
	{ 0x004, "LMK 18-19" },
	{ 0x104, "DTAB" },
	{ 0x204, "IPB" },
	{ 0x005, "LMK 20-21" },
	{ 0x105, "VISA Cash KML" },
	{ 0x205, "KMX" },
	{ 0x305, "KMP" },
	{ 0x405, "KIS.5" },
	{ 0x505, "KM3L" },
	{ 0x605, "KM3X" },
	{ 0x705, "KMACS4" },
	{ 0x805, "KMACS5" },
	{ 0x905, "KMACACQ" },
	{ 0x006, "WWK" },
	{ 0x106, "KMACUPD" },
	{ 0x206, "KMACMA" },
	{ 0x306, "KMACCI" },
	{ 0x406, "KMSCISS" },
	{ 0x506, "BKEM" },
	{ 0x606, "BKAM" },
	{ 0x007, "LMK 24-25" },
	{ 0x107, "KEK" },
	{ 0x207, "KMC" },
	{ 0x307, "SK-ENC" },
	{ 0x407, "SK-MAC" },
	{ 0x507, "SK-DEK" },
	{ 0x607, "ZKA MK" },
	{ 0x807, "MK-KE" },
	{ 0x907, "MK-AS" },
	{ 0x008, "ZAK" },
	{ 0x108, "ZAKs" },
	{ 0x208, "ZAKr" },
	{ 0x009, "BDK" },
	{ 0x109, "MK-AC" },
	{ 0x209, "MK-SMI" },
	{ 0x309, "MK-SMC" },
	{ 0x409, "MK-DAC" },
	{ 0x509, "MK-DN" },
	{ 0x609, "BDK-2" },
	{ 0x709, "MK-CVC3" },
	{ 0x809, "BDK-3" },
	{ 0x909, "BDK-4" },
	{ 0x00A, "ZEK" },
	{ 0x10A, "ZEKs" },
	{ 0x20A, "ZEKr" },
	{ 0x00B, "DEK" },
	{ 0x10B, "TEKs" },
	{ 0x20B, "TEKr" },
	{ 0x30B, "TEK" },
	{ 0x00C, "RSA private" },
	{ 0x10C, "HMAC" },
	{ 0x00D, "RSA public" },
	{ 0x30D, "CK-ENC" },
	{ 0x40D, "CK-MAC" },
	{ 0x50D, "CK-DEK" },
	{ 0x60D, "DbTAB" },
	{ 0x70D, "TPK" },
	{ 0x80D, "TMK" },
	{ 0x90D, "TKR" },
};

/* Spec: keys.md 3.2, Permissions. A ZMK moves by BY only. Another type: U U A. */
static const struct key_rule zmk_rule = { 'A', 'N', 'N' };
static const struct key_rule usual = { 'U', 'U', 'A' };

static const struct key_kind kinds[] = {
	{ "ZMK",     0x000, 0x000, S123, BARE_ZMK    },
	{ "*ZMK",    0x000, 0x000, S123, BARE_DOUBLE },
	{ "ZPK",     0x001, 0x001, S123, BARE_SINGLE },
	{ "TPK",     0x002, 0x70D, S123, BARE_SINGLE },
	{ "TMK",     0x002, 0x80D, S123, BARE_SINGLE },
	{ "TKR",     0x002, 0x90D, S123, BARE_SINGLE },
	{ "PVK",     0x002, 0x002, S123, BARE_SINGLE },
	{ "PVK2",    0x002, 0x002, S2,   BARE_DOUBLE },
	{ "TAK",     0x003, 0x003, S123, BARE_SINGLE },
	{ "WWK",     0x006, 0x006, S123, BARE_SINGLE },
	{ "ZAK",     0x008, 0x008, S123, BARE_SINGLE },
	{ "ZEK",     0x00A, 0x00A, S123, BARE_SINGLE },
	{ "DEK",     0x00B, 0x00B, S123, BARE_SINGLE },
	{ "TEK",     0x30B, 0x30B, S123, BARE_SINGLE },
	{ "IKEY",    0x302, 0x302, S2,   BARE_DOUBLE },
	{ "CVK",     0x402, 0x402, S2,   BARE_DOUBLE },
	{ "CSCK",    0x402, 0x402, S2,   BARE_DOUBLE },
	{ "*BDK",    0x009, 0x009, S23,  BARE_DOUBLE },	/* to be moved, not to derive from */
	{ "BDK",     0x009, 0x009, S2,   BARE_DOUBLE },
	{ "BDK-2",   0x609, 0x609, S2,   BARE_DOUBLE },
	{ "BDK-3",   0x809, 0x809, S2,   BARE_DOUBLE },
	{ "BDK-4",   0x909, 0x909, S2,   BARE_DOUBLE },
	{ "MK-AC",   0x109, 0x109, S2,   BARE_DOUBLE },
	{ "MK-SMI",  0x209, 0x209, S2,   BARE_DOUBLE },
	{ "MK-SMC",  0x309, 0x309, S2,   BARE_DOUBLE },
	{ "MK-DAC",  0x409, 0x409, S2,   BARE_DOUBLE },
	{ "MK-DN",   0x509, 0x509, S2,   BARE_DOUBLE },
	{ "MK-CVC3", 0x709, 0x709, S2,   BARE_DOUBLE },
	{ "KEKr",    0x300, 0x300, S23,  BARE_DOUBLE },
	{ "KEKs",    0x400, 0x400, S23,  BARE_DOUBLE },
	{ "block",   KEYTYPE_BLOCK, KEYTYPE_BLOCK, S123, BARE_SINGLE },
};

const struct key_kind *
keytype_kind(struct span name)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (span_is(name, kinds[i].name))
			return &kinds[i];
	return NULL;
}

unsigned
keytype_of(const struct key_kind *kind, const struct config *config)
{
	return config->separate_002 ? kind->type_pci : kind->type;
}

static const struct type *
find(unsigned type)
{
	for (size_t i = 0; i < COUNT(types); i++)
		if (types[i].type == type)
			return &types[i];
	return NULL;
}

unsigned
keytype_parse(struct span code)
{
	unsigned type = 0;

	if (code.n != 3)
		return KEYTYPE_NONE;
	for (size_t i = 0; i < code.n; i++) {
		uint8_t c = code.p[i];

		if (c >= '0' && c <= '9')
			type = type << 4 | (c - '0');
		else if (c >= 'A' && c <= 'F')
			type = type << 4 | (c - 'A' + 10u);
		else
			return KEYTYPE_NONE;
	}
	return find(type) != NULL ? type : KEYTYPE_NONE;
}

unsigned
keytype_pair(unsigned type)
{
	return (type & 0xFF) < COUNT(pairs) ? pairs[type & 0xFF] : KEYTYPE_NONE;
}

unsigned
keytype_variant(unsigned type)
{
	return type >> 8;
}

const char *
keytype_name(unsigned type)
{
	const struct type *t = find(type);

	if (type == KEYTYPE_BLOCK)
		return "key block";
	if ((type & 0xFF) == 0xFF)
		return type <= KEYTYPE_DUKPT_DATA ? "DUKPT" : "EMV card";
	return t != NULL ? t->name : "unknown";
}

struct key_rule
keytype_rule(unsigned type)
{
	return type == 0x000 ? zmk_rule : usual;
}
