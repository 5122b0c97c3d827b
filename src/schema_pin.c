#include "schema_pin.h"

#include <string.h>

#include "charset.h"
#include "config.h"
#include "crypto/dtab.h"
#include "crypto/account.h"
#include "crypto/dukpt.h"
#include "crypto/dukpt_aes.h"
#include "crypto/ibm3624.h"
#include "crypto/lmkpin.h"
#include "crypto/pin.h"
#include "err.h"
#include "hex.h"
#include "key.h"
#include "lmk.h"
#include "secret.h"

enum {
	TABLE_DIGITS   = 16,
	INDEX_DIGITS   = 4,	/* K and three digits: user storage */
	TAGGED         = 33,	/* J or L and 32 digits: under an AES LMK */
	TEMPLATE       = 12,	/* validation data with an N in it */
	WHOLE          = 17,	/* P and the 16 digits of the block */
	OFFSET_DIGITS  = 12,
	KSN_COUNTER    = 5,
	KSN_COUNTER_AES = 8,
	KSN_LEAST      = 12,
	ACCOUNT        = 12,
	PAN_LEAST      = 13,
	PAN_MOST       = 19,
	LIST_HEAD      = 4,	/* count 2N, PIN length 2N */
	BLOCK_DES      = 16,
	BLOCK_AES      = 32
};

static int
refuse(struct piece *piece, const char *rule)
{
	piece->rule = rule;
	return ERR_INPUT;
}

/* The first n characters, which must all be in the set, are the field. */
static int
take(struct span text, size_t n, unsigned set, struct piece *piece)
{
	piece->n = n;
	piece->value = span_sub(text, 0, n < text.n ? n : text.n);
	if (n > text.n)
		return 1;
	if (!charset_all(piece->value, set))
		return refuse(piece, set == CHAR_DIGIT ?
		    "holds a character that is not a decimal digit" :
		    "holds a character that is not an upper-case hexadecimal digit");
	return 0;
}

/* How many decimal digits text starts with. */
static size_t
digits(struct span text)
{
	size_t n = 0;

	while (n < text.n && charset_has(text.p[n], CHAR_DIGIT))
		n++;
	return n;
}

/* 4 to L - 1 digits, then F to L characters; the digits alone count. */
static int
cut_clear(const struct config *config, struct span text, struct piece *piece)
{
	size_t n;
	int r;

	if ((r = take(text, config->pin_length + 1, CHAR_HEX, piece)) != 0)
		return r;
	n = digits(piece->value);
	for (size_t i = n; i < piece->n; i++)
		if (piece->value.p[i] != 'F')
			return refuse(piece, "is not a PIN in front of F padding");
	if (n < PIN_LEAST || n > config->pin_length)
		return refuse(piece, "is not a PIN of 4 digits to pin.length");
	piece->value.n = n;
	return 0;
}

/* A tag and 32 hexadecimal digits, as an AES LMK encrypts: all of it is the field. */
static int
take_tagged(struct span text, struct piece *piece)
{
	int r = take(text, TAGGED, CHAR_PRINT, piece);

	if (r == 0 && !charset_all(span_sub(text, 1, TAGGED - 1), CHAR_HEX))
		return refuse(piece, "is not its tag and 32 hexadecimal digits");
	return r;
}

/* The LMK's identifier comes behind all fields: the tag tells what kind it is. */
static int
cut_lpin(const struct config *config, struct span text, struct piece *piece)
{
	if (text.n != 0 && text.p[0] == LMKPIN_TAG)
		return take_tagged(text, piece);
	return take(text, config->pin_length + 1,
	    config->pin_lmk_method == LMK_PIN_PLAIN0 ? CHAR_HEX : CHAR_DIGIT, piece);
}

