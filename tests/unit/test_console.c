/*
 * console: what it says to lines, in this process: a socket pair with all lines in one end.
 * Key values that are expected were made with openssl, as those of test_lmk.c.
 */
#include "console.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "config.h"
#include "keys.h"
#include "lmk.h"

static struct config config;
static char said[65536];

static int
setup(void **state)
{
	config_default(&config);
	return keys_setup(state) != 0 || authority_init() != 0 || lmk_load(0, "test-variant") != 0 ||
	    lmk_load(1, "test-aes-kb") != 0;
}

/* What a console says to these lines and the end of them, NULs as ones. */
static void
type(const char *lines)
{
	int ends[2];
	ssize_t n;
	size_t at = 0;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(write(ends[0], lines, strlen(lines)), strlen(lines));
	shutdown(ends[0], SHUT_WR);
	console_run(&config, ends[1], -1);
	authority_end((uint32_t)getpid());
	close(ends[1]);
	while ((n = read(ends[0], said + at, sizeof(said) - 1 - at)) > 0)
		at += (size_t)n;
	said[at] = '\0';
	close(ends[0]);
}

#define GRANTED "A\ncomponent\nmisc\nadmin\n\n"
#define KEY1 "0123456789ABCDEFFEDCBA9876543210"
#define KEY2 "FEDCBA98765432100123456789ABCDEE"

/* Key blocks under test-aes-kb, as in the plug-ins CW, CA and DG. */
#define CVK_BLOCK "S1009613TN00S00018F8450B1F110CB15A4490D4ADF2A00B9" \
	"0648F81C3FF75C2E2B7DE31ABC72166C1A2DC4546D9249C1"
#define CVK_VERIFIES "S1009613TV00S00016CBDC5562930B6FAC2B5FED24D8BCAB3" \
	"0256A8D6A48754E56A1BC4F2C63486AE9EBB9E6C689164B2"
#define CSCK_BLOCK "S1009611TN00S00018F904E7D15CB79A64C47DABC6236BAF0" \
	"7DF3A69539244747624757C031E73989868287EE78A137F9"
#define ZPK_BLOCK "S1009672TN00S0001DCC889FCFA9915A4CCB7BFADB1BE34AF" \
	"8B63190763EBDDD3CC48F8E9F1A798BFA10C7F63175A94DD"
#define PVK_IBM "S10096V1TN00S0001A87F80AE4776D682C79B2BAA702B2FA5" \
	"9FD58F4DF6DC90BEA65FEA43913CAE5B823004BC11343EDE"
#define PVK_VERIFIES "S10096V2TV00S0001905BAD07B044A7C8F72C1A94283C3B83" \
	"16DEFF5C1A8F59CD0A6A4CC8FCDA852889D5C7ED7733894E"

