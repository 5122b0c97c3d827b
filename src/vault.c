/*
 * vault: what is in it, and its file.
 *
 * The file: a title, the wrap of the data key, a nonce, the sealed records, a
 * checksum. All in front of the records is bound to them.
 */
#include "vault.h"

#include <assert.h>
#include <ctype.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <sodium.h>

#include "err.h"
#include "lmk_test.h"
#include "ownfile.h"
#include "paths.h"
#include "rng.h"
#include "secret.h"

static const char title[] = "luahsm vault 1\n";

enum {
	TITLE = sizeof(title) - 1, NONCE = 24, TAG = 16, SUM = 16,
	AT_WRAP = TITLE, AT_NONCE = AT_WRAP + MASTER_WRAP, AT_SEALED = AT_NONCE + NONCE,
	/* state, scheme, id, status; created; name, comment; value */
	LMK_RECORD = 4 + 8 + LMK_NAME + VAULT_COMMENT + LMK_BYTES,
	OFFICER_RECORD = LMK_NAME + VAULT_HASH,
	RECORDS = 2 + VAULT_LMKS * LMK_RECORD + VAULT_OFFICERS * OFFICER_RECORD,
	FILE_LEAST = AT_SEALED + 2 + TAG + SUM, FILE_MOST = AT_SEALED + RECORDS + TAG + SUM
};

static_assert(NONCE == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES &&
    TAG == crypto_aead_xchacha20poly1305_ietf_ABYTES && SUM == crypto_generichash_BYTES_MIN &&
    VAULT_HASH == crypto_pwhash_STRBYTES, "the fields of the file");

/* --- records ------------------------------------------------------------- */

static void
put_text(uint8_t **p, const char *text, size_t size)
{
	memcpy(*p, text, strnlen(text, size));
	*p += size;
}

static void
get_text(const uint8_t **p, char *text, size_t size)
{
	memcpy(text, *p, size);
	*p += size;
}

/* Into zeroed memory. */
static size_t
put_records(const struct vault *v, uint8_t *out)
{
	uint8_t *p = out;

	*p++ = (uint8_t)v->lmks;
	*p++ = (uint8_t)v->officers;
	for (size_t i = 0; i < v->lmks; i++) {
		const struct vault_lmk *l = &v->lmk[i];

		*p++ = (uint8_t)l->state;
		*p++ = (uint8_t)l->value.scheme;
		*p++ = (uint8_t)l->id;
		*p++ = l->test;
		for (int shift = 56; shift >= 0; shift -= 8)
			*p++ = (uint8_t)((uint64_t)l->created >> shift);
		put_text(&p, l->name, LMK_NAME);
		put_text(&p, l->comment, VAULT_COMMENT);
		memcpy(p, l->value.bytes, l->value.len);
		p += LMK_BYTES;
	}
	for (size_t i = 0; i < v->officers; i++) {
		put_text(&p, v->officer[i].name, LMK_NAME);
		put_text(&p, v->officer[i].hash, VAULT_HASH);
	}
	return (size_t)(p - out);
}

/* From authentic bytes; 0, or ERR_CORRUPT all the same. */
static int
get_records(struct vault *v, const uint8_t *p, size_t n)
{
	size_t lmks = p[0], officers = p[1];

	if (lmks > VAULT_LMKS || officers > VAULT_OFFICERS ||
	    n != 2 + lmks * LMK_RECORD + officers * OFFICER_RECORD)
		return ERR_CORRUPT;
	p += 2;
	for (v->lmks = 0; v->lmks < lmks; v->lmks++) {
		struct vault_lmk *l = &v->lmk[v->lmks];
		uint64_t created = 0;

		if (p[0] > VAULT_NEW || p[1] > LMK_AES_BLOCK || p[2] >= LMK_IDS)
			return ERR_CORRUPT;
		l->state = (enum vault_state)p[0];
		l->value.scheme = (enum lmk_scheme)p[1];
		l->value.len = lmk_value_length(l->value.scheme);
		l->id = p[2];
		l->test = p[3] != 0;
		for (int i = 4; i < 12; i++)
			created = created << 8 | p[i];
		l->created = (int64_t)created;
		p += 12;
		get_text(&p, l->name, LMK_NAME);
		get_text(&p, l->comment, VAULT_COMMENT);
		memcpy(l->value.bytes, p, l->value.len);
		p += LMK_BYTES;
	}
	for (v->officers = 0; v->officers < officers; v->officers++) {
		get_text(&p, v->officer[v->officers].name, LMK_NAME);
		get_text(&p, v->officer[v->officers].hash, VAULT_HASH);
	}
	return 0;
}

