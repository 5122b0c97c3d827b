/*
 * key_block: keys in key blocks under a ZMK or TMK.
 */
#include "key.h"

#include "crypto/des3.h"
#include "crypto/parity.h"
#include "err.h"
#include "keytype.h"

void
key_from_block(struct key *key, char scheme, size_t len)
{
	char algorithm = key->header.algorithm;

	key->scheme = scheme;
	key->len = (uint8_t)len;
	key->type = KEYTYPE_BLOCK;
	key->aes = algorithm == 'A';
	/* The block's authenticator vouches for the bytes: parity says nothing more. */
	key->odd = true;
	key->keyed = false;
}

/* The version letter of a form under this key; 0: it is for the other cipher. */
static char
version_under(const struct key *zmk, const struct key_block_form *form)
{
	if (form->scheme == 'S')
		return zmk->aes ? '1' : '0';
	if (form->version == '\0')
		return zmk->aes ? 'D' : 'B';
	return keyblock_is_des(form->version) == !zmk->aes ? form->version : '\0';
}

/* The header as it stands outside: no LMK identifier, and TR-31's usage in an R block. */
static int
header_outside(const struct key *zmk, const struct key_block_form *form,
    struct keyblock_header *h)
{
	const char *usage;

	*h = *form->header;
	if ((h->version = version_under(zmk, form)) == '\0')
		return ERR_WRAPPING_KEY;
	memcpy(h->lmk, form->scheme == 'S' ? "FF" : "00", 2);
	if (form->scheme != 'R' || form->header->version >= 'A')
		return keyblock_check(h);
	if ((usage = keyblock_tr31_usage(h->usage)) == NULL)
		return ERR_USAGE;
	memcpy(h->usage, usage, 2);
	return keyblock_check(h);
}

int
key_export_block(const struct key *zmk, const struct key *key,
    const struct key_block_form *form, char *out, size_t *n)
{
	struct keyblock_header h;
	int r;

	if ((r = header_outside(zmk, form, &h)) != 0)
		return r;
	out[0] = form->scheme;
	r = keyblock_wrap(&h, zmk->bytes, zmk->len, key->bytes, key->len, out + 1, n);
	if (r == 0)
		++*n;
	return r;
}

int
key_import_block(const struct key *zmk, struct span field, struct key *key)
{
	struct span text = span_sub(field, 1, field.n - 1);
	size_t len;
	int r;

	if ((r = keyblock_read((char)field.p[0], text, &key->header)) != 0)
		return r;
	if (keyblock_is_des(key->header.version) == zmk->aes)
		return ERR_WRAPPING_KEY;
	if (field.p[0] == 'S' && memcmp(key->header.lmk, "FF", 2) != 0)
		return ERR_LMK_BLOCK;
	if ((r = keyblock_unwrap(&key->header, text, zmk->bytes, zmk->len, key->bytes,
	    &len)) != 0 || (r = keyblock_check(&key->header)) != 0)
		return r;
	/* TR-31's 11 is the ZKA master key; Thales has another key of that number. */
	if (field.p[0] == 'R' && memcmp(key->header.usage, "11", 2) == 0)
		memcpy(key->header.usage, "53", 2);
	key_from_block(key, (char)field.p[0], len);
	return 0;
}
