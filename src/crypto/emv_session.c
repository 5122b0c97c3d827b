/*
 * emv_session: the ways from a card's key to the key of a transaction.
 */
#include "crypto/emv.h"

#include <string.h>

#include <sodium.h>

#include "crypto/des3.h"
#include "err.h"
#include "key.h"

static void
finish(struct key *session)
{
	session->len = EMV_KEY_LEN;
	session->scheme = 'U';
	key_force_parity(session);
}

int
emv_session(struct key *card, struct span r, struct key *session)
{
	struct des3 *des;
	int result;

	if (card->len != EMV_KEY_LEN)
		return ERR_KEY_LENGTH;
	if (r.n != EMV_BLOCK_LEN)
		return ERR_INPUT;
	if ((des = key_des(card)) == NULL)
		return ERR_CRYPTO;
	memcpy(session->bytes, r.p, DES_BLOCK);
	memcpy(session->bytes + DES_BLOCK, r.p, DES_BLOCK);
	/* The third byte of the transaction's data tells the halves apart. */
	session->bytes[2] = 0xF0;
	session->bytes[DES_BLOCK + 2] = 0x0F;
	result = des3_encrypt(des, session->bytes, session->bytes, EMV_KEY_LEN);
	finish(session);
	return result;
}

int
emv_session_visa(const struct key *card, struct span data, struct key *session)
{
	if (card->len != EMV_KEY_LEN)
		return ERR_KEY_LENGTH;
	if (data.n != EMV_BLOCK_LEN)
		return ERR_INPUT;
	for (size_t i = 0; i < DES_BLOCK; i++) {
		uint8_t inverted = i < DES_BLOCK - EMV_ATC_LEN ? 0 : 0xFF;

		session->bytes[i] = card->bytes[i] ^ data.p[i];
		session->bytes[DES_BLOCK + i] = (uint8_t)(card->bytes[DES_BLOCK + i] ^
		    data.p[i] ^ inverted);
	}
	finish(session);
	return 0;
}

/* A path from the root: the node and its parent, none of them with its parity set. */
struct path {
	uint8_t parent[EMV_KEY_LEN];
	uint8_t node[EMV_KEY_LEN];
	uint8_t next[EMV_KEY_LEN];
};

/* The child of path's node that the branch leads to: next. */
static int
grow(struct path *path, unsigned branch)
{
	memcpy(path->next, path->parent, EMV_KEY_LEN);
	path->next[DES_BLOCK - 1] ^= (uint8_t)branch;
	path->next[EMV_KEY_LEN - 1] ^= (uint8_t)(branch ^ 0xF0);
	return des3_once(path->node, EMV_KEY_LEN, 1, path->next, path->next, EMV_KEY_LEN);
}

int
emv_session_tree(const struct key *card, struct span iv, struct span atc,
    enum emv_tree tree, struct key *session)
{
	unsigned bits = tree == EMV_TREE_2_16 ? 1 : 2, count;
	struct path path;
	int r = 0;

	if (card->len != EMV_KEY_LEN)
		return ERR_KEY_LENGTH;
	if (iv.n != EMV_KEY_LEN || atc.n != EMV_ATC_LEN)
		return ERR_INPUT;
	count = (unsigned)(atc.p[0] << 8 | atc.p[1]);
	memcpy(path.parent, iv.p, EMV_KEY_LEN);
	memcpy(path.node, card->bytes, EMV_KEY_LEN);
	/* The counter's digits, from the most significant one to the last but one. */
	for (unsigned shift = 16 - bits; shift > 0 && r == 0; shift -= bits) {
		r = grow(&path, count >> shift & ((1U << bits) - 1));
		memcpy(path.parent, path.node, EMV_KEY_LEN);
		memcpy(path.node, path.next, EMV_KEY_LEN);
	}
	if (r == 0)
		r = grow(&path, count & ((1U << bits) - 1));
	for (size_t i = 0; i < EMV_KEY_LEN; i++)
		session->bytes[i] = path.next[i] ^ path.parent[i];
	finish(session);
	sodium_memzero(&path, sizeof(path));
	return r;
}
