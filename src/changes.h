/*
 * changes: what a reload changes, for the log.
 */
#ifndef LUAHSM_CHANGES_H
#define LUAHSM_CHANGES_H

struct folder;

/* Log a line for every plug-in that is in new alone, in old alone, or differs. */
void changes_log(const struct folder *old, const struct folder *new);

#endif
