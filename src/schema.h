/*
 * schema: a plug-in's declared fields, compiled; cutting a request by them
 * and encoding a reply.
 *
 * Cutting takes two passes, because the LMK identifier follows the keys:
 * first every field is cut and its characters are checked, left to right;
 * then the LMK is chosen, authorisation looked at, and keys are opened in
 * field order. Nothing here allocates, knows Lua or keeps state.
 */
#ifndef LUAHSM_SCHEMA_H
#define LUAHSM_SCHEMA_H

#include <stdbool.h>
#include <stdint.h>

#include "request.h"
#include "span.h"
#include "value.h"

struct key_kind;

enum {
	SCHEMA_FIELDS  = 64,
	SCHEMA_NAME    = 24,	/* with the closing NUL */
	SCHEMA_WHEN    = 2,	/* conditions of one field */
	SCHEMA_TEXTS   = 8,	/* values of one condition */
	SCHEMA_TEXT    = 8,	/* characters of such a value, with the NUL */
	SCHEMA_CHOICES = 8,	/* alternatives of by() */
	SCHEMA_LIST    = 32,	/* elements of a list */
	SCHEMA_EM      = 0x19,
	SCHEMA_TRAILER = 32
};

enum field_type {
	FIELD_N, FIELD_H, FIELD_A, FIELD_B,
	FIELD_ENUM,		/* one of some characters */
	FIELD_MARK,		/* a fixed delimiter: no value */
	FIELD_FORMAT,		/* PIN block format code */
	FIELD_KEY,		/* a key field, opened under the LMK */
	FIELD_CRYPTOGRAM,	/* a key field, not opened */
	FIELD_ATTRIBUTES,	/* a group of attributes.h; its form is in set */
	FIELD_LIST,
	FIELD_BLOCKS,		/* blocks of user storage, as many as a field counts */
	FIELD_CHAIN,		/* messages, each 4N and so many bytes, as many as a field counts */

	/* schema_pin.h */
	FIELD_ACCOUNT,		/* 12N; 18A when a format is 04, PAN and ";" when one is 48 */
	FIELD_SEALED,		/* a PIN block: 16H, 32H under an AES key */
	FIELD_LPIN,		/* a PIN under the LMK: pin.length + 1 characters, J + 32H */
	FIELD_CLEARPIN,		/* the same in the clear: digits, then F */
	FIELD_TABLE,		/* decimalisation table, opened after the keys */
	FIELD_VALIDATION,	/* 12A with one N, or P + 16H */
	FIELD_OFFSET,		/* 12H: digits, then F */
	FIELD_KSN,		/* H, as long as its descriptor says */
	FIELD_PAN,		/* 12N, or a whole PAN and ";" */
	FIELD_PINLIST,		/* count 2N, length 2N, PINs */
	FIELD_PRINT,		/* texts with ; between, to be printed; "~" may end them */
	FIELD_IV,		/* 16H; 32H when the key is in a block and AES */
	FIELD_LMKIV,		/* an IV under the LMK: 16H; 32H when that is AES */

	/* schema_rsa.h */
	FIELD_DER,		/* one SEQUENCE */
	FIELD_RSAPUBLIC,	/* MAC and SEQUENCE, or S and a block */
	FIELD_RSAPRIVATE,	/* flag; for 99 length and key */
	FIELD_KEYBLOB,		/* length and key, or FFFF and S and a block */
	FIELD_AUTHDATA,		/* all but the tail, and an optional word behind */
	FIELD_OAEP,		/* MGF, hash, label, ";" */
	FIELD_EXPONENT,		/* bits 4N, and as many */
	FIELD_SUBJECT,		/* six texts, each ended by ";" */
	FIELD_RSACHECK,		/* 6H or 16H in front of a FIELD_RSAPUBLIC */

	FIELD_PIN_FIRST = FIELD_ACCOUNT,
	FIELD_RSA_FIRST = FIELD_DER
};

/* How many characters a shape takes. */
enum field_extent { EXTENT_FIXED, EXTENT_RANGE, EXTENT_FIELD, EXTENT_REST };

