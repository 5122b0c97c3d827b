#include "crypto/pinblock4.h"

#include <string.h>

#include <sodium.h>

#include "charset.h"
#include "crypto/aes.h"
#include "crypto/mask.h"
#include "crypto/pin.h"
#include "err.h"
#include "hex.h"
#include "key.h"
#include "rng.h"
#include "secret.h"

enum {
	CONTROL = 4, FILL = 0xA,
	PIN_AT  = 2,		/* nibbles: behind control and length */
	PLAIN   = 16,		/* nibbles before the random half */
	PAN_LEAST = 12		/* digits in the PAN field */
};

/* A clear block at work, in the slab: one per process. */
struct work {
	uint8_t block[AES_BLOCK];
	uint8_t nibble[PLAIN];
};

static struct work *work;

static struct work *
get_work(void)
{
	if (work == NULL)
		work = secret_alloc(sizeof(*work));
	return work;
}

/* How many digits there are past twelve, then the PAN, then zeros. */
static int
pan_field(struct span pan, uint8_t field[AES_BLOCK])
{
	size_t zeros = pan.n < PAN_LEAST ? PAN_LEAST - pan.n : 0;

	if (pan.n < 1 || pan.n > PINBLOCK4_PAN_MOST || !charset_all(pan, CHAR_DIGIT))
		return ERR_INPUT;
	memset(field, 0, AES_BLOCK);
	field[0] = (uint8_t)((pan.n + zeros - PAN_LEAST) << 4);
	for (size_t i = 0; i < pan.n; i++) {
		size_t at = 1 + zeros + i;

		field[at / 2] |= (uint8_t)((pan.p[i] - '0') << (at % 2 == 0 ? 4 : 0));
	}
	return 0;
}

/* The schedule, the work and the PAN field: what both directions start with. */
static int
begin(struct key *key, struct span pan, uint8_t field[AES_BLOCK], struct aes **aes)
{
	if (get_work() == NULL)
		return ERR_NO_MEMORY;
	if (!key->aes)
		return ERR_KEY_LENGTH;
	if ((*aes = key_aes(key)) == NULL)
		return ERR_CRYPTO;
	return pan_field(pan, field);
}

static void
add(uint8_t block[AES_BLOCK], const uint8_t field[AES_BLOCK])
{
	for (size_t i = 0; i < AES_BLOCK; i++)
		block[i] ^= field[i];
}

/* Control, length, digits, filler: codes in the order of pins.md 1.5. */
static int
read_block(struct work *w, struct secret *pin)
{
	unsigned n, bad = 0, length;

	for (size_t i = 0; i < PLAIN; i++)
		w->nibble[i] = w->block[i / 2] >> (i % 2 == 0 ? 4 : 0) & 0xF;
	n = w->nibble[1];
	length = mask_less(n, PIN_LEAST) | mask_less(PIN_MOST, n);
	for (unsigned i = 0; i < PLAIN - PIN_AT; i++) {
		unsigned v = w->nibble[PIN_AT + i], in_pin = mask_less(i, n);

		bad |= (in_pin & mask_less(9, v)) | (~in_pin & mask_differ(v, FILL));
		if (i < PIN_MOST)
			pin->bytes[i] = (uint8_t)(in_pin & ('0' + v));
	}
	pin->len = n;
	return mask_choose(mask_differ(w->nibble[0], CONTROL), ERR_PIN_BLOCK,
	    mask_choose(length, ERR_PIN_LENGTH, mask_choose(bad, ERR_PIN_BLOCK, 0)));
}

int
pinblock4_open(struct key *key, struct span block, struct span pan, struct secret *pin)
{
	uint8_t encrypted[AES_BLOCK], field[AES_BLOCK];
	struct aes *aes = NULL;
	int r;

	pin->len = 0;
	if ((r = hex_decode(block, encrypted, sizeof(encrypted))) != 0 ||
	    (r = begin(key, pan, field, &aes)) != 0)
		return r;
	if ((r = aes_decrypt(aes, encrypted, work->block, AES_BLOCK)) == 0) {
		add(work->block, field);
		r = aes_decrypt(aes, work->block, work->block, AES_BLOCK);
	}
	if (r == 0)
		r = read_block(work, pin);
	sodium_memzero(work, sizeof(*work));
	if (r != 0)
		sodium_memzero(pin, sizeof(*pin));
	return r;
}

static void
write_block(struct work *w, const struct secret *pin)
{
	memset(w->nibble, FILL, PLAIN);
	w->nibble[0] = CONTROL;
	w->nibble[1] = (uint8_t)pin->len;
	for (size_t i = 0; i < pin->len; i++)
		w->nibble[PIN_AT + i] = pin->bytes[i] & 0xF;
	for (size_t i = 0; i < PLAIN / 2; i++)
		w->block[i] = (uint8_t)(w->nibble[2 * i] << 4 | w->nibble[2 * i + 1]);
	rng_bytes(w->block + PLAIN / 2, AES_BLOCK - PLAIN / 2);
}

int
pinblock4_seal(struct key *key, const struct secret *pin, struct span pan,
    char out[PINBLOCK4_DIGITS])
{
	uint8_t field[AES_BLOCK];
	struct aes *aes = NULL;
	int r;

	if (pin->len < PIN_LEAST || pin->len > PIN_MOST)
		return ERR_PIN_LENGTH;
	if ((r = begin(key, pan, field, &aes)) != 0)
		return r;
	write_block(work, pin);
	if ((r = aes_encrypt(aes, work->block, work->block, AES_BLOCK)) == 0) {
		add(work->block, field);
		r = aes_encrypt(aes, work->block, work->block, AES_BLOCK);
	}
	if (r == 0)
		hex_encode(work->block, AES_BLOCK, out);
	sodium_memzero(work, sizeof(*work));
	return r;
}
