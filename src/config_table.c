/*
 * config_table: the table, and finding a row in it.
 */
#include "config_table.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "failures.h"
#include "authority.h"
#include "frame.h"
#include "stats.h"

#define FIELD(f) offsetof(struct config, f), sizeof(((struct config *)NULL)->f)

enum { DAY_MS = 24 * 60 * 60 * 1000, MIB = 1024 * 1024 };

const struct setting config_table[] = {
	{ "profile", SETTING_WORD, FIELD(profile), 0, 0, "test strict", "test", NULL,
	    "test: public test LMKs, loopback; strict: own LMK, every rule on" },
	{ "port", SETTING_PORT, FIELD(port), 0, 65535, NULL, "1500", NULL,
	    "TCP port of the default LMK; port + 1 + n serves LMK n; 0: no TCP" },
	{ "address", SETTING_ADDRESSES, FIELD(address), 0, CONFIG_ADDRESSES, NULL, "", NULL,
	    "IP addresses to listen on; none: loopback (strict: must be given)" },
	{ "socket", SETTING_NAME, FIELD(socket), 0, 107, NULL, NULL, NULL,
	    "Unix socket for host commands, default LMK; none: no socket" },
	{ "socket_users", SETTING_NAME, FIELD(socket_users), 0, CONFIG_POLICY - 1, NULL, "none",
	    NULL, "users who may connect to it beside our own and root: 1000,1001 or *" },
	{ "admin_socket", SETTING_NAME, FIELD(admin_socket), 0, 107, NULL, NULL, NULL,
	    "Unix socket for reload, status and drain; none: no socket" },
	{ "pid_file", SETTING_NAME, FIELD(pid_file), 0, PATH_MAX - 1, NULL, NULL, NULL,
	    "file that holds the server's process id; none: no file" },
	{ "workers", SETTING_NUMBER, FIELD(workers), 1, STATS_WORKERS, NULL, NULL, NULL,
	    "worker processes; the CPUs this process may use" },
	{ "slow_workers", SETTING_NUMBER, FIELD(slow_workers), 0, STATS_SLOW, NULL, "1", NULL,
	    "processes for slow commands; 0: workers run them, and wait" },
	{ "seccomp", SETTING_FLAG, FIELD(seccomp), 0, 0, NULL, "true", NULL,
	    "leave workers the system calls only that they need" },
	{ "plugin_dir", SETTING_NAME, FIELD(plugin_dir), 0, PATH_MAX - 1, NULL, "none", NULL,
	    "folder of the plug-ins; none: searched for" },

	{ "message.header_length", SETTING_NUMBER, FIELD(header_length), 0, 255, NULL, "4",
	    NULL, "bytes in front of the command code, echoed in the reply" },
	{ "message.unknown", SETTING_WORD, FIELD(unknown_zz), 0, 0, "67 ZZ", "67", NULL,
	    "answer to a code without a plug-in: successor code and 67, or ZZ00" },
	{ "message.firmware", SETTING_TEXT, FIELD(firmware), 9, 9, NULL, "0007-E000", NULL,
	    "firmware number that NC and NO report" },
	{ "message.serial", SETTING_NAME, FIELD(serial), 0, 12, NULL, "none", NULL,
	    "serial number of 12 characters; none: one for this machine and port" },
	{ "message.mac_length", SETTING_FLAG, FIELD(mac_length), 0, 0, NULL, "false", NULL,
	    "M6 puts a length in front of the MAC, as some firmware does" },
	{ "message.sockets_wide", SETTING_FLAG, FIELD(sockets_wide), 0, 0, NULL, "false", NULL,
	    "NO tells the number of sockets in 4 digits, as some firmware does" },
	{ "commands.disabled", SETTING_CODES, FIELD(disabled), 0, CONFIG_CODES, NULL,
	    "BQ CE CG CO EG GA GS", "BQ CE CG CO EG GA GS QK", "codes answered with 68" },
	{ "commands.local", SETTING_CODES, FIELD(local), 0, CONFIG_CODES, NULL,
	    "Z0 Z2 Z4 Z6 Z8", NULL, "codes answered on the Unix socket only, elsewhere with 68" },
	{ "authorised", SETTING_FLAG, FIELD(authorised), 0, 0, NULL, "false", NULL,
	    "test: start in the authorised state; strict refuses it" },

	{ "console.officers", SETTING_NUMBER, FIELD(officers), 0, 2, NULL, "0", "2",
	    "officers that it takes to authorise something at the console" },
	{ "console.minutes", SETTING_NUMBER, FIELD(console_minutes), 1, AUTHORITY_MINUTES, NULL,
	    "10", NULL, "for how long something is authorised, at most" },

	{ "lmk.ID", SETTING_LMK, FIELD(lmk), 0, CONFIG_LMKS - 1, NULL, NULL, NULL,
	    "LMK under ID (00 to 19); the first one given replaces the default set" },
	{ "lmk.default", SETTING_NUMBER, FIELD(lmk_default), 0, CONFIG_LMKS - 1, NULL, "00",
	    NULL, "LMK of messages that name none" },
	{ "lmk.old", SETTING_NAME, FIELD(lmk_old), 0, CONFIG_NAME - 1, NULL, "none", NULL,
	    "key change storage of LMKs without one in the vault: none, sim-old or a name" },

	{ "lmk.vault", SETTING_NAME, FIELD(vault), 0, PATH_MAX - 1, NULL, "none", NULL,
	    "file of LMKs of your own; strict: lmk.vault in the data folder" },
	{ "lmk.passphrase_file", SETTING_NAME, FIELD(passphrase_file), 0, PATH_MAX - 1, NULL,
	    "none", NULL, "file with the vault's passphrase; none: it is asked for" },

	{ "pin.length", SETTING_NUMBER, FIELD(pin_length), 4, 12, NULL, "4", NULL,
	    "longest PIN; an LMK-encrypted PIN has one digit more" },
	{ "pin.lmk_method", SETTING_WORD, FIELD(pin_lmk_method), 0, 0, "fpe10 plain0",
	    "fpe10", NULL, "how PINs are encrypted under the LMK; strict refuses plain0" },
	{ "pin.decimalisation_table", SETTING_WORD, FIELD(table_encrypted), 0, 0,
	    "plaintext encrypted", "encrypted", NULL,
	    "form of decimalisation tables; strict: encrypted only" },
	{ "pin.restrict_formats", SETTING_FLAG, FIELD(restrict_formats), 0, 0, NULL, "false",
	    "true", "translate PIN blocks only as PCI HSM allows" },
	{ "pin.formats_off", SETTING_CODES, FIELD(formats_off), 0, CONFIG_CODES, NULL, "none",
	    NULL, "PIN block formats that are switched off: 69" },
	{ "pin.clear", SETTING_FLAG, FIELD(pin_clear), 0, 0, NULL, "true", "false",
	    "commands that take or show clear PINs may be used (authorised state)" },
	{ "pin.excluded", SETTING_NAME, FIELD(pin_excluded), 0, 255, NULL, "none", NULL,
	    "PINs nobody gets: digits, and same, ascending, descending; commas between" },
	{ "pin.one_error", SETTING_FLAG, FIELD(pin_one_error), 0, 0, NULL, "false", "true",
	    "a PIN block without a PIN is answered as a wrong PIN, or 20 alone" },
	{ "pin.dukpt_counter", SETTING_FLAG, FIELD(dukpt_counter), 0, 0, NULL, "false",
	    "true", "take DUKPT counters only that a device comes to" },
	{ "pin.failures", SETTING_NUMBER, FIELD(pin_failures), 0, FAILURES_MOST, NULL, "0",
	    "10", "wrong PINs or card values of an account until it is refused (39); 0: any" },
	{ "pin.failures_hours", SETTING_NUMBER, FIELD(pin_failures_hours), 1, 720, NULL, "24",
	    NULL, "for how long a failure counts" },
	{ "pin.failures_delay", SETTING_NUMBER, FIELD(pin_failures_delay), 0, 3600, NULL, "1",
	    NULL, "seconds to wait after the third, doubled by each more; sooner is 39" },
	{ "pin.alarm", SETTING_NUMBER, FIELD(pin_alarm), 0, 1000000, NULL, "0", "60",
	    "failures of all accounts in a minute that the log calls an alarm; 0: none" },
	{ "pin.alarm_hour", SETTING_NUMBER, FIELD(pin_alarm_hour), 0, 1000000, NULL, "0", "600",
	    "failures of all accounts in an hour that the log calls an alarm; 0: none" },

	{ "key.zmk_length", SETTING_WORD, FIELD(zmk_single), 0, 0, "double single", "double",
	    NULL, "length of a ZMK field without a scheme tag" },
	{ "key.component_variant", SETTING_WORD, FIELD(component_ff), 0, 0, "none ff", "ff",
	    NULL, "LMK variant of key components" },
	{ "key.x_under_lmk", SETTING_FLAG, FIELD(x_under_lmk), 0, 0, NULL, "false", NULL,
	    "accept schemes X and Y under the LMK; strict refuses it" },
	{ "key.atalla", SETTING_FLAG, FIELD(atalla), 0, 0, NULL, "true", NULL,
	    "accept Atalla variant digits (otherwise 15)" },
	{ "key.separate_002", SETTING_FLAG, FIELD(separate_002), 0, 0, NULL, "false", "true",
	    "keep TPK, TMK and TKR apart from key type 002 (PCI HSM)" },
	{ "key.storage", SETTING_WORD, FIELD(storage), 0, 0, "single double triple variable",
	    "single", NULL, "what an index of user storage holds: a key so long, or any text" },
	{ "strict.variant_lmk", SETTING_FLAG, FIELD(strict_variant_lmk), 0, 0, NULL, "false",
	    NULL, "strict: allow a variant LMK" },

	{ "store.keys", SETTING_NAME, FIELD(store), 0, PATH_MAX - 1, NULL, NULL, NULL,
	    "signing keys: a file, or postgresql://...; none: no signing" },
	{ "store.key_file", SETTING_NAME, FIELD(store_key), 0, PATH_MAX - 1, NULL, NULL, NULL,
	    "file of the key store's master key, made when it is missing" },
	{ "store.passphrase_file", SETTING_NAME, FIELD(store_passphrase), 0, PATH_MAX - 1, NULL,
	    "none", NULL, "file with a passphrase that the master key comes from instead" },
	{ "store.audit", SETTING_NAME, FIELD(store_audit), 1, PATH_MAX - 1, NULL, NULL, NULL,
	    "log of what was done with signing keys" },
	{ "store.health", SETTING_NAME, FIELD(store_health), 0, PATH_MAX - 1, NULL, NULL, NULL,
	    "file that keeps J8's counts, if its folder is there; none: they begin at each start" },
	{ "store.policy", SETTING_NAME, FIELD(store_policy), 0, CONFIG_POLICY - 1, NULL, "none",
	    NULL, "which users may do what with new keys: sign=1000;read=*;admin=0" },
	{ "store.strict_create", SETTING_FLAG, FIELD(strict_create), 0, 0, NULL, "false", NULL,
	    "to create a key that is there already is an error (32)" },
	{ "print.spool", SETTING_NAME, FIELD(spool), 0, PATH_MAX - 1, NULL, NULL, NULL,
	    "folder for what printing commands print; none: no printer, error 16" },

	{ "plugin.deadline_ms", SETTING_NUMBER, FIELD(deadline_ms), 1, 60000, NULL, "100",
	    NULL, "longest run of a handler in a worker" },
	{ "plugin.slow_ms", SETTING_NUMBER, FIELD(slow_ms), 1, DAY_MS, NULL, "60000", NULL,
	    "longest run of a handler in a slow worker" },
	{ "plugin.memory", SETTING_BYTES, FIELD(plugin_memory), 64 * 1024, 1024L * MIB, NULL,
	    "4M", NULL, "bytes that one plug-in's state may use" },

	{ "limits.connections", SETTING_NUMBER, FIELD(connections), 1, 1000000, NULL, "4096",
	    NULL, "connections at a time; one over it is closed and counted" },
	{ "limits.per_address", SETTING_NUMBER, FIELD(per_address), 0, 1000000, NULL, "0",
	    NULL, "the same for one client address; 0: no limit" },
	{ "limits.frame", SETTING_BYTES, FIELD(frame_max), 512, FRAME_LIMIT, NULL, "32768",
	    NULL, "longest message" },
	{ "limits.idle_ms", SETTING_NUMBER, FIELD(idle_ms), 0, DAY_MS, NULL, "0", NULL,
	    "close a connection that is silent for so long; 0: never" },
	{ "drain_ms", SETTING_NUMBER, FIELD(drain_ms), 0, DAY_MS, NULL, "5000", NULL,
	    "time for open requests when the server stops" },

	{ "log.level", SETTING_WORD, FIELD(log_level), 0, 0, "error warn info debug trace",
	    "info", NULL, "least important events that are logged" },
	{ "log.json", SETTING_FLAG, FIELD(log_json), 0, 0, NULL, NULL, NULL,
	    "JSON lines; text on a terminal unless set" },
	{ "log.trace", SETTING_FLAG, FIELD(trace), 0, 0, NULL, "false", NULL,
	    "log why each refused request was refused" },
};

