/*
 * cli_plugin_create: writes a plug-in that loads, passes and teaches.
 */
#include "cli_plugin.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "paths.h"

static const struct cli_option options[] = {
	{ "desc",    "TEXT", "what the command does: its title" },
	{ "version", "TEXT", "version of the plug-in (1.0.0)" },
	{ "author",  "TEXT", "who writes it" },
	{ NULL, NULL, NULL },
};

static const struct cli_usage usage = {
	.line = "luahsm plugin create CODE [OPTIONS]",
	.about = "Write CODE.lua into the plug-in folder: a command that sends its data back,\n"
	    "with comments that say what to change. An existing file is left alone.",
	.options = options,
	.settings = CLI_SERVER,
	.more = "luahsm plugin create FO --desc \"Format Output\" --author Alice\n"
	    "then: luahsm reload, luahsm send FO0005hello",
};

enum { TEXT = 96 };

struct wish {
	const char *code, *title, *version, *author;
};

/* @c @t @v @a: code, title, version, author. */
static const char template[] =
    "-- @c: @t\n"
    "--\n"
    "-- The table is the command's page: request fields, response fields, error\n"
    "-- codes, a handler between them, and vectors that prove it. The server cuts\n"
    "-- and checks the fields before the handler runs. luahsm-plugin(7) has it all.\n"
    "\n"
    "return {\n"
    "  command = \"@c\",\n"
    "  title   = \"@t\",\n"
    "  version = \"@v\",\n"
    "  author  = \"@a\",\n"
    "\n"
    "  -- Fields in wire order: { name, type, options }. N(n) are digits, H(n)\n"
    "  -- hexadecimal digits, A(n) characters, B(n) bytes; key \"ZPK\" is a key under\n"
    "  -- the LMK, already opened and checked when the handler sees it.\n"
    "  request = {\n"
    "    { \"length\", H(4)                   },\n"
    "    { \"data\",   B \"length\", short = 80 },\n"
    "  },\n"
    "\n"
    "  response = {\n"
    "    { \"data\", B() },\n"
    "  },\n"
    "\n"
    "  -- Codes of this command's own; 15 and the other common ones go without saying.\n"
    "  errors = {\n"
    "    [80] = \"fewer bytes than the length says\",\n"
    "  },\n"
    "\n"
    "  -- q has the request's fields, a takes the response's, each once. fail(80)\n"
    "  -- ends the request with that code.\n"
    "  handler = function (q, a)\n"
    "    a.data = q.data\n"
    "  end,\n"
    "\n"
    "  -- Run at every load, before the command is served: a vector that fails\n"
    "  -- keeps the plug-in out.\n"
    "  vectors = {\n"
    "    { \"five bytes\", send   = { length = \"0005\", data = \"hello\" },\n"
    "                    expect = { code = 00, data = \"hello\" } },\n"
    "    { \"cut short\",  send   = \"@c0009hello\", expect = { code = 80 } },\n"
    "  },\n"
    "}\n";

/* A text that can stand between quotes in Lua and in a title. */
static int
check_text(const char *option, const char *text)
{
	size_t n = strlen(text);

	if (n == 0 || n >= TEXT)
		return cli_mistake(&usage, "--%s takes 1 to %d characters", option, TEXT - 1);
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < 0x20 || (unsigned char)*text > 0x7E ||
		    *text == '"' || *text == '\\')
			return cli_mistake(&usage, "--%s takes printable characters without "
			    "quotes and backslashes", option);
	}
	return CLI_OK;
}

static int
check_wish(const struct wish *w)
{
	int r;

	if (strlen(w->code) != 2 || !isalnum((unsigned char)w->code[0]) ||
	    !isalnum((unsigned char)w->code[1]) || islower((unsigned char)w->code[0]) ||
	    islower((unsigned char)w->code[1]))
		return cli_mistake(&usage, "\"%.20s\": a command code is two upper-case "
		    "letters or digits, as FO", w->code);
	if ((r = check_text("desc", w->title)) != 0 ||
	    (r = check_text("author", w->author)) != 0)
		return r;
	if (strlen(w->version) > 20)
		return cli_mistake(&usage, "--version takes at most 20 characters");
	return check_text("version", w->version);
}

static void
write_template(const struct wish *w, FILE *f)
{
	for (const char *s = template; *s != '\0'; s++) {
		if (*s != '@')
			fputc(*s, f);
		else
			fputs(*++s == 'c' ? w->code : *s == 't' ? w->title :
			    *s == 'v' ? w->version : w->author, f);
	}
}

static int
write_file(const struct wish *w, const char *dir)
{
	char path[PATH_MAX + 16];
	FILE *f;
	int fd;

	snprintf(path, sizeof(path), "%s/%s.lua", dir, w->code);
	if ((fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)) < 0 ||
	    (f = fdopen(fd, "w")) == NULL) {
		fprintf(stderr, "luahsm: %s: %s%s\n", path, strerror(errno),
		    errno == EEXIST ? "; it is left as it is" : "");
		if (fd >= 0)
			close(fd);
		return CLI_FAILED;
	}
	write_template(w, f);
	if (fclose(f) != 0) {
		fprintf(stderr, "luahsm: %s: %s\n", path, strerror(errno));
		return CLI_FAILED;
	}
	printf("%s: written; `luahsm plugin test %s` proves it, `luahsm reload` serves it\n",
	    path, path);
	return CLI_OK;
}

/* The texts of a wish, in the order of the options. */
static int
read_option(void *arg, int option, const char *value)
{
	struct wish *w = arg;
	const char **const slot[] = { &w->title, &w->version, &w->author };

	*slot[option] = value;
	return 0;
}

int
plugin_create(int argc, char **argv)
{
	struct cli_settings settings = { 0 };
	struct wish w = { NULL, "A new command", "1.0.0", "unknown" };
	struct config config;
	char dir[PATH_MAX];
	int r;

	if ((r = cli_options(&usage, &settings, argc, argv, read_option, &w)) >= 0)
		return r;
	if (optind + 1 != argc)
		return cli_mistake(&usage, "which command? As in: luahsm plugin create FO");
	w.code = argv[optind];
	if ((r = check_wish(&w)) != 0)
		return r;
	if (cli_settings_load(&settings, &config) != 0 ||
	    paths_plugins(config.plugin_dir, true, dir, stderr) != 0)
		return CLI_CONFIG;
	return write_file(&w, dir);
}
