#include "crypto/emv_script.h"

#include <string.h>

#include <sodium.h>

#include "crypto/account.h"
#include "crypto/cipher.h"
#include "crypto/des3.h"
#include "crypto/emv.h"
#include "crypto/mac.h"
#include "crypto/pin.h"
#include "err.h"
#include "key.h"
#include "secret.h"

enum {
	FORMAT_EMV     = 34,	/* ISO format 2 */
	FORMAT_EUROPAY = 35,	/* bound to the account; layout not confirmed */
	FORMAT_VISA    = 41,
	FORMAT_VISA_OLD = 42	/* bound to the PIN so far */
};

int
emv_script_mac(const struct key *session, struct span message,
    uint8_t mac[EMV_SCRIPT_MAC_LEN])
{
	if (session->len != EMV_KEY_LEN)
		return ERR_KEY_LENGTH;
	return mac_retail(session->bytes, session->len, MAC_PAD_BIT, message, mac);
}

size_t
emv_conceal_length(enum emv_conceal how, size_t n)
{
	if (how == EMV_CONCEAL_MCHIP && n % DES_BLOCK == 0)
		return n;
	n += how == EMV_CONCEAL_VISA ? 2 : 1;
	return (n + DES_BLOCK - 1) / DES_BLOCK * DES_BLOCK;
}

int
emv_conceal(const struct key *session, enum emv_conceal how, const struct secret *clear,
    uint8_t *out)
{
	size_t n = emv_conceal_length(how, clear->len), head = how == EMV_CONCEAL_VISA;
	struct secret *padded = secret_take();
	uint8_t iv[CIPHER_BLOCK_MAX] = { 0 };

	if (session->len != EMV_KEY_LEN)
		return ERR_KEY_LENGTH;
	if (padded == NULL || n > sizeof(padded->bytes))
		return ERR_NO_ROOM;
	padded->bytes[0] = (uint8_t)clear->len;
	memcpy(padded->bytes + head, clear->bytes, clear->len);
	if (n > head + clear->len)
		padded->bytes[head + clear->len] = 0x80;
	return cipher_encrypt(session, how == EMV_CONCEAL_VISA ? CIPHER_ECB : CIPHER_CBC,
	    iv, span_of(padded->bytes, n), out);
}

/* Control digit, length and PIN, then F: the nibbles of ISO 9564's formats. */
static void
lay_out(unsigned control, const struct secret *pin, uint8_t block[DES_BLOCK])
{
	memset(block, 0xFF, DES_BLOCK);
	block[0] = (uint8_t)(control << 4 | pin->len);
	for (size_t i = 0; i < pin->len; i++) {
		uint8_t digit = pin->bytes[i] & 0x0F, *at = &block[1 + i / 2];

		*at = (uint8_t)(i % 2 == 0 ? digit << 4 | 0x0F : (*at & 0xF0) | digit);
	}
}

/* XOR the account's twelve digits over the block's last six bytes. */
static int
bind_account(struct span account, uint8_t block[DES_BLOCK])
{
	uint8_t digits[ACCOUNT_DIGITS];
	int r;

	if ((r = account_right(account, digits)) != 0)
		return r;
	for (size_t i = 0; i < ACCOUNT_DIGITS; i++)
		block[2 + i / 2] ^= (uint8_t)(i % 2 == 0 ? digits[i] << 4 : digits[i]);
	return 0;
}

/* XOR the right half of the card key's left part, and the old PIN's digits. */
static void
bind_card(const struct key *card, const struct secret *old, uint8_t block[DES_BLOCK])
{
	for (size_t i = DES_BLOCK / 2; i < DES_BLOCK; i++)
		block[i] ^= card->bytes[i];
	for (size_t i = 0; old != NULL && i < old->len; i++) {
		uint8_t digit = old->bytes[i] & 0x0F;

		block[i / 2] ^= (uint8_t)(i % 2 == 0 ? digit << 4 : digit);
	}
}

static bool
pin_fits(const struct secret *pin)
{
	return pin->len >= PIN_LEAST && pin->len <= PIN_MOST;
}

int
emv_pin_block(unsigned format, const struct secret *pin, struct span account,
    const struct key *card, const struct secret *old, struct secret *block)
{
	bool visa = format == FORMAT_VISA || format == FORMAT_VISA_OLD;

	if (!visa && format != FORMAT_EMV && format != FORMAT_EUROPAY)
		return ERR_PIN_FORMAT;
	if (!pin_fits(pin) || (old != NULL && !pin_fits(old)))
		return ERR_PIN_LENGTH;
	if ((visa && card == NULL) || (format == FORMAT_VISA_OLD) != (old != NULL))
		return ERR_INPUT;
	block->len = DES_BLOCK;
	lay_out(visa ? 0 : 2, pin, block->bytes);
	if (visa)
		bind_card(card, old, block->bytes);
	return format == FORMAT_EUROPAY ? bind_account(account, block->bytes) : 0;
}
