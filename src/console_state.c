/*
 * console_state: the authorised state, and what this HSM is.
 *
 * A: officers authorise activities for a time. Each names one and types a passphrase;
 * how many it takes is the setting console.officers. What they grant ends with this
 * session.
 */
#include "console.h"

#include <string.h>

#include "config.h"
#include "err.h"
#include "lmk.h"
#include "lmk_value.h"
#include "log.h"

enum { OFFICERS = 2, LISTED = 16 };

/* An officer who is another one than those before, by name and passphrase. */
static bool
ask_officer(struct console *c, char names[OFFICERS][LMK_NAME + 1], unsigned number)
{
	static const char *const text[OFFICERS] = { "First officer", "Second officer" };
	bool good;

	if (!console_ask(c, text[number]) || c->n > LMK_NAME)
		return false;
	memcpy(names[number], c->line, c->n + 1);
	if (number == 1 && strcmp(names[0], names[1]) == 0) {
		console_say(c, "It takes two people.");
		return false;
	}
	if (!console_ask_passphrase(c, "Passphrase"))
		return false;
	good = authority_officer(names[number], span_of(c->line, c->n));
	if (!good) {
		/* another name may be a passphrase, typed too early */
		(void)console_record(c, "authorise", authority_knows(names[number]) ?
		    names[number] : "", ERR_AUTHORISED);
		log_event(LOG_WARN, "officer-refused", "session", 'u', c->session, NULL);
		console_say(c, "Wrong name or passphrase.");
	}
	return good;
}

/* All of them. */
static bool
ask_officers(struct console *c, char names[OFFICERS][LMK_NAME + 1])
{
	bool good = true;

	if (c->config->officers > 0 && authority_officers() < c->config->officers) {
		console_say(c, "It takes %u officers, and the vault has %zu: see `luahsm lmk "
		    "officer`.", c->config->officers, authority_officers());
		return false;
	}
	for (unsigned i = 0; i < c->config->officers && good; i++)
		good = ask_officer(c, names, i);
	if (good)
		log_event(LOG_INFO, "officers", "session", 'u', c->session, "first", 's', names[0],
		    "second", 's', names[1], NULL);
	return good;
}

/* Read the activities, one a line up to an empty one. How many; 0 after a line that is none. */
static unsigned
ask_activities(struct console *c, struct activity list[LISTED])
{
	unsigned n = 0;

	while (console_ask(c, "Activity (none: done)") && c->n > 0) {
		if (n == LISTED || authority_parse(span_of(c->line, c->n), &list[n]) != 0 ||
		    list[n].minutes > c->config->console_minutes) {
			console_say(c, "It is category[.sub-category][.host or .console]"
			    "[.minutes], of at most %u minutes.", c->config->console_minutes);
			return 0;
		}
		if (strcmp(list[n].category, "all") == 0 && c->config->profile == PROFILE_STRICT) {
			console_say(c, "Strict authorises one activity after the other.");
			return 0;
		}
		n++;
	}
	return n;
}

/* On record, with the result r: the activity, for how long, and who grants it. */
static bool
record(struct console *c, const char *activity, unsigned minutes,
    char names[OFFICERS][LMK_NAME + 1], int r)
{
	char what[AUTHORITY_TEXT + OFFICERS * (LMK_NAME + 1) + 8];

	snprintf(what, sizeof(what), "%s.%u%s%s%s%s", activity, minutes,
	    names[0][0] != '\0' ? " " : "", names[0], names[1][0] != '\0' ? " " : "", names[1]);
	return console_record(c, "authorise", what, r);
}

