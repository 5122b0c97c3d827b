/*
 * console_settings: what is set, shown at the console. Nothing is changed there: whoever
 * is at a console could loosen a rule for all hosts, and the next start would forget it.
 */
#include "console.h"

#include <stdlib.h>
#include <string.h>

#include "config.h"

static const char *const security[] = {
	"profile", "authorised", "commands.", "console.", "key.", "lmk.", "pin.", "store.",
	"strict.", NULL
};

static const char *const formats[] = { "pin.restrict_formats", "pin.formats_off", NULL };
static const char *const fraud[] = { "pin.failures", "pin.alarm", NULL };

static bool
begins(const char *line, const char *const *names)
{
	for (size_t i = 0; names[i] != NULL; i++)
		if (strncmp(line, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

/* The settings whose names begin like one of these, or, without `with`, all others. */
static void
show(struct console *c, const char *const *names, bool with)
{
	char *text = NULL, *rest = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	if (f == NULL)
		return;
	config_show(c->config, false, f);
	fclose(f);
	for (char *line = strtok_r(text, "\n", &rest); line != NULL;
	    line = strtok_r(NULL, "\n", &rest))
		if (begins(line, names) == with)
			console_say(c, "%s", line);
	free(text);
}

/* Why it is not done here, and where it is. */
static void
refuse(struct console *c)
{
	const char *file = c->config->file;

	console_say(c, "No console changes settings, so that nobody at one loosens them. They are "
	    "in %s", file[0] != '\0' ? file : "luahsm.conf(5), of which none was read");
	console_say(c, "and on the command line, and count from the next start on.");
}

static void
query_security(struct console *c)
{
	show(c, security, true);
}

static void
query_host(struct console *c)
{
	show(c, security, false);
}

static void
configure_security(struct console *c)
{
	refuse(c);
	console_say(c, "QS shows them.");
}

static void
configure_host(struct console *c)
{
	refuse(c);
	console_say(c, "QH shows them.");
}

static void
configure_formats(struct console *c)
{
	show(c, formats, true);
	refuse(c);
}

static void
configure_fraud(struct console *c)
{
	show(c, fraud, true);
	refuse(c);
}

const struct console_command console_settings[] = {
	{ "QS",       query_security, "query security settings" },
	{ "QH",       query_host, "query host settings" },
	{ "CS",       configure_security, "configure security settings" },
	{ "CH",       configure_host, "configure host settings" },
	{ "CONFIGPB", configure_formats, "PIN block formats" },
	{ "A5",       configure_fraud, "fraud detection" },
	{ NULL, NULL, NULL },
};
