/*
 * message: bytes as people type and read them.
 *
 * Three ways to write a request:
 *	text		NC			printable text; \xHH any byte, \\ a backslash
 *	hexadecimal	4E43			with blanks wherever they help
 *	fields		CA|1A:U|32H:...|8B:01FF	pieces with | between: a length and a type
 *						(both may be left out of the first piece)
 * In fields, A N H are characters (digits and hexadecimal digits are checked),
 * B and C are bytes written in hexadecimal; without a length, any will do.
 */
#ifndef LUAHSM_MESSAGE_H
#define LUAHSM_MESSAGE_H

#include <stdbool.h>
#include <stdio.h>

#include "span.h"

/*
 * Write the bytes that text stands for to out and their number to *n.
 * 0, or -1 after one line on err. err never repeats a value.
 */
int message_parse(const char *text, bool hex, uint8_t *out, size_t room, size_t *n, FILE *err);

/* Print bytes as text that message_parse takes back. */
void message_print(struct span bytes, FILE *out);

#endif
