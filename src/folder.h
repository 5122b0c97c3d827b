/*
 * folder: the plug-in files, read once and held in one sealed memory file.
 *
 * Supervisor, judge and workers all build from the same bytes: the supervisor
 * reads, the others get the descriptor. What is in a file is not looked at
 * here, only where it lies, its size and who may write it.
 */
#ifndef LUAHSM_FOLDER_H
#define LUAHSM_FOLDER_H

#include <stdbool.h>
#include <stdio.h>

#include "span.h"

enum { FOLDER_FILE_MAX = 64 * 1024, FOLDER_FILES = 1024 };

struct folder;

/*
 * Read every *.lua of dir (or the one file that dir names), by name. A file
 * that others can write, or that belongs to neither root nor this user, is
 * refused when strict and warned about otherwise.
 * NULL after lines on err (which may be NULL), each "file: what is wrong".
 */
struct folder *folder_read(const char *dir, bool strict, FILE *err);

/* The same files from a descriptor of folder_fd. Takes the descriptor. NULL: not one. */
struct folder *folder_map(int fd);

/* The descriptor to pass on: borrowed. */
int folder_fd(const struct folder *f);

size_t      folder_count(const struct folder *f);
const char *folder_path(const struct folder *f, size_t i);	/* as read, for messages */
struct span folder_code(const struct folder *f, size_t i);	/* file name without .lua */
struct span folder_bytes(const struct folder *f, size_t i);

/* Is there a file of that code with exactly these bytes? */
bool folder_holds(const struct folder *f, struct span code, struct span bytes);

void folder_free(struct folder *f);

#endif
