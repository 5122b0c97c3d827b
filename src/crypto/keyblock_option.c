/*
 * keyblock_option: what a header may say: usages, algorithms, modes of use,
 * versions, exportability and optional blocks (spec: keys.md 4.1, 4.3).
 */
#include "crypto/keyblock.h"

#include "err.h"

enum { OPTION_HEAD = 4 };

/* Thales usages: algorithms, modes of use, and the usage in TR-31 ("": none). */
static const struct usage {
	char        code[3];
	const char *algorithms, *modes;
	char        tr31[3];
} usages[] = {
	{ "01", "DT",  "CGNV", "" },   { "K0", "ADT", "BDEN", "K0" },
	{ "K1", "AT",  "BDEN", "K1" }, { "24", "A",   "BDEN", "" },
	{ "51", "ADT", "BDEN", "K0" }, { "52", "ADT", "BDEN", "K0" },
	{ "53", "ADT", "X",    "11" }, { "54", "AT",  "BDEN", "" },
	{ "55", "A",   "E",    "" },   { "56", "DT",  "NX",   "" },
	{ "57", "DT",  "NX",   "" },   { "B0", "AT",  "NX",   "B0" },
	{ "41", "AT",  "NX",   "B0" }, { "42", "T",   "NX",   "B0" },
	{ "43", "AT",  "NX",   "B0" }, { "44", "T",   "NX",   "B0" },
	{ "B1", "AT",  "NX",   "B1" }, { "C0", "AT",  "CGNV", "C0" },
	{ "11", "T",   "CGNV", "C0" }, { "12", "T",   "CGNV", "C0" },
	{ "13", "AT",  "CGNV", "C0" }, { "D0", "ADT", "BDEN", "D0" },
	{ "21", "ADT", "BDEN", "D0" }, { "22", "ADT", "BDEN", "D0" },
	{ "23", "ADT", "BDEN", "D0" }, { "25", "A",   "BDEN", "D0" },
	{ "E0", "AT",  "NX",   "E0" }, { "E1", "AT",  "NX",   "E1" },
	{ "E2", "AT",  "NX",   "E2" }, { "E3", "AT",  "NX",   "E3" },
	{ "E4", "T",   "NX",   "E4" }, { "E5", "T",   "NX",   "E5" },
	{ "E6", "AT",  "NX",   "E6" }, { "E7", "AT",  "NX",   "" },
	{ "32", "AT",  "NX",   "E6" }, { "37", "AT",  "NX",   "" },
	{ "38", "AT",  "NX",   "" },   { "39", "AT",  "NX",   "" },
	{ "47", "AT",  "BN",   "" },   { "48", "AT",  "GVN",  "" },
	{ "49", "AT",  "BE",   "" },   { "33", "A",   "NX",   "" },
	{ "34", "A",   "NX",   "" },   { "35", "A",   "BDEN", "" },
	{ "36", "A",   "CN",   "M3" }, { "40", "T",   "N",    "" },
	{ "M0", "T",   "CGNV", "M0" }, { "M1", "DT",  "CGNV", "M1" },
	{ "M2", "DT",  "CGNV", "M2" }, { "M3", "T",   "CGNV", "M3" },
	{ "M4", "T",   "CGNV", "M4" }, { "M5", "AT",  "CGNV", "M5" },
	{ "M6", "A",   "CGNV", "M6" }, { "61", "H",   "CGNV", "" },
	{ "62", "H",   "CGNV", "" },   { "63", "H",   "CGNV", "" },
	{ "64", "H",   "CGNV", "" },   { "65", "H",   "CGNV", "" },
	{ "P0", "ADT", "BDEN", "P0" }, { "71", "ADT", "BDEN", "P0" },
	{ "72", "ADT", "BDEN", "P0" }, { "73", "DT",  "N",    "P0" },
	{ "V0", "DT",  "CGNV", "V0" }, { "V1", "DT",  "CGNV", "V1" },
	{ "V2", "ADT", "CGNV", "V2" },

	/* RSA and elliptic curves, whose modes differ. */
	{ "02", "R", "ENV", "" }, { "02", "E", "NVX", "" },
	{ "03", "R", "DNS", "" }, { "03", "E", "NSX", "" },
	{ "04", "R", "DNS", "" }, { "05", "R", "DNS", "" }, { "06", "R", "DNS", "" },
};

