/*
 * device: what the device tells of itself: serial number, dates, and the records
 * of the host commands J2 J4 JK and NI, as hosts read them.
 */
#ifndef LUAHSM_DEVICE_H
#define LUAHSM_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct config;
struct peer_shown;
struct stats;
struct usage_load;
struct usage_volumes;

enum {
	DEVICE_SERIAL      = 12,
	DEVICE_DATE        = 6,
	DEVICE_RANGE       = 17,	/* J3: 3N, 3N, 10N and a delimiter */
	DEVICE_VOLUME      = 14,	/* J5: 2A, 12N */
	DEVICE_LMKS        = 2048,	/* JL: more than its records and their end take */
	DEVICE_CONNECTIONS = 128,	/* NJ: as many records, of so many characters, */
	DEVICE_CONNECTION  = 26,
	DEVICE_COUNTERS    = 104,	/* and counters */
	DEVICE_DELIMITER   = ';',	/* after each range */
	DEVICE_LMK_END     = 0x14,
	DEVICE_LMKS_END    = 0x15
};

/*
 * Before any fork. shown has as many places as there may be connections; all are
 * borrowed for good. In a process that has not done so, proofs among them, the
 * serial number is L and zeros, and there are no connections.
 */
void device_open(const struct config *config, const struct stats *stats,
    const struct peer_shown *shown);

/* DEVICE_SERIAL characters. */
const char *device_serial(void);

/* Seconds since 1970 as YYMMDD and HHMMSS, UTC. */
void device_date(uint64_t t, uint8_t out[DEVICE_DATE]);
void device_clock(uint64_t t, uint8_t out[DEVICE_DATE]);

/* Each writes its records and returns their length, at most the number of records times
 * the size of one. */
size_t device_ranges(const struct usage_load *load, uint8_t *out);
size_t device_volumes(const struct usage_volumes *volumes, uint8_t *out);
size_t device_connections(uint8_t *out);

/* The loaded LMKs, so many activities authorised, and the end of the list; at most DEVICE_LMKS. */
size_t device_lmks(unsigned activities, uint8_t *out);

/* DEVICE_COUNTERS characters: bytes, messages and refused frames of all connections. */
void device_counters(uint8_t *out);

#endif
