/*
 * device: the records that hosts read, written digit by digit.
 */
#include "device.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "charset.h"
#include "config.h"
#include "hex.h"
#include "lmk.h"
#include "peers.h"
#include "stats.h"
#include "usage.h"

static const struct config *config;
static const struct stats *stats;
static const struct peer_shown *shown;
static char serial[DEVICE_SERIAL + 1] = "L00000000000";

/* A number that this server has whenever it runs, and no other one. */
static void
make_serial(void)
{
	uint8_t digest[16];
	char digits[2 * sizeof(digest)];
	crypto_generichash_state state;
	char id[64] = "";
	FILE *f = fopen("/etc/machine-id", "re");

	if (f != NULL) {
		if (fgets(id, sizeof(id), f) == NULL)
			id[0] = '\0';
		fclose(f);
	}
	crypto_generichash_init(&state, NULL, 0, sizeof(digest));
	crypto_generichash_update(&state, (const uint8_t *)id, sizeof(id));
	crypto_generichash_update(&state, (const uint8_t *)config->socket,
	    sizeof(config->socket));
	crypto_generichash_update(&state, (const uint8_t *)&config->port,
	    sizeof(config->port));
	crypto_generichash_final(&state, digest, sizeof(digest));
	hex_encode(digest, sizeof(digest), digits);
	memcpy(serial + 1, digits, DEVICE_SERIAL - 1);
}

void
device_open(const struct config *c, const struct stats *s, const struct peer_shown *p)
{
	config = c;
	stats = s;
	shown = p;
	if (c->serial[0] != '\0')
		memcpy(serial, c->serial, sizeof(serial));
	else
		make_serial();
}

const char *
device_serial(void)
{
	return serial;
}

/* --- texts --------------------------------------------------------------- */

/* So many digits; too large a number is the largest. Returns the place behind them. */
static uint8_t *
put(uint8_t *out, unsigned base, uint64_t n, unsigned digits)
{
	static const char digit[] = "0123456789ABCDEF";
	uint64_t rest = n;

	for (unsigned i = 0; i < digits; i++)
		rest /= base;
	for (unsigned i = digits; i-- > 0; n /= base)
		out[i] = (uint8_t)digit[rest != 0 ? base - 1 : n % base];
	return out + digits;
}

static void
put_pairs(uint8_t *out, int a, int b, int c)
{
	out = put(out, 10, (uint64_t)a, 2);
	out = put(out, 10, (uint64_t)b, 2);
	put(out, 10, (uint64_t)c, 2);
}

void
device_date(uint64_t t, uint8_t out[DEVICE_DATE])
{
	time_t when = (time_t)t;
	struct tm tm;

	gmtime_r(&when, &tm);
	put_pairs(out, tm.tm_year % 100, tm.tm_mon + 1, tm.tm_mday);
}

void
device_clock(uint64_t t, uint8_t out[DEVICE_DATE])
{
	time_t when = (time_t)t;
	struct tm tm;

	gmtime_r(&when, &tm);
	put_pairs(out, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* --- J2, J4 -------------------------------------------------------------- */

size_t
device_ranges(const struct usage_load *load, uint8_t *out)
{
	uint8_t *p = out;

	for (unsigned i = 0; i < USAGE_RANGES; i++) {
		p = put(p, 10, i * (100 / USAGE_RANGES), 3);
		p = put(p, 10, (i + 1) * (100 / USAGE_RANGES), 3);
		p = put(p, 10, load->period[i], 10);
		*p++ = DEVICE_DELIMITER;
	}
	return (size_t)(p - out);
}

size_t
device_volumes(const struct usage_volumes *volumes, uint8_t *out)
{
	uint8_t *p = out;

	for (unsigned i = 0; i < volumes->n; i++) {
		memcpy(p, volumes->command[i].code, 2);
		p = put(p + 2, 10, volumes->command[i].requests, 12);
	}
	return (size_t)(p - out);
}

/* --- JK ------------------------------------------------------------------ */

static uint8_t *
put_lmk(uint8_t *p, const struct lmk *lmk, unsigned activities)
{
	static const char algorithm[] = {
		[LMK_VARIANT] = '0', [LMK_3DES_BLOCK] = '1', [LMK_AES_BLOCK] = '2'
	};
	enum lmk_scheme scheme = lmk_scheme(lmk);

	p = put(p, 10, lmk_id(lmk), 2);
	*p++ = activities > 0 ? '1' : '0';
	p = put(p, 10, activities, 2);
	*p++ = scheme == LMK_VARIANT ? 'V' : 'K';
	*p++ = (uint8_t)algorithm[scheme];
	*p++ = lmk_is_test(lmk) ? 'T' : 'L';
	for (const char *name = lmk_comment(lmk); *name != '\0'; name++)
		*p++ = charset_has((uint8_t)*name, CHAR_PRINT) ? (uint8_t)*name : '?';
	*p++ = DEVICE_LMK_END;
	return p;
}

size_t
device_lmks(unsigned activities, uint8_t *out)
{
	uint8_t *p = out, *counts;
	unsigned loaded = 0, test = 0, stored = lmk_stored(LMK_IDS) != NULL;

	counts = p;
	p += 6;
	for (unsigned id = 0; id < LMK_IDS; id++) {
		const struct lmk *lmk = lmk_get(id);

		stored += lmk_stored(id) != NULL;
		if (lmk == NULL)
			continue;
		loaded++;
		test += lmk_is_test(lmk);
		p = put_lmk(p, lmk, activities);
	}
	put_pairs(counts, (int)loaded, (int)test, (int)stored);
	*p++ = DEVICE_LMKS_END;
	return (size_t)(p - out);
}

/* --- NI ------------------------------------------------------------------ */

static uint8_t *
put_connection(uint8_t *p, const struct peer_shown *c, uint32_t now)
{
	uint32_t since = c->since - 1;

	*p++ = '0';	/* TCP */
	p = put(p, 16, c->local_port, 4);
	for (unsigned i = 0; i < sizeof(c->address); i++)
		p = put(p, 16, c->address[i], 2);
	p = put(p, 16, c->port, 4);
	*p++ = '0';	/* established */
	return put(p, 16, now > since ? now - since : 0, 8);
}

size_t
device_connections(uint8_t *out)
{
	uint32_t now = (uint32_t)(stats_now() / 1000000000U);
	unsigned found = 0;
	uint8_t *p = out;

	for (unsigned i = 0; config != NULL && i < config->connections; i++) {
		const struct peer_shown c = shown[i];

		if (c.since == 0)
			continue;
		p = put_connection(p, &c, now);
		if (++found == DEVICE_CONNECTIONS)
			break;
	}
	return (size_t)(p - out);
}

void
device_counters(uint8_t *out)
{
	uint64_t sent = 0, received = 0, messages = 0, refused = 0;
	const unsigned zeros = 5;	/* not for one host alone, and discarded; unknown below */

	for (unsigned i = 0; config != NULL && i <= config->workers; i++) {
		const struct stats_worker *w = &stats->worker[i];

		sent += w->bytes_out;
		received += w->bytes_in;
		messages += w->requests;
		refused += w->refused;
	}
	out = put(out, 16, sent, 16);
	out = put(out, 16, received, 16);
	out = put(out, 16, messages, 8);
	out = put(out, 16, messages, 8);
	for (unsigned i = 0; i < zeros; i++)
		out = put(out, 16, 0, 8);
	out = put(out, 16, refused, 8);
	put(out, 16, 0, 8);
}
