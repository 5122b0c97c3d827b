/*
 * pidfile: the file by which others find the server's process.
 */
#ifndef LUAHSM_PIDFILE_H
#define LUAHSM_PIDFILE_H

/* Write this process's number to path, unless that is empty; a warning in the log when it
 * can't be. */
void pidfile_write(const char *path);

#endif
