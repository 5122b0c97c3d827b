/*
 * keytype: key type codes, the LMK pair and variant behind each, and the
 * named kinds that plug-ins use (key "TPK").
 *
 * Source: payShield key type table (spec: keys.md 3.2). A code is one variant
 * digit and a two-digit pair code, kept as the number it reads as in
 * hexadecimal: 0x70D.
 */
#ifndef LUAHSM_KEYTYPE_H
#define LUAHSM_KEYTYPE_H

#include <stdbool.h>
#include <stdint.h>

#include "span.h"

struct config;

enum {
	KEYTYPE_NONE  = 0xFFFF,
	KEYTYPE_COMPONENT = 0x1000,	/* added to a type: a component of such a key */

	/* Pair code FF: keys that are under no LMK pair. */
	KEYTYPE_DUKPT_PIN  = 0x0FF,	/* derived for one transaction */
	KEYTYPE_DUKPT_MAC  = 0x1FF,
	KEYTYPE_DUKPT_DATA = 0x2FF,
	KEYTYPE_CARD_AC    = 0x3FF,	/* a card's own, from its issuer's MK-AC */
	KEYTYPE_CARD_SMI   = 0x4FF,
	KEYTYPE_CARD_SMC   = 0x5FF,
	KEYTYPE_CARD_DAC   = 0x6FF,
	KEYTYPE_CARD_DN    = 0x7FF,
	KEYTYPE_SESSION_AC  = 0x8FF,	/* of one transaction of a card */
	KEYTYPE_SESSION_SMI = 0x9FF,
	KEYTYPE_SESSION_SMC = 0xAFF,
	KEYTYPE_BLOCK      = 0xFFF	/* a key block's header says */
};

enum key_bare {			/* a key field without a tag is */
	BARE_SINGLE,		/* 16H */
	BARE_DOUBLE,		/* 32H */
	BARE_ZMK		/* as the setting key.zmk_length says */
};

/* One named kind. Lengths are a bit set: 1 single, 2 double, 4 triple. */
struct key_kind {
	const char   *name;	/* "TPK" */
	uint16_t      type;	/* with type 002 shared by TMK, TPK and PVK */
	uint16_t      type_pci;	/* with key.separate_002 */
	uint8_t       lengths;	/* others are error 27 */
	enum key_bare bare;
};

/* What may be done with keys of a type: 'U' freely, 'A' authorised, 'N' never. */
struct key_rule {
	char generate, import, export;
};

/* The kind of that name, or NULL. */
const struct key_kind *keytype_kind(struct span name);

/* The type code of a kind under these settings. */
unsigned keytype_of(const struct key_kind *kind, const struct config *config);

/* Parse three characters ("70D"); KEYTYPE_NONE when malformed or unknown. */
unsigned keytype_parse(struct span code);

/* The first number of the LMK pair (14 for 14-15) and the variant digit. */
unsigned keytype_pair(unsigned type);
unsigned keytype_variant(unsigned type);

/* Name of a type for people ("TPK"); never NULL. */
const char *keytype_name(unsigned type);

struct key_rule keytype_rule(unsigned type);

#endif