const size_t config_table_count = sizeof(config_table) / sizeof(config_table[0]);

static_assert(sizeof(config_table) / sizeof(config_table[0]) <= CONFIG_SETTINGS,
    "struct config has an origin for each setting");

int
config_lmk_id(const char *name)
{
	const char *id = name + strlen("lmk.");
	size_t n;
	int number;

	if (strncmp(name, "lmk.", strlen("lmk.")) != 0)
		return -1;
	n = strspn(id, "0123456789");
	if (n == 0 || n > 2 || id[n] != '\0')
		return -1;
	number = n == 1 ? id[0] - '0' : 10 * (id[0] - '0') + id[1] - '0';
	return number < CONFIG_LMKS ? number : -1;
}

const struct setting *
config_find(const char *name)
{
	for (size_t i = 0; i < config_table_count; i++) {
		const struct setting *s = &config_table[i];

		if (s->kind == SETTING_LMK ? config_lmk_id(name) >= 0 :
		    strcmp(s->name, name) == 0)
			return s;
	}
	return NULL;
}

void
config_env_name(const char *name, char out[SETTING_ENV_MAX])
{
	size_t n = strlen("LUAHSM_");

	memcpy(out, "LUAHSM_", n);
	for (; *name != '\0' && n + 1 < SETTING_ENV_MAX; name++)
		out[n++] = *name == '.' ? '_' : (char)toupper((unsigned char)*name);
	out[n] = '\0';
}

