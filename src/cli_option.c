/*
 * cli_option: options by getopt_long, help from the same table, and the
 * options that are settings.
 */
#include "cli.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "config_table.h"

enum { OPTIONS_MAX = 40, OPTION_HELP = 1000, OPTION_SETTING = 2000 };

/* What next_option says beside the row of an option. */
enum { OPTIONS_END = -1, HELPED = -2, MISTAKE = -3 };

/* The options that are settings, who takes them, and the setting that each one gives. */
static const struct {
	struct cli_option option;
	unsigned          taken;	/* by commands with one of these bits */
	const char       *setting;	/* NULL: --config and --set */
} setting_options[] = {
	{ { "port", "PORT", "TCP port of the default LMK (1500)" },
	    CLI_CLIENT | CLI_SERVER, "port" },
	{ { "socket", "PATH", "Unix socket for host commands" },
	    CLI_CLIENT | CLI_SERVER, "socket" },
	{ { "address", "LIST", "addresses to listen on, with commas between" },
	    CLI_SERVER, "address" },
	{ { "profile", "NAME", "test or strict" }, CLI_SERVER, "profile" },
	{ { "plugin-dir", "DIR", "folder of the plug-ins" }, CLI_SERVER, "plugin_dir" },
	{ { "workers", "N", "worker processes" }, CLI_SERVER, "workers" },
	{ { "store", "PATH", "signing keys: a file, or postgresql://..." }, CLI_SERVER,
	    "store.keys" },
	{ { "lmk", "ID=NAME", "load this LMK; the first one replaces the default set" },
	    CLI_LMK | CLI_SERVER, "lmk" },
	{ { "vault", "FILE", "vault of LMKs of your own" }, CLI_VAULT | CLI_SERVER,
	    "lmk.vault" },
	{ { "passphrase-file", "FILE", "file with the vault's passphrase" },
	    CLI_VAULT | CLI_SERVER, "lmk.passphrase_file" },
	{ { "admin-socket", "PATH", "Unix socket for reload and status" },
	    CLI_ADMIN | CLI_SERVER, "admin_socket" },
	{ { "set", "NAME=VALUE", "any setting; `luahsm config list` shows all" },
	    ~0u, NULL },
	{ { "config", "FILE", "configuration file" }, ~0u, NULL },
};

enum { SETTING_OPTIONS = sizeof(setting_options) / sizeof(setting_options[0]) };

static void
print_option(const struct cli_option *o, FILE *out)
{
	char left[64];

	snprintf(left, sizeof(left), "--%s%s%s", o->name, o->value != NULL ? " " : "",
	    o->value != NULL ? o->value : "");
	fprintf(out, "  %-22s %s\n", left, o->help);
}

/* The command's own options, those that are no settings. */
static const struct cli_option *
own_options(const struct cli_usage *u)
{
	static const struct cli_option none[] = { { NULL, NULL, NULL } };

	return u->options != NULL ? u->options : none;
}

static bool
has_option(const struct cli_usage *u, const char *name)
{
	for (const struct cli_option *o = own_options(u); o->name != NULL; o++)
		if (strcmp(o->name, name) == 0)
			return true;
	return false;
}

/* Does the command take this setting, and has no option of that name of its own? */
static bool
takes_setting(const struct cli_usage *u, int i)
{
	return (u->settings & setting_options[i].taken) != 0 &&
	    !has_option(u, setting_options[i].option.name);
}

static void
print_help(const struct cli_usage *u)
{
	printf("usage: %s\n\n%s\n\noptions:\n", u->line, u->about);
	for (const struct cli_option *o = own_options(u); o->name != NULL; o++)
		print_option(o, stdout);
	for (int i = 0; i < SETTING_OPTIONS; i++)
		if (takes_setting(u, i))
			print_option(&setting_options[i].option, stdout);
	print_option(&(struct cli_option){ "help", NULL, "this text" }, stdout);
	if (u->more != NULL)
		printf("\n%s\n", u->more);
}

/* Fill getopt's table. A command's own option hides a setting of that name. */
static void
make_table(const struct cli_usage *u, struct option table[OPTIONS_MAX])
{
	const struct cli_option *own = own_options(u);
	size_t n = 0;

	for (int i = 0; own[i].name != NULL && n < OPTIONS_MAX - 2; i++)
		table[n++] = (struct option){ own[i].name,
			own[i].value != NULL ? required_argument : no_argument, NULL, i };
	for (int i = 0; i < SETTING_OPTIONS && n < OPTIONS_MAX - 2; i++)
		if (takes_setting(u, i))
			table[n++] = (struct option){ setting_options[i].option.name,
				required_argument, NULL, OPTION_SETTING + i };
	table[n++] = (struct option){ "help", no_argument, NULL, OPTION_HELP };
	table[n] = (struct option){ NULL, 0, NULL, 0 };
}

