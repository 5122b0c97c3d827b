/*
 * health: one line of text, replaced as a whole.
 */
#include "health.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "ownfile.h"
#include "report.h"
#include "usage.h"

#define FORMAT "luahsm-health 1 %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 \
    " %" PRIu64 "\n"

enum { TEXT = 200 };

/* Who guesses PINs does not make the supervisor wait for the disk all the time. */
static const uint64_t least = 10ULL * 1000000000;

static char     file[PATH_MAX];
static bool     is_kept, failed;
static struct usage_health kept;	/* what the file says */
static uint64_t tried_at;

static void
write_text(const struct usage_health *h, char text[TEXT])
{
	const uint64_t *c = h->count;

	snprintf(text, TEXT, FORMAT, h->since, c[HEALTH_REBOOT], c[HEALTH_TAMPER],
	    c[HEALTH_PIN_MINUTE], c[HEALTH_PIN_HOUR], c[HEALTH_PIN_ATTACK]);
}

/* A start more than the text tells. false: it is no text of ours. */
static bool
take_up(const char *text)
{
	static const char form[] = "luahsm-health 1 %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
	    " %" SCNu64 " %" SCNu64;
	struct usage_health h = { .now = usage_now() };
	uint64_t *c = h.count;

	if (sscanf(text, form, &h.since, &c[HEALTH_REBOOT], &c[HEALTH_TAMPER],
	    &c[HEALTH_PIN_MINUTE], &c[HEALTH_PIN_HOUR], &c[HEALTH_PIN_ATTACK]) != 1 +
	    HEALTH_COUNTS)
		return false;
	c[HEALTH_REBOOT]++;
	usage_restore_health(&h);
	return true;
}

/* false: what is there can't be read, and is left for somebody to look at. */
static bool
read_file(FILE *err)
{
	char text[TEXT] = "";
	ssize_t n;
	int fd;

	if (access(file, F_OK) != 0)
		return true;
	if ((fd = ownfile_open(file, O_RDONLY, err)) < 0)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n >= 0 && !take_up(text))
		fprintf(err, "%s: it holds no counts, and they begin anew\n", file);
	else if (n < 0)
		fprintf(err, "%s: %s\n", file, strerror(errno));
	return n >= 0;
}

/* Tell what was said, if anything was, and was not said before. */
static void
tell(FILE *err, char **text, bool again)
{
	fclose(err);
	if (!again)
		report_log(LOG_WARN, "health", *text);
	free(*text);
}

void
health_open(const char *path)
{
	char folder[PATH_MAX], *text = NULL;
	size_t n;
	FILE *err;

	snprintf(folder, sizeof(folder), "%s", path);
	file[0] = '\0';
	is_kept = failed = false;
	if (path[0] == '\0' || access(dirname(folder), W_OK) != 0 ||
	    (err = open_memstream(&text, &n)) == NULL)
		return;
	snprintf(file, sizeof(file), "%s", path);
	if (!read_file(err))
		file[0] = '\0';
	tell(err, &text, false);
	health_keep(true);
}

/* A wall clock that is set changes since, but that is nothing to keep. */
static bool
is_same(const struct usage_health *a, const struct usage_health *b)
{
	return a->number == b->number && memcmp(a->count, b->count, sizeof(a->count)) == 0;
}

void
health_keep(bool ends)
{
	struct usage_health h;
	char now[TEXT], *text = NULL;
	bool before = failed;
	size_t n;
	FILE *err;

	if (file[0] == '\0' || (!ends && stats_now() - tried_at < least))
		return;
	tried_at = stats_now();
	usage_read_health(&h);
	if ((is_kept && is_same(&h, &kept)) || (err = open_memstream(&text, &n)) == NULL)
		return;
	write_text(&h, now);
	failed = ownfile_replace(file, span_str(now), err) != 0;
	is_kept = !failed;
	kept = h;
	tell(err, &text, failed && before);
}
