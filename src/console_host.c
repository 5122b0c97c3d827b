/*
 * console_host: KG, IK, KE and CK, which are the host commands A0, A6, A8 and BU: they go to
 * this server's own socket, so that there is one way to do them.
 */
#include "console.h"

#include <string.h>
#include <unistd.h>

#include "client.h"
#include "config.h"
#include "err.h"
#include "key.h"
#include "lmk.h"

enum { TYPE = 3, KCV = 6, CODES = 4, SINGLE = 8, COMMAND = 2 * CONSOLE_LINE };

struct command {
	char   text[COMMAND];
	size_t n;
	char   type[TYPE + 1];
};

static bool
under_blocks(const struct console *c)
{
	return lmk_scheme(c->lmk) != LMK_VARIANT;
}

static void
put(struct command *m, const char *text)
{
	size_t n = strlen(text);

	if (m->n + n < sizeof(m->text)) {
		memcpy(m->text + m->n, text, n + 1);
		m->n += n;
	}
}

/* Ask for a field; what is typed goes behind the others, with mark in front if it has none. */
static bool
ask_field(struct console *c, struct command *m, const char *text, const char *mark)
{
	if (!console_ask(c, text))
		return false;
	if (c->n > 0 && c->line[0] != mark[0])
		put(m, mark);
	put(m, c->line);
	return true;
}

/* Begin with the code and what is in front of the type, which a key block says itself. */
static bool
ask_type(struct console *c, struct command *m, const char *code)
{
	*m = (struct command){ .n = 0, .type = "FFF" };
	put(m, code);
	if (under_blocks(c)) {
		put(m, m->type);
		return true;
	}
	if (!console_ask(c, "Key type"))
		return false;
	snprintf(m->type, sizeof(m->type), "%s", c->line);
	put(m, c->line);
	return true;
}

/* The scheme under the LMK: there is one only where that is for key blocks. */
static bool
ask_own_scheme(struct console *c, struct command *m)
{
	if (!under_blocks(c))
		return ask_field(c, m, "Key scheme (LMK)", "");
	put(m, "S");
	return true;
}

static bool
ask_atalla(struct console *c, struct command *m)
{
	return !c->config->atalla || ask_field(c, m, "Atalla variant (none)", "");
}

static void
put_lmk(struct console *c, struct command *m)
{
	char text[4];

	snprintf(text, sizeof(text), "%%%02u", lmk_id(c->lmk) % LMK_IDS);
	put(m, text);
}

/* What a key block needs that leaves in this scheme. */
static bool
ask_outside(struct console *c, struct command *m, char scheme)
{
	if (scheme != 'R' && scheme != 'S')
		return true;
	return ask_field(c, m, under_blocks(c) ? "Exportability there (none: as here)" :
	    "Usage, mode, version, exportability, blocks, such as P0B00S00", "&") &&
	    (scheme == 'S' || ask_field(c, m, "Version of the block [A,B,C,D]", "!"));
}

/* Send it. The reply from its error code on; empty after a line. */
static struct span
send_command(struct console *c, const struct command *m)
{
	static uint8_t reply[FRAME_LIMIT];
	char message[COMMAND + 256];
	size_t header = c->config->header_length, n = 0;
	int fd = client_unix(c->config->socket);
	bool good;

	memset(message, '0', header);
	memcpy(message + header, m->text, m->n);
	good = fd >= 0 && client_send(fd, span_of(message, header + m->n), CLIENT_MS) == 0 &&
	    client_receive(fd, reply, &n, CLIENT_MS) == 0 && n >= header + CODES;
	if (fd >= 0)
		close(fd);
	if (good)
		return span_of(reply + header + 2, n - header - 2);
	console_say(c, "This server does not answer on its socket.");
	return span_of(reply, 0);
}

/* The next key of the reply, with its name. */
static struct span
print_key(struct console *c, struct span reply, const char *name)
{
	size_t n;

	if (key_field_length(reply, SINGLE, &n) != 0 || n > reply.n)
		n = reply.n;
	console_say(c, "%s: %.*s", name, (int)n, (const char *)reply.p);
	return span_sub(reply, n, reply.n - n);
}

/* Send it, with a record that it is about to be, and one more if it fails. The reply; or empty. */
static struct span
send_recorded(struct console *c, const struct command *m, const char *verb)
{
	struct span reply;
	char operation[16];
	int r;

	snprintf(operation, sizeof(operation), "%s-key", verb);
	if (!console_record(c, operation, m->type, 0))
		return span_of(m->text, 0);
	reply = send_command(c, m);
	r = reply.n > 0 ? err_parse((const char *)reply.p) : ERR_SYSTEM;
	if (r != 0 && !console_record(c, operation, m->type, r))
		reply.n = 0;
	return reply;
}

