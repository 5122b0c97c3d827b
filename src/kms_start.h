/*
 * kms_start: start a daemon of this user, once, however many ask for it.
 */
#ifndef KMS_START_H
#define KMS_START_H

#include <stdbool.h>

struct kms_daemon;

/* Connects d to a path; anybody: whoever listens there. 0, or -1 with errno. */
typedef int kms_connector(struct kms_daemon *d, const char *path, bool anybody);

/*
 * Start `luahsm serve` on the socket at path and connect to it. The binary is
 * the one beside this program, else the one on PATH. It opens no TCP port, logs
 * to luahsm.log in the state folder, and runs in the socket's folder, so that
 * nothing in the folder of this call gets into it. A lock beside the socket
 * makes others wait for the one that is being started.
 * 0, or -1 with d->error.
 */
int kms_start(struct kms_daemon *d, const char *path, bool anybody, kms_connector *connect_to);

#endif