static int
cut_table(bool encrypted, struct span text, struct piece *piece)
{
	int r;

	if (text.n != 0 && text.p[0] == 'K') {
		r = take(text, INDEX_DIGITS, CHAR_PRINT, piece);
		if (r == 0 && !charset_all(span_sub(text, 1, INDEX_DIGITS - 1), CHAR_HEX))
			return refuse(piece, "is not K and three hexadecimal digits");
		return r;
	}
	if (text.n != 0 && text.p[0] == DTAB_TAG && encrypted)
		return take_tagged(text, piece);
	return take(text, TABLE_DIGITS, encrypted ? CHAR_HEX : CHAR_DIGIT, piece);
}

static int
cut_validation(struct span text, struct piece *piece)
{
	int r;

	if (text.n != 0 && text.p[0] == 'P') {
		if ((r = take(text, WHOLE, CHAR_PRINT, piece)) != 0)
			return r;
		if (!charset_all(span_sub(text, 1, WHOLE - 1), CHAR_HEX))
			return refuse(piece, "is not P and 16 hexadecimal digits");
		return 0;
	}
	if ((r = take(text, TEMPLATE, CHAR_PRINT, piece)) != 0)
		return r;
	for (size_t i = 0; i < TEMPLATE; i++)
		if (text.p[i] != 'N' && !charset_has(text.p[i], CHAR_HEX))
			return refuse(piece, "holds a character that is neither an "
			    "upper-case hexadecimal digit nor N");
	return 0;
}

/* Digits, then F; hosts were seen to pad with f. */
static int
cut_offset(struct span text, struct piece *piece)
{
	int r;

	if ((r = take(text, OFFSET_DIGITS, CHAR_PRINT, piece)) != 0)
		return r;
	for (size_t i = digits(piece->value); i < OFFSET_DIGITS; i++)
		if (text.p[i] != 'F' && text.p[i] != 'f')
			return refuse(piece, "is not digits in front of F padding");
	return 0;
}

/* The three digits of the descriptor and the counter's five add up to the length; of an
 * AES BDK they are 16, and the counter has eight. */
static int
cut_ksn(struct span descriptor, struct span bdk, struct span text, struct piece *piece)
{
	bool aes = key_field_is_aes(bdk);
	long n = aes ? KSN_COUNTER_AES : KSN_COUNTER;

	if (descriptor.n == 0)
		return refuse(piece, "has no descriptor");
	for (size_t i = 0; i < descriptor.n; i++)
		n += schema_number(span_sub(descriptor, i, 1), 16);
	if (aes ? n != 2 * DUKPT_AES_KSN_LEN : n < KSN_LEAST || n > DUKPT_KSN_MOST)
		return refuse(piece, "has a descriptor that adds up to no KSN");
	return take(text, (size_t)n, CHAR_HEX, piece);
}

/* 18 characters: the whole PAN of 12 digits or more, behind F. */
static int
cut_padded(struct span text, struct piece *piece)
{
	size_t pad = 0;
	int r;

	if ((r = take(text, ACCOUNT_PADDED, CHAR_HEX, piece)) != 0)
		return r;
	while (pad < piece->n && text.p[pad] == 'F')
		pad++;
	if (piece->n - pad < ACCOUNT ||
	    !charset_all(span_sub(text, pad, piece->n - pad), CHAR_DIGIT))
		return refuse(piece, "is not a PAN of 12 digits or more behind F padding");
	return 0;
}

/* As the PIN block formats want it. */
static int
cut_account(const struct span format[2], struct span text, struct piece *piece)
{
	size_t n = digits(text);

	if (span_is(format[0], "48") || span_is(format[1], "48")) {
		piece->n = n + 1;
		piece->value = span_sub(text, 0, n);
		if (n == text.n && n <= PAN_MOST)
			return 1;
		if (n < PAN_LEAST || n > PAN_MOST || text.p[n] != ';')
			return refuse(piece, "is not a PAN of 13 to 19 digits and ;");
		return 0;
	}
	if (span_is(format[0], "04") || span_is(format[1], "04"))
		return cut_padded(text, piece);
	return take(text, ACCOUNT, CHAR_DIGIT, piece);
}

