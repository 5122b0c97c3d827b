#include "schema_rsa.h"

#include "charset.h"
#include "crypto/der.h"
#include "err.h"
#include "key.h"
#include "rsakey.h"

enum {
	FLAG         = 2,	/* digits of a private key flag */
	LENGTH       = 4,	/* digits of a length */
	LMK_TAIL     = 3,	/* %nn */
	SUBJECT_TEXTS = 6,
	SHORT_DIGITS = 6,	/* of a check value */
	LONG_DIGITS  = 16
};

static int
refuse(struct piece *piece, int r, const char *rule)
{
	piece->rule = rule;
	return r;
}

/* The field is the first n bytes of text. */
static int
take(struct span text, size_t n, struct piece *piece)
{
	piece->n = n;
	piece->value = span_sub(text, 0, n < text.n ? n : text.n);
	return n > text.n ? 1 : 0;
}

static bool
are_digits(struct span text, size_t at, size_t n)
{
	return at + n <= text.n && charset_all(span_sub(text, at, n), CHAR_DIGIT);
}

/* A SEQUENCE, by the length in its head. */
static int
cut_der(struct span text, struct piece *piece)
{
	size_t n, head = 2;

	if (text.n < 2)
		return take(text, 2, piece);
	if (text.p[0] != 0x30)
		return refuse(piece, ERR_INPUT, "is no DER SEQUENCE");
	n = text.p[1];
	if (n >= 0x80) {
		head += n & 0x7F;
		if (n == 0x80 || head > 4)
			return refuse(piece, ERR_INPUT, "has a length that is not DER's");
		if (text.n < head)
			return take(text, head, piece);
		n = 0;
		for (size_t i = 2; i < head; i++)
			n = n << 8 | text.p[i];
	}
	return take(text, head + n, piece);
}

/* S and a block, by the length in it. */
static int
cut_block(struct span text, struct piece *piece)
{
	size_t n;

	if (text.n < 2 + LENGTH)
		return take(text, 2 + LENGTH, piece);
	if (text.p[0] != 'S' || key_field_length(text, 1, &n) != 0)
		return refuse(piece, ERR_INPUT, "is no key block");
	return take(text, n, piece);
}

static int
cut_public(struct span text, struct piece *piece)
{
	int r;

	if (rsakey_is_block(text))
		return cut_block(text, piece);
	if (text.n < RSAKEY_MAC)
		return take(text, RSAKEY_MAC, piece);
	r = cut_der(span_sub(text, RSAKEY_MAC, text.n - RSAKEY_MAC), piece);
	return r != 0 ? r : take(text, RSAKEY_MAC + piece->n, piece);
}

/* A length and so many bytes, or FFFF and a block. */
static int
cut_blob(struct span text, struct piece *piece)
{
	size_t n = 0;
	int r;

	if (text.n < LENGTH)
		return take(text, LENGTH, piece);
	if (memcmp(text.p, "FFFF", LENGTH) == 0) {
		r = cut_block(span_sub(text, LENGTH, text.n - LENGTH), piece);
		return r != 0 ? r : take(text, LENGTH + piece->n, piece);
	}
	if (!are_digits(text, 0, LENGTH))
		return refuse(piece, ERR_INPUT, "does not start with a length");
	for (size_t i = 0; i < LENGTH; i++)
		n = 10 * n + (text.p[i] - '0');
	if (n == 0)
		return refuse(piece, ERR_INPUT, "is empty");
	return take(text, LENGTH + n, piece);
}

/* 00 to 20: a stored key. 99: it follows, and is what counts. */
static int
cut_private(struct span text, struct piece *piece)
{
	int r;

	if (text.n < FLAG)
		return take(text, FLAG, piece);
	if (!are_digits(text, 0, FLAG) ||
	    (memcmp(text.p, "99", FLAG) != 0 && memcmp(text.p, "20", FLAG) > 0))
		return refuse(piece, ERR_INPUT, "has a flag that is neither 00 to 20 nor 99");
	if (text.p[0] != '9')
		return take(text, FLAG, piece);
	r = cut_blob(span_sub(text, FLAG, text.n - FLAG), piece);
	if (r == ERR_INPUT)
		r = RSAKEY_ERR_LENGTH;
	piece->n += FLAG;
	return r;
}

