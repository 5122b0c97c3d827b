/*
 * kms_key: fields as the commands' pages have them. A daemon may be another
 * one than ours, so nothing of an answer is believed before it was looked at.
 */
#include "kms_key.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Codes of the commands; a %s is the key's name. */
static const struct trouble {
	char        code[3];
	const char *text;
} troubles[] = {
	{ "01", "invalid signature" },
	{ "30", "there is no key %s" },
	{ "31", "key %s has no such version" },
	{ "32", "key %s exists already, with another algorithm or where only a new name will do" },
	{ "34", "this version of key %s is disabled or destroyed" },
	{ "35", "this user may not do that with key %s" },
	{ "36", "bad digest: its length fits neither the hash nor key %s" },
	{ "37", "key %s signs messages, not digests" },
	{ "38", "the daemon's key store cannot be reached" },
	{ "39", "the daemon cannot write its audit log, so it does not sign" },
	{ "40", "the daemon does not know this algorithm" },
	{ "67", "the daemon does not serve this command: are its plug-ins Z0 to Z8 there?" },
	{ "68", "this command is disabled in the daemon's configuration" },
};

uint32_t
kms_key_version(const char *text)
{
	size_t n = strspn(text, "0123456789");

	return n == 0 || n > 6 || text[n] != '\0' ? 0 : (uint32_t)strtoul(text, NULL, 10);
}

int
kms_key_named(const char *reference, char name[KMS_NAME_MAX + 1], uint32_t *version,
    char *error, size_t room)
{
	size_t letters = 0, n;
	const char *at;

	while (isalpha((unsigned char)reference[letters]))
		letters++;
	if (letters > 0 && strncmp(reference + letters, "://", 3) == 0)
		reference += letters + 3;
	n = strlen(reference);
	at = strrchr(reference, '@');
	*version = at != NULL && at != reference ? kms_key_version(at + 1) : 0;
	if (*version > 0)
		n = (size_t)(at - reference);
	if (n == 0) {
		snprintf(error, room, "the key has no name: use luahsm://NAME");
		return -1;
	}
	if (n > KMS_NAME_MAX) {
		snprintf(error, room, "the key's name has %zu bytes, more than %d", n,
		    KMS_NAME_MAX);
		return -1;
	}
	for (size_t i = 0; i < n; i++) {
		if (!isgraph((unsigned char)reference[i])) {
			snprintf(error, room, "the key's name has a character that is not "
			    "printable ASCII");
			return -1;
		}
	}
	memcpy(name, reference, n);
	name[n] = '\0';
	return 0;
}

const char *
kms_state_name(enum kms_state state)
{
	static const char *const names[] = { "enabled", "disabled", "destroyed" };

	return names[state];
}

void
kms_begin_key(struct kms_daemon *d, const char command[2], const char *name)
{
	kms_begin(d, command);
	kms_add(d, "%02zX", strlen(name));
	kms_add_bytes(d, name, strlen(name));
}

int
kms_refused(struct kms_daemon *d, const char *code, const char *name)
{
	for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++) {
		if (strcmp(code, troubles[i].code) == 0) {
			const char *mark = strstr(troubles[i].text, "%s");

			if (mark == NULL)
				return kms_fail(d, "%s", troubles[i].text);
			return kms_fail(d, "%.*s%s%s", (int)(mark - troubles[i].text),
			    troubles[i].text, name, mark + 2);
		}
	}
	return kms_fail(d, "the daemon answers with error %.2s", code);
}

int64_t
kms_digits(struct span rest, size_t at, size_t n)
{
	int64_t value = 0;

	if (rest.n < at + n)
		return -1;
	for (size_t i = at; i < at + n; i++) {
		if (rest.p[i] < '0' || rest.p[i] > '9')
			return -1;
		value = 10 * value + rest.p[i] - '0';
	}
	return value;
}

/* Ask, and refuse every code but 00. */
static int
ask(struct kms_daemon *d, const char *name, struct span *rest)
{
	char code[3];

	if (kms_ask(d, code, rest) != 0)
		return -1;
	kms_say(d, KMS_DEBUG, "answer %s and %zu bytes", code, rest->n);
	return strcmp(code, "00") == 0 ? 0 : kms_refused(d, code, name);
}

/* Algorithm, version and state, which stand side by side. false: they do not. */
static bool
take_fields(struct span rest, const struct algorithm **algorithm, uint32_t *version,
    enum kms_state *state)
{
	int64_t code = kms_digits(rest, 0, 2), number = kms_digits(rest, 2, 6);
	int64_t is = kms_digits(rest, 8, 1);

	if (code < 0 || number <= 0 || is < 0 || is > KMS_DESTROYED ||
	    (*algorithm = algorithm_coded((unsigned)code)) == NULL)
		return false;
	*version = (uint32_t)number;
	*state = (enum kms_state)is;
	return true;
}

int
kms_ask_key(struct kms_daemon *d, const char *name, struct kms_key *key)
{
	enum { FIELDS = 2 + 6 + 1 };
	static const char start[] = "-----BEGIN PUBLIC KEY-----\n";
	struct span rest;

	if (ask(d, name, &rest) != 0)
		return -1;
	if (!take_fields(rest, &key->algorithm, &key->version, &key->state) ||
	    rest.n < FIELDS + sizeof(start) ||
	    memcmp(rest.p + FIELDS, start, sizeof(start) - 1) != 0)
		return kms_fail(d, "the answer is not a public key");
	key->pem = span_sub(rest, FIELDS, rest.n - FIELDS);
	return 0;
}

/* Cut one entry off rest. false: there is none. */
static bool
take_entry(struct span *rest, struct kms_entry *e)
{
	enum { FIELDS = 2 + 6 + 1, CREATED = 10 };
	char digits[3] = { 0 };
	size_t n;

	if (rest->n < 2)
		return false;
	memcpy(digits, rest->p, 2);
	n = strspn(digits, "0123456789ABCDEF") == 2 ? strtoul(digits, NULL, 16) : 0;
	if (n == 0 || n > KMS_NAME_MAX || rest->n < 2 + n + FIELDS + CREATED)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isgraph(rest->p[2 + i]))
			return false;
	memcpy(e->name, rest->p + 2, n);
	e->name[n] = '\0';
	*rest = span_sub(*rest, 2 + n, rest->n - 2 - n);
	e->created = kms_digits(*rest, FIELDS, CREATED);
	if (!take_fields(*rest, &e->algorithm, &e->version, &e->state) || e->created < 0)
		return false;
	*rest = span_sub(*rest, FIELDS + CREATED, rest->n - FIELDS - CREATED);
	return true;
}

int
kms_ask_entries(struct kms_daemon *d, const char *name, struct kms_entry entries[KMS_ENTRIES],
    size_t *n)
{
	struct span rest;
	int64_t count;

	if (ask(d, name, &rest) != 0)
		return -1;
	if ((count = kms_digits(rest, 0, 2)) >= 0) {
		rest = span_sub(rest, 2, rest.n - 2);
		for (*n = 0; *n < (size_t)count && take_entry(&rest, &entries[*n]); ++*n)
			;
		if (*n == (size_t)count && rest.n == 0)
			return 0;
	}
	return kms_fail(d, "the answer is not a list of keys");
}

int
kms_ask_done(struct kms_daemon *d, const char *name)
{
	struct span rest;

	return ask(d, name, &rest);
}
