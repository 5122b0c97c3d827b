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

static const uint64_t second = 1000000000;

static char     file[PATH_MAX];
static char     kept[TEXT];	/* what the file says */
static uint64_t kept_at;

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

static void
read_file(FILE *err)
{
	char text[TEXT] = "";
	ssize_t n;
	int fd;

	if (access(file, F_OK) != 0 || (fd = ownfile_open(file, O_RDONLY, err)) < 0)
		return;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n < 0 || !take_up(text))
		fprintf(err, "%s: it holds no counts, and they begin anew\n", file);
}

/* Tell what was said, if anything was. */
static void
tell(FILE *err, char **text)
{
	fclose(err);
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
	file[0] = kept[0] = '\0';
	if (path[0] == '\0' || access(dirname(folder), W_OK) != 0 ||
	    (err = open_memstream(&text, &n)) == NULL)
		return;
	snprintf(file, sizeof(file), "%s", path);
	read_file(err);
	tell(err, &text);
	health_keep(true);
}

void
health_keep(bool ends)
{
	struct usage_health h;
	char now[TEXT], *text = NULL;
	size_t n;
	FILE *err;

	if (file[0] == '\0' || (!ends && stats_now() - kept_at < second))
		return;
	kept_at = stats_now();
	usage_read_health(&h);
	write_text(&h, now);
	if (strcmp(now, kept) == 0 || (err = open_memstream(&text, &n)) == NULL)
		return;
	if (ownfile_replace(file, span_str(now), err) == 0)
		memcpy(kept, now, sizeof(kept));
	else
		file[0] = '\0';		/* said once */
	tell(err, &text);
}