size_t
schema_text_length(struct span text)
{
	bool lmk = text.n >= LMK_TAIL && text.p[text.n - LMK_TAIL] == '%' &&
	    are_digits(text, text.n - LMK_TAIL + 1, LMK_TAIL - 1);

	return lmk ? text.n - LMK_TAIL : text.n;
}

static int
cut_authdata(struct span text, struct piece *piece)
{
	if (text.n > 1 && text.p[0] == '~' && (text.p[1] == '#' || text.p[1] == '%')) {
		piece->n = 1;
		piece->value = span_sub(text, 1, 0);
		return 0;
	}
	return take(text, schema_text_length(text), piece);
}

/* MGF 2N, hash 2N (left out by one client when there is no label), label length 2N, label, ";". */
static int
cut_oaep(struct span text, struct piece *piece)
{
	size_t at = 2, n;

	if (text.n >= at + 3 && memcmp(text.p + at, "00;", 3) == 0)
		return take(text, at + 3, piece);
	at += 2;
	if (text.n < at + 2)
		return take(text, at + 2, piece);
	if (!are_digits(text, 0, at + 2))
		return refuse(piece, ERR_INPUT, "does not start with six digits");
	n = (text.p[at] - '0') * 10u + (text.p[at + 1] - '0');
	at += 2 + n;
	if (text.n > at && text.p[at] != ';')
		return refuse(piece, ERR_INPUT, "does not end with ;");
	return take(text, at + 1, piece);
}

/* Bits 4N and the bytes that hold them, which alone count. */
static int
cut_exponent(struct span text, struct piece *piece)
{
	size_t n = 0;
	int r;

	if (text.n < LENGTH)
		return take(text, LENGTH, piece);
	if (!are_digits(text, 0, LENGTH))
		return refuse(piece, ERR_INPUT, "does not start with its length in bits");
	for (size_t i = 0; i < LENGTH; i++)
		n = 10 * n + (text.p[i] - '0');
	n = (n + 7) / 8;
	if ((r = take(text, LENGTH + n, piece)) == 0)
		piece->value = span_sub(text, LENGTH, n);
	return r;
}

/* So many texts, each ended by ";". */
static int
cut_subject(struct span text, struct piece *piece)
{
	size_t at = 0;

	for (unsigned k = 0; k < SUBJECT_TEXTS; at++) {
		if (at == text.n)
			return take(text, at + 1, piece);
		if (!charset_has(text.p[at], CHAR_PRINT))
			return refuse(piece, ERR_INPUT, "holds a character that can't be printed");
		k += text.p[at] == ';';
	}
	return take(text, at, piece);
}

/*
 * Does a public key start there? A digit 0 in the check value before it is the
 * tag of a SEQUENCE, too, but what follows that is no INTEGER.
 */
static bool
is_public(struct span text, size_t at)
{
	struct piece piece;
	struct span key, numbers;

	if (at >= text.n || cut_public(span_sub(text, at, text.n - at), &piece) != 0)
		return false;
	if (rsakey_is_block(piece.value))
		return true;
	key = span_sub(piece.value, RSAKEY_MAC, piece.n - RSAKEY_MAC);
	return der_take(&key, DER_SEQUENCE, &numbers) == 0 && numbers.n > 0 &&
	    numbers.p[0] == DER_INTEGER;
}

static int
cut_check(struct span text, struct piece *piece)
{
	size_t n = !is_public(text, SHORT_DIGITS) && is_public(text, LONG_DIGITS) ?
	    LONG_DIGITS : SHORT_DIGITS;

	if (n <= text.n && !charset_all(span_sub(text, 0, n), CHAR_HEX))
		return refuse(piece, ERR_INPUT,
		    "holds a character that is not an upper-case hexadecimal digit");
	return take(text, n, piece);
}

int
schema_rsa_cut(const struct shape *sh, struct span text, struct piece *piece)
{
	switch (sh->type) {
	case FIELD_DER:
		return cut_der(text, piece);
	case FIELD_RSAPUBLIC:
		return cut_public(text, piece);
	case FIELD_RSAPRIVATE:
		return cut_private(text, piece);
	case FIELD_KEYBLOB:
		return cut_blob(text, piece);
	case FIELD_AUTHDATA:
		return cut_authdata(text, piece);
	case FIELD_EXPONENT:
		return cut_exponent(text, piece);
	case FIELD_SUBJECT:
		return cut_subject(text, piece);
	case FIELD_OAEP:
		return cut_oaep(text, piece);
	default:
		return cut_check(text, piece);
	}
}
