/*
 * report: one log line per line.
 */
#include "report.h"

#include <stdio.h>
#include <string.h>

enum { REPORT_LINE = 2048 };

void
report_log(enum log_level level, const char *event, const char *text)
{
	char line[REPORT_LINE];

	while (*text != '\0') {
		size_t n = strcspn(text, "\n");

		if (n > 0) {
			snprintf(line, sizeof(line), "%.*s", (int)n, text);
			log_event(level, event, "why", 's', line, NULL);
		}
		text += n;
		text += *text == '\n';
	}
}
