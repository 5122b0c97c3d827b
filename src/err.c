/*
 * err: the failures as two characters and as a sentence.
 */
#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const struct text {
	int         r;
	const char *text;
} texts[] = {
	{ ERR_OK, "no error" },
	{ ERR_VERIFY, "verification failed, or an imported key's parity was corrected: "
	    "compare the value that was sent with the one on record" },
	{ ERR_LENGTH_WARN, "done, but the key's length does not suit the algorithm" },
	{ ERR_COMPONENTS, "wrong number of components, or not allowed with these fields: "
	    "see the command's page" },
	{ ERR_TYPE_CODE, "unknown key type code or mode: see the command's page" },
	{ ERR_LENGTH_FLAG, "unknown key length flag or scheme: see the command's page" },
	{ ERR_PARITY_1, "the first key has bad parity: it is damaged, or was encrypted "
	    "under another LMK or as another key type" },
	{ ERR_PARITY_2, "the second key has bad parity or is all zeros: it is damaged, or "
	    "was encrypted under another LMK or as another key type" },
	{ ERR_NO_STORAGE, "nothing is in that place of user storage: load it first" },
	{ ERR_LMK, "the LMK identifier names no loaded LMK, or that LMK can't serve this "
	    "command" },
	{ ERR_LMK_PIN, "the LMK-encrypted PIN is invalid: check PIN, account and LMK" },
	{ ERR_PIN_TAG, "the LMK-encrypted PIN has the form of another LMK: J and 32 digits "
	    "are of AES ones" },
	{ ERR_INPUT, "invalid input: a field is missing, too long or holds a wrong "
	    "character; explain names it" },
	{ ERR_PRINTER, "the printer is not ready: see print.spool, and the log" },
	{ ERR_NO_FORM, "no formatting data is loaded: PA loads it" },
	{ ERR_AUTHORISED, "not allowed: the authorised state or a setting is missing" },
	{ ERR_DIEBOLD, "what user storage holds there is no Diebold table" },
	{ ERR_PIN_BLOCK, "the PIN block holds no PIN: check key, format and account" },
	{ ERR_INDEX, "an index or count is out of range" },
	{ ERR_ACCOUNT, "the account number is invalid" },
	{ ERR_PIN_FORMAT, "unknown PIN block format, or not served by this command" },
	{ ERR_PIN_LENGTH, "the PIN is shorter than 4 or longer than 12 digits, or does not "
	    "fit where it goes" },
	{ ERR_TABLE, "the decimalisation table is refused: check its contents and form" },
	{ ERR_SCHEME, "unknown key scheme, or not allowed here" },
	{ ERR_KEY_LENGTH, "the key's length does not suit the scheme or the command" },
	{ ERR_KEY_TYPE, "unknown key type, or not served by this command" },
	{ ERR_KEY_FUNCTION, "this may not be done with keys of this type" },
	{ ERR_OLD_LMK, "key change storage holds no old LMK: see lmk.old" },
	{ ERR_NO_KEY, "there is no signing key of this name" },
	{ ERR_NO_VERSION, "the signing key has no such version" },
	{ ERR_KEY_EXISTS, "a signing key of this name exists already" },
	{ ERR_KEY_STATE, "this version of the signing key is disabled or destroyed" },
	{ ERR_CALLER, "the signing key's policy does not allow this to the caller's user" },
	{ ERR_DIGEST, "the digest's length does not fit the hash or the key, or the hash is not "
	    "served" },
	{ ERR_WANTS_MESSAGE, "the key signs messages, not digests: send the message" },
	{ ERR_STORE, "the key store cannot be reached or is damaged: the log says more" },
	{ ERR_NO_ALGORITHM, "unknown signing algorithm: doc/commands-signing.md lists them" },
	{ ERR_AUDIT, "the audit record could not be written: see to the disk and restart" },
	{ ERR_HARDWARE, "internal error: the log says more" },
	{ ERR_WEAKER_LMK, "the key is stronger than what would encrypt it" },
	{ ERR_UNKNOWN, "no plug-in serves this command: put one in the plug-in folder and "
	    "reload" },
	{ ERR_DISABLED, "the command is disabled: see commands.disabled" },
	{ ERR_FORMAT_OFF, "this PIN block format is switched off: see pin.formats_off" },
	{ ERR_WEAK, "a key's parts are equal: it is weaker than its length says" },
	{ ERR_DATA_LENGTH, "more or less data than the length field says" },
	{ ERR_PIN_LIST, "a length does not suit: that of the excluded PINs, or of data" },
	{ ERR_PIN_EXCLUDED, "the PIN is one of those that are excluded" },
	{ ERR_LMK_SCHEME, "the key's scheme and the LMK's do not go together: a key block "
	    "needs a key block LMK" },
	{ ERR_LMK_OTHER, "this port belongs to another LMK than the message names" },
	{ ERR_LMK_BLOCK, "the key block was made under another LMK" },
	{ ERR_BLOCK_FORMAT, "this is no key block: its version, length or characters are wrong" },
	{ ERR_BLOCK_MAC, "the key block is not authentic: it was changed, or made under "
	    "another key" },
	{ ERR_BLOCK_LENGTH, "the length of the key in the key block does not suit its "
	    "algorithm or the command" },
	{ ERR_USAGE, "the key block's usage is unknown or not for this command" },
	{ ERR_ALGORITHM, "the key block's algorithm is unknown, or not for its usage" },
	{ ERR_MODE, "the key block's mode of use is unknown, or does not allow this" },
	{ ERR_KEY_VERSION, "the key version number is wrong" },
	{ ERR_EXPORT, "the exportability is wrong, or does not allow this" },
	{ ERR_BLOCK_COUNT, "the number of optional blocks is wrong" },
	{ ERR_BLOCK_OPTION, "an optional block is unknown or has a wrong length" },
	{ ERR_BLOCK_STATUS, "the key status block is wrong" },
	{ ERR_BLOCK_START, "the start date block is wrong" },
	{ ERR_BLOCK_END, "the end date block is wrong" },
	{ ERR_BLOCK_ENCRYPTION, "the encryption method block is wrong" },
	{ ERR_BLOCK_AUTHENTICATION, "the authentication method block is wrong" },
	{ ERR_BLOCK_DATA, "the data of an optional block is wrong" },
	{ ERR_PARTS, "the components do not belong together" },
	{ ERR_CHANGE_FIELD, "no such field of a header can be changed" },
	{ ERR_OLD_VALUE, "the header does not hold the old value" },
	{ ERR_NEW_VALUE, "the header may not take the new value" },
	{ ERR_NO_STATUS, "the key block has no key status block" },
	{ ERR_WRAPPING_KEY, "this key may not wrap the other: it is not in a key block "
	    "itself, or too weak" },
	{ ERR_BLOCK_REPEATED, "an optional block comes twice" },
	{ ERR_INTERNAL, "internal error: the log says more" },
	{ ERR_TOO_LONG, "the frame's length can't be right: check the length prefix and "
	    "the message header setting" },
	{ ERR_NO_ROOM, "a fixed buffer or pool is used up: the request asks for too much" },
	{ ERR_NO_MEMORY, "out of memory: raise the limit the log names" },
	{ ERR_DEADLINE, "the plug-in ran out of time: see plugin.deadline_ms" },
	{ ERR_SCRIPT, "the plug-in is defective: the log has file and line" },
	{ ERR_SYSTEM, "the system refused: errno in the log says why" },
	{ ERR_CRYPTO, "libcrypto refused the operation" },
	{ ERR_CORRUPT, "stored data is damaged or was changed by somebody else: restore a "
	    "backup" },
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return c >= 'A' && c <= 'Z';
}

void
err_code(int r, char code[2])
{
	char first = (char)(-r >> 8), second = (char)(-r & 0xFF);

	if (r <= 0 && r >= -99) {
		code[0] = (char)('0' + -r / 10);
		code[1] = (char)('0' + -r % 10);
	} else if (r < 0 && -r <= 0xFFFF && is_letter(first)) {
		code[0] = first;
		code[1] = second;
	} else
		memcpy(code, "41", 2);
}

int
err_parse(const char code[2])
{
	if (is_digit(code[0]) && is_digit(code[1]))
		return -((code[0] - '0') * 10 + code[1] - '0');
	if (is_letter(code[0]) && (is_digit(code[1]) || is_letter(code[1])))
		return ERR_HSM(code[0], code[1]);
	return 1;
}

const char *
err_text(int r)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].r == r)
			return texts[i].text;
	return "a code of this command's own: see its page";
}
