/*
 * console_keys: working keys and their components. A clear component is typed unseen
 * and kept in the slab; GC prints one, as the device does, for the officer to write down.
 *
 * KG, IK, KE and CK are the host commands A0, A6, A8 and BU: they go to this server's own
 * socket, so that there is one way to do them.
 */
#include "console.h"

#include <string.h>
#include <unistd.h>

#include "client.h"
#include "config.h"
#include "crypto/parity.h"
#include "err.h"
#include "hex.h"
#include "log.h"
#include "key.h"
#include "keytype.h"
#include "lmk.h"
#include "secret.h"

enum { TYPE = 3, KCV_SHOWN = 6, PARTS = 9 };

struct asked {
	unsigned type;
	char     text[TYPE + 1];	/* in small letters, for activities */
	char     scheme;
	size_t   len;
};

/* Key type, length and scheme; variant LMKs only. */
static bool
ask_kind(struct console *c, struct asked *a, const char *category)
{
	char length;

	if (lmk_scheme(c->lmk) != LMK_VARIANT) {
		console_say(c, "This takes a variant LMK; use KG, or A4 from a host.");
		return false;
	}
	if ((length = console_choose(c, "Key length [1,2,3]", "213")) == '\0' ||
	    !console_ask(c, "Key type"))
		return false;
	console_upper(c);
	a->type = keytype_parse(span_of(c->line, c->n));
	if (a->type == KEYTYPE_NONE || a->type == KEYTYPE_BLOCK) {
		console_say(c, "There is no such key type.");
		return false;
	}
	a->len = 8 * (size_t)(length - '0');
	a->scheme = "ZUT"[length - '1'];
	snprintf(a->text, sizeof(a->text), "%03x", a->type);
	return console_may(c, category, a->text);
}

/* The type under which components are encrypted. */
static unsigned
part_type(const struct console *c, const struct asked *a)
{
	return a->type | (c->config->component_ff ? (unsigned)KEYTYPE_COMPONENT : 0);
}

/* "Encrypted component: ..." and its check value. */
static void
print_key(struct console *c, struct key *key, unsigned type, const struct asked *a,
    const char *what)
{
	char field[KEY_FIELD_MAX], kcv[KCV_SHOWN];
	size_t n;
	int r;

	if ((r = key_wrap(c->lmk, key, type, a->scheme, field, &n)) != 0 ||
	    (r = key_kcv(key, KCV_SHOWN, kcv)) != 0) {
		console_say(c, "%s", err_text(r));
		return;
	}
	console_say(c, "%s: %.*s", what, (int)n, field);
	console_say(c, "Key check value: %.*s", KCV_SHOWN, kcv);
}

static void
generate_component(struct console *c)
{
	struct secret *text = secret_take();
	struct key *key = key_take();
	struct asked a;

	if (text == NULL || key == NULL || !ask_kind(c, &a, "component") ||
	    key_random(key, a.len) != 0)
		return;
	hex_encode(key->bytes, key->len, (char *)text->bytes);
	log_event(LOG_INFO, "component-shown", "session", 'u', c->session, NULL);
	fprintf(c->out, "Clear component: ");
	fflush(c->out);
	/* past stdio's buffer, which is not the slab */
	if (write(c->fd, text->bytes, 2u * key->len) < 0)
		return;
	console_say(c, "%s", "");
	print_key(c, key, part_type(c, &a), &a, "Encrypted component");
}

/* A clear component, typed: digits of its length, odd parity. */
static struct key *
ask_component(struct console *c, const struct asked *a, const char *text)
{
	struct key *key = key_take();

	if (key == NULL || !console_ask_bytes(c, text, key->bytes, a->len))
		return NULL;
	key->len = (uint8_t)a->len;
	key->scheme = a->scheme;
	key->type = (uint16_t)a->type;
	return key;
}

static void
encrypt_component(struct console *c)
{
	struct asked a;
	struct key *key;

	if (!ask_kind(c, &a, "component") ||
	    (key = ask_component(c, &a, "Component")) == NULL)
		return;
	key_force_parity(key);
	print_key(c, key, part_type(c, &a), &a, "Encrypted component");
}

/* The next component of a key that is formed. NULL after a line. */
static struct key *
next_part(struct console *c, const struct asked *a, char kind, unsigned number)
{
	char text[40];
	struct key *key;
	int r;

	snprintf(text, sizeof(text), "%s component %u", kind == 'X' ? "Clear" : "Encrypted",
	    number);
	if (kind == 'X')
		return ask_component(c, a, text);
	if (!console_ask(c, text))
		return NULL;
	if ((r = key_open(c->lmk, part_type(c, a), span_of(c->line, c->n), &key)) != 0 ||
	    key->len != a->len || !key->odd) {
		console_say(c, "It is no such component under this LMK.");
		return NULL;
	}
	return key;
}

