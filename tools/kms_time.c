/*
 * kms_time: the C library knows dates; fractions and offsets it does not.
 */
#include "kms_time.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

/* Two digits and what must follow them. -1: something else. */
static int
pair(const char **p, int most)
{
	int value;

	if (!isdigit((unsigned char)(*p)[0]) || !isdigit((unsigned char)(*p)[1]))
		return -1;
	value = 10 * ((*p)[0] - '0') + (*p)[1] - '0';
	*p += 2;
	return value <= most ? value : -1;
}

/* ".123456789": milliseconds. */
static int
fraction(const char **p)
{
	int ms = 0, weight = 100;

	if (**p != '.')
		return 0;
	if (!isdigit((unsigned char)*++*p))
		return -1;
	for (; isdigit((unsigned char)**p); ++*p, weight /= 10)
		ms += weight * (**p - '0');
	return ms;
}

/* "Z", "+02:00": seconds east of Greenwich. false: something else, or more behind it. */
static bool
offset(const char *p, int *seconds)
{
	int sign = *p == '-' ? -1 : 1, hours, minutes;

	*seconds = 0;
	if (*p == 'Z' || *p == 'z')
		return p[1] == '\0';
	if (*p != '+' && *p != '-')
		return false;
	p++;
	if ((hours = pair(&p, 23)) < 0 || *p++ != ':' || (minutes = pair(&p, 59)) < 0)
		return false;
	*seconds = sign * (3600 * hours + 60 * minutes);
	return *p == '\0';
}

int
kms_time_read(const char *text, int64_t *ms)
{
	struct tm tm = { 0 };
	const char *p = text;
	int century, year, east, part;

	if ((century = pair(&p, 99)) < 0 || (year = pair(&p, 99)) < 0 || *p++ != '-' ||
	    (tm.tm_mon = pair(&p, 12)) < 1 || *p++ != '-' || (tm.tm_mday = pair(&p, 31)) < 1 ||
	    (*p != 'T' && *p != 't'))
		return -1;
	p++;
	if ((tm.tm_hour = pair(&p, 23)) < 0 || *p++ != ':' || (tm.tm_min = pair(&p, 59)) < 0 ||
	    *p++ != ':' || (tm.tm_sec = pair(&p, 60)) < 0)
		return -1;
	if ((part = fraction(&p)) < 0 || !offset(p, &east))
		return -1;
	tm.tm_year = 100 * century + year - 1900;
	tm.tm_mon--;
	*ms = ((int64_t)timegm(&tm) - east) * 1000 + part;
	return 0;
}
