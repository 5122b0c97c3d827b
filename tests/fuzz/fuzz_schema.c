/*
 * fuzz_schema: any bytes as a request to each shipped plug-in: cut, keys opened
 * under the test LMKs, handler run, reply encoded.
 *
 * The input's first two bytes choose the plug-in and the settings; the rest is
 * what stands behind the command code. The reply is a reply's code and two
 * characters at least, fits a frame, and nothing of the request is left in the
 * slab or the arena. A handler that fails on bytes from outside is a defect,
 * and so is a code that the plug-in does not list.
 *
 * Linked with libFuzzer, or with standalone.c.
 */
#include <stdlib.h>

#include "command.h"
#include "config.h"
#include "err.h"
#include "folder.h"
#include "frame.h"
#include "log.h"
#include "plugin.h"
#include "prove.h"
#include "prove_vector.h"
#include "request.h"
#include "rng.h"
#include "sandbox.h"
#include "secret.h"

enum { HEAD = 2, MARGIN = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerInitialize(int *argc, char ***argv);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t most, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t n, size_t most);

static struct config    config;
static struct commands *commands;
static struct folder   *folder;
static uint8_t          message[FRAME_LIMIT], reply[FRAME_LIMIT + MARGIN];

static void
check(bool ok)
{
	if (!ok)
		abort();
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	config_default(&config);
	config.header_length = 0;
	config.trace = true;
	/* Whether a script took too long is no question for a fuzzer's build. */
	config.deadline_ms = 10000;
	log_open("fuzz", -1, LOG_ERROR, false);
	folder = folder_read("plugins", false, stderr);
	commands = commands_new(&config, NULL);
	check(folder != NULL && commands != NULL && prove_init(&config) == 0);
	for (size_t i = 0; i < folder_count(folder); i++)
		check(commands_add(commands, folder, i, stderr) == 0);
	return 0;
}

static struct plugin *
plugin_of(uint8_t choice)
{
	struct plugin *p = commands_find(commands,
	    folder_code(folder, choice % folder_count(folder)));

	check(p != NULL);
	return p;
}

static void
choose_settings(uint8_t bits)
{
	config.authorised = (bits & 1) != 0;
	config.profile = bits & 2 ? PROFILE_STRICT : PROFILE_TEST;
	config.separate_002 = (bits & 4) != 0;
	config.zmk_single = (bits & 8) != 0;
	config.x_under_lmk = (bits & 16) != 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct origin from = { .lmk = -1 };
	struct plugin *p;
	size_t got;

	if (n < HEAD || n - HEAD > FRAME_LIMIT - 2)
		return 0;
	p = plugin_of(data[0]);
	choose_settings(data[1]);
	from.lmk = data[1] & 32 ? (data[1] >> 6) : -1;
	rng_repeat(1);
	memcpy(message, p->code, 2);
	memcpy(message + 2, data + HEAD, n - HEAD);
	memset(reply + FRAME_LIMIT, 0x5A, MARGIN);
	got = command_run(commands, &from, span_of(message, n - HEAD + 2), reply, FRAME_LIMIT);
	check(got >= 4 && got <= FRAME_LIMIT);
	check(memcmp(reply, p->reply, 2) == 0);
	for (size_t i = 0; i < MARGIN; i++)
		check(reply[FRAME_LIMIT + i] == 0x5A);
	check(secret_slots_used() == 0 && commands_request(commands)->used == 0);
	check(!p->lost && memcmp(reply + 2, "41", 2) != 0);
	check(plugin_lists(p, err_parse((const char *)reply + 2)));
	return 0;
}

/*
 * Starts from a vector of a plug-in every now and then, since nobody guesses a
 * key field with odd parity; else mutates what there is.
 */
size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t most, unsigned seed)
{
	static struct vector v;
	uint8_t choice = (uint8_t)(seed >> 8);
	struct plugin *p = plugin_of(choice);

	if (seed % 8 == 0 && p->vectors != 0) {
		vector_read(p, 1 + (seed >> 16) % p->vectors, &config, &v);
		if (v.fault[0] == '\0' && v.request_n <= most) {
			data[0] = choice;
			data[1] = (uint8_t)(seed >> 3 & 1);
			memcpy(data + HEAD, v.request + 2, v.request_n - 2);
			n = v.request_n;
		}
	}
	if (n <= HEAD)
		return LLVMFuzzerMutate(data, n, most);
	return HEAD + LLVMFuzzerMutate(data + HEAD, n - HEAD, most - HEAD);
}