static unsigned
least_of(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned
config_distance(const char *a, const char *b)
{
	/* row[i][j]: distance of the first i letters of a and j of b; three rows are kept */
	unsigned row[3][SETTING_ENV_MAX];
	size_t n = strlen(a), m = strlen(b);

	if (n >= SETTING_ENV_MAX || m >= SETTING_ENV_MAX)
		return SETTING_ENV_MAX;
	for (size_t j = 0; j <= m; j++)
		row[0][j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned *here = row[i % 3], *last = row[(i + 2) % 3], *older = row[(i + 1) % 3];

		here[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			here[j] = least_of(last[j] + 1, here[j - 1] + 1);
			here[j] = least_of(here[j], last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				here[j] = least_of(here[j], older[j - 2] + 1);
		}
	}
	return row[n % 3][m];
}

const char *
config_nearest(const char *name)
{
	const char *best = NULL;
	size_t n = strlen(name);
	unsigned least = n / 3 < 2 ? 3 : (unsigned)(n / 3) + 1;

	for (size_t i = 0; i < config_table_count; i++) {
		const char *full = config_table[i].name;
		const char *dot = strrchr(full, '.');
		unsigned d = config_distance(name, full);

		/* "header_length" means "message.header_length" */
		if (dot != NULL)
			d = least_of(d, config_distance(name, dot + 1) + 1);
		if (d < least) {
			least = d;
			best = full;
		}
	}
	return best;
}