int
cli_mistake(const struct cli_usage *usage, const char *format, ...)
{
	int n = (int)strcspn(usage->line, "[");
	va_list args;

	while (n > 0 && usage->line[n - 1] == ' ')
		n--;
	fputs("luahsm: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "; see `%.*s --help`\n", n, usage->line);
	return CLI_USAGE;
}

/*
 * Say which option is unknown, short of its value or given one too many:
 * the letter in optopt, or the word that getopt has just passed.
 */
static int
bad_option(const struct cli_usage *u, const struct option *table, int c, char **argv)
{
	const char *near = NULL, *word = argv[optind - 1];
	char name[64];
	unsigned least = 3;

	if (c == '?' && optopt > ' ' && optopt <= '~')
		snprintf(name, sizeof(name), "-%c", optopt);
	else
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	if (c == ':') {
		cli_mistake(u, "%s needs a value", name);
		return MISTAKE;
	}
	for (const struct option *o = table; name[1] == '-' && o->name != NULL; o++) {
		unsigned d = config_distance(name + strspn(name, "-"), o->name);

		if (d < least) {
			least = d;
			near = o->name;
		}
	}
	if (near != NULL && least == 0)
		cli_mistake(u, "--%s takes no value", near);
	else if (near != NULL)
		cli_mistake(u, "there is no option %s; did you mean --%s?", name, near);
	else
		cli_mistake(u, "there is no option %s", name);
	return MISTAKE;
}

/* Keep an option that is a setting for config_load. 0, or MISTAKE. */
static int
keep_setting(const struct cli_usage *u, struct cli_settings *s, int i, const char *value)
{
	const char *setting = setting_options[i].setting;
	const char *name = setting_options[i].option.name;
	bool lmk = setting != NULL && strcmp(setting, "lmk") == 0;
	size_t room;
	int n = 0;

	assert(s != NULL);	/* a command without settings has no such option */
	if (strcmp(name, "config") == 0) {
		s->file = value;
		return 0;
	}
	room = sizeof(s->text) - s->used;
	if (setting != NULL)
		n = snprintf(s->text + s->used, room, "%s%c%s", setting, lmk ? '.' : '=', value);
	if (s->n == CLI_SETTINGS || n < 0 || (size_t)n >= room) {
		cli_mistake(u, "too many settings");
		return MISTAKE;
	}
	s->set[s->n++] = setting != NULL ? s->text + s->used : value;
	s->used += n > 0 ? (size_t)n + 1 : 0;
	return 0;
}

/* The next option of argv: its row in usage->options and *value, or OPTIONS_END... */
static int
next_option(const struct cli_usage *usage, struct cli_settings *s, int argc, char **argv,
    const char **value)
{
	struct option table[OPTIONS_MAX];
	int c;

	make_table(usage, table);
	opterr = 0;
	for (;;) {
		c = getopt_long(argc, argv, ":h", table, NULL);
		if (c == OPTION_HELP || c == 'h') {
			print_help(usage);
			return HELPED;
		}
		if (c == '?' || c == ':')
			return bad_option(usage, table, c, argv);
		if (c < OPTION_SETTING) {
			*value = c >= 0 ? optarg : NULL;
			return c;
		}
		if ((c = keep_setting(usage, s, c - OPTION_SETTING, optarg)) != 0)
			return c;
	}
}

int
cli_flag(void *arg, int option, const char *value)
{
	(void)option;
	(void)value;
	*(bool *)arg = true;
	return 0;
}

int
cli_options(const struct cli_usage *usage, struct cli_settings *s, int argc, char **argv,
    cli_reader *read, void *arg)
{
	const char *value;
	int c;

	optind = 0;
	while ((c = next_option(usage, s, argc, argv, &value)) >= 0)
		if (read(arg, c, value) != 0)
			return CLI_USAGE;
	if (c == HELPED)
		return CLI_OK;
	return c == MISTAKE ? CLI_USAGE : -1;
}

int
cli_number(const char *option, const char *text, long least, long most, long *value)
{
	char *end;

	errno = 0;
	*value = strtol(text, &end, 10);
	if (errno == 0 && end != text && *end == '\0' && *value >= least && *value <= most)
		return 0;
	fprintf(stderr, "luahsm: --%s can't be \"%.40s\"; it is a number from %ld to %ld\n",
	    option, text, least, most);
	return -1;
}

int
cli_settings_load(const struct cli_settings *s, struct config *config)
{
	return config_load(config, s->file, s->set, s->n, stderr) == 0 ? 0 : CLI_CONFIG;
}

int
cli_options_only(const struct cli_usage *usage, int argc, char **argv, cli_reader *read,
    void *arg, struct config *config)
{
	struct cli_settings settings = { 0 };
	int r = cli_options(usage, &settings, argc, argv, read, arg);

	if (r >= 0)
		return r;
	if (optind < argc)
		return cli_mistake(usage, "\"%.40s\": only options are taken", argv[optind]);
	if (config == NULL)
		return -1;
	return cli_settings_load(&settings, config) == 0 ? -1 : CLI_CONFIG;
}
