/*
 * account: the digits of account fields. An account number is no secret here.
 */
#include "crypto/account.h"

#include <string.h>

#include "charset.h"
#include "err.h"

/* The digits of the field behind its padding. 0 or ERR_INPUT. */
static int
real_digits(struct span field, struct span *digits)
{
	size_t pad = 0;

	if (field.n < ACCOUNT_DIGITS || field.n > ACCOUNT_PAN_MAX)
		return ERR_INPUT;
	while (field.n == ACCOUNT_PADDED && pad < field.n && field.p[pad] == 'F')
		pad++;
	if (pad == field.n)
		return ERR_INPUT;
	*digits = span_sub(field, pad, field.n - pad);
	return charset_all(*digits, CHAR_DIGIT) ? 0 : ERR_INPUT;
}

/* Put at most 12 digits to the right end of out, behind zeros. */
static void
put(struct span digits, uint8_t out[ACCOUNT_DIGITS])
{
	memset(out, 0, ACCOUNT_DIGITS);
	for (size_t i = 0; i < digits.n; i++)
		out[ACCOUNT_DIGITS - digits.n + i] = (uint8_t)(digits.p[i] - '0');
}

int
account_right(struct span field, uint8_t out[ACCOUNT_DIGITS])
{
	struct span digits;
	int r;

	if ((r = real_digits(field, &digits)) != 0)
		return r;
	if (field.n != ACCOUNT_DIGITS)
		digits.n--;	/* the check digit */
	if (digits.n > ACCOUNT_DIGITS)
		digits = span_sub(digits, digits.n - ACCOUNT_DIGITS, ACCOUNT_DIGITS);
	put(digits, out);
	return 0;
}

int
account_left(struct span field, uint8_t out[ACCOUNT_DIGITS])
{
	struct span digits;
	int r;

	if ((r = real_digits(field, &digits)) != 0)
		return r;
	if (digits.n > ACCOUNT_DIGITS)
		digits.n = ACCOUNT_DIGITS;
	put(digits, out);
	return 0;
}
