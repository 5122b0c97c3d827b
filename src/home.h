/*
 * home: the user's home folder, for a process that was started without one.
 */
#ifndef LUAHSM_HOME_H
#define LUAHSM_HOME_H

/*
 * Set HOME, when it is not an absolute path, to what the system's list of users
 * says. Once, at the start: paths.c and what is started later look at HOME only.
 */
void home_set(void);

#endif
