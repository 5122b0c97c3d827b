/*
 * lua_device: what the device tells of itself, for scripts: device.serial ...
 *
 * What belongs together comes from one function, so that it is of one moment.
 */
#include "authority.h"
#include "config.h"
#include "device.h"
#include "err.h"
#include "request.h"
#include "sandbox.h"
#include "usage.h"

enum { DIGITS_MOST = 0x7FFFFFFF };

static void
push_number(lua_State *L, uint64_t n, uint64_t most)
{
	lua_pushinteger(L, (lua_Integer)(n < most ? n : most));
}

/* device.serial() -> data: 12A. */
static int
l_serial(lua_State *L)
{
	memcpy(value_push_data(L, DEVICE_SERIAL), device_serial(), DEVICE_SERIAL);
	return 1;
}

/* device.now() -> number: seconds since 1970. */
static int
l_now(lua_State *L)
{
	push_number(L, usage_now(), DIGITS_MOST);
	return 1;
}

/* device.date(t), device.clock(t) -> data: YYMMDD, HHMMSS, UTC. */
static int
l_date(lua_State *L)
{
	long t = value_int(L, 1, 0, DIGITS_MOST);

	device_date((uint64_t)t, value_push_data(L, DEVICE_DATE));
	return 1;
}

static int
l_clock(lua_State *L)
{
	long t = value_int(L, 1, 0, DIGITS_MOST);

	device_clock((uint64_t)t, value_push_data(L, DEVICE_DATE));
	return 1;
}

static void
push_times(lua_State *L, uint64_t since, uint64_t now)
{
	push_number(L, since, DIGITS_MOST);
	push_number(L, now, DIGITS_MOST);
}

/* device.load() -> number, number, number, data: since when, now, seconds between, and
 * the ten ranges with the seconds of each. */
static int
l_load(lua_State *L)
{
	struct usage_load load;
	uint8_t *out;

	usage_read_load(&load);
	push_times(L, load.since, load.now);
	push_number(L, load.seconds, DIGITS_MOST);
	out = value_push_data(L, USAGE_RANGES * DEVICE_RANGE);
	value_cut(L, device_ranges(&load, out));
	return 4;
}

/* device.volumes() -> number, number, number, data: the same, and the commands that were
 * used with their numbers. */
static int
l_volumes(lua_State *L)
{
	static struct usage_volumes volumes;
	uint8_t *out;

	usage_read_volumes(&volumes);
	push_times(L, volumes.since, volumes.now);
	push_number(L, volumes.seconds, DIGITS_MOST);
	out = value_push_data(L, USAGE_VOLUMES * DEVICE_VOLUME);
	value_cut(L, device_volumes(&volumes, out));
	return 4;
}

/* device.health() -> seven numbers: since when, now, restarts, tampers, failed PINs per
 * minute, per hour, attacks. */
static int
l_health(lua_State *L)
{
	struct usage_health h;

	usage_read_health(&h);
	push_times(L, h.since, h.now);
	push_number(L, h.count[HEALTH_REBOOT], DIGITS_MOST);
	push_number(L, h.count[HEALTH_TAMPER], DIGITS_MOST);
	push_number(L, h.count[HEALTH_PIN_MINUTE], 9999999);
	push_number(L, h.count[HEALTH_PIN_HOUR], 99999);
	push_number(L, h.count[HEALTH_PIN_ATTACK], 99999999);
	return 7;
}

/* Strict lets officers only forget what was counted. */
static void
check_reset(lua_State *L)
{
	const struct request *rq = lua_request(L);

	if (rq->config->profile == PROFILE_STRICT && !request_may(rq, "misc", ""))
		lua_raise(L, ERR_AUTHORISED, "needs the authorised state in strict");
}

/* device.resetload(), device.resethealth(): count from now on. */
static int
l_resetload(lua_State *L)
{
	check_reset(L);
	usage_reset_load();
	return 0;
}

static int
l_resethealth(lua_State *L)
{
	check_reset(L);
	usage_reset_health();
	return 0;
}

/* device.console() -> number: 1 it can be reached (the admin socket), 2 not. */
static int
l_console(lua_State *L)
{
	lua_pushinteger(L, lua_request(L)->config->admin_socket[0] != '\0' ? 1 : 2);
	return 1;
}

/* device.hostport() -> number: 1 TCP is served, 3 it is not. */
static int
l_hostport(lua_State *L)
{
	lua_pushinteger(L, lua_request(L)->config->listen_tcp ? 1 : 3);
	return 1;
}

/* device.lmks() -> data: numbers of LMKs, of test LMKs and of old ones, 2N each, then the
 * record of each. */
static int
l_lmks(lua_State *L)
{
	uint8_t *out = value_push_data(L, DEVICE_LMKS);

	value_cut(L, device_lmks(lua_request(L)->authorised ? 1 : authority_count(), out));
	return 1;
}

/* device.alarms() -> number, number: 1 when a limit of failed PIN verifications, of PIN
 * attacks was exceeded. */
static int
l_alarms(lua_State *L)
{
	struct usage_health h;

	usage_read_health(&h);
	lua_pushinteger(L, h.count[HEALTH_PIN_MINUTE] + h.count[HEALTH_PIN_HOUR] > 0);
	lua_pushinteger(L, h.count[HEALTH_PIN_ATTACK] > 0);
	return 2;
}

/* device.connections() -> number, data: how many are told of, and their records. */
static int
l_connections(lua_State *L)
{
	size_t n;
	uint8_t *out;

	lua_request(L);
	lua_pushinteger(L, 0);
	out = value_push_data(L, DEVICE_CONNECTIONS * DEVICE_CONNECTION);
	n = device_connections(out);
	value_cut(L, n);
	lua_pushinteger(L, (lua_Integer)(n / DEVICE_CONNECTION));
	lua_replace(L, -3);
	return 2;
}

/* device.counters() -> data: 104H of all connections. */
static int
l_counters(lua_State *L)
{
	device_counters(value_push_data(L, DEVICE_COUNTERS));
	return 1;
}

/* device.chain(headers, messages) -> data: have the messages of a chain answered when
 * the handler has ended; their replies come behind the reply's fields, the last of which
 * gets this, which is empty. */
static int
l_chain(lua_State *L)
{
	long headers = value_int(L, 1, 0, 1);
	struct span text = value_data_kept(L, 2);

	lua_request(L)->chain = (struct chain){ text, headers == 1 };
	value_push_data(L, 0);
	return 1;
}

const luaL_Reg lua_device_functions[] = {
	{ "serial",      l_serial },
	{ "now",         l_now },
	{ "date",        l_date },
	{ "clock",       l_clock },
	{ "load",        l_load },
	{ "volumes",     l_volumes },
	{ "health",      l_health },
	{ "resetload",   l_resetload },
	{ "resethealth", l_resethealth },
	{ "console",     l_console },
	{ "hostport",    l_hostport },
	{ "lmks",        l_lmks },
	{ "alarms",      l_alarms },
	{ "connections", l_connections },
	{ "counters",    l_counters },
	{ "chain",       l_chain },
	{ NULL, NULL }
};