/* 12 digits; or a whole PAN and ";", of which the 12 left of the check digit count. */
static int
cut_pan(struct span text, struct piece *piece)
{
	size_t n = digits(text);

	if (n < PAN_LEAST || n > PAN_MOST || n == text.n || text.p[n] != ';')
		return take(text, ACCOUNT, CHAR_DIGIT, piece);
	piece->n = n + 1;
	piece->value = span_sub(text, n - 1 - ACCOUNT, ACCOUNT);
	if (n + 1 == text.n || !charset_has(text.p[n + 1], CHAR_DIGIT))
		return refuse(piece, "is a whole PAN, which the PIN length must follow");
	return 0;
}

/* Count, PIN length and so many PINs. */
static int
cut_list(struct span text, struct piece *piece)
{
	long count, length;

	if (text.n < LIST_HEAD)
		return 1;
	count = schema_number(span_sub(text, 0, 2), 10);
	length = schema_number(span_sub(text, 2, 2), 10);
	if (count < 0 || length < 0)
		return refuse(piece, "does not start with a count and a PIN length");
	return take(text, LIST_HEAD + (size_t)(count * length), CHAR_DIGIT, piece);
}

/* All that can be printed, up to the options of the command; ~ ends it in front of %. */
static int
cut_print(struct span text, struct piece *piece)
{
	size_t n = 0;

	while (n < text.n && charset_has(text.p[n], CHAR_PRINT) && text.p[n] != '~' &&
	    text.p[n] != '|')
		n++;
	piece->value = span_sub(text, 0, n);
	piece->n = n + (n < text.n && text.p[n] == '~' ? 1 : 0);
	return 0;
}

/* As long as a block of the cipher that the key, or the LMK it is under, is for. */
static int
cut_block(const struct shape *sh, struct span key, struct span text, struct piece *piece)
{
	bool aes = sh->type == FIELD_LMKIV ? key_field_is_under_aes(key) : key_field_is_aes(key);

	return take(text, aes ? BLOCK_AES : BLOCK_DES, CHAR_HEX, piece);
}

int
schema_pin_cut(const struct shape *sh, const struct config *config,
    const struct span refer[2], struct span text, struct piece *piece)
{
	switch (sh->type) {
	case FIELD_ACCOUNT:
		return cut_account(refer, text, piece);
	case FIELD_LPIN:
		return cut_lpin(config, text, piece);
	case FIELD_CLEARPIN:
		return cut_clear(config, text, piece);
	case FIELD_TABLE:
		return cut_table(config->table_encrypted || sh->old, text, piece);
	case FIELD_VALIDATION:
		return cut_validation(text, piece);
	case FIELD_OFFSET:
		return cut_offset(text, piece);
	case FIELD_KSN:
		return cut_ksn(refer[0], refer[1], text, piece);
	case FIELD_PAN:
		return cut_pan(text, piece);
	case FIELD_PRINT:
		return cut_print(text, piece);
	case FIELD_SEALED:
	case FIELD_IV:
	case FIELD_LMKIV:
		return cut_block(sh, refer[0], text, piece);
	default:
		return cut_list(text, piece);
	}
}

bool
schema_pin_template(struct span validation)
{
	const uint8_t *n;

	if (validation.p[0] == 'P')
		return true;
	n = memchr(validation.p, 'N', validation.n);
	return n != NULL && n == memrchr(validation.p, 'N', validation.n);
}

int
schema_pin_table(struct request *rq, const struct shape *sh, struct value *v)
{
	const struct lmk *lmk = sh->old ? lmk_old(rq->lmk) : rq->lmk;
	struct secret *slot = secret_take();
	int r;

	if (v->span.p[0] == 'K')
		return ERR_NO_STORAGE;
	if (slot == NULL)
		return ERR_NO_ROOM;
	if (lmk == NULL)
		return ERR_OLD_LMK;
	if (rq->config->table_encrypted || sh->old)
		r = dtab_open(lmk, v->span, slot);
	else if ((r = hex_decode(v->span, slot->bytes, IBM3624_TABLE)) == 0)
		r = ibm3624_table(slot);
	if (r != 0)
		return r;
	v->kind = VALUE_SECRET;
	v->secret = slot;
	return 0;
}
