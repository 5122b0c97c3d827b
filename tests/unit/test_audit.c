/* audit: every line that was changed, left out, added or moved is found. */
#include "audit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "rows.h"
#include "secret.h"

static const uint8_t key[AUDIT_KEY] = { 1, 2, 3 };
static char dir[] = "/tmp/luahsm-test-XXXXXX";
static char path[100], said[400], text[20000];

static FILE *
sink(void)
{
	memset(said, 0, sizeof(said));
	return fmemopen(said, sizeof(said), "w");
}

static struct audit *
try_open(void)
{
	FILE *err = sink();
	struct audit *a = audit_open(path, key, err);

	fclose(err);
	return a;
}

static int64_t
verified(const uint8_t with[AUDIT_KEY])
{
	FILE *err = sink();
	int64_t n = audit_verify(path, with, err);

	fclose(err);
	return n;
}

static int
add(struct audit *a, uint32_t version)
{
	return audit_add(a, &(struct audit_record){ .operation = "sign", .key = "release",
	    .version = version, .algorithm = "ecdsa-p256", .peer = "unix", .uid = 1000, .pid = 4,
	    .digest = SPAN("\1\2\3"), .epoch = 9, .result = "00" });
}

static void
put_text(const char *content, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_int_equal(write(fd, content, n), n);
	close(fd);
}

