/*
 * strict: what the strict profile does not tell, and what it does not start with.
 *
 * A host must not learn why a PIN block holds no PIN (threats 3.5): strict
 * answers what it answers for a wrong PIN, and takes as long. Every shipped
 * command that opens a PIN block is asked, under both profiles.
 */
#include "rows.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "config.h"
#include "err.h"
#include "folder.h"
#include "frame.h"
#include "log.h"
#include "prove.h"
#include "secret.h"
#include "stats.h"

enum { TRIES = 20000, RUNS = 100, LEAST = 10, MOST = 200, BLOCK = 16, ACCOUNT = 12, NOBODY = 65534 };

static struct config    config;
static struct folder   *folder;
static struct commands *commands;
static uint8_t          reply[FRAME_LIMIT];

/*
 * block, account: where the 16 digits of the PIN block and the 12 of the
 * account are in send. wrong: the same
 * with a right block and a wrong PIN, NULL for a command that verifies none.
 */
static const struct row {
	const char *name;
	const char *send;
	size_t      block, account;
	const char *wrong;
	const char *strict;	/* the one code that strict answers */
} rows[] = {
	{ "CA says 20 and no more", "CA"
	    "U1750CDFB0757D3B3994430636DBB281B" "UBA0C82D683A300B310E32C91077B362C" "12"
	    "21B97251DB63358D" "0101123456789012", 70, 90, NULL, "20" },
	{ "CC says 20 and no more", "CC"
	    "U1EF828AA8F6B80EB83E19FBC373F3A85" "U1EF828AA8F6B80EB83E19FBC373F3A85" "12"
	    "91DDDA0A7C12CFAA" "0101550000025321", 70, 90, NULL, "20" },
	{ "DC says 01 and no more", "DC"
	    "UF9BA474289B234653B6247DE33DEF36E" "UD0481AC22C5F585585535484A2DA0859"
	    "6F0CB04714EB445A" "0112460756711836527", 68, 86,
	    "DC" "UF9BA474289B234653B6247DE33DEF36E" "UD0481AC22C5F585585535484A2DA0859"
	    "6F0CB04714EB445A" "0112460756711836528", "01" },
	{ "EC says 01 and no more", "EC"
	    "U1EF828AA8F6B80EB83E19FBC373F3A85" "U9516F257DFAF0DE7A15099A9E4343B29"
	    "91DDDA0A7C12CFAA" "0155000002532114402", 68, 86,
	    "EC" "U1EF828AA8F6B80EB83E19FBC373F3A85" "U9516F257DFAF0DE7A15099A9E4343B29"
	    "91DDDA0A7C12CFAA" "0155000002532114401", "01" },
	{ "BC says 01 and no more",
	    "BC" "U593870425813FE186BB096E9E8516B26" "D72AB8A566AF6DBA" "0140123456789099697",
	    35, 53,
	    "BC" "U593870425813FE186BB096E9E8516B26" "D72AB8A566AF6DBA" "0140123456789011440", "01" },
	{ "DA says 01 and no more",
	    "DA" "U593870425813FE186BB096E9E8516B26" "2916C899EFF45627" "12" "D72AB8A566AF6DBA"
	    "0104401234567890FD64FC3FAD504BB34012345678NF" "8359FFFFFFFF",
	    53, 73,
	    "DA" "U593870425813FE186BB096E9E8516B26" "2916C899EFF45627" "12" "D72AB8A566AF6DBA"
	    "0104401234567890FD64FC3FAD504BB34012345678NF" "0000FFFFFFFF", "01" },
	{ "CM says 01 and no more",
	    "CM" "U8E3D3E2FD5919657F05A1AA90D32A014" "UBF36C6B87DD29A1AF20AE20876532E50"
	    "A05FFFF9876543210E00001" "1B9C1845EB993A7A" "40123456789016504",
	    91, 107,
	    "CM" "U8E3D3E2FD5919657F05A1AA90D32A014" "UBF36C6B87DD29A1AF20AE20876532E50"
	    "A05FFFF9876543210E00001" "1B9C1845EB993A7A" "40123456789026504", "01" },
	{ "CQ says 01 and no more",
	    "CQ" "U8E3D3E2FD5919657F05A1AA90D32A014" "A05FFFF9876543210E00001"
	    "1B9C1845EB993A7A" "40123456789099697",
	    58, 74,
	    "CQ" "U8E3D3E2FD5919657F05A1AA90D32A014" "A05FFFF9876543210E00001"
	    "1B9C1845EB993A7A" "40123456789011440", "01" },
	{ "GO says 01 and no more",
	    "GO0" "U8E3D3E2FD5919657F05A1AA90D32A014" "2916C899EFF45627"
	    "A05FFFF9876543210E00001" "1B9C1845EB993A7A"
	    "0104401234567890FD64FC3FAD504BB34012345678NF" "8359FFFFFFFF",
	    75, 95,
	    "GO0" "U8E3D3E2FD5919657F05A1AA90D32A014" "2916C899EFF45627"
	    "A05FFFF9876543210E00001" "1B9C1845EB993A7A"
	    "0104401234567890FD64FC3FAD504BB34012345678NF" "0000FFFFFFFF", "01" },
	{ "CU says 01 of the current PIN and no more",
	    "CU001" "UA5F5045CFA9F5483FAC8EBB26CCF8DF1" "UBF36C6B87DD29A1AF20AE20876532E50"
	    "0D6B65D817C44AB2" "0140123456789016504" "6E411CCF5E5F2C54",
	    71, 89,
	    "CU001" "UA5F5045CFA9F5483FAC8EBB26CCF8DF1" "UBF36C6B87DD29A1AF20AE20876532E50"
	    "0D6B65D817C44AB2" "0140123456789026504" "6E411CCF5E5F2C54", "01" },
	{ "FW says 20 and no more",
	    "FW001" "UA5F5045CFA9F5483FAC8EBB26CCF8DF1" "UBF36C6B87DD29A1AF20AE20876532E50"
	    "0D6B65D817C44AB2" "014012345678901",
	    71, 89, NULL, "20" },
	{ "JC says 20 and no more",
	    "JC" "U593870425813FE186BB096E9E8516B26" "D72AB8A566AF6DBA" "01401234567890",
	    35, 53, NULL, "20" },
	{ "G0 says 20 and no more",
	    "G0" "U8E3D3E2FD5919657F05A1AA90D32A014" "UA5F5045CFA9F5483FAC8EBB26CCF8DF1"
	    "A05FFFF9876543210E00001" "1B9C1845EB993A7A" "0101401234567890",
	    91, 111, NULL, "20" },
};

