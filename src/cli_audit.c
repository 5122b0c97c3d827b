/*
 * cli_audit: what was done with signing keys: is the record whole, and what
 * does it say?
 */
#include "cli.h"

#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "audit.h"
#include "keeper_open.h"
#include "keystore_copy.h"
#include "ownfile.h"
#include "secret.h"

enum { LOOKS = 3, NAP_US = 50 * 1000 };

enum { OPT_JSON, OPT_KEY, OPT_LAST };

static const struct cli_option show_options[] = {
	[OPT_JSON] = { "json", NULL, "the records as they are, a JSON object a line" },
	[OPT_KEY]  = { "key", "NAME", "only those of this key" },
	[OPT_LAST] = { "last", "N", "only the last N" },
	{ NULL, NULL, NULL },
};

static const struct cli_usage verify_usage = {
	.line = "luahsm audit verify [OPTIONS]",
	.about = "Verify that no record of the audit log was changed, left out or moved. That its\n"
	    "end was not cut off, only the number of records shows.",
	.settings = CLI_BASIC,
	.more = CLI_EXIT,
};

static const struct cli_usage show_usage = {
	.line = "luahsm audit show [OPTIONS]",
	.about = "Print the audit log: time, operation, key, result, user and digest.",
	.options = show_options,
	.settings = CLI_BASIC,
	.more = CLI_EXIT,
};

static struct config config;	/* too large for the stack */

struct choice {
	bool        json;
	const char *key;
	long        last;	/* 0: all */
};

static int
read_choice(void *arg, int option, const char *value)
{
	struct choice *choice = arg;

	if (option == OPT_LAST)
		return cli_number("last", value, 1, LONG_MAX, &choice->last);
	if (option == OPT_JSON)
		choice->json = true;
	else
		choice->key = value;
	return 0;
}

/* --- verify -------------------------------------------------------------- */

/* The log's key, from the key store. 0 or -1 after a line. */
static int
find_key(uint8_t key[AUDIT_KEY])
{
	struct master *m = keeper_master(&config, false, stderr);
	char folder[PATH_MAX];
	struct keystore *ks;

	if (m == NULL)
		return -1;
	snprintf(folder, sizeof(folder), "%s", config.store_audit);
	ks = keystore_snapshot(config.store, dirname(folder), m, stderr);
	master_free(m);
	if (ks == NULL)
		return -1;
	keystore_subkey(ks, "audit", key);
	keystore_close(ks);
	return 0;
}

/* A record that is being written while it is read is no mistake: look again. */
static int
verify(const uint8_t key[AUDIT_KEY])
{
	int64_t records = -1;

	for (int i = 0; records < 0 && i < LOOKS; i++) {
		char *text = NULL;
		size_t n;
		FILE *err = open_memstream(&text, &n);

		if (err == NULL)
			return -1;
		records = audit_verify(config.store_audit, key, err);
		fclose(err);
		if (records < 0 && i + 1 < LOOKS)
			usleep(NAP_US);
		else if (records < 0)
			fputs(text, stderr);
		free(text);
	}
	if (records < 0)
		return -1;
	printf("%s: %" PRId64 " records, all as they were written\n", config.store_audit, records);
	return 0;
}

static int
audit_verify_command(int argc, char **argv)
{
	int r = cli_options_only(&verify_usage, argc, argv, NULL, NULL, &config);
	uint8_t *key;

	if (r >= 0)
		return r;
	if (secret_init(config.profile == PROFILE_STRICT) != 0 ||
	    (key = secret_alloc(AUDIT_KEY)) == NULL) {
		fputs("luahsm: cannot make the memory for keys\n", stderr);
		return CLI_FAILED;
	}
	r = find_key(key) == 0 && verify(key) == 0 ? CLI_OK : CLI_FAILED;
	secret_free(key);
	return r;
}

/* --- show ---------------------------------------------------------------- */

static const char *
text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	return text != NULL ? text : "-";
}

static void
print_record(const json_t *o)
{
	char key[200];

	snprintf(key, sizeof(key), "%s@%" JSON_INTEGER_FORMAT, text_of(o, "key"),
	    json_integer_value(json_object_get(o, "version")));
	printf("%6" JSON_INTEGER_FORMAT "  %-27s %-8s %-32s %-2s  uid %" JSON_INTEGER_FORMAT
	    " pid %" JSON_INTEGER_FORMAT "  %s\n",
	    json_integer_value(json_object_get(o, "seq")), text_of(o, "time"),
	    text_of(o, "operation"), key, text_of(o, "result"),
	    json_integer_value(json_object_get(o, "uid")),
	    json_integer_value(json_object_get(o, "pid")), text_of(o, "digest"));
}

/* Print the line if it is chosen, unless it is one of those to skip. 1: it is chosen; 0; -1. */
static int
show_line(const struct choice *choice, const char *line, long number, long skip)
{
	json_t *o = json_loads(line, 0, NULL);
	int r = -1;

	if (json_is_object(o)) {
		r = choice->key == NULL || strcmp(text_of(o, "key"), choice->key) == 0;
		if (r == 1 && number >= skip && choice->json)
			fputs(line, stdout);
		else if (r == 1 && number >= skip)
			print_record(o);
	}
	json_decref(o);
	return r;
}

/* Go through the log; what is chosen is printed but for the first skip. How many, or -1. */
static long
show_all(const struct choice *choice, FILE *f, long skip)
{
	char line[AUDIT_LINE];
	long number = 0, at = 0;

	rewind(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		int r = show_line(choice, line, number, skip);

		at++;
		if (r < 0) {
			fprintf(stderr, "luahsm: %s:%ld is not a record\n", config.store_audit, at);
			return -1;
		}
		number += r;
	}
	return number;
}

static int
audit_show_command(int argc, char **argv)
{
	struct choice choice = { 0 };
	int r = cli_options_only(&show_usage, argc, argv, read_choice, &choice, &config), fd;
	long count = 0;
	FILE *f;

	if (r >= 0)
		return r;
	if ((fd = ownfile_open(config.store_audit, O_RDONLY, stderr)) < 0 ||
	    (f = fdopen(fd, "r")) == NULL)
		return CLI_FAILED;
	if (choice.last > 0)
		count = show_all(&choice, f, LONG_MAX);
	if (count >= 0)
		count = show_all(&choice, f, count > choice.last ? count - choice.last : 0);
	fclose(f);
	return count < 0 ? CLI_FAILED : CLI_OK;
}

static const struct cli_command commands[] = {
	{ "verify", audit_verify_command, "verify that nothing was changed or left out" },
	{ "show",   audit_show_command,   "print what was done, by whom" },
	{ NULL, NULL, NULL },
};

int
cli_audit(int argc, char **argv)
{
	return cli_choose(commands, "luahsm audit",
	    "What was done with signing keys, record by record.", argc, argv);
}
