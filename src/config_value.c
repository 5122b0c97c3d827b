/*
 * config_value: between the text of a setting and its field.
 */
#include "config_table.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void *
field(struct config *c, const struct setting *s)
{
	return (char *)c + s->at;
}

/* A whole number into a field of 1, 2, 4 or 8 bytes. */
static void
put_number(struct config *c, const struct setting *s, unsigned long value)
{
	uint8_t u8 = (uint8_t)value;
	uint16_t u16 = (uint16_t)value;
	uint32_t u32 = (uint32_t)value;
	uint64_t u64 = value;

	switch (s->size) {
	case 1:
		memcpy(field(c, s), &u8, 1);
		break;
	case 2:
		memcpy(field(c, s), &u16, 2);
		break;
	case 4:
		memcpy(field(c, s), &u32, 4);
		break;
	default:
		memcpy(field(c, s), &u64, 8);
	}
}

static unsigned long
get_number(const struct config *c, const struct setting *s)
{
	const char *p = (const char *)c + s->at;
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;

	switch (s->size) {
	case 1:
		memcpy(&u8, p, 1);
		return u8;
	case 2:
		memcpy(&u16, p, 2);
		return u16;
	case 4:
		memcpy(&u32, p, 4);
		return u32;
	default:
		memcpy(&u64, p, 8);
		return u64;
	}
}

/* The word at position i of words, and its length; NULL past the last. */
static const char *
word_at(const char *words, unsigned i, size_t *n)
{
	for (;; i--) {
		*n = strcspn(words, " ");
		if (i == 0 || words[*n] == '\0')
			break;
		words += *n + 1;
	}
	return i == 0 ? words : NULL;
}

static int
parse_number(struct config *c, const struct setting *s, const char *text)
{
	char *end;
	unsigned long value, unit = 1;

	if (!isdigit((unsigned char)text[0]))
		return -1;
	errno = 0;
	value = strtoul(text, &end, 10);
	if (s->kind == SETTING_BYTES && (*end == 'K' || *end == 'M'))
		unit = *end++ == 'K' ? 1024 : 1024 * 1024;
	if (errno != 0 || *end != '\0' || value > (unsigned long)s->most / unit ||
	    value * unit < (unsigned long)s->least)
		return -1;
	put_number(c, s, value * unit);
	if (s->kind == SETTING_PORT)
		c->listen_tcp = value != 0;
	return 0;
}

static int
parse_word(struct config *c, const struct setting *s, const char *words, const char *text)
{
	const char *word;
	size_t n;

	for (unsigned i = 0; (word = word_at(words, i, &n)) != NULL; i++) {
		if (strlen(text) == n && memcmp(word, text, n) == 0) {
			put_number(c, s, i);
			return 0;
		}
	}
	return -1;
}

static int
parse_text(struct config *c, const struct setting *s, const char *text)
{
	size_t n;

	if (s->kind == SETTING_NAME && strcmp(text, "none") == 0)
		text = "";
	n = strlen(text);
	if (n < (size_t)s->least || n > (size_t)s->most)
		return -1;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return -1;
	memset(field(c, s), 0, s->size);
	memcpy(field(c, s), text, n);
	return 0;
}

static int
add_address(struct config *c, const char *text)
{
	uint8_t binary[16];
	char *to = c->address[c->naddress];
	size_t n = strlen(text);

	if (n >= sizeof(c->address[0]) || (inet_pton(AF_INET, text, binary) != 1 &&
	    inet_pton(AF_INET6, text, binary) != 1))
		return -1;
	memcpy(to, text, n + 1);
	c->naddress++;
	return 0;
}

static int
add_code(struct config_codes *list, const char *text)
{
	if (strlen(text) != 2 || !isalnum((unsigned char)text[0]) ||
	    !isalnum((unsigned char)text[1]))
		return -1;
	memcpy(list->code[list->n++], text, 2);
	return 0;
}

/* Words separated by spaces or commas; "none" and "" are the empty list. */
static int
parse_list(struct config *c, const struct setting *s, const char *text)
{
	struct config_codes *codes = s->kind == SETTING_CODES ? field(c, s) : NULL;
	unsigned *count = codes != NULL ? &codes->n : &c->naddress;
	char copy[SETTING_TEXT_MAX], *rest = copy, *word;
	size_t n = strlen(text);

	if (n >= sizeof(copy))
		return -1;
	memcpy(copy, text, n + 1);
	*count = 0;
	if (strcmp(text, "none") == 0)
		return 0;
	while ((word = strsep(&rest, " ,")) != NULL) {
		if (word[0] == '\0')
			continue;
		if (*count == (unsigned)s->most)
			return -1;
		if ((codes != NULL ? add_code(codes, word) : add_address(c, word)) != 0)
			return -1;
	}
	return 0;
}