static const struct row {
	const char *name, *lines, *want, *lacks;
} rows[] = {
	{ "the prompt", "", "HSM-00> ", NULL },
	{ "empty lines are fine", "\n\nV\n", "HSM-00> HSM-00> HSM-00> Check: 268604\n", NULL },
	{ "small letters too", "vt\n", "01  aes-kb   test   9D04A0  test-aes-kb", NULL },
	{ "blanks around a line", "  v \n", "Check: 268604", NULL },
	{ "QUIT ends it", "quit\nV\n", "HSM-00> ", "Check" },
	{ "no such command", "V2\n", "There is no command \"V2\"; HELP lists them.", NULL },
	{ "help", "HELP\n", "  QUIT     end this session", NULL },
	{ "another LMK", "LMK\n01\nV\n", "HSM-01> Check: 9D04A0", NULL },
	{ "no such LMK", "LMK\n1\nV\n", "There is no LMK 1.", NULL },
	{ "version", "VR\n", "firmware number 0007-E000, profile test", NULL },
	{ "settings", "QS\n", "console.minutes = 10", NULL },
	{ "those of hosts are others", "QH\n", "message.header_length = 4", "console.minutes" },
	{ "PIN block formats", "CONFIGPB\n", "pin.restrict_formats = false\npin.formats_off = none\nNo console", NULL },
	{ "fraud detection", "A5\n", "pin.alarm_hour = 0\nNo console", NULL },
	{ "settings can't be changed", "CS\n", "count from the next start on", NULL },
	{ "nothing is authorised", "VA\n", "0 authorised", NULL },
	{ "an activity", "A\nexport.001.host.3\n\nVA\n", "Authorised: export.001.host for 3 minutes", NULL },
	{ "the prompt shows it", "A\nexport\n\n", "*HSM-00> ", NULL },
	{ "too many minutes", "A\nexport.001.host.11\n", "of at most 10 minutes", "Authorised:" },
	{ "no activities", "A\n\n", "HSM-00> ", "Authorised:" },
	{ "cancelled", "A\nexport\n\nC\nexport\nVA\n", "Cancelled: 1\nHSM-00> 0 authorised", NULL },
	{ "another one is not", "A\nexport\n\nC\nimport\nVA\n", "Cancelled: 0\n*HSM-00> export", NULL },
	{ "no activity to cancel", "C\n.\n", "That is no activity.", NULL },
	{ "a component needs authority", "EC\n001\n", "Not authorised: component.001.console", NULL },
	{ "of that type", "A\ncomponent.001\n\nEC\n002\n", "Not authorised: component.002.console", NULL },
	{ "from the console", "A\ncomponent.001.host\n\nEC\n001\n", "Not authorised: component.001", NULL },
	{ "a hidden question", GRANTED "EC\n001\n\n" KEY1 "\n", "\1Component: ", NULL },
	{ "a component's check value", GRANTED "EC\n001\n\n" KEY1 "\n", "Key check value: 08D7B4", KEY1 },
	{ "one of another length", GRANTED "EC\n001\nZ\n" KEY1 "\n", "It has 16 hexadecimal digits.", NULL },
	{ "no such type", GRANTED "EC\nXYZ\n", "There is no such key type.", NULL },
	{ "no such length", GRANTED "GC\n4\n", "It is one of 213.", NULL },
	{ "under a key block LMK", GRANTED "LMK\n01\nEC\n", "This takes a variant LMK", NULL },
	{ "GC shows what it made", GRANTED "GC\n1\n001\n\n", "Clear component: ", NULL },
	{ "FK of a component twice", GRANTED "FK\n2\n001\n\nX\n2\n" KEY1 "\n" KEY1 "\n", "there twice", "Encrypted" },
	{ "FK of zeros", GRANTED "FK\n1\n001\n\nX\n2\n0101010101010101\n", "all zeros", "Encrypted" },
	{ "FK of what makes a weak key", GRANTED "FK\n2\n001\n\nX\n2\n" KEY1 "\n" KEY2 "\n", "weak key", "Encrypted" },
	{ "FK of one component", GRANTED "FK\n2\n001\n\nX\n1\n", "It is one of 23456789.", NULL },
	{ "FK of two", GRANTED "FK\n1\n002\n\nX\n2\n0123456789ABCDEF\n1122334455667788\n",
	    "Encrypted key: ", "\nKey check value: 000000" },
	{ "FK of halves", GRANTED "FK\n2\n001\n\nH\n0123456789ABCDEF\nFEDCBA9876543210\n",
	    "Encrypted key: U063A0E7C0F2124E56192A4510F395ED7\nKey check value: 08D7B4\n", NULL },
	{ "FK of thirds", GRANTED "FK\n3\n001\n\nH\n0123456789ABCDEF\nFEDCBA9876543210\n1122334455667788\n",
	    "Encrypted key: T43639EB172DBABA59FB5212205040822686D335BE1038774\nKey check value: 8BB7CF\n", NULL },
	{ "FK of halves of a single key", GRANTED "FK\n1\n001\n\nH\n", "has no halves", NULL },
	{ "FK of encrypted components", GRANTED "FK\n2\n001\nU\nE\n2\nU181F59A6C48270AA2940E254D23635C1\n"
	    "U27A9A6605287C38846A2D023E4F78DDE\n", "Encrypted key: UFB330651458F5CDFDA805B341DD8F1F8\n", NULL },
	{ "FK of smart cards", GRANTED "FK\n2\n001\n\nS\n", "There are no smart cards here", NULL },
	{ "FK in a scheme for another length", GRANTED "FK\n2\n001\nT\n", "of another length", NULL },
	{ "FK in scheme X", GRANTED "FK\n2\n001\nX\n", "It is one of ZUT.", NULL },
	{ "EC by scheme", GRANTED "EC\n001\nU\n" KEY1 "\n", "component: U181F59A6C48270AA2940E254D23635C1\n", NULL },
	{ "EC of one part", GRANTED "EC\n001\nz\n0123456789ABCDEF\n", "component: EC3A5E6532E97108\n", NULL },
	{ "DC", "DC\n", "There are no smart cards here", NULL },
	{ "no keeper, no record", GRANTED, "QUIT, and begin another one.", NULL },
	{ "N", GRANTED "N\n0123456789ABCDEF\n0000000000000000\n", "Encrypted: D5D44FF720683D0D", NULL },
	{ "$", GRANTED "$\n" KEY1 "\n0000000000000000\n", "Encrypted: 08D7B4FB629D0885", NULL },
	{ "$ of another length", GRANTED "$\n0123456789ABCDEF\n", "It has 32 hexadecimal digits.", NULL },
	{ "N of data too short", GRANTED "N\n0123456789ABCDEF\n00\n", "It has 16 hexadecimal digits.", NULL },
	{ "PV", GRANTED "PV\nU1750CDFB0757D3B3994430636DBB281B\n1234567890111234\n", "PVV: 5987", NULL },
	{ "PV of a short block", GRANTED "PV\nU1750CDFB0757D3B3994430636DBB281B\n123\n", "11 digits", "PVV: " },
	{ "CV", GRANTED "LMK\n01\nCV\n" CVK_BLOCK "\n4123456789012345\n8701\n101\n", "CVV: 561", NULL },
	{ "CV takes no ZPK", GRANTED "LMK\n01\nCV\n" ZPK_BLOCK "\n4123456789012345\n8701\n101\n",
	    "CVK: the key block's usage", "Account number" },
	{ "CV takes no CSCK", GRANTED "LMK\n01\nCV\n" CSCK_BLOCK "\n", "CVK: the key block's usage", "Account number" },
	{ "CV takes no CVK that verifies only", GRANTED "LMK\n01\nCV\n" CVK_VERIFIES "\n",
	    "CVK: the key block's mode of use", "Account number" },
	{ "CV takes no bad parity", GRANTED "CV\nUBF3606B87DD29A1AF20AE20876532E50\n",
	    "CVK: the first key has bad parity", "Account number" },
	{ "CV takes no key of single length", GRANTED "CV\nEC3A5E6532E97108\n", "CVK: ", "Account number" },
	{ "PV takes no PVK of the IBM method", GRANTED "LMK\n01\nPV\n" PVK_IBM "\n",
	    "PVK: the key block's usage", "Data block" },
	{ "PV takes no PVK that verifies only", GRANTED "LMK\n01\nPV\n" PVK_VERIFIES "\n",
	    "PVK: the key block's mode of use", "Data block" },
	{ "ED of no table", GRANTED "ED\n0123\n", "HSM", "Encrypted table" },
	{ "GK", GRANTED "GK\nA\n", "\nCheck: ", NULL },
	{ "GK needs authority", "GK\nA\n", "Not authorised: admin.console", "Check" },
	{ "DM needs authority", "DM\n", "Not authorised: admin.console", "Passphrase" },
};