static int
build(void)
{
	int r;

	commands_stage(commands, folder);
	while ((r = commands_step(commands, stderr)) > 0)
		;
	commands_swap(commands);
	return r;
}

static int
setup(void **state)
{
	const char *dir = getenv("LUAHSM_PLUGINS");

	(void)state;
	log_open("test", -1, LOG_ERROR, false);
	config_default(&config);
	config.deadline_ms = 10000;	/* valgrind is slow */
	if (prove_init(&config) != 0 ||
	    (folder = folder_read(dir != NULL ? dir : "plugins", false, stderr)) == NULL ||
	    (commands = commands_new(&config, NULL)) == NULL)
		return -1;
	return build();
}

static int
teardown(void **state)
{
	(void)state;
	commands_free(commands);
	folder_free(folder);
	return 0;
}

/* The code that a request is answered with. */
static const char *
ask(enum profile profile, const char *text)
{
	static char code[3];
	const struct origin from = { .lmk = -1 };
	uint8_t message[512];
	size_t n = strlen(text);

	assert_true(n + 4 <= sizeof(message));
	memcpy(message, "head", 4);
	memcpy(message + 4, text, n);
	config.profile = profile;
	config.pin_one_error = config.dukpt_counter = profile == PROFILE_STRICT;
	assert_true(command_run(commands, &from, span_of(message, n + 4), reply,
	    sizeof(reply)) >= 8);
	memcpy(code, reply + 6, 2);
	return code;
}

/* The request with the number-th block that makes the test profile answer code. */
static void
find(const struct row *row, const char *code, unsigned *number, char text[512])
{
	char block[BLOCK + 1];

	snprintf(text, 512, "%s", row->send);
	while (++*number < TRIES) {
		snprintf(block, sizeof(block), "%016X", *number);
		memcpy(text + row->block, block, BLOCK);
		if (strcmp(ask(PROFILE_TEST, text), code) == 0)
			return;
	}
	fail_msg("no block gives %s", code);
}

static void
test_code(const struct row *row)
{
	static const char *const codes[] = { "20", "24" };
	char text[512];

	assert_string_equal(ask(PROFILE_TEST, row->send), "00");
	assert_string_equal(ask(PROFILE_STRICT, row->send), "00");
	for (size_t i = 0; i < 2; i++) {
		unsigned number = 0;

		for (unsigned n = 0; n < 20; n++) {
			const char *code;

			find(row, codes[i], &number, text);
			code = ask(PROFILE_STRICT, text);
			/* A translation passes letters among a PIN's digits on (threats A4). */
			if (row->wrong != NULL || strcmp(code, "00") != 0)
				assert_string_equal(code, row->strict);
		}
	}
	if (row->wrong != NULL) {
		assert_string_equal(ask(PROFILE_TEST, row->wrong), row->strict);
		assert_string_equal(ask(PROFILE_STRICT, row->wrong), row->strict);
	}
}

