#include "crypto/dukpt.h"

#include <string.h>

#include <sodium.h>

#include "crypto/des3.h"
#include "err.h"
#include "hex.h"
#include "key.h"

enum {
	BASE = 8, DOUBLE = 16,
	REGISTER = 2,		/* the 8 bytes of a KSN that derivation works on */
	COUNTER_BITS = 21, COUNTER_MOST = 10
};

/* XORed to both halves: the key that makes the other half of the next one. */
static const uint8_t base_mask[BASE] = { 0xC0, 0xC0, 0xC0, 0xC0 };

static void
mask_key(const uint8_t key[DOUBLE], const uint8_t mask[BASE], uint8_t out[DOUBLE])
{
	for (size_t i = 0; i < DOUBLE; i++)
		out[i] = key[i] ^ mask[i % BASE];
}

/* The initial key for the 8 bytes of a device, parity as it falls. */
static int
initial_key(const struct key *bdk, const uint8_t device[BASE], uint8_t key[DOUBLE])
{
	uint8_t variant[DOUBLE];
	int r;

	if (bdk->len != DOUBLE)
		return ERR_KEY_LENGTH;
	mask_key(bdk->bytes, base_mask, variant);
	if ((r = des3_once(bdk->bytes, DOUBLE, 1, device, key, BASE)) == 0)
		r = des3_once(variant, DOUBLE, 1, device, key + BASE, BASE);
	sodium_memzero(variant, sizeof(variant));
	return r;
}

int
dukpt_initial_key(const struct key *bdk, struct span ksn, struct key *key)
{
	uint8_t text[DOUBLE], device[BASE];
	int r;

	if (bdk->len != DOUBLE)
		return ERR_KEY_LENGTH;
	if (ksn.n != DUKPT_KSN_DIGITS)
		return ERR_INPUT;
	/* 15 digits are the 59 bits before the counter and its top bit: an even
	 * last digit, then a zero makes eight bytes with the counter's part clear. */
	memcpy(text, ksn.p, ksn.n);
	text[DOUBLE - 1] = '0';
	if ((r = hex_decode(span_of(text, DOUBLE), device, BASE)) != 0)
		return r;
	if ((device[BASE - 1] & 0x10) != 0)
		return ERR_INPUT;
	r = initial_key(bdk, device, key->bytes);
	key->len = DOUBLE;
	key->scheme = 'U';
	key_force_parity(key);
	return r;
}

int
dukpt_ksn(struct span digits, uint8_t ksn[DUKPT_KSN_LEN])
{
	uint8_t text[DUKPT_KSN_MOST];

	if (digits.n > DUKPT_KSN_MOST)
		return ERR_INPUT;
	memset(text, 'F', sizeof(text));
	memcpy(text + sizeof(text) - digits.n, digits.p, digits.n);
	return hex_decode(span_of(text, sizeof(text)), ksn, DUKPT_KSN_LEN);
}

static uint32_t
counter_of(const uint8_t ksn[DUKPT_KSN_LEN])
{
	return (uint32_t)(ksn[7] & 0x1F) << 16 | (uint32_t)ksn[8] << 8 | ksn[9];
}

bool
dukpt_counter_good(const uint8_t ksn[DUKPT_KSN_LEN])
{
	unsigned bits = 0;

	for (uint32_t counter = counter_of(ksn); counter != 0; counter &= counter - 1)
		bits++;
	return bits != 0 && bits <= COUNTER_MOST;
}

/* X9.24-1 non-reversible key generation, one half: single DES between two XORs. */
static int
generate_half(const uint8_t key[DOUBLE], const uint8_t reg[BASE], uint8_t half[BASE])
{
	int r;

	for (size_t i = 0; i < BASE; i++)
		half[i] = reg[i] ^ key[BASE + i];
	r = des3_once(key, BASE, 1, half, half, BASE);
	for (size_t i = 0; i < BASE; i++)
		half[i] ^= key[BASE + i];
	return r;
}

/* The next key on the way to the counter in reg, in place. */
static int
generate(uint8_t key[DOUBLE], const uint8_t reg[BASE])
{
	uint8_t masked[DOUBLE], next[DOUBLE];
	int r;

	mask_key(key, base_mask, masked);
	if ((r = generate_half(key, reg, next + BASE)) == 0 &&
	    (r = generate_half(masked, reg, next)) == 0)
		memcpy(key, next, DOUBLE);
	sodium_memzero(masked, sizeof(masked));
	sodium_memzero(next, sizeof(next));
	return r;
}

/* From the transaction's key to the one of a use. */
static int
vary(enum dukpt_use use, uint8_t key[DOUBLE])
{
	static const uint8_t masks[][BASE] = {
		[DUKPT_PIN]           = { [7] = 0xFF },
		[DUKPT_MAC]           = { [6] = 0xFF },
		[DUKPT_MAC_RESPONSE]  = { [4] = 0xFF },
		[DUKPT_DATA]          = { [5] = 0xFF },
		[DUKPT_DATA_RESPONSE] = { [3] = 0xFF },
		[DUKPT_TRANSACTION]   = { 0 },
	};

	mask_key(key, masks[use], key);
	if (use != DUKPT_DATA && use != DUKPT_DATA_RESPONSE)
		return 0;
	/* Data keys take one more step, so that a known one tells nothing of the others. */
	return des3_once(key, DOUBLE, 1, key, key, DOUBLE);
}

int
dukpt_derive(const struct key *bdk, const uint8_t ksn[DUKPT_KSN_LEN], enum dukpt_use use,
    struct key *key)
{
	uint32_t counter = counter_of(ksn);
	uint8_t device[BASE], reg[BASE];
	int r;

	memcpy(device, ksn, BASE);
	device[BASE - 1] &= 0xE0;
	memcpy(reg, ksn + REGISTER, BASE);
	reg[5] &= 0xE0;
	reg[6] = reg[7] = 0;
	r = initial_key(bdk, device, key->bytes);
	for (unsigned bit = COUNTER_BITS; bit-- > 0 && r == 0;) {
		if ((counter >> bit & 1) == 0)
			continue;
		reg[7 - bit / 8] = (uint8_t)(reg[7 - bit / 8] | 1U << bit % 8);
		r = generate(key->bytes, reg);
	}
	if (r == 0)
		r = vary(use, key->bytes);
	key->len = DOUBLE;
	key->scheme = 'U';
	return r;
}