static int
parse_lmk(struct config *c, const char *name, const char *text)
{
	size_t n = strlen(text);

	if (n == 0 || n >= CONFIG_NAME)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)text[i]) && strchr("-_.", text[i]) == NULL)
			return -1;
	memcpy(c->lmk[config_lmk_id(name)], text, n + 1);
	return 0;
}

int
config_parse(struct config *c, const struct setting *s, const char *name,
    const char *text, FILE *err)
{
	int r = -1;

	switch (s->kind) {
	case SETTING_NUMBER:
	case SETTING_PORT:
	case SETTING_BYTES:
		r = parse_number(c, s, text);
		break;
	case SETTING_FLAG:
		r = parse_word(c, s, "false true", text);
		break;
	case SETTING_WORD:
		r = parse_word(c, s, s->words, text);
		break;
	case SETTING_TEXT:
	case SETTING_NAME:
		r = parse_text(c, s, text);
		break;
	case SETTING_ADDRESSES:
	case SETTING_CODES:
		r = parse_list(c, s, text);
		break;
	case SETTING_LMK:
		r = parse_lmk(c, name, text);
		break;
	}
	if (r != 0) {
		fprintf(err, "%s can't be \"%.100s\"; it is ", name, text);
		config_values(s, err);
	}
	return r;
}

static void
format_list(const struct config *c, const struct setting *s, FILE *out)
{
	const struct config_codes *codes = s->kind == SETTING_CODES ?
	    (const struct config_codes *)(const void *)((const char *)c + s->at) : NULL;
	unsigned n = codes != NULL ? codes->n : c->naddress;

	if (n == 0)
		fputs("none", out);
	for (unsigned i = 0; i < n; i++) {
		if (codes != NULL)
			fprintf(out, "%s%.2s", i > 0 ? " " : "", codes->code[i]);
		else
			fprintf(out, "%s%s", i > 0 ? " " : "", c->address[i]);
	}
}

static void
format_lmks(const struct config *c, FILE *out)
{
	const char *gap = "";

	for (unsigned i = 0; i < CONFIG_LMKS; i++) {
		if (c->lmk[i][0] == '\0')
			continue;
		fprintf(out, "%s%02u=%s", gap, i, c->lmk[i]);
		gap = " ";
	}
}

void
config_format(const struct config *c, const struct setting *s, FILE *out)
{
	const char *text = (const char *)c + s->at;
	size_t n;

	switch (s->kind) {
	case SETTING_NUMBER:
	case SETTING_PORT:
	case SETTING_BYTES:
		fprintf(out, s->at == offsetof(struct config, lmk_default) ? "%02lu" : "%lu",
		    get_number(c, s));
		break;
	case SETTING_FLAG:
		fputs(get_number(c, s) != 0 ? "true" : "false", out);
		break;
	case SETTING_WORD:
		text = word_at(s->words, (unsigned)get_number(c, s), &n);
		fprintf(out, "%.*s", text != NULL ? (int)n : 0, text != NULL ? text : "");
		break;
	case SETTING_TEXT:
	case SETTING_NAME:
		fputs(text[0] != '\0' ? text : "none", out);
		break;
	case SETTING_ADDRESSES:
	case SETTING_CODES:
		format_list(c, s, out);
		break;
	case SETTING_LMK:
		format_lmks(c, out);
		break;
	}
}

void
config_values(const struct setting *s, FILE *out)
{
	const char *word;
	size_t n;

	switch (s->kind) {
	case SETTING_NUMBER:
	case SETTING_PORT:
		fprintf(out, "a number from %ld to %ld", s->least, s->most);
		break;
	case SETTING_BYTES:
		fprintf(out, "a number of bytes from %ld to %ld, or with K or M", s->least,
		    s->most);
		break;
	case SETTING_FLAG:
		fputs("true or false", out);
		break;
	case SETTING_WORD:
		for (unsigned i = 0; (word = word_at(s->words, i, &n)) != NULL; i++)
			fprintf(out, "%s%.*s", i > 0 ? " or " : "", (int)n, word);
		break;
	case SETTING_TEXT:
		fprintf(out, "a text of %ld characters", s->most);
		break;
	case SETTING_NAME:
		fprintf(out, "none or a text of at most %ld characters", s->most);
		break;
	case SETTING_ADDRESSES:
		fprintf(out, "at most %ld IP addresses", s->most);
		break;
	case SETTING_CODES:
		fprintf(out, "none or at most %ld codes of two characters", s->most);
		break;
	case SETTING_LMK:
		fputs("the name of an LMK", out);
		break;
	}
}