static size_t
get_text(void)
{
	int fd = open(path, O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	assert_true(n >= 0);
	close(fd);
	text[n] = '\0';
	return (size_t)n;
}

/* Five records, in text. Their bytes. */
static size_t
five(void)
{
	struct audit *a;

	unlink(path);
	a = try_open();
	assert_non_null(a);
	for (uint32_t i = 1; i <= 5; i++)
		assert_int_equal(add(a, i), 0);
	audit_close(a);
	return get_text();
}

/* Where line i (from 1) starts. */
static char *
line_at(int i)
{
	char *p = text;

	while (--i > 0)
		p = strchr(p, '\n') + 1;
	return p;
}

static void
test_record(void **state)
{
	struct audit *a;
	struct stat st;

	(void)state;
	five();
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(verified(key), 5);
	assert_memory_equal(text, "{\"seq\":1,\"time\":\"20", 19);
	assert_non_null(strstr(text, "\"operation\":\"sign\",\"key\":\"release\",\"version\":1,"
	    "\"algorithm\":\"ecdsa-p256\",\"peer\":\"unix\",\"uid\":1000,\"pid\":4,"
	    "\"digest\":\"010203\",\"epoch\":9,\"result\":\"00\",\"mac\":\""));
	assert_non_null(a = try_open());
	assert_int_equal(audit_last(a), 5);
	assert_int_equal(audit_add(a, &(struct audit_record){ .operation = "list", .uid = -1,
	    .pid = -1 }), 0);
	audit_close(a);
	assert_int_equal(verified(key), 6);
	get_text();
	assert_non_null(strstr(line_at(6), "Z\",\"operation\":\"list\",\"mac\":\""));
}

static void
test_new(void **state)
{
	struct audit *a;

	(void)state;
	unlink(path);
	assert_non_null(a = try_open());
	assert_int_equal(audit_last(a), 0);
	audit_close(a);
	assert_int_equal(verified(key), 0);
	unlink(path);
	assert_int_equal(verified(key), -1);
	assert_non_null(strstr(said, "No such file"));
}

static void
test_other_key(void **state)
{
	static const uint8_t other[AUDIT_KEY] = { 1, 2, 4 };

	(void)state;
	five();
	assert_int_equal(verified(other), -1);
	assert_non_null(strstr(said, ":1: "));
}

/* Any bit of any line. */
static void
test_bits(void **state)
{
	size_t n = five();

	(void)state;
	for (size_t i = 0; i < n; i += 7) {
		text[i] ^= 1;
		put_text(text, n);
		assert_int_equal(verified(key), -1);
		text[i] ^= 1;
	}
	put_text(text, n);
	assert_int_equal(verified(key), 5);
}

static void
left_out(char *out)
{
	sprintf(out, "%.*s%s", (int)(line_at(3) - text), text, line_at(4));
}

static void
swapped(char *out)
{
	int second = (int)(line_at(3) - line_at(2)), third = (int)(line_at(4) - line_at(3));

	sprintf(out, "%.*s%.*s%.*s%s", (int)(line_at(2) - text), text, third, line_at(3), second,
	    line_at(2), line_at(4));
}

static void
twice(char *out)
{
	sprintf(out, "%.*s%s", (int)(line_at(3) - text), text, line_at(2));
}

static void
first_gone(char *out)
{
	strcpy(out, line_at(2));
}

static void
emptied(char *out)
{
	sprintf(out, "%.*s\n%s", (int)(line_at(3) - text), text, line_at(3));
}

static void
cut_short(char *out)
{
	sprintf(out, "%.*s", (int)strlen(text) - 1, text);
}

static const struct edit {
	const char *name;
	void      (*make)(char *out);
	const char *where;
} edits[] = {
	{ "a line left out",     left_out,   ":3: " },
	{ "two lines swapped",   swapped,    ":2: " },
	{ "a line twice",        twice,      ":3: " },
	{ "the first line gone", first_gone, ":1: " },
	{ "an empty line",       emptied,    ":3: " },
	{ "the last line cut",   cut_short,  ":5: " },
};

static void
test_edit(void **state)
{
	const struct edit *edit = *state;
	static char out[sizeof(text)];

	five();
	edit->make(out);
	put_text(out, strlen(out));
	assert_int_equal(verified(key), -1);
	if (strstr(said, edit->where) == NULL)
		fail_msg("said: %s", said);
}

/* A crash while a line was written: it is cut off, wherever that was. */
static void
test_crash(void **state)
{
	size_t n = five(), before = (size_t)(line_at(5) - text);
	struct audit *a;

	(void)state;
	for (size_t left = before + 1; left < n; left += 5) {
		put_text(text, left);
		assert_non_null(a = try_open());
		assert_non_null(strstr(said, "cut off"));
		assert_int_equal(audit_last(a), 4);
		assert_int_equal(add(a, 9), 0);
		audit_close(a);
		assert_int_equal(verified(key), 5);
	}
	put_text(text, 10);
	assert_non_null(a = try_open());
	assert_int_equal(audit_last(a), 0);
	audit_close(a);
}

static void
test_not_ours(void **state)
{
	(void)state;
	put_text("hello\n", 6);
	assert_null(try_open());
	assert_non_null(strstr(said, "not an audit record"));
	memset(text, 'x', sizeof(text));
	put_text(text, sizeof(text));
	assert_null(try_open());
}

/* After a write that failed nothing is recorded any more: what is on disk is not known. */
static void
test_full(void **state)
{
	struct rlimit before, limit;
	struct audit *a;

	(void)state;
	five();
	assert_non_null(a = try_open());
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	limit = before;
	limit.rlim_cur = get_text() + 100;
	setrlimit(RLIMIT_FSIZE, &limit);
	assert_true(audit_works(a));
	assert_int_equal(add(a, 6), ERR_SYSTEM);
	assert_false(audit_works(a));
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(add(a, 6), ERR_SYSTEM);
	audit_close(a);
	assert_non_null(a = try_open());
	assert_int_equal(audit_last(a), 5);
	assert_int_equal(add(a, 6), 0);
	audit_close(a);
	assert_int_equal(verified(key), 6);
}

static void
test_odd_texts(void **state)
{
	static char big[AUDIT_LINE];
	struct audit *a;

	(void)state;
	unlink(path);
	assert_non_null(a = try_open());
	memset(big, 'x', sizeof(big) - 1);
	assert_int_equal(audit_add(a, &(struct audit_record){ .key = "a\"b\\c\n\x7f" }), 0);
	assert_int_equal(audit_add(a, &(struct audit_record){ .key = big }), ERR_SYSTEM);
	assert_int_equal(audit_add(a, &(struct audit_record){ .key = "\xff" }), 0);
	audit_close(a);
	assert_int_equal(verified(key), 2);
}

static int
setup(void **state)
{
	(void)state;
	if (secret_init(false) != 0 || mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/audit.log", dir);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir) == 0 && secret_bytes_used() == 0 ? 0 : -1;
}

int
main(void)
{
	struct rows r = { 0 };

	rows_add(&r, "records follow each other", test_record, NULL);
	rows_add(&r, "a new log", test_new, NULL);
	rows_add(&r, "another key", test_other_key, NULL);
	rows_add(&r, "any bit changed", test_bits, NULL);
	ROWS(&r, edits, test_edit);
	rows_add(&r, "a crash within a line", test_crash, NULL);
	rows_add(&r, "a file that is no log", test_not_ours, NULL);
	rows_add(&r, "a full disk", test_full, NULL);
	rows_add(&r, "odd texts", test_odd_texts, NULL);
	return rows_run(&r, "audit", setup, teardown);
}