/* Exclusive or, with the rules that GY and A4 have: none twice, none zero, a good sum. */
static bool
add_parts(struct console *c, const struct asked *a, char kind, unsigned parts, struct key *sum)
{
	struct key *part[PARTS];

	for (unsigned i = 0; i < parts; i++) {
		if ((part[i] = next_part(c, a, kind, i + 1)) == NULL)
			return false;
		for (unsigned j = 0; j < i; j++)
			if (memcmp(part[i]->bytes, part[j]->bytes, a->len) == 0) {
				console_say(c, "A component is there twice.");
				return false;
			}
		if (key_is_zero(part[i], false)) {
			console_say(c, "A component is all zeros.");
			return false;
		}
		for (size_t k = 0; k < a->len; k++)
			sum->bytes[k] ^= part[i]->bytes[k];
	}
	sum->len = (uint8_t)a->len;
	sum->scheme = a->scheme;
	key_force_parity(sum);
	if (key_is_zero(sum, false) || key_is_weak(sum)) {
		console_say(c, "The components form a weak key.");
		return false;
	}
	return true;
}

static void
form_key(struct console *c)
{
	struct asked a;
	struct key *sum;
	char kind, parts;

	if (!ask_kind(c, &a, "component") ||
	    (kind = console_choose(c, "Component type [X clear, E encrypted]", "XE")) == '\0' ||
	    (parts = console_choose(c, "Number of components [2-9]", "23456789")) == '\0' ||
	    (sum = key_take()) == NULL ||
	    !add_parts(c, &a, kind, (unsigned)(parts - '0'), sum))
		return;
	print_key(c, sum, a.type, &a, "Encrypted key");
}

/* --- by host command ----------------------------------------------------- */

/* Send a host command to this server and print what comes back. */
static void
host_command(struct console *c, const char *command)
{
	static uint8_t reply[FRAME_LIMIT];
	char message[CONSOLE_LINE + 256];
	size_t header = c->config->header_length, n = 0;
	int fd = client_unix(c->config->socket), len;

	memset(message, '0', header);
	len = snprintf(message + header, sizeof(message) - header, "%s%%%02u", command,
	    lmk_id(c->lmk));
	if (fd < 0 || len < 0 || header + (size_t)len >= sizeof(message) ||
	    client_send(fd, span_of(message, header + (size_t)len), CLIENT_MS) != 0 ||
	    client_receive(fd, reply, &n, CLIENT_MS) != 0 || n < header + 4)
		console_say(c, "This server does not answer on its socket.");
	else if (memcmp(reply + header + 2, "00", 2) != 0)
		console_say(c, "Error %.2s: %s", (char *)reply + header + 2,
		    err_text(err_parse((char *)reply + header + 2)));
	else
		console_say(c, "%.*s", (int)(n - header - 4), (char *)reply + header + 4);
	if (fd >= 0)
		close(fd);
}

/* Send a host command, asking for its fields, one after the other. */
static void
ask_fields(struct console *c, const char *code, const char *const *texts)
{
	char command[CONSOLE_LINE];
	size_t at = strlen(code);

	memcpy(command, code, at);
	for (; *texts != NULL; texts++) {
		if (!console_ask(c, *texts) || at + c->n + 1 > sizeof(command))
			return;
		memcpy(command + at, c->line, c->n + 1);
		at += c->n;
	}
	host_command(c, command);
}

static void
generate_key(struct console *c)
{
	static const char *const texts[] = { "Key type", "Key scheme (LMK)", NULL };

	ask_fields(c, "A00", texts);
}

static void
import_key(struct console *c)
{
	static const char *const texts[] = { "Key type", "ZMK", "Key under ZMK", "Key scheme (LMK)",
	    NULL };

	ask_fields(c, "A6", texts);
}

static void
export_key(struct console *c)
{
	static const char *const texts[] = { "Key type", "ZMK", "Key under LMK", "Key scheme (ZMK)",
	    NULL };

	ask_fields(c, "A8", texts);
}

static void
check_key(struct console *c)
{
	char type[TYPE + 1], command[CONSOLE_LINE + 32];

	if (!console_ask(c, "Key type") || c->n != TYPE)
		return;
	memcpy(type, c->line, c->n + 1);
	if (!console_ask(c, "Key"))
		return;
	snprintf(command, sizeof(command), "BUFF%c%s;%s;001", c->line[0] == 'S' ? 'F' :
	    c->line[0] == 'U' || c->line[0] == 'X' ? '1' : c->line[0] == 'T' ||
	    c->line[0] == 'Y' ? '2' : '0', c->line, type);
	host_command(c, command);
}

const struct console_command console_keys[] = {
	{ "GC", generate_component, "generate a key component" },
	{ "EC", encrypt_component, "encrypt a clear component" },
	{ "FK", form_key, "form a key from components" },
	{ "KG", generate_key, "generate a key" },
	{ "IK", import_key, "import a key" },
	{ "KE", export_key, "export a key" },
	{ "CK", check_key, "check value of a key" },
	{ NULL, NULL, NULL },
};