static void
authorise(struct console *c)
{
	char text[AUTHORITY_TEXT], names[OFFICERS][LMK_NAME + 1] = { "", "" };
	struct activity list[LISTED];
	unsigned n = ask_activities(c, list);

	if (n == 0 || !ask_officers(c, names))
		return;
	for (unsigned i = 0; i < n; i++) {
		unsigned minutes = list[i].minutes != 0 ? list[i].minutes :
		    c->config->console_minutes;

		authority_format(&list[i], text);
		if (!record(c, text, minutes, names, 0))
			return;
		if (authority_grant(c->session, &list[i], minutes) != 0) {
			(void)record(c, text, minutes, names, ERR_NO_ROOM);
			console_say(c, "No room for more activities.");
			return;
		}
		log_event(LOG_INFO, "authorised", "activity", 's', text, "minutes", 'u', minutes,
		    "session", 'u', c->session, NULL);
		console_say(c, "Authorised: %s for %u minutes", text, minutes);
	}
}

static void
cancel(struct console *c)
{
	char text[AUTHORITY_TEXT] = "all";
	struct activity a;
	unsigned n;

	if (!console_ask(c, "Activity (none: all)"))
		return;
	if (c->n > 0 && authority_parse(span_of(c->line, c->n), &a) != 0) {
		console_say(c, "That is no activity.");
		return;
	}
	n = authority_cancel(c->n > 0 ? &a : NULL);
	if (c->n > 0)
		authority_format(&a, text);
	(void)console_record(c, "cancel", text, 0);
	log_event(LOG_INFO, "authority-cancelled", "number", 'u', n, "session", 'u', c->session,
	    NULL);
	console_say(c, "Cancelled: %u", n);
}

static void
list_authorised(struct console *c)
{
	char text[AUTHORITY_TEXT];
	struct activity a;
	unsigned seconds;

	if (c->config->authorised && !authority_revoked())
		console_say(c, "all, by the setting authorised");
	for (size_t i = 0; i < AUTHORITY_MOST; i++) {
		if (!authority_at(i, &a, &seconds))
			continue;
		authority_format(&a, text);
		console_say(c, "%-40s %u:%02u left", text, seconds / 60, seconds % 60);
	}
	console_say(c, "%u authorised", authority_count());
}

static void
print_lmk(struct console *c, const struct lmk *lmk, const char *id, const char *status)
{
	console_say(c, "%s  %-8s %-6s %s  %s", id, lmk_scheme_text(lmk_scheme(lmk)), status,
	    lmk_check_value(lmk), lmk_name(lmk));
}

/* The LMK that commands are about. */
static void
verify(struct console *c)
{
	console_say(c, "Check: %s", lmk_check_value(c->lmk));
}

static void
table(struct console *c)
{
	char id[3];

	console_say(c, "id  scheme   status check   name");
	for (unsigned i = 0; i < LMK_IDS; i++) {
		const struct lmk *lmk = lmk_get(i);

		snprintf(id, sizeof(id), "%02u", i);
		if (lmk != NULL)
			print_lmk(c, lmk, id, lmk_is_test(lmk) ? "test" : "live");
		if (lmk_stored(i) != NULL)
			print_lmk(c, lmk_stored(i), id, "old");
	}
	if (lmk_stored(LMK_IDS) != NULL)
		print_lmk(c, lmk_stored(LMK_IDS), "  ", "old");
}

static void
version(struct console *c)
{
	console_say(c, "luahsm, firmware number %s, profile %s", c->config->firmware,
	    c->config->profile == PROFILE_STRICT ? "strict" : "test");
}

static void
choose(struct console *c)
{
	const struct lmk *lmk;

	if (!console_ask(c, "LMK identifier"))
		return;
	lmk = c->n == 2 && strspn(c->line, "0123456789") == 2 ?
	    lmk_get((unsigned)(c->line[0] - '0') * 10 + (unsigned)(c->line[1] - '0')) : NULL;
	if (lmk == NULL)
		console_say(c, "There is no LMK %.10s.", c->line);
	else
		c->lmk = lmk;
}

const struct console_command console_state[] = {
	{ "A",   authorise, "authorise activities" },
	{ "C",   cancel, "cancel authorised activities" },
	{ "VA",  list_authorised, "view authorised activities" },
	{ "V",   verify, "check value of the LMK" },
	{ "VT",  table, "view the LMK table" },
	{ "VR",  version, "version" },
	{ "LMK", choose, "choose the LMK that commands are about" },
	{ NULL, NULL, NULL },
};
