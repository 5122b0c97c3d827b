/*
 * audit: the body of a line is its JSON object without the last member, "mac".
 * The hash is over the hash of the line before and the body.
 */
#include "audit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>
#include <sodium.h>

#include "err.h"
#include "hex.h"
#include "ownfile.h"
#include "secret.h"

enum { MAC = 32 };

static const char mark[] = ",\"mac\":\"";

enum { MARK = sizeof(mark) - 1, TAIL = MARK + 2 * MAC + 2 };	/* with "} at the end */

struct audit {
	int      fd;
	bool     broken;
	uint64_t last;
	uint64_t epoch;		/* of the last record when the log was opened; 0: none */
	uint8_t *key;		/* in the slab */
	uint8_t  mac[MAC];	/* of the last line */
};

/* The hash of a body after the line with hash before, which it replaces. */
static void
chain(const uint8_t key[AUDIT_KEY], uint8_t mac[MAC], const char *body, size_t n)
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, key, AUDIT_KEY, MAC);
	crypto_generichash_update(&state, mac, MAC);
	crypto_generichash_update(&state, (const unsigned char *)body, n);
	crypto_generichash_final(&state, mac, MAC);
}

/* --- reading ------------------------------------------------------------- */

/*
 * Take a line (n bytes, without its end) apart: its number and hash. false: it
 * is no line of ours, whatever its hash.
 */
static bool
take_line(const char *line, size_t n, uint64_t *number, uint8_t mac[MAC])
{
	static const char start[] = "{\"seq\":";
	char *end;

	if (n < sizeof(start) + TAIL || memcmp(line, start, sizeof(start) - 1) != 0 ||
	    memcmp(line + n - TAIL, mark, MARK) != 0 || memcmp(line + n - 2, "\"}", 2) != 0 ||
	    hex_decode(span_of(line + n - 2 - 2 * MAC, (size_t)2 * MAC), mac, MAC) != 0)
		return false;
	errno = 0;
	*number = strtoull(line + sizeof(start) - 1, &end, 10);
	return errno == 0 && *end == ',';
}

/* A line of an open file, which is at its start: 1; 0 at the end; -1 cut short or too long. */
static int
next_line(FILE *f, char line[AUDIT_LINE], size_t *n)
{
	*n = 0;
	if (fgets(line, AUDIT_LINE, f) == NULL)
		return ferror(f) ? -1 : 0;
	*n = strlen(line);
	if (line[*n - 1] != '\n')
		return -1;
	--*n;
	return 1;
}

int64_t
audit_verify(const char *path, const uint8_t key[AUDIT_KEY], FILE *err)
{
	int fd = ownfile_open(path, O_RDONLY, err), r;
	FILE *f = fd >= 0 ? fdopen(fd, "r") : NULL;
	uint8_t mac[MAC] = { 0 }, told[MAC];
	char line[AUDIT_LINE];
	uint64_t number, count = 0;
	size_t n;
	const char *wrong = NULL;

	if (f == NULL)
		return -1;
	while (wrong == NULL && (r = next_line(f, line, &n)) != 0) {
		count++;
		if (r < 0 || !take_line(line, n, &number, told)) {
			wrong = "is no whole record";
			break;
		}
		chain(key, mac, line, n - TAIL);
		if (sodium_memcmp(mac, told, MAC) != 0)
			wrong = "was changed, or the one before it was";
		else if (number != count)
			wrong = "has the wrong number";
	}
	fclose(f);
	if (wrong == NULL)
		return (int64_t)count;
	fprintf(err, "%s:%llu: this record %s\n", path, (unsigned long long)count, wrong);
	return -1;
}

/* The last AUDIT_LINE bytes of the file (or all): how many they are; -1 with errno. */
static ssize_t
read_end(int fd, char out[AUDIT_LINE], off_t size)
{
	off_t from = size > AUDIT_LINE ? size - AUDIT_LINE : 0;

	return pread(fd, out, AUDIT_LINE, from);
}

/* Where the last line of p starts; p ends with a line's end. */
static size_t
last_line(const char *p, size_t n)
{
	size_t at = n - 1;

	while (at > 0 && p[at - 1] != '\n')
		at--;
	return at;
}

/* Cut off what is behind the last line's end. 0, or -1 with errno. */
static int
cut_rest(const char *path, int fd, char end[AUDIT_LINE], ssize_t *n, off_t *size, FILE *err)
{
	ssize_t whole = *n;

	while (whole > 0 && end[whole - 1] != '\n')
		whole--;
	if (whole == *n)
		return 0;
	if (whole == 0 && *size > *n) {
		errno = EBADMSG;
		return -1;
	}
	fprintf(err, "%s: a last record of %zd bytes was not finished and is cut off\n", path,
	    *n - whole);
	*size -= *n - whole;
	*n = whole;
	return ftruncate(fd, *size) != 0 || fsync(fd) != 0 ? -1 : 0;
}

/* The key store's epoch in a line. */
static uint64_t
epoch_in(const char *line, size_t n)
{
	json_t *record = json_loadb(line, n, 0, NULL);
	json_int_t epoch = json_integer_value(json_object_get(record, "epoch"));

	json_decref(record);
	return epoch > 0 ? (uint64_t)epoch : 0;
}