/* --- the file ------------------------------------------------------------ */

static struct vault *
no_room(FILE *err)
{
	fputs("luahsm: no room for the vault in the memory for keys\n", err);
	return NULL;
}

struct vault *
vault_new(const struct master *m, FILE *err)
{
	struct vault *v = secret_alloc(sizeof(*v));

	if (v == NULL)
		return no_room(err);
	rng_bytes(v->key, sizeof(v->key));
	if (vault_rewrap(v, m) == 0)
		return v;
	vault_free(v);
	fputs("luahsm: no memory to work on the passphrase\n", err);
	return NULL;
}

void
vault_free(struct vault *v)
{
	secret_free(v);
}

int
vault_rewrap(struct vault *v, const struct master *m)
{
	return master_wrap(m, v->key, v->wrap);
}

int
vault_save(const struct vault *v, const char *path, FILE *err)
{
	uint8_t file[FILE_MOST], *records = secret_alloc(RECORDS);
	size_t n;

	if (records == NULL) {
		(void)no_room(err);
		return -1;
	}
	n = put_records(v, records);
	memcpy(file, title, TITLE);
	memcpy(file + AT_WRAP, v->wrap, MASTER_WRAP);
	rng_bytes(file + AT_NONCE, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(file + AT_SEALED, NULL, records, n, file,
	    AT_SEALED, NULL, file + AT_NONCE, v->key);
	secret_free(records);
	n += AT_SEALED + TAG;
	crypto_generichash(file + n, SUM, file, n, NULL, 0);
	return ownfile_replace(path, span_of(file, n + SUM), err);
}

static const char *
why_not(int r)
{
	switch (r) {
	case ERR_VERIFY:
		return "wrong passphrase";
	case ERR_NO_MEMORY:
		return "no memory to work on the passphrase";
	case ERR_KEY_TYPE:
		return "is not sealed under a passphrase";
	default:
		return "the vault has been tampered with: its records are not what was sealed";
	}
}

/* What is in the n bytes of a file. 0 or what why_not explains. */
static int
unseal(struct vault *v, const struct master *m, const uint8_t *file, size_t n)
{
	size_t sealed = n - AT_SEALED - SUM;
	uint8_t *records;
	int r;

	memcpy(v->wrap, file + AT_WRAP, MASTER_WRAP);
	if ((r = master_unwrap(m, span_of(v->wrap, MASTER_WRAP), v->key)) != 0)
		return r;
	if ((records = secret_alloc(RECORDS)) == NULL)
		return ERR_NO_MEMORY;
	r = crypto_aead_xchacha20poly1305_ietf_decrypt(records, NULL, NULL, file + AT_SEALED,
	    sealed, file, AT_SEALED, file + AT_NONCE, v->key) == 0 ?
	    get_records(v, records, sealed - TAG) : ERR_CORRUPT;
	secret_free(records);
	return r;
}

/* Is it a vault, and whole? NULL, or what is wrong. */
static const char *
check_file(const uint8_t *file, ssize_t n)
{
	uint8_t sum[SUM];

	if (n < FILE_LEAST || n > FILE_MOST || memcmp(file, title, TITLE) != 0)
		return "is not a vault";
	crypto_generichash(sum, SUM, file, (size_t)n - SUM, NULL, 0);
	return memcmp(sum, file + n - SUM, SUM) == 0 ? NULL :
	    "the vault is damaged: its checksum is wrong; take a copy of it";
}

struct vault *
vault_open(const char *path, const struct master *m, FILE *err)
{
	uint8_t file[FILE_MOST + 1];
	struct vault *v = secret_alloc(sizeof(*v));
	const char *why;
	ssize_t n;
	int fd, r = 0;

	if (v == NULL)
		return no_room(err);
	if ((fd = ownfile_open(path, O_RDONLY, err)) < 0) {
		vault_free(v);
		return NULL;
	}
	n = read(fd, file, sizeof(file));
	close(fd);
	if ((why = check_file(file, n)) == NULL && (r = unseal(v, m, file, (size_t)n)) == 0)
		return v;
	fprintf(err, "%s: %s\n", path, why != NULL ? why : why_not(r));
	vault_free(v);
	return NULL;
}

int
vault_lock(const char *path, FILE *err)
{
	char dir[PATH_MAX];
	int fd;

	if (paths_make_for(path, 0700, err) != 0)
		return -1;
	snprintf(dir, sizeof(dir), "%s", path);
	fd = open(dirname(dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 && flock(fd, LOCK_EX) == 0)
		return fd;
	fprintf(err, "%s: its folder can't be locked\n", path);
	if (fd >= 0)
		close(fd);
	return -1;
}

/* --- what is in it ------------------------------------------------------- */

bool
vault_name_good(const char *name)
{
	size_t n = strlen(name);

	if (n == 0 || n > LMK_NAME || !isalnum((unsigned char)name[0]))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)name[i]) && strchr("-_.", name[i]) == NULL)
			return false;
	return true;
}

