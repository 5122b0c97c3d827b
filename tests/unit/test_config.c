/* config: which source wins, what is refused and in which words. */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config_table.h"

static char said[4096];
static char file[] = "/tmp/test_config.XXXXXX";
static struct config c;

static int
setup(void **state)
{
	int fd = mkstemp(file);

	(void)state;
	close(fd);
	setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
	setenv("XDG_DATA_HOME", "/var/vault-test", 1);
	return fd < 0;
}

static int
teardown(void **state)
{
	(void)state;
	return unlink(file);
}

/* Load text as the file, one variable and up to three flags. */
static int
load(const char *text, const char *variable, const char *value, const char *const *set)
{
	FILE *f = fopen(file, "w"), *err = fmemopen(said, sizeof(said), "w");
	size_t n = 0;
	int r;

	assert_non_null(f);
	assert_non_null(err);
	fputs(text, f);
	fclose(f);
	if (variable != NULL)
		setenv(variable, value, 1);
	while (n < 3 && set[n] != NULL)
		n++;
	memset(said, 0, sizeof(said));
	r = config_load(&c, file, set, n, err);
	if (r == 0)
		r = config_check(&c, err);
	fclose(err);
	if (variable != NULL)
		unsetenv(variable);
	return r;
}

/* What `config show --origin` says about a setting. */
static const char *
shown(const char *name)
{
	static char line[512];
	char *all = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&all, &n);
	const char *at;

	config_show(&c, true, f);
	fclose(f);
	line[0] = '\0';
	for (at = all; at != NULL && *at != '\0'; at = strchr(at, '\n') + 1)
		if (strncmp(at, name, strlen(name)) == 0 && at[strlen(name)] == ' ')
			snprintf(line, sizeof(line), "%.*s", (int)strcspn(at, "\n"), at);
	free(all);
	return line;
}