static void
test_row(void **state)
{
	const struct row *row = *state;

	type(row->lines);
	assert_non_null(strstr(said, row->want));
	if (row->lacks != NULL)
		assert_null(strstr(said, row->lacks));
	assert_int_equal(secret_slots_used(), 0);
}

/* SIGTERM ends it before the next line, and the last line says so. */
static void
test_end(void **state)
{
	sigset_t term;
	int signal;

	(void)state;
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	assert_int_equal(sigprocmask(SIG_BLOCK, &term, NULL), 0);
	assert_int_equal(raise(SIGTERM), 0);
	type("V\n");
	assert_string_equal(said, "HSM-00> \nThe server ends, and this session with it.\n");
	assert_int_equal(sigwait(&term, &signal), 0);
	assert_int_equal(sigprocmask(SIG_UNBLOCK, &term, NULL), 0);
	type("V\n");
	assert_non_null(strstr(said, "Check"));
}

/* Where officers are asked for and there are none, nothing is authorised. */
static void
test_officers(void **state)
{
	(void)state;
	config.officers = 2;
	type("A\nexport\n\nalice\nx\n");
	assert_non_null(strstr(said, "It takes 2 officers, and the vault has 0"));
	config.officers = 0;
	config.profile = PROFILE_STRICT;
	type("A\nall\n");
	assert_non_null(strstr(said, "one activity after the other"));
	config.profile = PROFILE_TEST;
}

