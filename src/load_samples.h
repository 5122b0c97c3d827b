/*
 * load_samples: a request of each command we ship, for the public test LMK.
 */
#ifndef LUAHSM_LOAD_SAMPLES_H
#define LUAHSM_LOAD_SAMPLES_H

#include <stdbool.h>

struct load_sample {
	const char *command;
	const char *request;	/* as message_parse reads it */
	bool        fixed;	/* its reply is always the same */
};

/* The last row has no command. */
extern const struct load_sample load_samples[];

/* The sample of a command, or NULL. */
const struct load_sample *load_sample_find(const char *command);

#endif