static const struct row {
	const char *name;
	const char *text;		/* of the file */
	const char *variable, *value;	/* of the environment */
	const char *set[3];		/* flags */
	const char *setting;		/* and how it is shown; NULL: refused */
	const char *want;		/* or what the refusal holds */
} rows[] = {
	{ "the default is the last resort", "", NULL, NULL, { NULL },
	    "port", "port = 1500\t# default" },
	{ "the file is over the default", "return {\n port = 1600 }", NULL, NULL, { NULL },
	    "port", "port = 1600\t# /tmp/test_config.XXXXXX:2" },
	{ "the environment is over the file", "return { port = 1600 }", "LUAHSM_PORT", "1700",
	    { NULL }, "port", "port = 1700\t# environment LUAHSM_PORT" },
	{ "a flag is over the environment", "return { port = 1600 }", "LUAHSM_PORT", "1700",
	    { "port=1800" }, "port", "port = 1800\t# command line" },
	{ "the last flag counts", "", NULL, NULL, { "port=1", "port=2" },
	    "port", "port = 2\t# command line" },
	{ "a dotted name has an environment variable", "", "LUAHSM_MESSAGE_HEADER_LENGTH",
	    "12", { NULL }, "message.header_length",
	    "message.header_length = 12\t# environment LUAHSM_MESSAGE_HEADER_LENGTH" },
	{ "a nested table gives dotted names", "return { message = {\n\n header_length = 0 } }",
	    NULL, NULL, { NULL }, "message.header_length",
	    "message.header_length = 0\t# /tmp/test_config.XXXXXX:3" },
	{ "the socket is in the runtime folder", "", NULL, NULL, { NULL },
	    "socket", "socket = /run/user/7/luahsm/luahsm.sock\t# default" },
	{ "none is no socket", "", NULL, NULL, { "socket=none" },
	    "socket", "socket = none\t# command line" },
	{ "a list of addresses", "return { address = { '10.0.0.1', '::1' } }", NULL, NULL,
	    { NULL }, "address", "address = 10.0.0.1 ::1\t# /tmp/test_config.XXXXXX:1" },
	{ "an empty list of codes", "return { commands = { disabled = {} } }", NULL, NULL,
	    { NULL }, "commands.disabled",
	    "commands.disabled = none\t# /tmp/test_config.XXXXXX:1" },
	{ "commas part codes too", "", NULL, NULL, { "commands.disabled=A0,B2" },
	    "commands.disabled", "commands.disabled = A0 B2\t# command line" },
	{ "bytes with a unit", "", NULL, NULL, { "plugin.memory=2M" },
	    "plugin.memory", "plugin.memory = 2097152\t# command line" },
	{ "the default LMKs", "", NULL, NULL, { NULL },
	    "lmk.02", "lmk.02 = test-3des-kb\t# default" },
	{ "an LMK replaces the default set", "", NULL, NULL, { "lmk.00=test-aes-kb" },
	    "lmk.01", "" },
	{ "a second one adds to the first", "", NULL, NULL,
	    { "lmk.00=test-aes-kb", "lmk.3=test-variant" },
	    "lmk.03", "lmk.03 = test-variant\t# command line" },
	{ "an LMK of the command line replaces those of the file",
	    "return { lmk = { ['00'] = 'test-variant', ['07'] = 'test-variant' } }", NULL, NULL,
	    { "lmk.00=test-aes-kb" }, "lmk.07", "" },
	{ "an LMK's id may be a number in the file", "return { lmk = { [0] = 'test-variant' } }",
	    NULL, NULL, { NULL }, "lmk.00", "lmk.00 = test-variant\t# /tmp/test_config.XXXXXX:1" },
	{ "and stands in the environment", "", "LUAHSM_LMK_00", "test-aes-kb", { NULL },
	    "lmk.00", "lmk.00 = test-aes-kb\t# environment LUAHSM_LMK_00" },
	{ "ZZ for unknown codes", "", NULL, NULL, { "message.unknown=ZZ" },
	    "message.unknown", "message.unknown = ZZ\t# command line" },
	{ "a variable of somebody else's is left alone", "", "LUAHSM_BUILD_FOLDER", "x",
	    { NULL }, "port", "port = 1500\t# default" },

	{ "a misspelt flag", "", NULL, NULL, { "prot=1" }, NULL,
	    "command line: there is no setting \"prot\"; did you mean \"port\"?\n" },
	{ "the end of a name alone", "", NULL, NULL, { "header_length=1" }, NULL,
	    "did you mean \"message.header_length\"?" },
	{ "nothing like it", "", NULL, NULL, { "xyzzy=1" }, NULL, "`luahsm config list`" },
	{ "a misspelt variable", "", "LUAHSM_PROT", "1", { NULL }, NULL,
	    "environment: LUAHSM_PROT is no setting; did you mean LUAHSM_PORT?\n" },
	{ "a misspelt name in the file", "return {\n message = {\n  heder_length = 4,\n} }",
	    NULL, NULL, { NULL }, NULL, "XX:3: there is no setting \"message.heder_length\"; "
	    "did you mean \"message.header_length\"?\n" },
	{ "a wrong value in the file", "return {\n\tport = 'x' }", NULL, NULL, { NULL }, NULL,
	    "XX:2: port can't be \"x\"; it is a number from 0 to 65535\n" },
	{ "no value", "", NULL, NULL, { "port" }, NULL, "\"port\" is not NAME=VALUE" },
	{ "a number too large", "", NULL, NULL, { "port=65536" }, NULL,
	    "command line: port can't be \"65536\"; it is a number from 0 to 65535\n" },
	{ "a sign", "", NULL, NULL, { "port=-1" }, NULL, "port can't be \"-1\"" },
	{ "a space before a number", "", NULL, NULL, { "port= 1" }, NULL, "port can't be" },
	{ "a word that is none of them", "", NULL, NULL, { "profile=prod" }, NULL,
	    "profile can't be \"prod\"; it is test or strict\n" },
	{ "a word cut short", "", NULL, NULL, { "profile=tes" }, NULL, "test or strict" },
	{ "a host's name is no address", "", NULL, NULL, { "address=localhost" }, NULL,
	    "it is at most 8 IP addresses" },
	{ "a code of three characters", "", NULL, NULL, { "commands.disabled=ABC" }, NULL,
	    "codes of two characters" },
	{ "a firmware number too short", "", NULL, NULL, { "message.firmware=1" }, NULL,
	    "a text of 9 characters" },
	{ "an LMK id out of range", "", NULL, NULL, { "lmk.20=test-variant" }, NULL,
	    "lmk.20: an LMK's id is a number from 00 to 19\n" },
	{ "an LMK that is not there", "", NULL, NULL, { "lmk.00=mine" }, NULL,
	    "there is no LMK \"mine\"; it is test-variant or test-aes-kb or test-3des-kb\n" },
	{ "a default LMK that is not loaded", "", NULL, NULL, { "lmk.01=test-aes-kb" }, NULL,
	    "lmk.default: LMK 00 is not loaded" },
	{ "no port left for an LMK", "", NULL, NULL, { "port=65535" }, NULL,
	    "leaves no port for LMK 00" },
	{ "neither port nor socket", "", NULL, NULL, { "port=0", "socket=none" }, NULL,
	    "one of them is needed" },
	{ "formats that are off", "", NULL, NULL, { "pin.formats_off=02 03" }, "pin.formats_off",
	    "pin.formats_off = 02 03\t# command line" },
	{ "a format of letters", "", NULL, NULL, { "pin.formats_off=0A" }, NULL,
	    "pin.formats_off: takes format codes of two digits" },
	{ "excluded PINs", "", NULL, NULL, { "pin.excluded=1234,same" }, "pin.excluded",
	    "pin.excluded = 1234,same\t# command line" },
	{ "excluded PINs that are none", "", NULL, NULL, { "pin.excluded=123" }, NULL,
	    "pin.excluded: takes PINs of 4 to 12 digits" },
	{ "strict without an address", "", NULL, NULL, { "profile=strict" }, NULL,
	    "address: strict listens on no address by itself" },
	{ "strict with plain0", "", NULL, NULL,
	    { "profile=strict", "address=127.0.0.1", "pin.lmk_method=plain0" }, NULL,
	    "strict refuses plain0" },
	{ "strict authorised", "", NULL, NULL,
	    { "profile=strict", "port=0", "authorised=true" }, NULL, "authorised: strict" },
	{ "strict with plaintext tables", "", NULL, NULL,
	    { "profile=strict", "port=0", "pin.decimalisation_table=plaintext" }, NULL,
	    "encrypted tables only" },
	{ "strict with X under the LMK", "", NULL, NULL,
	    { "profile=strict", "port=0", "key.x_under_lmk=true" }, NULL, "X and Y" },
	{ "strict filters system calls", "", NULL, NULL,
	    { "profile=strict", "port=0", "seccomp=false" }, NULL, "system calls" },
	{ "strict with a published LMK", "", NULL, NULL,
	    { "profile=strict", "port=0", "lmk.00=test-aes-kb" }, NULL,
	    "lmk.00: strict refuses test-aes-kb" },
	{ "strict with an LMK of one's own", "", NULL, NULL,
	    { "profile=strict", "port=0", "lmk.00=mine" }, "lmk.00",
	    "lmk.00 = mine\t# command line" },
	{ "strict has a vault", "", NULL, NULL,
	    { "profile=strict", "port=0" }, "lmk.vault",
	    "lmk.vault = /var/vault-test/luahsm/lmk.vault\t# default" },
	{ "a vault makes strict", "", NULL, NULL,
	    { "lmk.vault=/x/y", "port=0" }, "profile", "profile = strict\t# default" },
	{ "a vault in the test profile", "", NULL, NULL,
	    { "lmk.vault=/x/y", "profile=test" }, "profile",
	    "profile = test\t# command line" },
	{ "a vault replaces the test LMKs", "", NULL, NULL,
	    { "lmk.vault=/x/y", "profile=test" }, "lmk.00", "" },
	{ "an LMK of the vault beside test LMKs", "", NULL, NULL,
	    { "lmk.vault=/x/y", "lmk.00=mine", "profile=test" }, "lmk.00",
	    "lmk.00 = mine\t# command line" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;
	char want[512];
	const char *x;
	int r = load(row->text, row->variable, row->value, row->set);

	if (row->setting == NULL) {
		assert_int_equal(r, -1);
		if (strstr(row->want, "XX:") == row->want)	/* the file's name ends here */
			assert_non_null(strstr(said, row->want + 2));
		else
			assert_non_null(strstr(said, row->want));
		assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
		return;
	}
	assert_string_equal(said, "");
	assert_int_equal(r, 0);
	x = strstr(row->want, "/tmp/test_config.XXXXXX");
	if (x != NULL)
		snprintf(want, sizeof(want), "%.*s%s%s", (int)(x - row->want), row->want, file,
		    x + strlen(file));
	else
		snprintf(want, sizeof(want), "%s", row->want);
	assert_string_equal(shown(row->setting), want);
}

static void
test_strict_defaults(void **state)
{
	const char *const strict[3] = { "profile=strict", "port=0" };
	const char *const given[3] = { "profile=strict", "key.separate_002=false" };

	(void)state;
	load("", NULL, NULL, strict);
	assert_true(c.restrict_formats);
	assert_true(c.separate_002);
	assert_false(c.pin_clear);
	assert_string_equal(shown("commands.disabled"),
	    "commands.disabled = BQ CE CG CO EG GA GS QK\t# default");
	assert_false(c.listen_tcp);
	load("", NULL, NULL, given);
	assert_true(c.restrict_formats);
	assert_false(c.separate_002);
}

static void
test_defaults(void **state)
{
	(void)state;
	config_default(&c);
	assert_true(c.pin_clear);
	assert_string_equal(shown("commands.disabled"),
	    "commands.disabled = BQ CE CG CO EG GA GS\t# default");
	assert_int_equal(c.profile, PROFILE_TEST);
	assert_true(c.listen_tcp);
	assert_int_equal(c.header_length, 4);
	assert_string_equal(c.firmware, "0007-E000");
	assert_int_equal(c.disabled.n, 7);
	assert_memory_equal(c.disabled.code[6], "GS", 2);
	assert_string_equal(c.lmk[0], "test-variant");
	assert_string_equal(c.lmk[1], "test-aes-kb");
	assert_int_equal(c.pin_lmk_method, LMK_PIN_FPE10);
	assert_true(c.table_encrypted);
	assert_true(c.component_ff);
	assert_true(c.atalla);
	assert_false(c.zmk_single);
	assert_int_equal(c.plugin_memory, 4 * 1024 * 1024);
	assert_int_equal(c.log_level, 2);
	assert_true(c.workers >= 1);
}

/* What is shown can be given back. */
static void
test_round_trip(void **state)
{
	(void)state;
	config_default(&c);
	for (size_t i = 0; i < config_table_count; i++) {
		const struct setting *s = &config_table[i];
		char *text = NULL;
		size_t n = 0;
		FILE *f = open_memstream(&text, &n);

		config_format(&c, s, f);
		fclose(f);
		if (s->kind != SETTING_LMK)
			assert_int_equal(config_parse(&c, s, s->name, text, stderr), 0);
		free(text);
		assert_non_null(s->help);
	}
}

static void
test_distance(void **state)
{
	(void)state;
	assert_int_equal(config_distance("port", "port"), 0);
	assert_int_equal(config_distance("port", "prot"), 1);
	assert_int_equal(config_distance("port", "ports"), 1);
	assert_int_equal(config_distance("", "abc"), 3);
	assert_int_equal(config_distance("kitten", "sitting"), 3);
}

static void
test_no_file(void **state)
{
	FILE *err = fmemopen(said, sizeof(said), "w");

	(void)state;
	assert_int_equal(config_load(&c, "/none/luahsm.conf", NULL, 0, err), -1);
	fclose(err);
	assert_string_equal(said, "/none/luahsm.conf: there is no such configuration file\n");
}

enum { ROWS = sizeof(rows) / sizeof(rows[0]), OTHERS = 5 };

int
main(void)
{
	struct CMUnitTest tests[OTHERS + ROWS] = {
		cmocka_unit_test(test_strict_defaults), cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_round_trip), cmocka_unit_test(test_distance),
		cmocka_unit_test(test_no_file),
	};

	for (size_t i = 0; i < ROWS; i++)
		tests[OTHERS + i] = (struct CMUnitTest){ .name = rows[i].name,
			.test_func = test_row, .initial_state = (void *)(uintptr_t)&rows[i] };
	return cmocka_run_group_tests(tests, setup, teardown);
}
