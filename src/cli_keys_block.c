/*
 * cli_keys_block: a key block for people, field by field, and verified; and the
 * file of the key that protects it.
 */
#include "cli_keys.h"

#include <ctype.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "charset.h"
#include "cli.h"
#include "crypto/keyblock.h"
#include "err.h"
#include "hex.h"
#include "key.h"
#include "keyblock_text.h"
#include "lmk.h"
#include "secret.h"

enum { KBPK_FILE = 4096, KCV_SHOWN = 6, COMPONENT_MAX = 32 };

/* A block being checked. */
struct check {
	struct keys_job *job;
	char             tag;
	struct span      text;		/* without the tag */
	struct keyblock_header header;
	bool             aes;		/* made under an AES key */
};

/* --- the key block protection key ------------------------------------------- */

/* One line: a component, exclusive-ored into key. Empty lines and # are passed over. */
static int
add_component(struct key *key, uint8_t *line, size_t n)
{
	uint8_t *part;
	int r;

	while (n > 0 && isspace(line[n - 1]))
		n--;
	if (n == 0 || line[0] == '#')
		return 0;
	for (size_t i = 0; i < n; i++)
		line[i] = (uint8_t)toupper(line[i]);
	if (n % 2 != 0 || (key->len != 0 && n != 2u * key->len) ||
	    (n != 32 && n != 48 && n != 64))
		return ERR_KEY_LENGTH;
	if ((part = secret_alloc(COMPONENT_MAX)) == NULL)
		return ERR_NO_ROOM;
	if ((r = hex_decode(span_of(line, n), part, n / 2)) == 0) {
		key->len = (uint8_t)(n / 2);
		for (size_t i = 0; i < key->len; i++)
			key->bytes[i] ^= part[i];
	}
	secret_free(part);
	return r;
}

static int
add_components(struct key *key, uint8_t *text, size_t n)
{
	int r = 0;

	for (size_t at = 0; at < n && r == 0;) {
		uint8_t *end = memchr(text + at, '\n', n - at);
		size_t length = end != NULL ? (size_t)(end - text) - at : n - at;

		r = add_component(key, text + at, length);
		at += length + 1;
	}
	return r == 0 && key->len == 0 ? ERR_KEY_LENGTH : r;
}

/* All of a small file. The bytes, or -1. */
static ssize_t
read_file(const char *path, uint8_t *text)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 0, got = 1;

	if (fd < 0)
		return -1;
	while (got > 0 && n < KBPK_FILE && (got = read(fd, text + n, (size_t)(KBPK_FILE - n))) > 0)
		n += got;
	if (fd != STDIN_FILENO)
		close(fd);
	return got < 0 ? -1 : n;
}

int
keys_read_kbpk(struct keys_job *job, bool aes)
{
	struct key *key = key_take();
	uint8_t *text = secret_alloc(KBPK_FILE);
	ssize_t n;
	int r;

	if (key == NULL || text == NULL)
		return keys_failed(ERR_NO_ROOM);
	if ((n = read_file(job->kbpk_file, text)) < 0) {
		perror(job->kbpk_file);
		secret_free(text);
		return CLI_FAILED;
	}
	r = add_components(key, text, (size_t)n);
	secret_free(text);
	if (r == 0) {
		key->aes = aes || key->len == COMPONENT_MAX;
		job->kbpk = key;
		return 0;
	}
	fprintf(stderr, "luahsm: %s: a component is a line of 32 or 48 hexadecimal digits, or "
	    "64 for AES, and all of them are of one length\n", job->kbpk_file);
	return CLI_FAILED;
}

/* --- field by field --------------------------------------------------------- */

static void
print_header(const struct check *c)
{
	const char *p = (const char *)c->text.p;

	printf("scheme         %c  %s\n", c->tag, c->tag == 'R' ? "TR-31 key block" :
	    "Thales key block");
	printf("version        %c  %s\n", p[0], keyblock_text_version(p[0]));
	printf("length         %.4s  it has %zu characters\n", p + 1, c->text.n);
	printf("key usage      %.2s  %s\n", p + 5, keyblock_text_usage(c->tag, p + 5));
	printf("algorithm      %c  %s\n", p[7], keyblock_text_algorithm(p[7]));
	printf("mode of use    %c  %s\n", p[8], keyblock_text_mode(p[8]));
	printf("key version    %.2s  %s\n", p + 9, keyblock_text_key_version(p + 9));
	printf("exportability  %c  %s\n", p[11], keyblock_text_exportability(p[11]));
	printf("optional       %.2s  blocks\n", p + 12);
	if (c->tag == 'S')
		printf("LMK            %.2s%s\n", p + 14, memcmp(p + 14, "FF", 2) == 0 ?
		    "  none: under a ZMK" : "");
	else
		printf("reserved       %.2s\n", p + 14);
}

static void
print_options(const struct keyblock_header *h)
{
	struct span rest = h->blocks;

	for (unsigned i = 0; i < h->count; i++) {
		size_t n = keyblock_options_length(rest, 1);

		printf("  %.2s           %.*s  %s\n", (const char *)rest.p, (int)(n - 4),
		    (const char *)rest.p + 4, keyblock_text_option(rest.p));
		rest = span_sub(rest, n, rest.n - n);
	}
}