/* The type of a field, apart from its name and options. */
struct shape {
	uint8_t  type;		/* enum field_type */
	uint8_t  extent;	/* enum field_extent */
	uint8_t  charset;	/* bits of charset.h; 0: only the characters of set */
	uint16_t min, max;	/* characters */
	int8_t   length_of;	/* EXTENT_FIELD, FIELD_LIST, _BLOCKS, _CHAIN: what counts */
	uint8_t  each;		/* EXTENT_FIELD: characters of one that it counts */
	/* Types of schema_pin.h: fields that tell the length, -1 for none. FIELD_ACCOUNT:
	 * formats; FIELD_KSN: descriptor, BDK; FIELD_SEALED, FIELD_IV, FIELD_LMKIV: a key. */
	int8_t   refer[2];
	uint8_t  first, count;	/* FIELD_LIST: its fields, in schema.field */
	uint16_t cell;		/* FIELD_LIST: its first view, in schema views */
	bool     old;		/* FIELD_TABLE: under the LMK in key change storage */
	char     set[40];	/* FIELD_ENUM, FIELD_MARK: the characters; or words of max */
	const struct key_kind *kind;	/* FIELD_KEY */
};

/* Present, or this shape, only when another field reads as one of the texts. */
struct when {
	int8_t  field;
	uint8_t n;
	char    text[SCHEMA_TEXTS][SCHEMA_TEXT];
};

struct choice {
	char         text[SCHEMA_TEXT];
	struct shape shape;
};

struct field {
	char     name[SCHEMA_NAME];
	struct shape shape;
	uint8_t  nchoice;
	int8_t   by;		/* the field that chooses, -1 for none */
	struct choice *choice;
	uint8_t  nwhen;
	struct when when[SCHEMA_WHEN];
	uint8_t  group;		/* optional fields that come together: 1.., 0 for none */
	char     mark;		/* delimiter before the group, or 0 */
	bool     opens;		/* first of its group */
	bool     secret;
	int      invalid;	/* codes, as negative enum err */
	int      cut_short;
	int      parity;
	bool     ranged;
	long     least, most;	/* value of an N or H field */
	char     equals[20];	/* another text is error 15; "" for none */
};

struct schema {
	uint8_t n;		/* fields; those of lists come after them */
	uint8_t total;
	uint16_t views;		/* value views needed: fields and list cells */
	const char *activity;	/* 17 unless this command is authorised; NULL: it need not be */
	bool    clear;		/* takes or shows clear PINs: 17 unless pin.clear */
	uint8_t nopened, nformats;
	uint8_t opened[SCHEMA_FIELDS];	/* what the second pass opens: keys, tables, lists */
	uint8_t format[SCHEMA_FIELDS];	/* the FIELD_FORMATs */
	struct field *field;
};

/* What ends every message, past the declared fields. */
struct tail {
	int         lmk;	/* of %nn, or -1 */
	struct span trailer;	/* X'19 and what follows, to be echoed; or empty */
};

/*
 * Cut body (from the command code's end on) into v, one view per field, and
 * open its keys. port_lmk: LMK id that the listener stands for, or -1.
 * at: offset of body in the message, for rq->fault. On return rq->lmk is the
 * LMK in use and *tail is set as far as it could be read, also on failure.
 *
 * 0, or the failure that names the fault (spec: threats A22, every byte is
 * accounted for).
 */
int schema_cut(const struct schema *s, struct request *rq, struct span body, size_t at,
    int port_lmk, struct value **v, struct tail *tail);

/*
 * What is echoed of a message that can't be cut: its first X'19 and what
 * follows, when all that stands before is text. Empty otherwise.
 */
struct span schema_guess_trailer(struct span body);

/* A number or a text for a field of the reply. */
struct answer {
	bool        set;
	bool        number;
	long        value;
	struct span span;
};

/*
 * Write the fields of a reply. A field whose condition does not hold, and an
 * unset one that is optional or comes with a code other than 00 (partial), is
 * left out. v: views of the request, for conditions on it.
 *
 * 0 and *n bytes, or ERR_SCRIPT with rq->fault set: unset or unfit for its
 * type; ERR_NO_ROOM.
 */
int schema_encode(const struct schema *s, struct request *rq, const struct answer *a,
    struct value **v, bool partial, uint8_t *out, size_t room, size_t *n);

/* Does field f (of this schema or of the request's reply) apply, given the request's views? */
bool schema_applies(const struct field *f, struct value **v);

/* The shape that field f takes, given the request's views. */
const struct shape *schema_choice(const struct field *f, struct value **v);

static inline const struct shape *
schema_shape(const struct field *f, struct value **v)
{
	return f->nchoice == 0 ? &f->shape : schema_choice(f, v);
}

/* Note which fields the second pass looks at, when all fields of s are as they stay. */
void schema_prepare(struct schema *s);

/* The index of a field by name, -1 when there is none. */
int schema_find(const struct schema *s, struct span name);

/* Digits of base 10 or 16 as a number; -1 for none or too large. */
long schema_number(struct span digits, unsigned base);

void schema_free(struct schema *s);

#endif
