#include "crypto/ibm3624.h"

#include <string.h>

#include <sodium.h>

#include "crypto/account.h"
#include "crypto/des3.h"
#include "crypto/pin.h"
#include "err.h"
#include "hex.h"
#include "key.h"
#include "secret.h"

enum {
	DIGITS      = 16,	/* of a block and of a table */
	TEMPLATE    = 12,
	ACCOUNT_END = 5,	/* account digits that stand for the N */
	DIFFERENT   = 8,
	ALIKE       = 4
};

int
ibm3624_table(struct secret *table)
{
	unsigned times[DIGITS] = { 0 }, different = 0, bad = 0;

	for (size_t i = IBM3624_TABLE; i-- > 0;) {
		uint8_t pair = table->bytes[i];

		table->bytes[2 * i] = pair >> 4;
		table->bytes[2 * i + 1] = pair & 0xF;
	}
	table->len = DIGITS;
	for (size_t i = 0; i < DIGITS; i++)
		times[table->bytes[i]]++;
	for (size_t i = 0; i < DIGITS; i++) {
		different += times[i] != 0;
		bad |= times[i] > (i < 10 ? ALIKE : 0);
	}
	sodium_memzero(times, sizeof(times));
	return bad || different < DIFFERENT ? ERR_TABLE : 0;
}

int
ibm3624_block(const struct ibm3624 *card, uint8_t block[IBM3624_BLOCK])
{
	uint8_t account[ACCOUNT_DIGITS], text[DIGITS];
	size_t n = 0;

	if (card->validation.n == DIGITS + 1 && card->validation.p[0] == 'P')
		return hex_decode(span_sub(card->validation, 1, DIGITS), block, IBM3624_BLOCK);
	if (card->validation.n != TEMPLATE || account_right(card->account, account) != 0)
		return ERR_INPUT;
	for (size_t i = 0; i < TEMPLATE; i++) {
		if (card->validation.p[i] != 'N') {
			if (n == DIGITS)
				return ERR_INPUT;
			text[n++] = card->validation.p[i];
			continue;
		}
		for (size_t k = 0; k < ACCOUNT_END && n < DIGITS; k++)
			text[n++] = (uint8_t)('0' + account[ACCOUNT_DIGITS - ACCOUNT_END + k]);
	}
	return n != DIGITS ? ERR_INPUT : hex_decode(span_of(text, DIGITS), block, IBM3624_BLOCK);
}

/* The digits of the natural PIN, as numbers. */
static int
natural(const struct ibm3624 *card, uint8_t digits[DIGITS])
{
	struct des3 *des = key_des(card->pvk);
	uint8_t block[IBM3624_BLOCK];
	int r;

	if (card->length < PIN_LEAST || card->length > PIN_MOST || card->table->len != DIGITS)
		return ERR_INPUT;
	if ((r = ibm3624_block(card, block)) != 0)
		return r;
	if (des == NULL)
		return ERR_CRYPTO;
	if ((r = des3_encrypt(des, block, block, sizeof(block))) == 0) {
		for (size_t i = 0; i < DIGITS; i++)
			digits[i] = card->table->bytes[block[i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xF];
	}
	sodium_memzero(block, sizeof(block));
	return r;
}

int
ibm3624_offset(const struct ibm3624 *card, const struct secret *pin,
    char offset[IBM3624_OFFSET])
{
	uint8_t digits[DIGITS];
	int r;

	if (pin->len != card->length)
		return ERR_PIN_LENGTH;
	if ((r = natural(card, digits)) == 0) {
		memset(offset, 'F', IBM3624_OFFSET);
		for (size_t i = 0; i < card->length; i++)
			offset[i] = (char)('0' + (pin->bytes[i] - '0' + 10 - digits[i]) % 10);
	}
	sodium_memzero(digits, sizeof(digits));
	return r;
}

int
ibm3624_pin(const struct ibm3624 *card, struct span offset, struct secret *pin)
{
	uint8_t digits[DIGITS];
	int r;

	if (offset.n < card->length)
		return ERR_INPUT;
	for (size_t i = 0; i < card->length; i++)
		if (offset.p[i] < '0' || offset.p[i] > '9')
			return ERR_INPUT;
	if ((r = natural(card, digits)) == 0) {
		for (size_t i = 0; i < card->length; i++)
			pin->bytes[i] = (uint8_t)('0' + (digits[i] + offset.p[i] - '0') % 10);
		pin->len = card->length;
	}
	sodium_memzero(digits, sizeof(digits));
	return r;
}