static const struct usage *
find(const char code[2])
{
	for (size_t i = 0; i < sizeof(usages) / sizeof(usages[0]); i++)
		if (memcmp(usages[i].code, code, 2) == 0)
			return &usages[i];
	return NULL;
}

bool
keyblock_knows_usage(const char usage[2])
{
	return find(usage) != NULL;
}

const char *
keyblock_tr31_usage(const char usage[2])
{
	const struct usage *u = find(usage);

	return u != NULL && u->tr31[0] != '\0' ? u->tr31 : NULL;
}

static bool
one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alnum(uint8_t c)
{
	return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Usages of X9.143 that Thales has no code of its own for are known by form. */
static bool
is_tr31_usage(const char code[2])
{
	static const char known[] = "B0B1B2B3C0D0D1D2D3E0E1E2E3E4E5E6E7F0F1G0I0K0K1K2K3K4"
	    "M0M1M2M3M4M5M6M7M8P0P1S0S1S2V0V1V2V3V4V5";
	bool digits = is_digit((uint8_t)code[0]) && is_digit((uint8_t)code[1]);

	for (size_t i = 0; i + 1 < sizeof(known); i += 2)
		if (memcmp(known + i, code, 2) == 0)
			return true;
	return digits;	/* 10 to 99: the maker's own */
}

/* The row of a usage, that of the algorithm when there is one. */
static const struct usage *
find_for(const struct keyblock_header *h)
{
	for (size_t i = 0; i < sizeof(usages) / sizeof(usages[0]); i++)
		if (memcmp(usages[i].code, h->usage, 2) == 0 &&
		    one_of(h->algorithm, usages[i].algorithms))
			return &usages[i];
	return find(h->usage);
}

static int
check_use(const struct keyblock_header *h)
{
	const struct usage *u = find_for(h);
	bool thales = h->version == '0' || h->version == '1';

	if (thales && u == NULL)
		return ERR_USAGE;
	if (!thales && u == NULL && !is_tr31_usage(h->usage))
		return ERR_USAGE;
	if (!one_of(h->algorithm, thales ? u->algorithms : "ADTH"))
		return ERR_ALGORITHM;
	if (!one_of(h->mode, thales ? u->modes : "BCDEGNSTVXY"))
		return ERR_MODE;
	return 0;
}

/* 00 to 99, or a component's c and digit; X9.143 lets any two characters stand. */
static bool
version_fits(const struct keyblock_header *h)
{
	uint8_t a = (uint8_t)h->key_version[0], b = (uint8_t)h->key_version[1];

	if (h->version >= 'A')
		return is_alnum(a) && is_alnum(b);
	return (is_digit(a) && is_digit(b)) || (a == 'c' && is_digit(b) && b != '0');
}

int
keyblock_check(const struct keyblock_header *h)
{
	int r;

	if ((r = check_use(h)) != 0)
		return r;
	if (!version_fits(h))
		return ERR_KEY_VERSION;
	if (!one_of(h->exportability, "ENS"))
		return ERR_EXPORT;
	return keyblock_check_options(h);
}

/* A number of hexadecimal digits, or -1. */
static long
hexadecimal(const uint8_t *p, size_t n)
{
	long value = 0;

	for (size_t i = 0; i < n; i++) {
		if (is_digit(p[i]))
			value = 16 * value + (p[i] - '0');
		else if (p[i] >= 'A' && p[i] <= 'F')
			value = 16 * value + (p[i] - 'A' + 10);
		else
			return -1;
	}
	return value;
}

/* The first optional block of text: its data and whole length; false: it does not add up. */
static bool
split(struct span text, struct span *data, size_t *whole)
{
	size_t head = OPTION_HEAD;
	long n;

	if (text.n < head || (n = hexadecimal(text.p + 2, 2)) < 0)
		return false;
	if (n == 0) {
		/* X9.143: the length's own length, in digits, and then the length. */
		long digits = text.n < 6 ? -1 : hexadecimal(text.p + 4, 2);

		if (digits < 1 || digits > 4 || text.n < 6 + (size_t)digits)
			return false;
		n = hexadecimal(text.p + 6, (size_t)digits);
		head = 6 + (size_t)digits;
	}
	if (n < (long)head || (size_t)n > text.n)
		return false;
	*whole = (size_t)n;
	*data = span_sub(text, head, *whole - head);
	return true;
}

size_t
keyblock_options_length(struct span text, unsigned count)
{
	struct span data;
	size_t at = 0, whole;

	while (count-- > 0) {
		if (!split(span_sub(text, at, text.n - at), &data, &whole))
			return 0;
		at += whole;
	}
	return at;
}

struct span
keyblock_option(const struct keyblock_header *h, const char id[2])
{
	struct span rest = h->blocks, data;
	size_t whole;

	for (unsigned i = 0; i < h->count && split(rest, &data, &whole); i++) {
		if (memcmp(rest.p, id, 2) == 0)
			return data;
		rest = span_sub(rest, whole, rest.n - whole);
	}
	return span_of(NULL, 0);
}

/* YYYY:MM:DD:HH */
static bool
is_date(struct span s)
{
	static const char form[] = "0000:00:00:00";
	unsigned month, day, hour;

	if (s.n != sizeof(form) - 1)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (form[i] == ':' ? s.p[i] != ':' : !is_digit(s.p[i]))
			return false;
	month = (s.p[5] - '0') * 10u + (s.p[6] - '0');
	day = (s.p[8] - '0') * 10u + (s.p[9] - '0');
	hour = (s.p[11] - '0') * 10u + (s.p[12] - '0');
	return month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour <= 23;
}

/* Which blocks there are, and what each may hold; others of X9.143 hold any text. */
static int
check_option(const uint8_t *id, struct span data)
{
	static const char known[] = "ALBICTDAFLHMIKKCKPKSKVLBPAPBPKTCTSWP";
	bool empty = data.n == 0;

	if (id[0] == '0' && id[1] >= '0' && id[1] <= '5') {
		switch (id[1]) {
		case '0':
			return data.n == 1 && one_of((char)data.p[0], "ELPRT") ? 0 :
			    ERR_BLOCK_STATUS;
		case '1':
			return span_is(data, "00") ? 0 : ERR_BLOCK_ENCRYPTION;
		case '2':
			return span_is(data, "00") ? 0 : ERR_BLOCK_AUTHENTICATION;
		case '3':
			return is_date(data) ? 0 : ERR_BLOCK_START;
		case '4':
			return is_date(data) ? 0 : ERR_BLOCK_END;
		default:
			return empty ? ERR_BLOCK_DATA : 0;
		}
	}
	if (id[0] == 'K' && id[1] == 'V' && data.n != 4)
		return ERR_BLOCK_DATA;
	for (size_t i = 0; i + 1 < sizeof(known); i += 2)
		if (memcmp(known + i, id, 2) == 0)
			return 0;
	return ERR_BLOCK_OPTION;
}

int
keyblock_check_options(const struct keyblock_header *h)
{
	struct span rest = h->blocks, data;
	struct keyblock_header before = *h;
	size_t whole;
	int r;

	for (unsigned i = 0; i < h->count; i++) {
		if (!split(rest, &data, &whole))
			return ERR_BLOCK_OPTION;
		if ((r = check_option(rest.p, data)) != 0)
			return r;
		before.count = (uint8_t)i;
		if (keyblock_option(&before, (const char *)rest.p).p != NULL)
			return ERR_BLOCK_REPEATED;
		if (memcmp(rest.p, "PB", 2) == 0 && i + 1u != h->count)
			return ERR_BLOCK_OPTION;
		rest = span_sub(rest, whole, rest.n - whole);
	}
	return 0;
}
