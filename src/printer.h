/*
 * printer: the device's printer: formatting data that hosts load, shared by all
 * processes and gone when the server ends, and the document of the request
 * that runs, which lies in the slab until it is printed or dropped.
 */
#ifndef LUAHSM_PRINTER_H
#define LUAHSM_PRINTER_H

#include "mailer.h"
#include "span.h"

struct secret;

enum {
	PRINTER_LOAD  = 299,	/* characters that PA or PC bring */
	PRINTER_FORM  = 2 * PRINTER_LOAD,
	PRINTER_WORDS = 10,	/* one for each digit */
	PRINTER_WORD  = 16
};

/* Make the shared memory, before any fork. 0 or ERR_NO_MEMORY. */
int printer_init(void);

/* As after a start, but with form loaded: for proofs, which must repeat themselves. */
void printer_rehearse(struct span form);

/*
 * Take form in place of what was loaded, or behind it. 0; ERR_INPUT: an unknown
 * symbol, or too much; ERR_NO_FORM: there is nothing to add to.
 */
int printer_load(struct span form);
int printer_add(struct span form);

/* The words for the digits 0 to 9, for ^W: each 1H, its length (0: 16), and so many characters.
 * 0 or ERR_INPUT. */
int printer_words(struct span texts);

/* Digits as words, or as digits when no words were loaded, into slab memory: *n bytes of out. */
enum { PRINTER_SPELT = 16 * (PRINTER_WORD + 1) };
void printer_spell(const struct secret *digits, uint8_t *out, size_t *n);

/*
 * Solicitation: n more entries were loaded into the batch. Their number, these
 * included, at most PRINTER_BATCH; final: the next batch starts with none.
 */
enum { PRINTER_BATCH = 9999 };
unsigned printer_batch(unsigned n, bool final);

/*
 * Write the document of m, whose form is what was loaded. 0; ERR_NO_FORM;
 * ERR_INPUT: it is too long, or this request has one already; ERR_NO_MEMORY.
 */
int printer_document(struct mailer *m);

/* Is there a document; print it into the folder; wipe it, printed or not. */
bool printer_holds(void);
int  printer_print(const char *dir, const char *code);
void printer_drop(void);

#endif