/* A right control digit and length, and digits that are none: the account decides. */
static void
test_digits(const struct row *row)
{
	char text[512];

	snprintf(text, sizeof(text), "%s", row->send);
	memset(text + row->account, '9', ACCOUNT);
	assert_string_equal(ask(PROFILE_TEST, text), "20");
	assert_string_equal(ask(PROFILE_STRICT, text), row->strict);
}

/* Key fields whose parts can be exchanged: under a variant LMK strict takes none. */
static const struct scheme {
	const char *name;
	const char *send;
	const char *test, *strict;
} schemes[] = {
	{ "X in a field of the schema", "EC" "U1EF828AA8F6B80EB83E19FBC373F3A85"
	    "X367930344805B1FAD6146EF4ED7502B3" "91DDDA0A7C12CFAA" "0155000002532114402",
	    "00", "26" },
	{ "X in a key that a handler opens", "BU021X367930344805B1FAD6146EF4ED7502B3",
	    "00", "26" },
	{ "Y in a key that a handler opens", "BU022Y367930344805B1FAD6146EF4ED7502B3"
	    "367930344805B1FA", "00", "26" },
	{ "U in a key that a handler opens", "BU021U9516F257DFAF0DE7A15099A9E4343B29",
	    "00", "00" },
	{ "X under a key block LMK is A1 anyway", "BUFF1X367930344805B1FAD6146EF4ED7502B3"
	    ";FFF;001%02", "A1", "A1" },
};

static void
test_scheme(void **state)
{
	const struct scheme *row = *state;

	assert_string_equal(ask(PROFILE_TEST, row->send), row->test);
	assert_string_equal(ask(PROFILE_STRICT, row->send), row->strict);
}

#ifdef __SANITIZE_ADDRESS__
enum { ASAN = 1 };	/* distorts times, and mlock does nothing */
#else
enum { ASAN = 0 };
#endif

/* --- time ---------------------------------------------------------------- */

/* Nanoseconds of some requests; the least ever is what they take undisturbed. */
static uint64_t
time_of(const char *text, uint64_t least)
{
	uint64_t began = stats_now(), took;

	for (unsigned n = 0; n < RUNS; n++)
		ask(PROFILE_STRICT, text);
	took = (stats_now() - began) / RUNS;
	return took < least ? took : least;
}

static void
test_time(const struct row *row)
{
	uint64_t wrong = UINT64_MAX, none = UINT64_MAX;
	unsigned number = 0, rounds = 0;
	char text[512];

	find(row, "20", &number, text);
	do {
		wrong = time_of(row->wrong, wrong);
		none = time_of(text, none);
	} while (++rounds < LEAST || (rounds < MOST && (none * 100 < wrong * 90 ||
	    none * 100 > wrong * 110)));
	print_message("# %.2s: wrong PIN %u ns, no PIN %u ns\n", text, (unsigned)wrong,
	    (unsigned)none);
	assert_in_range(none * 100, wrong * 90, wrong * 110);
}

static void
test_row(void **state)
{
	const struct row *row = *state;

	test_code(row);
	test_digits(row);
	if (row->wrong != NULL && !ASAN)
		test_time(row);
}

/* --- start --------------------------------------------------------------- */

static const struct lock {
	const char *name;
	bool        must;
	int         want;
} locks[] = {
	{ "strict fails when the slab can't be locked", true, ERR_SYSTEM },
	{ "the test profile goes on", false, 0 },
};

/* In a child without the right to lock anything. */
static void
test_lock(void **state)
{
	const struct lock *lock = *state;
	const struct rlimit none = { 0, 0 };
	int status;
	pid_t pid;

	if (ASAN)
		skip();
	if ((pid = fork()) == 0) {
		if (setrlimit(RLIMIT_MEMLOCK, &none) != 0 ||
		    (geteuid() == 0 && setuid(NOBODY) != 0))
			_exit(2);
		_exit(secret_relock(lock->must) == lock->want ? 0 : 1);
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int
main(void)
{
	struct rows r = { 0 };

	ROWS(&r, schemes, test_scheme);
	ROWS(&r, rows, test_row);
	ROWS(&r, locks, test_lock);
	return rows_run(&r, "strict", setup, teardown);
}
