/*
 * err: every failure, and how it is told.
 *
 * 0 is success. A failure is negative. Failures that a host may see carry
 * their payShield code: -1 to -99 are the decimal codes 01 to 99, ERR_HSM
 * packs a code with a letter. Failures that no host sees (a closed stream, an
 * exhausted pool) lie below ERR_INTERNAL and read as 41 when they reach a reply.
 *
 * Source of the codes: payShield host command manual, error code table
 * (spec: keys.md 2).
 */
#ifndef LUAHSM_ERR_H
#define LUAHSM_ERR_H

/* A code with a letter, such as ERR_HSM('A', '1'). */
#define ERR_HSM(a, b) (-(((a) << 8) | (b)))

enum err {
	ERR_OK            = 0,
	ERR_VERIFY        = -1,   /* verification failed; or advice: parity corrected */
	ERR_LENGTH_WARN   = -2,   /* key of inappropriate length (a warning) */
	ERR_COMPONENTS    = -3,
	ERR_TYPE_CODE     = -4,   /* two-digit key type code (BU, BW) */
	ERR_LENGTH_FLAG   = -5,
	ERR_PARITY_1      = -10,  /* parity of the first key */
	ERR_PARITY_2      = -11,  /* parity of the second key, or all zeros */
	ERR_NO_STORAGE    = -12,
	ERR_LMK           = -13,  /* LMK identifier not loaded, or LMK unusable */
	ERR_LMK_PIN       = -14,
	ERR_INPUT         = -15,
	ERR_PRINTER       = -16,  /* not ready */
	ERR_AUTHORISED    = -17,
	ERR_NO_FORM       = -18,  /* no formatting data loaded */
	ERR_DIEBOLD       = -19,  /* no Diebold table */
	ERR_PIN_BLOCK     = -20,
	ERR_INDEX         = -21,
	ERR_ACCOUNT       = -22,
	ERR_PIN_FORMAT    = -23,
	ERR_PIN_LENGTH    = -24,
	ERR_TABLE         = -25,
	ERR_SCHEME        = -26,
	ERR_KEY_LENGTH    = -27,
	ERR_KEY_TYPE      = -28,
	ERR_KEY_FUNCTION  = -29,
	ERR_OLD_LMK       = -33,  /* key change storage is empty */
	ERR_NO_KEY        = -30,  /* signing keys, from here to 40: doc/commands-signing.md */
	ERR_NO_VERSION    = -31,
	ERR_KEY_EXISTS    = -32,
	ERR_KEY_STATE     = -34,  /* this version is disabled or destroyed */
	ERR_CALLER        = -35,  /* not for this user */
	ERR_DIGEST        = -36,  /* a digest that does not fit the hash or the key */
	ERR_WANTS_MESSAGE = -37,  /* the key signs messages, not digests */
	ERR_STORE         = -38,
	ERR_AUDIT         = -39,
	ERR_FAILURES      = -39,  /* of PIN commands: too many were wrong (failures.h) */
	ERR_NO_ALGORITHM  = -40,  /* unknown signing algorithm */
	ERR_HARDWARE      = -41,
	ERR_PIN_TAG       = -46,  /* an LMK-encrypted PIN in the form of another LMK */
	ERR_WEAKER_LMK    = -48,  /* the key is too strong for this LMK */
	ERR_UNKNOWN       = -67,  /* command not licensed: no plug-in serves it */
	ERR_DISABLED      = -68,
	ERR_FORMAT_OFF    = -69,
	ERR_WEAK          = -75,  /* single-length key posing as a longer one */
	ERR_DATA_LENGTH   = -80,
	ERR_PIN_LIST      = -81, /* a list of excluded PINs of another length */
	ERR_PIN_EXCLUDED  = -86,
	ERR_BLOCK_FORMAT  = -83,  /* key block: version, length or characters */
	ERR_LMK_SCHEME    = ERR_HSM('A', '1'),
	ERR_LMK_OTHER     = ERR_HSM('A', '2'),
	ERR_LMK_BLOCK     = ERR_HSM('A', '3'),
	ERR_BLOCK_MAC     = ERR_HSM('A', '4'),
	ERR_BLOCK_LENGTH  = ERR_HSM('A', '5'), /* of the key in a key block */
	ERR_USAGE         = ERR_HSM('A', '6'),
	ERR_ALGORITHM     = ERR_HSM('A', '7'),
	ERR_MODE          = ERR_HSM('A', '8'),
	ERR_KEY_VERSION   = ERR_HSM('A', '9'),
	ERR_EXPORT        = ERR_HSM('A', 'A'),
	ERR_BLOCK_COUNT   = ERR_HSM('A', 'B'), /* number of optional blocks */
	ERR_BLOCK_OPTION  = ERR_HSM('A', 'C'),
	ERR_BLOCK_STATUS  = ERR_HSM('A', 'D'),
	ERR_BLOCK_START   = ERR_HSM('A', 'E'),
	ERR_BLOCK_END     = ERR_HSM('A', 'F'),
	ERR_BLOCK_ENCRYPTION     = ERR_HSM('B', '0'),
	ERR_BLOCK_AUTHENTICATION = ERR_HSM('B', '1'),
	ERR_BLOCK_DATA    = ERR_HSM('B', '4'),
	ERR_PARTS         = ERR_HSM('B', '5'), /* components that do not go together */
	ERR_CHANGE_FIELD  = ERR_HSM('B', '7'),
	ERR_OLD_VALUE     = ERR_HSM('B', '8'),
	ERR_NEW_VALUE     = ERR_HSM('B', '9'),
	ERR_NO_STATUS     = ERR_HSM('B', 'A'),
	ERR_WRAPPING_KEY  = ERR_HSM('B', 'B'),
	ERR_BLOCK_REPEATED = ERR_HSM('B', 'C'),

	ERR_INTERNAL      = -100000,
	ERR_TOO_LONG      = -100001, /* a frame's length can't be right: close */
	ERR_NO_ROOM       = -100002, /* a fixed pool or buffer is used up */
	ERR_NO_MEMORY     = -100003,
	ERR_DEADLINE      = -100004, /* a handler ran out of time */
	ERR_SCRIPT        = -100005, /* a handler raised something not a code */
	ERR_SYSTEM        = -100006, /* errno says more */
	ERR_CRYPTO        = -100007, /* libcrypto refused */
	ERR_CORRUPT       = -100008  /* stored data is damaged, or somebody changed it */
};

/* Write the two characters a host sees for r (0 is "00") into code. */
void err_code(int r, char code[2]);

/* The failure for two code characters ("15", "A1"); 0 for "00", 1 when malformed. */
int err_parse(const char code[2]);

/* One line for people: what r means and what the caller can do. Never NULL. */
const char *err_text(int r);

#endif
