/*
 * cli_bench_bare: the calls that the engine makes of libcrypto, and nothing else: no
 * parsing, no key cache, no Lua, no sockets. Contexts are made once, as there.
 */
#include "cli_bench_bare.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "stats.h"

enum { STEPS = 16, BYTES_MOST = 32 * 1024, RSA_LEAST = 1024, RSA_MOST = 4096, BATCH = 16 };

struct step {
	unsigned times;
	size_t   bytes;		/* rsa: bits of the key */
	EVP_CIPHER     *cipher;	/* or */
	EVP_MD         *hash;	/* or */
	EVP_PKEY       *rsa;
	EVP_CIPHER_CTX *cipher_ctx;
	EVP_MD_CTX     *hash_ctx;
	EVP_PKEY_CTX   *rsa_ctx;
};

static uint8_t in[BYTES_MOST], out[BYTES_MOST + EVP_MAX_BLOCK_LENGTH];
static const uint8_t key[EVP_MAX_KEY_LENGTH] = "what a key is does not matter";

static bool
open_cipher(struct step *s, const char *name)
{
	s->cipher = EVP_CIPHER_fetch(NULL, name, NULL);
	s->cipher_ctx = EVP_CIPHER_CTX_new();
	return s->cipher != NULL && s->cipher_ctx != NULL && s->bytes <= BYTES_MOST &&
	    EVP_EncryptInit_ex2(s->cipher_ctx, s->cipher, key, key, NULL) == 1;
}

static bool
open_rsa(struct step *s)
{
	if (s->bytes < RSA_LEAST || s->bytes > RSA_MOST)
		return false;
	s->rsa = EVP_RSA_gen((unsigned)s->bytes);
	s->rsa_ctx = EVP_PKEY_CTX_new(s->rsa, NULL);
	return s->rsa_ctx != NULL && EVP_PKEY_sign_init(s->rsa_ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(s->rsa_ctx, RSA_PKCS1_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_signature_md(s->rsa_ctx, EVP_sha256()) == 1;
}

static bool
open_step(struct step *s, const char *name)
{
	if (strcmp(name, "des3") == 0)
		return open_cipher(s, "DES-EDE-ECB");
	if (strcmp(name, "aes128") == 0)
		return open_cipher(s, "AES-128-CBC");
	if (strcmp(name, "aes256") == 0)
		return open_cipher(s, "AES-256-CBC");
	if (strcmp(name, "rsa") == 0)
		return open_rsa(s);
	s->hash = strcmp(name, "sha256") == 0 ? EVP_MD_fetch(NULL, "SHA256", NULL) : NULL;
	s->hash_ctx = EVP_MD_CTX_new();
	return s->hash != NULL && s->hash_ctx != NULL && s->bytes <= BYTES_MOST;
}

static bool
do_once(struct step *s)
{
	size_t size = sizeof(out);
	int n;

	if (s->cipher != NULL)
		return EVP_EncryptInit_ex2(s->cipher_ctx, NULL, key, key, NULL) == 1 &&
		    EVP_CIPHER_CTX_set_padding(s->cipher_ctx, 0) == 1 &&
		    EVP_EncryptUpdate(s->cipher_ctx, out, &n, in, (int)s->bytes) == 1;
	if (s->rsa != NULL)
		return EVP_PKEY_sign(s->rsa_ctx, out, &size, in, 32) == 1;
	return EVP_DigestInit_ex2(s->hash_ctx, s->hash, NULL) == 1 &&
	    EVP_DigestUpdate(s->hash_ctx, in, s->bytes) == 1 &&
	    EVP_DigestFinal_ex(s->hash_ctx, out, NULL) == 1;
}

static void
close_step(struct step *s)
{
	EVP_CIPHER_CTX_free(s->cipher_ctx);
	EVP_MD_CTX_free(s->hash_ctx);
	EVP_PKEY_CTX_free(s->rsa_ctx);
	EVP_CIPHER_free(s->cipher);
	EVP_MD_free(s->hash);
	EVP_PKEY_free(s->rsa);
}

/* Read a list into at most STEPS steps. -1: it is none. */
static int
read_list(const char *list, struct step *steps)
{
	int n = 0, used;

	for (;;) {
		char name[8];

		/* NOLINTNEXTLINE(cert-err34-c): widths keep the numbers in range */
		if (n == STEPS || sscanf(list, "%9u*%7[a-z0-9]:%9zu%n", &steps[n].times, name,
		    &steps[n].bytes, &used) != 3 || !open_step(&steps[n++], name))
			return -1;
		list += used;
		if (*list == '\0')
			return n;
		if (*list++ != ',')
			return -1;
	}
}

static bool
do_all(struct step *steps, int n)
{
	for (int i = 0; i < n; i++)
		for (unsigned k = 0; k < steps[i].times; k++)
			if (!do_once(&steps[i]))
				return false;
	return true;
}

/* Nanoseconds for all steps once, or -1. */
static double
measure(struct step *steps, int n, double seconds)
{
	uint64_t began = stats_now(), rounds = 0, took = 0;

	while ((double)took < seconds * 1e9) {
		for (unsigned i = 0; i < BATCH; i++, rounds++)
			if (!do_all(steps, n))
				return -1;
		took = stats_now() - began;
	}
	return (double)took / (double)rounds;
}

double
bench_bare(const char *list, double seconds, FILE *err)
{
	struct step steps[STEPS] = { 0 };
	int n = read_list(list, steps);
	double took = n < 0 ? -1 : measure(steps, n, seconds);

	for (int i = 0; i < STEPS; i++)
		close_step(&steps[i]);
	if (took < 0)
		fprintf(err, "luahsm: --bare takes a list such as 6*des3:8,2*aes256:48,1*rsa:2048, "
		    "not \"%.60s\"\n", list);
	return took;
}
