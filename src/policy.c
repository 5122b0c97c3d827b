/*
 * policy: entries between semicolons, users between commas.
 */
#include "policy.h"

#include <stddef.h>
#include <string.h>

static const char *const names[] = {
	[POLICY_SIGN]  = "sign=",
	[POLICY_READ]  = "read=",
	[POLICY_ADMIN] = "admin=",
};

enum { RIGHTS = sizeof(names) / sizeof(names[0]) };

/* Which right an entry is about; -1: none of ours. *users is what it says. */
static int
right_of(const char *entry, const char **users)
{
	for (int i = 0; i < RIGHTS; i++) {
		size_t n = strlen(names[i]);

		if (strncmp(entry, names[i], n) == 0) {
			*users = entry + n;
			return i;
		}
	}
	return -1;
}

/* Take one user: 1 and *uid (-2 for all), or 0: not a user. *p moves behind it. */
static int
take_user(const char **p, int64_t *uid)
{
	size_t digits = strspn(*p, "0123456789");

	if (**p == '*') {
		*uid = -2;
		++*p;
		return 1;
	}
	if (digits == 0 || digits > 10)
		return 0;
	*uid = 0;
	for (; digits > 0; digits--)
		*uid = 10 * *uid + *(*p)++ - '0';
	return *uid <= UINT32_MAX;
}

/* Is uid in a list of users that ends the entry? -1: it is not a list. *p moves to its end. */
static int
listed(const char **p, int64_t uid)
{
	int found = 0;
	int64_t user;

	do {
		if (!take_user(p, &user))
			return -1;
		found |= user == -2 || (uid >= 0 && user == uid);
	} while (*(*p)++ == ',');
	--*p;
	return **p == ';' || **p == '\0' ? found : -1;
}

/* 1: allowed by name; 0: named, but not this user; 2: not named; -1: not a policy. */
static int
look_up(const char *text, enum policy_right right, int64_t uid)
{
	int answer = 2, seen[RIGHTS] = { 0 };

	for (const char *p = text; *p != '\0'; p += *p == ';') {
		const char *users;
		int which = right_of(p, &users), r;

		if (which < 0 || seen[which]++ || (r = listed(&users, uid)) < 0 ||
		    (users[0] == ';' && users[1] == '\0'))
			return -1;
		if (which == (int)right)
			answer = r;
		p = users;
	}
	return answer;
}

bool
policy_valid(const char *text)
{
	return look_up(text, POLICY_SIGN, -1) >= 0;
}

bool
policy_allows(const char *text, enum policy_right right, int64_t uid, int64_t own)
{
	int answer = look_up(text, right, uid);

	return answer == 1 || (answer == 2 && uid >= 0 && uid == own);
}
