/*
 * keyblock: Thales key blocks (scheme S, versions 0 and 1) and TR-31 or
 * X9.143 key blocks (scheme R, versions A, B, C and D).
 *
 * A block is text: a header of 16 characters, optional blocks, the encrypted
 * key and an authenticator in hexadecimal (spec: keys.md 4). Opening one goes
 * in three steps, so that nothing a forger wrote is acted on: keyblock_read
 * looks at form alone, keyblock_unwrap authenticates every byte in constant
 * time before it decrypts, and keyblock_check judges what the header says.
 * Text is without the tag S or R.
 */
#ifndef LUAHSM_CRYPTO_KEYBLOCK_H
#define LUAHSM_CRYPTO_KEYBLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "span.h"

enum {
	KEYBLOCK_HEADER   = 16,
	KEYBLOCK_KEY_MAX  = 64,		/* bytes of the longest key */
	KEYBLOCK_OPTIONAL = 8,		/* optional blocks */
	KEYBLOCK_MAX      = 2048	/* characters of the longest block */
};

struct keyblock_header {
	char        version;		/* 0 1; A B C D */
	char        usage[2];
	char        algorithm;		/* A AES, D DES, T triple DES, H HMAC */
	char        mode;
	char        key_version[2];
	char        exportability;	/* E N S */
	char        lmk[2];		/* S: LMK identifier, FF outside; R: 00 */
	uint8_t     count;		/* optional blocks */
	struct span blocks;		/* their text; borrowed */
};

/* Is the block of a scheme S version 0 or R version A, B, C: under a triple DES key? */
bool keyblock_is_des(char version);

/* Characters of the MAC that a block of that version ends with; 0: no such version. */
size_t keyblock_mac_length(char version);

/*
 * Split text: *h as it stands there (blocks is borrowed from text).
 * 0; ERR_BLOCK_FORMAT (version, length, characters), ERR_BLOCK_COUNT,
 * ERR_BLOCK_OPTION (optional blocks that do not add up).
 */
int keyblock_read(char tag, struct span text, struct keyblock_header *h);

/*
 * Judge the header: 0 or the failure that belongs to the first wrong field,
 * from usage to optional blocks. Text of an R block is judged by X9.143, of
 * an S block by the payShield's table of usages.
 */
int keyblock_check(const struct keyblock_header *h);

/*
 * The key in a block that keyblock_read has split, at most KEYBLOCK_KEY_MAX
 * bytes. kek: 16 or 24 bytes of triple DES or 16, 24, 32 of AES as the version
 * says. 0; ERR_KEY_LENGTH (of kek); ERR_BLOCK_MAC; ERR_ALGORITHM; ERR_BLOCK_LENGTH (the key's
 * length is not one of its algorithm); ERR_CRYPTO.
 */
int keyblock_unwrap(const struct keyblock_header *h, struct span text, const uint8_t *kek,
    size_t kek_len, uint8_t *key, size_t *len);

/*
 * Write the block of that header and key to out (KEYBLOCK_MAX characters) and
 * its length to *n; optional blocks are filled up with a PB block. Padding of
 * the key is random. 0; ERR_KEY_LENGTH; ERR_NO_ROOM; ERR_CRYPTO.
 */
int keyblock_wrap(const struct keyblock_header *h, const uint8_t *kek, size_t kek_len,
    const uint8_t *key, size_t len, char *out, size_t *n);

/* The two keys of a version, from kek: for encryption and for the MAC. kek_len bytes each. */
int keyblock_derive(char version, const uint8_t *kek, size_t kek_len, uint8_t *encryption,
    uint8_t *mac);

/*
 * A key for another use of kek, made as those two are: where they come by exclusive
 * or, every byte of kek with the mask (45 and 4D are taken, and the lowest bit is parity);
 * else with the use in the derivation data (0 and 1 are taken).
 */
int keyblock_derive_use(char version, const uint8_t *kek, size_t kek_len, uint8_t mask,
    uint8_t use, uint8_t *key);

/*
 * keyblock_raw: S blocks without optional blocks that hold something else than a
 * symmetric key. It lies as bytes or as hexadecimal text between header and
 * authenticator, and the public keys among them are not encrypted at all.
 */
enum keyblock_form { KEYBLOCK_RAW, KEYBLOCK_TEXT, KEYBLOCK_CLEAR };

enum { KEYBLOCK_RAW_MAX = 1408 };	/* bytes inside, padding included */

/* Look at form alone, as keyblock_read does. 0, ERR_BLOCK_FORMAT, ERR_BLOCK_COUNT. */
int keyblock_read_raw(struct span block, enum keyblock_form form, struct keyblock_header *h);

/*
 * What a block that was read so holds, padding included, to clear, as much room
 * as block has, in the slab unless it is public. 0, ERR_BLOCK_FORMAT,
 * ERR_BLOCK_MAC, ERR_KEY_LENGTH (of kek), ERR_CRYPTO.
 */
int keyblock_open_raw(struct span block, enum keyblock_form form, const uint8_t *kek,
    size_t kek_len, uint8_t *clear, size_t *n);

/*
 * Write the block of that header and n bytes, which are encrypted where they are;
 * clear has a cipher block of room behind them. *length bytes of out.
 * 0, ERR_KEY_LENGTH (too many, or of kek), ERR_BLOCK_COUNT, ERR_CRYPTO.
 */
int keyblock_seal_raw(const struct keyblock_header *h, enum keyblock_form form,
    const uint8_t *kek, size_t kek_len, uint8_t *clear, size_t n, uint8_t *out,
    size_t *length);

/* keyblock_option: what optional blocks may hold. 0 or the failure of the first that is wrong. */
int keyblock_check_options(const struct keyblock_header *h);

/* Characters that count optional blocks take at the start of text; 0: they do not add up. */
size_t keyblock_options_length(struct span text, unsigned count);

/* The data of the optional block with that identifier; p is NULL when there is none. */
struct span keyblock_option(const struct keyblock_header *h, const char id[2]);

/* The usage that TR-31 has for a Thales usage, or NULL; and whether Thales has that usage. */
const char *keyblock_tr31_usage(const char usage[2]);
bool        keyblock_knows_usage(const char usage[2]);

#endif
