#include "keyblock_text.h"

#include <string.h>

/* What one or two characters of a block mean. */
struct row {
	char        is[3];
	const char *text;
};

static const char unknown[] = "unknown";

static const struct row versions[] = {
	{ "0", "Thales, under a triple DES key" }, { "1", "Thales, under an AES key" },
	{ "A", "TR-31, under a triple DES key, variants" },
	{ "B", "TR-31, under a triple DES key, derivation" },
	{ "C", "TR-31, under a triple DES key, variants" },
	{ "D", "TR-31, under an AES key, derivation" },
	{ "", NULL }
};

static const struct row algorithms[] = {
	{ "A", "AES" }, { "D", "DES" }, { "E", "elliptic curve" }, { "H", "HMAC" },
	{ "R", "RSA" }, { "S", "DSA" }, { "T", "triple DES" },
	{ "", NULL }
};

static const struct row modes[] = {
	{ "B", "encrypt and decrypt" }, { "C", "make and verify MACs" }, { "D", "decrypt" },
	{ "E", "encrypt" }, { "G", "make MACs" }, { "N", "no restriction" }, { "S", "sign" },
	{ "T", "sign and decrypt" }, { "V", "verify" }, { "X", "derive keys" },
	{ "Y", "make variants of the key" },
	{ "", NULL }
};

static const struct row exports[] = {
	{ "E", "in a key block, under a key that came in one" }, { "N", "never" },
	{ "S", "sensitive: as the LMK's rules allow" },
	{ "", NULL }
};

static const struct row usages[] = {
	{ "01", "WWK" }, { "02", "public key" }, { "03", "private key" },
	{ "04", "private key of a chip card" }, { "05", "private key for PINs" },
	{ "06", "private key for TLS" },
	{ "11", "CSC, American Express" }, { "12", "CVC, Mastercard" }, { "13", "CVV, Visa" },
	{ "21", "DEK" }, { "22", "ZEK" }, { "23", "TEK" }, { "24", "key encryption, transport" },
	{ "25", "data in counter mode" },
	{ "32", "MK-CVC3" }, { "33", "remote management" }, { "34", "remote management" },
	{ "35", "remote management" }, { "36", "remote management, MAC" },
	{ "37", "chip card, AC" }, { "38", "chip card, SMI" }, { "39", "chip card, SMC" },
	{ "40", "EMV personalisation system" },
	{ "41", "BDK-2" }, { "42", "BDK-3" }, { "43", "BDK-4" }, { "44", "BDK-5" },
	{ "47", "chip card session, AC" }, { "48", "chip card session, SMI" },
	{ "49", "chip card session, SMC" },
	{ "51", "TMK" }, { "52", "ZMK" }, { "53", "ZKA master key" }, { "54", "KEK" },
	{ "55", "KEK, transport" }, { "56", "MPKC" }, { "57", "MKPOS" },
	{ "61", "HMAC, SHA-1" }, { "62", "HMAC, SHA-224" }, { "63", "HMAC, SHA-256" },
	{ "64", "HMAC, SHA-384" }, { "65", "HMAC, SHA-512" },
	{ "71", "TPK" }, { "72", "ZPK" }, { "73", "TKR" },
	{ "B0", "BDK-1" }, { "B1", "initial key of DUKPT" }, { "C0", "CVK" },
	{ "D0", "data" },
	{ "E0", "MK-AC" }, { "E1", "MK-SMC" }, { "E2", "MK-SMI" }, { "E3", "MK-DAC" },
	{ "E4", "MK-DN" }, { "E5", "card personalisation" }, { "E6", "EMV, other" },
	{ "E7", "master key of personalisation" },
	{ "K0", "key encryption" }, { "K1", "key block protection" },
	{ "M0", "MAC, ISO 16609" }, { "M1", "MAC, ISO 9797-1 algorithm 1" },
	{ "M2", "MAC, ISO 9797-1 algorithm 2" }, { "M3", "MAC, ISO 9797-1 algorithm 3" },
	{ "M4", "MAC, ISO 9797-1 algorithm 4" }, { "M5", "MAC, ISO 9797-1 algorithm 5" },
	{ "M6", "CMAC" }, { "P0", "PIN encryption" },
	{ "V0", "PVK" }, { "V1", "PVK, IBM" }, { "V2", "PVK, Visa" },
	{ "", NULL }
};

/* Where TR-31 means another thing by the letters, or has some of its own. */
static const struct row tr31_usages[] = {
	{ "11", "ZKA master key" }, { "B0", "BDK" }, { "C0", "CVK, CSCK or CVC" },
	{ "K0", "key encryption (ZMK, TMK)" }, { "M7", "HMAC" }, { "M8", "CMAC" },
	{ "S0", "key pair for signatures" },
	{ "", NULL }
};

static const struct row options[] = {
	{ "00", "key status" }, { "01", "encryption method" }, { "02", "authentication method" },
	{ "03", "start of use" }, { "04", "end of use" }, { "05", "text" },
	{ "CT", "certificate" }, { "HM", "hash of the HMAC" }, { "IK", "initial key identifier" },
	{ "KC", "check value of the key" }, { "KP", "check value of the wrapping key" },
	{ "KS", "key set identifier" }, { "KV", "version of the block" }, { "PB", "padding" },
	{ "TS", "time stamp" },
	{ "", NULL }
};

/* The n characters' text. */
static const char *
find(const struct row *table, const void *is, size_t n)
{
	for (; table->text != NULL; table++)
		if (memcmp(table->is, is, n) == 0)
			return table->text;
	return unknown;
}

const char *
keyblock_text_version(char version)
{
	return find(versions, &version, 1);
}

const char *
keyblock_text_algorithm(char algorithm)
{
	return find(algorithms, &algorithm, 1);
}

const char *
keyblock_text_mode(char mode)
{
	return find(modes, &mode, 1);
}

const char *
keyblock_text_exportability(char exportability)
{
	return find(exports, &exportability, 1);
}

const char *
keyblock_text_key_version(const char version[2])
{
	if (memcmp(version, "00", 2) == 0)
		return "not used";
	return version[0] == 'c' ? "a component" : "a version";
}

const char *
keyblock_text_usage(char tag, const char usage[2])
{
	const char *text = tag == 'R' ? find(tr31_usages, usage, 2) : unknown;

	return text == unknown ? find(usages, usage, 2) : text;
}

const char *
keyblock_text_option(const uint8_t id[2])
{
	return find(options, id, 2);
}
