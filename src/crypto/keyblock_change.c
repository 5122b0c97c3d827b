/*
 * keyblock_change: which value may follow which.
 */
#include "crypto/keyblock_change.h"

#include "err.h"

/* From a value to those that may follow it. */
static const struct step {
	char        field, from;
	const char *to;
} steps[] = {
	{ 'M', 'N', "BCDEGSVX" }, { 'M', 'B', "DE" }, { 'M', 'C', "GV" },
	{ 'E', 'S', "EN" }, { 'E', 'E', "N" },
	{ 'S', 'P', "LER" }, { 'S', 'L', "ER" }, { 'S', 'T', "ER" }, { 'S', 'E', "R" },
};

static bool
may_follow(char field, char from, char to)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (steps[i].field == field && steps[i].from == from)
			return to != '\0' && strchr(steps[i].to, to) != NULL;
	return false;
}

/* A field of one character, wherever it stands. */
static int
change_letter(char field, char *at, struct span old, struct span new)
{
	if (old.n != 1 || *at != (char)old.p[0])
		return ERR_OLD_VALUE;
	if (new.n != 1 || !may_follow(field, *at, (char)new.p[0]))
		return ERR_NEW_VALUE;
	*at = (char)new.p[0];
	return 0;
}

static int
change_version(struct keyblock_header *h, struct span old, struct span new)
{
	if (old.n != 2 || memcmp(h->key_version, old.p, 2) != 0)
		return ERR_OLD_VALUE;
	/* Digits sort as their numbers do; a component stays one. */
	if (new.n != 2 || h->key_version[0] == 'c' || memcmp(new.p, h->key_version, 2) <= 0)
		return ERR_NEW_VALUE;
	memcpy(h->key_version, new.p, 2);
	return 0;
}

static int
change_status(struct keyblock_header *h, struct span old, struct span new, uint8_t *text)
{
	struct span status;
	char letter;
	int r;

	if (h->blocks.n > KEYBLOCK_MAX)
		return ERR_NO_ROOM;
	status = keyblock_option(h, "00");
	if (status.p == NULL || status.n != 1)
		return ERR_NO_STATUS;
	letter = (char)status.p[0];
	if ((r = change_letter('S', &letter, old, new)) != 0)
		return r;
	memcpy(text, h->blocks.p, h->blocks.n);
	text[status.p - h->blocks.p] = (uint8_t)letter;
	h->blocks.p = text;
	return 0;
}

int
keyblock_change(struct keyblock_header *h, char field, struct span old, struct span new,
    uint8_t *text)
{
	int r;

	switch (field) {
	case 'M':
		r = change_letter(field, &h->mode, old, new);
		break;
	case 'E':
		r = change_letter(field, &h->exportability, old, new);
		break;
	case 'V':
		r = change_version(h, old, new);
		break;
	case 'S':
		r = change_status(h, old, new, text);
		break;
	default:
		return ERR_CHANGE_FIELD;
	}
	/* What the new value is must be a header still. */
	return r == 0 && keyblock_check(h) != 0 ? ERR_NEW_VALUE : r;
}
