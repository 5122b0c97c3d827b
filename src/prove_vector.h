/*
 * prove_vector: one vector of a plug-in, from its table to the bytes of a
 * message and of the reply it must bring.
 */
#ifndef LUAHSM_PROVE_VECTOR_H
#define LUAHSM_PROVE_VECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frame.h"

struct config;
struct plugin;

enum { VECTOR_NAME = 64, VECTOR_FAULT = 160 };

struct vector {
	char    name[VECTOR_NAME];
	char    fault[VECTOR_FAULT];	/* what is wrong with the vector itself, or "" */
	int     lmk;			/* as struct origin's */
	bool    authorised;
	size_t  request_n, expect_n, reply_n;
	uint8_t request[FRAME_LIMIT], message[FRAME_LIMIT];
	uint8_t expect[FRAME_LIMIT], reply[FRAME_LIMIT + 64];
};

/*
 * Read the i-th vector (from 1) of p, which was built with its vectors. The
 * message header is zeros, as long as config says.
 */
void vector_read(struct plugin *p, unsigned i, const struct config *config,
    struct vector *v);

#endif
