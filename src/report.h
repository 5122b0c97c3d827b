/*
 * report: lines that a check wrote for people, on their way to the log.
 */
#ifndef LUAHSM_REPORT_H
#define LUAHSM_REPORT_H

#include "log.h"

/* One event per line of text: why=LINE. */
void report_log(enum log_level level, const char *event, const char *text);

#endif