/* A table is encrypted with a record only, as all that takes authority. */
static void
test_no_log(void **state)
{
	(void)state;
	type(GRANTED "ED\n0123456789012345\n");
	assert_non_null(strstr(said, "Encrypted table: "));
	config.authorised = true;
	config.profile = PROFILE_STRICT;
	type("ED\n0123456789012345\n");
	assert_non_null(strstr(said, "There is no record of this in the audit log"));
	assert_null(strstr(said, "Encrypted table"));
	config.profile = PROFILE_TEST;
	config.authorised = false;
}

/* Two AES components; their check values are CMACs by python's cryptography. */
#define PART1 "0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF"
#define PART2 "FEDCBA98765432100011223344556677FEDCBA98765432100011223344556677"
#define PARTS "A\n2\n" PART1 "\n840E8E\n" PART2 "\n7F34D4\n"

/* A new vault's passphrase is asked for twice, and blanks at its ends are part of it. */
static void
test_vault(void **state)
{
	char dir[] = "/tmp/luahsm-test-XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(config.vault, sizeof(config.vault), "%s/vault", dir);
	type(GRANTED "LK\n word \nword\n");
	assert_non_null(strstr(said, "That is not the same."));
	assert_int_not_equal(access(config.vault, F_OK), 0);
	type(GRANTED "LK\n word \n word \nacme\n03\n" PARTS);
	assert_non_null(strstr(said, "\1Passphrase of the new vault: "));
	assert_non_null(strstr(said, "Check: 20F011; it is served from the next start on."));
	type(GRANTED "DM\nword\nacme\n");
	assert_non_null(strstr(said, "wrong passphrase"));
	type(GRANTED "DM\n word \nacme\n");
	assert_non_null(strstr(said, "Deleted"));
	unlink(config.vault);
	assert_int_equal(rmdir(dir), 0);
	config.vault[0] = '\0';
}

/* Every prefix of a session ends well, and leaves nothing behind. */
static void
test_prefixes(void **state)
{
	static const char lines[] = GRANTED "FK\n1\n002\n\nX\n2\n0123456789ABCDEF\n1122334455667788\n";
	size_t before = secret_bytes_used();
	char part[sizeof(lines)];

	(void)state;
	for (size_t n = 0; n < sizeof(lines); n += 3) {
		memcpy(part, lines, n);
		part[n] = '\0';
		type(part);
		assert_int_equal(secret_bytes_used(), before);
	}
}

/* Last: it cancels what the setting authorised gave, for good. */
static void
test_setting(void **state)
{
	(void)state;
	config.authorised = true;
	type("VA\nC\n\nVA\n");
	assert_non_null(strstr(said, "all, by the setting authorised"));
	assert_null(strstr(strstr(said, "Cancelled"), "all, by"));
	config.authorised = false;
}

int
main(void)
{
	struct rows r = { 0 };

	signal(SIGPIPE, SIG_IGN);
	ROWS(&r, rows, test_row);
	rows_add(&r, "the end of the server", test_end, NULL);
	rows_add(&r, "officers", test_officers, NULL);
	rows_add(&r, "strict without an audit log", test_no_log, NULL);
	rows_add(&r, "a passphrase as it is typed", test_vault, NULL);
	rows_add(&r, "every prefix of a session", test_prefixes, NULL);
	rows_add(&r, "cancelling what the setting gave", test_setting, NULL);
	return rows_run(&r, "console", setup, NULL);
}
