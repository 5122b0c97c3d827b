/*
 * master: file and passphrase, wrap and unwrap.
 */
#include "master.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "err.h"
#include "hex.h"
#include "ownfile.h"
#include "rng.h"
#include "secret.h"

enum {
	FORMAT = 1,
	AT_KIND = 1, AT_SALT = 2, AT_OPERATIONS = 18, AT_KIB = 22, AT_NONCE = 26, AT_SEALED = 50,
	SALT = 16,
	/* about a quarter of a second here; what is read must not ask for the moon */
	OPERATIONS = 3, KIB = 64 * 1024, OPERATIONS_MOST = 64, KIB_MOST = 1024 * 1024
};

static_assert(AT_SEALED + MASTER_KEY + crypto_aead_xchacha20poly1305_ietf_ABYTES == MASTER_WRAP &&
    SALT == crypto_pwhash_SALTBYTES &&
    AT_SEALED - AT_NONCE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    "the fields of a wrap");

/* One line: this text and 64 digits. */
static const char title[] = "luahsm master key 1 ";

enum { TITLE = sizeof(title) - 1, LINE = TITLE + 2 * MASTER_KEY + 1 };

struct master {
	enum master_kind kind;
	size_t           n;
	uint8_t          bytes[MASTER_PASSPHRASE];
};

static struct master *
new_master(enum master_kind kind)
{
	struct master *m = secret_alloc(sizeof(*m));

	if (m != NULL)
		m->kind = kind;
	return m;
}

void
master_free(struct master *m)
{
	secret_free(m);
}

enum master_kind
master_kind(const struct master *m)
{
	return m->kind;
}

struct master *
master_from_passphrase(struct span passphrase)
{
	struct master *m;

	if (passphrase.n == 0 || passphrase.n > MASTER_PASSPHRASE ||
	    (m = new_master(MASTER_FROM_PASSPHRASE)) == NULL)
		return NULL;
	memcpy(m->bytes, passphrase.p, passphrase.n);
	m->n = passphrase.n;
	return m;
}

/* Make the file with a new key. 0, also when somebody else just has; -1 after a line. */
static int
make_file(const char *path, uint8_t line[LINE], FILE *err)
{
	uint8_t *key = secret_alloc(MASTER_KEY);
	int r;

	if (key == NULL)
		return -1;
	rng_bytes(key, MASTER_KEY);
	memcpy(line, title, TITLE);
	hex_encode(key, MASTER_KEY, (char *)line + TITLE);
	line[LINE - 1] = '\n';
	secret_free(key);
	r = ownfile_make(path, span_of(line, LINE), err);
	return r != 0 && errno == EEXIST ? 0 : r;
}

/* Read the key out of the file. 0, or -1 after a line. */
static int
read_file(const char *path, struct master *m, uint8_t line[LINE + 1], FILE *err)
{
	int fd = ownfile_open(path, O_RDONLY, err);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read(fd, line, LINE + 1);
	close(fd);
	if (n != LINE || memcmp(line, title, TITLE) != 0 || line[LINE - 1] != '\n' ||
	    hex_decode(span_of(line + TITLE, (size_t)2 * MASTER_KEY), m->bytes,
	    MASTER_KEY) != 0) {
		fprintf(err, "%s: is not a master key file\n", path);
		return -1;
	}
	m->n = MASTER_KEY;
	return 0;
}

struct master *
master_from_file(const char *path, bool create, FILE *err)
{
	struct master *m = new_master(MASTER_FILE);
	uint8_t *line = secret_alloc(LINE + 1);
	bool good = m != NULL && line != NULL;

	if (!good)
		fprintf(err, "%s: no room for the master key\n", path);
	if (good && create && access(path, F_OK) != 0 && errno == ENOENT)
		good = make_file(path, line, err) == 0;
	if (good)
		good = read_file(path, m, line, err) == 0;
	secret_free(line);
	if (good)
		return m;
	master_free(m);
	return NULL;
}

static void
put_number(uint8_t *out, uint32_t v)
{
	for (int i = 3; i >= 0; i--, v >>= 8)
		out[i] = (uint8_t)v;
}

static uint32_t
get_number(const uint8_t *in)
{
	return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 | in[3];
}

/* The key that wraps, in the slab, by what head of a wrap says. NULL: no memory. */
static uint8_t *
wrapping_key(const struct master *m, const uint8_t *wrap)
{
	uint8_t *key = secret_alloc(MASTER_KEY);

	if (key == NULL)
		return NULL;
	if (m->kind == MASTER_FILE) {
		memcpy(key, m->bytes, MASTER_KEY);
		return key;
	}
	if (crypto_pwhash(key, MASTER_KEY, (const char *)m->bytes, m->n, wrap + AT_SALT,
	    get_number(wrap + AT_OPERATIONS), (size_t)get_number(wrap + AT_KIB) * 1024,
	    crypto_pwhash_ALG_ARGON2ID13) == 0)
		return key;
	secret_free(key);
	return NULL;
}

int
master_wrap(const struct master *m, const uint8_t key[MASTER_KEY], uint8_t wrap[MASTER_WRAP])
{
	uint8_t *with;

	memset(wrap, 0, MASTER_WRAP);
	wrap[0] = FORMAT;
	wrap[AT_KIND] = (uint8_t)m->kind;
	if (m->kind == MASTER_FROM_PASSPHRASE) {
		rng_bytes(wrap + AT_SALT, SALT);
		put_number(wrap + AT_OPERATIONS, OPERATIONS);
		put_number(wrap + AT_KIB, KIB);
	}
	rng_bytes(wrap + AT_NONCE, AT_SEALED - AT_NONCE);
	if ((with = wrapping_key(m, wrap)) == NULL)
		return ERR_NO_MEMORY;
	/* all in front of the sealed key is bound to it */
	crypto_aead_xchacha20poly1305_ietf_encrypt(wrap + AT_SEALED, NULL, key, MASTER_KEY, wrap,
	    AT_SEALED, NULL, wrap + AT_NONCE, with);
	secret_free(with);
	return 0;
}

int
master_unwrap(const struct master *m, struct span wrap, uint8_t key[MASTER_KEY])
{
	uint8_t *with;
	int r;

	if (wrap.n != MASTER_WRAP || wrap.p[0] != FORMAT)
		return ERR_CORRUPT;
	if (wrap.p[AT_KIND] != m->kind)
		return wrap.p[AT_KIND] == MASTER_FILE ||
		    wrap.p[AT_KIND] == MASTER_FROM_PASSPHRASE ? ERR_KEY_TYPE : ERR_CORRUPT;
	if (get_number(wrap.p + AT_OPERATIONS) > OPERATIONS_MOST ||
	    get_number(wrap.p + AT_KIB) > KIB_MOST)
		return ERR_CORRUPT;
	if ((with = wrapping_key(m, wrap.p)) == NULL)
		return m->kind == MASTER_FILE ? ERR_NO_MEMORY : ERR_CORRUPT;
	r = crypto_aead_xchacha20poly1305_ietf_decrypt(key, NULL, NULL, wrap.p + AT_SEALED,
	    MASTER_WRAP - AT_SEALED, wrap.p, AT_SEALED, wrap.p + AT_NONCE, with);
	secret_free(with);
	return r == 0 ? 0 : ERR_VERIFY;
}