struct vault_lmk *
vault_find(struct vault *v, const char *name)
{
	for (size_t i = 0; i < v->lmks; i++)
		if (strcmp(v->lmk[i].name, name) == 0)
			return &v->lmk[i];
	return NULL;
}

static int
refuse(FILE *err, const char *name, const char *why)
{
	fprintf(err, "luahsm: LMK %.40s: %s\n", name, why);
	return -1;
}

/* Is there a live one with that id, or one in the storage for it? */
static bool
place_taken(const struct vault *v, const struct vault_lmk *lmk)
{
	for (size_t i = 0; i < v->lmks; i++)
		if (v->lmk[i].id == lmk->id &&
		    (v->lmk[i].state == VAULT_LIVE) == (lmk->state == VAULT_LIVE))
			return true;
	return false;
}

int
vault_add(struct vault *v, const struct vault_lmk *lmk, FILE *err)
{
	const char *fault;

	if (!vault_name_good(lmk->name) || strcmp(lmk->name, "none") == 0 ||
	    lmk_test_find(lmk->name) != NULL)
		return refuse(err, lmk->name, "choose another name: letters, digits and -_. and "
		    "not that of a public test LMK");
	if (vault_find(v, lmk->name) != NULL)
		return refuse(err, lmk->name, "the vault has one of that name");
	if (lmk->id >= LMK_IDS || place_taken(v, lmk))
		return refuse(err, lmk->name, "its id is taken; choose another from 00 to 19");
	if (!lmk->test && lmk_value_published(&lmk->value))
		return refuse(err, lmk->name, "it is a published test LMK, which has test status "
		    "only");
	if (!lmk->test && (fault = lmk_value_fault(&lmk->value)) != NULL)
		return refuse(err, lmk->name, fault);
	if (v->lmks == VAULT_LMKS)
		return refuse(err, lmk->name, "the vault is full");
	v->lmk[v->lmks++] = *lmk;
	return 0;
}

void
vault_remove(struct vault *v, struct vault_lmk *lmk)
{
	*lmk = v->lmk[--v->lmks];
	sodium_memzero(&v->lmk[v->lmks], sizeof(*lmk));
}

/* The one of that id and state, or NULL. */
static struct vault_lmk *
find_state(struct vault *v, unsigned id, enum vault_state state)
{
	for (size_t i = 0; i < v->lmks; i++)
		if (v->lmk[i].id == id && v->lmk[i].state == state)
			return &v->lmk[i];
	return NULL;
}

int
vault_change(struct vault *v, const char *name, FILE *err)
{
	struct vault_lmk *lmk = vault_find(v, name), *live;

	if (lmk == NULL || lmk->state != VAULT_NEW)
		return refuse(err, name, "it is no new LMK in key change storage");
	if ((live = find_state(v, lmk->id, VAULT_LIVE)) != NULL) {
		if (find_state(v, lmk->id, VAULT_OLD) != NULL)
			return refuse(err, name, "delete the old LMK of its id first");
		live->state = VAULT_OLD;
	}
	lmk->state = VAULT_LIVE;
	return 0;
}

struct vault_officer *
vault_officer(struct vault *v, const char *name)
{
	for (size_t i = 0; i < v->officers; i++)
		if (strcmp(v->officer[i].name, name) == 0)
			return &v->officer[i];
	return NULL;
}

struct vault_officer *
vault_officer_add(struct vault *v, const char *name)
{
	struct vault_officer *o;

	if (!vault_name_good(name) || v->officers == VAULT_OFFICERS)
		return NULL;
	o = &v->officer[v->officers++];
	memset(o, 0, sizeof(*o));
	memcpy(o->name, name, strlen(name));
	return o;
}

void
vault_officer_remove(struct vault *v, struct vault_officer *o)
{
	*o = v->officer[--v->officers];
	sodium_memzero(&v->officer[v->officers], sizeof(*o));
}