static void
print_rest(const struct check *c)
{
	size_t mac = keyblock_mac_length(c->header.version);
	size_t at = KEYBLOCK_HEADER + c->header.blocks.n;
	int r = keyblock_check(&c->header);
	char code[3] = "";

	print_options(&c->header);
	printf("encrypted key  %zu digits\n", c->text.n - at - mac);
	printf("MAC            %.*s\n", (int)mac, (const char *)c->text.p + c->text.n - mac);
	err_code(r, code);
	if (r == 0)
		puts("header         good");
	else
		printf("header         wrong: %s, %s\n", code, err_text(r));
}

/* --- verified --------------------------------------------------------------- */

/* The LMK that the header means, loaded under the identifier that is in it. 0 or exit status. */
static int
open_lmk(struct check *c)
{
	struct config *config = &c->job->config;
	const char *name = c->job->lmk_name, *id = c->header.lmk;
	unsigned number = (unsigned)(id[0] - '0') * 10 + (unsigned)(id[1] - '0');
	int r;

	if (id[0] < '0' || id[0] > '9' || id[1] < '0' || id[1] > '9' || number >= LMK_IDS) {
		printf("verified       no: there is no LMK of that identifier\n");
		return CLI_FAILED;
	}
	if (name == NULL)
		name = c->aes ? "test-aes-kb" : "test-3des-kb";
	memset(config->lmk, 0, sizeof(config->lmk));
	snprintf(config->lmk[number], sizeof(config->lmk[number]), "%s", name);
	config->lmk_default = number;
	if (config_check(config, stderr) != 0)
		return CLI_CONFIG;
	if ((r = cli_open_lmks(config)) >= 0)
		return r;
	c->job->lmk = lmk_get(config->lmk_default);
	return 0;
}

static int
print_verdict(struct check *c, int r, struct key *key)
{
	const char *by = c->job->lmk != NULL ? lmk_name(c->job->lmk) : "the KBPK";
	char kcv[KCV_SHOWN];

	if (r != 0) {
		printf("verified       no: %s (%s)\n", err_text(r), by);
		return CLI_FAILED;
	}
	printf("verified       under %s\n", by);
	if (key == NULL)
		return CLI_OK;
	printf("key length     %u bytes\n", key->len);
	if (key_kcv(key, KCV_SHOWN, kcv) == 0)
		printf("check value    %.*s\n", KCV_SHOWN, kcv);
	return CLI_OK;
}

/* The block of an elliptic curve's key, which holds no symmetric one. */
static int
verify_raw(struct check *c)
{
	uint8_t *clear = secret_alloc(KEYBLOCK_MAX);
	size_t n;
	int r;

	if (clear == NULL)
		return keys_failed(ERR_NO_ROOM);
	r = lmk_raw_unwrap(c->job->lmk, KEYBLOCK_TEXT, c->text, &c->header, clear, &n);
	secret_free(clear);
	return print_verdict(c, r, NULL);
}

static int
verify(struct check *c)
{
	struct key *key;
	size_t len;
	int r;

	if (c->job->kbpk_file != NULL) {
		if ((r = cli_open_lmks(&c->job->config)) >= 0 ||
		    (r = keys_read_kbpk(c->job, c->aes)) != 0)
			return r;
	} else if (c->tag == 'R' || memcmp(c->header.lmk, "FF", 2) == 0) {
		puts("verified       no: the key that protects it is needed: --kbpk FILE");
		return CLI_FAILED;
	} else if ((r = open_lmk(c)) != 0) {
		return r;
	}
	if (c->header.algorithm == 'E' && c->job->kbpk == NULL)
		return verify_raw(c);
	if ((key = key_take()) == NULL)
		return keys_failed(ERR_NO_ROOM);
	if (c->job->kbpk != NULL)
		r = keyblock_unwrap(&c->header, c->text, c->job->kbpk->bytes, c->job->kbpk->len,
		    key->bytes, &len);
	else
		r = lmk_block_unwrap(c->job->lmk, c->text, &c->header, key->bytes, &len);
	if (r == 0 && c->job->kbpk != NULL)
		r = keyblock_check(&c->header);
	key->header = c->header;
	if (r == 0)
		key_from_block(key, c->tag, len);
	return print_verdict(c, r, key);
}

int
keys_check_block(struct keys_job *job, const char *text)
{
	struct check c = { .job = job, .text = span_str(text) };
	int r;

	c.tag = text[0] == 'S' || text[0] == 'R' ? text[0] :
	    text[0] >= 'A' && text[0] <= 'D' ? 'R' : 'S';
	if (c.tag == text[0])
		c.text = span_str(text + 1);
	if (c.text.n < KEYBLOCK_HEADER || !charset_all(c.text, CHAR_PRINT)) {
		fprintf(stderr, "luahsm: a key block has a header of %d printable characters, and "
		    "more behind it\n", KEYBLOCK_HEADER);
		return CLI_FAILED;
	}
	print_header(&c);
	if ((r = keyblock_read(c.tag, c.text, &c.header)) != 0) {
		printf("form           wrong: %s\n", err_text(r));
		return CLI_FAILED;
	}
	c.aes = !keyblock_is_des(c.header.version);
	print_rest(&c);
	return verify(&c);
}
