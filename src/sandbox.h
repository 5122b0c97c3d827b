/*
 * sandbox: a lua_State with a wiping, capped allocator and an environment
 * built from nothing: the allow-list of luahsm-plugin(7) and the primitives.
 *
 * One state per plug-in per process. Text chunks only. What is not on the list
 * is absent; names can't be assigned; no metatable can be reached (spec:
 * threats 1, L1-L22).
 */
#ifndef LUAHSM_SANDBOX_H
#define LUAHSM_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lua_compat.h"
#include "lua_value.h"
#include "span.h"

struct request;

enum {
	SANDBOX_BOTTOM = 1,	/* slots of a state's stack that are its sandbox's own */
	SANDBOX_SPARES = 8,
	SANDBOX_TRACE  = 256,	/* bytes of a traceback */
	SANDBOX_LEVELS = 5	/* functions in it */
};

struct sandbox {
	lua_State      *L;
	size_t          used, cap;	/* bytes */
	size_t          rest;		/* used beyond which a collection is due */
	uint64_t        allocations;	/* blocks taken from the system so far */
	struct {
		void  *p;
		size_t size;
	} spare[SANDBOX_SPARES];	/* small blocks kept for the next request */
	struct request *rq;
	const char     *name;		/* for messages; borrowed */
	bool            reveals;	/* its plug-in may show clear values */
	bool            prints;		/* its plug-in may print clear values */
	bool            slow;		/* its handler may run as long as plugin.slow_ms says */
	bool            may_be_slow;	/* the same where no slow worker does the long part */
	char            trace[SANDBOX_TRACE];	/* where the last call failed: names and
						 * lines, the innermost first; "" for a code */
	const char     *defect;		/* why the last call failed, when not on the stack */

	lua_CFunction   run;		/* what sandbox_run runs now, and for whom */
	void           *run_ud;
	int             run_ref, trace_ref;

	/* the request's results, in order */
	unsigned        results;
	struct value   *result[VALUE_RESULTS];
	int             result_ref[VALUE_RESULTS];
	int             env_ref;
	int             value_meta, list_meta, element_meta;
};

/* A state for rq's requests with at most cap bytes. NULL: no memory. */
struct sandbox *sandbox_new(size_t cap, struct request *rq, const char *name);
void            sandbox_free(struct sandbox *sb);

/* The sandbox of a state. */
static inline struct sandbox *
sandbox_of(lua_State *L)
{
	return lua_owner(L);
}

/*
 * Compile bytes as text and run them under the deadline; the one value they
 * return is left on the stack. 0, or ERR_SCRIPT, ERR_NO_MEMORY, ERR_DEADLINE
 * with a message on the stack's top (a string or not: sandbox_message).
 */
int sandbox_load(struct sandbox *sb, struct span bytes);

/*
 * Call the function below its n arguments under the deadline. 0: n_results are
 * on the stack. A code raised by fail or a primitive comes back as the
 * negative err; everything else as above, and the state is not to be used again.
 */
int sandbox_call(struct sandbox *sb, int n, int n_results);

/*
 * As sandbox_call, for f, which gets ud as a light userdata below its n
 * arguments. Nothing may allocate outside a protected call, not even the
 * pushing of a C function: an error there would end the process.
 */
int sandbox_run(struct sandbox *sb, lua_CFunction f, void *ud, int n, int n_results);

/* Note a static text as the message of the call that just ended; ERR_SCRIPT. */
int sandbox_defect(struct sandbox *sb, const char *text);

/* Why the last call failed, as text; looks at types only. Pops nothing. */
const char *sandbox_message(struct sandbox *sb);

/* Between requests: collect garbage and note what is held then. */
void sandbox_idle(struct sandbox *sb);

/* Has garbage taken so much of the room that collecting can't wait for an idle time? */
bool sandbox_crowded(const struct sandbox *sb);

/* The primitives, one table per library: lua_<subject>.c. NULL-named at the end. */
extern const luaL_Reg lua_base_functions[];	/* globals */
extern const luaL_Reg lua_table_functions[];
extern const luaL_Reg lua_math_functions[];
extern const luaL_Reg lua_key_functions[];
extern const luaL_Reg lua_pinblock_functions[];
extern const luaL_Reg lua_pin_functions[];
extern const luaL_Reg lua_cvv_functions[];
extern const luaL_Reg lua_emv_functions[];
extern const luaL_Reg lua_emvscript_functions[];
extern const luaL_Reg lua_mac_functions[];
extern const luaL_Reg lua_cipher_functions[];
extern const luaL_Reg lua_hmac_functions[];
extern const luaL_Reg lua_endpoint_functions[];
extern const luaL_Reg lua_hash_functions[];	/* globals */
extern const luaL_Reg lua_data_functions[];	/* globals */
extern const luaL_Reg lua_lmkpin_functions[];
extern const luaL_Reg lua_verify_functions[];
extern const luaL_Reg lua_dukpt_functions[];
extern const luaL_Reg lua_csc_functions[];
extern const luaL_Reg lua_printer_functions[];
extern const luaL_Reg lua_rsa_functions[];
extern const luaL_Reg lua_sign_functions[];
extern const luaL_Reg lua_ecc_functions[];
extern const luaL_Reg lua_tr34_functions[];
extern const luaL_Reg lua_csr_functions[];
extern const luaL_Reg lua_device_functions[];
extern const luaL_Reg lua_userstore_functions[];
extern const luaL_Reg lua_hsm_functions[];

/* Push a library as scripts see it: a frozen userdata over the functions. With
 * call, calling it makes a field type of that name: key "TPK". */
void sandbox_push_library(lua_State *L, const luaL_Reg *functions, const char *call);

/* Make the metatables of values in this state, and the pool of results. */
void lua_value_open(lua_State *L, struct sandbox *sb);

/* Push the text of the userdata at i: data's bytes, "<secret>", "<key TPK>". */
void lua_value_tostring(lua_State *L, int i);

/* A new value userdata, never freed while the state lives (a reference is kept). */
struct value *lua_value_new(lua_State *L, int *ref);

#endif