/* Go on after the last line. 0, or -1 with errno. */
static int
take_up(struct audit *a, const char *path, FILE *err)
{
	char end[AUDIT_LINE];
	struct stat st;
	ssize_t n;

	if (fstat(a->fd, &st) != 0 || (n = read_end(a->fd, end, st.st_size)) < 0 ||
	    cut_rest(path, a->fd, end, &n, &st.st_size, err) != 0)
		return -1;
	/* of a line cut off before, the one ahead of it may be out of sight now */
	if ((n = read_end(a->fd, end, st.st_size)) <= 0)
		return (int)n;
	size_t at = last_line(end, (size_t)n);

	if (take_line(end + at, (size_t)n - at - 1, &a->last, a->mac)) {
		a->epoch = epoch_in(end + at, (size_t)n - at - 1);
		return 0;
	}
	errno = EBADMSG;
	return -1;
}

struct audit *
audit_open(const char *path, const uint8_t key[AUDIT_KEY], FILE *err)
{
	struct audit *a = calloc(1, sizeof(*a));

	if (a == NULL || (a->key = secret_alloc(AUDIT_KEY)) == NULL) {
		free(a);
		fprintf(err, "%s: out of memory\n", path);
		return NULL;
	}
	memcpy(a->key, key, AUDIT_KEY);
	if ((a->fd = ownfile_open(path, O_RDWR | O_APPEND | O_CREAT, err)) >= 0) {
		if (flock(a->fd, LOCK_EX | LOCK_NB) != 0)
			fprintf(err, "%s: another process writes this log\n", path);
		else if (take_up(a, path, err) == 0)
			return a;
		else
			fprintf(err, "%s: cannot go on with this log: %s\n", path,
			    errno == EBADMSG ? "its last line is not an audit record" :
			    strerror(errno));
	}
	audit_close(a);
	return NULL;
}

void
audit_close(struct audit *a)
{
	if (a == NULL)
		return;
	if (a->fd >= 0)
		close(a->fd);
	secret_free(a->key);
	free(a);
}

uint64_t
audit_last(const struct audit *a)
{
	return a->last;
}

uint64_t
audit_epoch(const struct audit *a)
{
	return a->epoch;
}

bool
audit_works(const struct audit *a)
{
	return !a->broken;
}

/* --- writing ------------------------------------------------------------- */

static void
set_text(json_t *line, const char *name, const char *text)
{
	if (text != NULL)
		json_object_set_new(line, name, json_string(text));
}

static void
set_number(json_t *line, const char *name, int64_t value, bool there)
{
	if (there)
		json_object_set_new(line, name, json_integer(value));
}

static void
set_digest(json_t *line, struct span digest)
{
	char text[2 * 64 + 1];

	if (digest.n == 0 || digest.n > 64)
		return;
	hex_encode(digest.p, digest.n, text);
	json_object_set_new(line, "digest", json_stringn(text, 2 * digest.n));
}

static void
set_time(json_t *line)
{
	struct timespec now;
	struct tm tm;
	char text[40];
	size_t n;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	n = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + n, sizeof(text) - n, ".%06ldZ", now.tv_nsec / 1000);
	set_text(line, "time", text);
}

/* The record as JSON (heap). NULL: no memory, or a text that is not UTF-8. */
static char *
body_of(const struct audit_record *r, uint64_t number)
{
	json_t *line = json_object();
	char *text;

	set_number(line, "seq", (int64_t)number, true);
	set_time(line);
	set_text(line, "operation", r->operation);
	set_text(line, "key", r->key);
	set_number(line, "version", r->version, r->version != 0);
	set_text(line, "algorithm", r->algorithm);
	set_text(line, "peer", r->peer);
	set_number(line, "uid", r->uid, r->uid >= 0);
	set_number(line, "pid", r->pid, r->pid >= 0);
	set_digest(line, r->digest);
	set_number(line, "epoch", (int64_t)r->epoch, r->epoch != 0);
	set_text(line, "result", r->result);
	text = json_dumps(line, JSON_COMPACT | JSON_ENSURE_ASCII);
	json_decref(line);
	return text;
}

int
audit_add(struct audit *a, const struct audit_record *record)
{
	int r = audit_put(a, record);

	return r != 0 ? r : audit_sync(a);
}

int
audit_sync(struct audit *a)
{
	if (!a->broken && fdatasync(a->fd) != 0)
		a->broken = true;
	return a->broken ? ERR_SYSTEM : 0;
}

int
audit_put(struct audit *a, const struct audit_record *record)
{
	char line[AUDIT_LINE], *body;
	uint8_t mac[MAC];
	size_t n;

	if (a->broken || (body = body_of(record, a->last + 1)) == NULL)
		return ERR_SYSTEM;
	/* the closing brace moves behind the hash */
	n = strlen(body) - 1;
	if (n + TAIL + 1 > sizeof(line)) {
		free(body);
		return ERR_SYSTEM;
	}
	memcpy(line, body, n);
	free(body);
	memcpy(mac, a->mac, MAC);
	chain(a->key, mac, line, n);
	memcpy(line + n, mark, MARK);
	hex_encode(mac, MAC, line + n + MARK);
	memcpy(line + n + MARK + 2 * MAC, "\"}\n", 3);
	/* one write, so that a crash leaves at most the start of a line */
	if (write(a->fd, line, n + TAIL + 1) != (ssize_t)(n + TAIL + 1)) {
		a->broken = true;
		return ERR_SYSTEM;
	}
	a->last++;
	memcpy(a->mac, mac, MAC);
	return 0;
}