/* Do it and print the keys of the reply under these names. */
static void
run(struct console *c, const struct command *m, const char *verb, const char *first,
    const char *second)
{
	struct span reply = send_recorded(c, m, verb);
	char type[TYPE + 1];
	int r;

	if (reply.n == 0)
		return;
	r = err_parse((const char *)reply.p);
	if (r != 0)
		console_say(c, "Error %.2s: %s", (const char *)reply.p, err_text(r));
	for (size_t i = 0; i <= TYPE; i++)	/* as activities have it */
		type[i] = (char)(m->type[i] >= 'A' && m->type[i] <= 'F' ? m->type[i] + 'a' - 'A' :
		    m->type[i]);
	if (r == ERR_AUTHORISED)
		console_say(c, "It takes the activity %s.%s.host: see A.", verb, type);
	/* with 01 the key comes all the same, its parity corrected */
	if ((reply = span_sub(reply, 2, reply.n - 2)).n < KCV)
		return;
	reply = print_key(c, reply, first);
	if (second != NULL)
		reply = print_key(c, reply, second);
	console_say(c, "Key check value: %.*s", (int)reply.n, (const char *)reply.p);
}

static void
generate_key(struct console *c)
{
	enum { MODE = 2 };
	struct command m;
	char scheme = '\0';
	bool sent;

	if (!ask_type(c, &m, "A00") || !ask_own_scheme(c, &m) ||
	    !ask_field(c, &m, "ZMK (none: it stays here)", ""))
		return;
	if ((sent = c->n > 0)) {
		m.text[MODE] = '1';
		if (!ask_field(c, &m, "Key scheme (ZMK)", ""))
			return;
		scheme = c->line[0];
		if (!ask_atalla(c, &m))
			return;
	}
	put_lmk(c, &m);
	if (under_blocks(c) && !ask_field(c, &m, "Usage, algorithm, mode, version, "
	    "exportability, blocks, such as 72T2N00S00", "#"))
		return;
	if (ask_outside(c, &m, scheme))
		run(c, &m, "generate", "Key under LMK", sent ? "Key under ZMK" : NULL);
}

static void
import_key(struct console *c)
{
	struct command m;

	if (!ask_type(c, &m, "A6") || !ask_field(c, &m, "ZMK", "") ||
	    !ask_field(c, &m, "Key under ZMK", "") || !ask_own_scheme(c, &m) ||
	    !ask_atalla(c, &m))
		return;
	put_lmk(c, &m);
	if (!under_blocks(c) || ask_field(c, &m, "Usage and blocks, or without a header usage, "
	    "mode, version, exportability, blocks (none)", "#"))
		run(c, &m, "import", "Key under LMK", NULL);
}

static void
export_key(struct console *c)
{
	struct command m;
	char scheme;

	if (!ask_type(c, &m, "A8") || !ask_field(c, &m, "ZMK", "") ||
	    !ask_field(c, &m, "Key under LMK", "") || !ask_field(c, &m, "Key scheme (ZMK)", ""))
		return;
	scheme = c->line[0];
	if (!ask_atalla(c, &m))
		return;
	put_lmk(c, &m);
	if (ask_outside(c, &m, scheme))
		run(c, &m, "export", "Key under ZMK", NULL);
}

/* BU's length flag for a key field. */
static char
length_flag(const char *field, size_t n)
{
	switch (field[0]) {
	case 'S':
		return 'F';
	case 'U':
	case 'X':
		return '1';
	case 'T':
	case 'Y':
		return '2';
	default:
		return n == 4 * SINGLE ? '1' : '0';
	}
}

static void
check_key(struct console *c)
{
	struct command m, kind;
	struct span reply;
	char flag[2] = "", digits;
	int r;

	if (!ask_type(c, &kind, "") || !console_ask(c, "Key"))
		return;
	m = (struct command){ .n = 0 };
	flag[0] = length_flag(c->line, c->n);
	put(&m, "BUFF");
	put(&m, flag);
	put(&m, c->line);
	if ((digits = console_choose(c, "Check value [1 six digits, 0 sixteen]", "10")) == '\0')
		return;
	put(&m, ";");
	put(&m, kind.type);
	put(&m, digits == '1' ? ";001" : ";000");
	put_lmk(c, &m);
	if ((reply = send_command(c, &m)).n == 0)
		return;
	if ((r = err_parse((const char *)reply.p)) != 0)
		console_say(c, "Error %.2s: %s", (const char *)reply.p, err_text(r));
	else
		console_say(c, "Key check value: %.*s", (int)reply.n - 2,
		    (const char *)reply.p + 2);
}

const struct console_command console_host[] = {
	{ "KG", generate_key, "generate a key" },
	{ "IK", import_key, "import a key" },
	{ "KE", export_key, "export a key" },
	{ "CK", check_key, "check value of a key" },
	{ NULL, NULL, NULL },
};
