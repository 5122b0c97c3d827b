/*
 * spool: documents on their way to paper: each is a text file in one folder,
 * mode 0600, that appears there whole. What takes them from there is not ours.
 */
#ifndef LUAHSM_SPOOL_H
#define LUAHSM_SPOOL_H

#include "span.h"

/*
 * Write text as YYYYMMDD-HHMMSS-NNNNNN-CODE.txt (time in UTC, a number of the
 * second) into dir, which is made when missing, mode 0700. 0; ERR_PRINTER after a
 * line in the log: dir is empty, someone else's, or cannot be written.
 */
int spool_write(const char *dir, const char *code, struct span text);

/* From now on documents are thrown away: for who proves plug-ins. */
void spool_discard(void);

#endif
