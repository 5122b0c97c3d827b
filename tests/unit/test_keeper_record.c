/* keeper_record: what becomes of signatures, and what the log says, when something is wrong. */
#include "keeper.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <jansson.h>

#include "audit.h"
#include "err.h"
#include "keystore.h"
#include "log.h"
#include "pg.h"
#include "rows.h"
#include "secret.h"

enum { COUNT = 5, COMMAND = 100 };

static const uint8_t audit_key[AUDIT_KEY] = { 7 };
static char dir[] = "/tmp/luahsm-test-XXXXXX";
static char audit_path[60], store_path[60], log_path[60];
static const char *no_pg;
static struct master *master;
static struct keeper_message *m;
static int ends[2], fails_at;

/* jansson has no memory once, at that call. */
static void *
allocate(size_t n)
{
	return fails_at > 0 && --fails_at == 0 ? NULL : malloc(n);
}

/* How often the log has said so since it was last asked. */
static unsigned
logged(const char *text)
{
	char line[1000];
	unsigned n = 0;
	FILE *f = fopen(log_path, "r");

	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL)
		n += strstr(line, text) != NULL;
	fclose(f);
	return n;
}

static struct keeper *
begin(struct keystore **ks, struct audit **audit, const char *where)
{
	struct keeper *k;

	*ks = keystore_open(where, master, stderr);
	*audit = audit_open(audit_path, audit_key, stderr);
	assert_true(*ks != NULL && *audit != NULL);
	assert_non_null(k = keeper_new(*ks, *audit));
	assert_int_equal(truncate(log_path, 0), 0);
	return k;
}

static void
end(struct keeper *k, struct keystore *ks, struct audit *audit)
{
	keeper_free(k);
	audit_close(audit);
	keystore_close(ks);
}

/* Signatures that wait together, numbered from 0 on. */
static void
sign_all(struct keeper *k, uint64_t epoch)
{
	for (unsigned i = 0; i < COUNT; i++) {
		memset(m, 0, sizeof(*m));
		m->kind = KEEPER_RECORD;
		m->number = i;
		m->epoch = epoch;
		strcpy(m->label, "k");
		strcpy(m->operation, "sign");
		strcpy(m->code, "00");
		assert_int_equal(keeper_send(ends[0], m), 0);
		assert_int_equal(keeper_serve(k, ends[1]), 1);
	}
}

/* What they are answered, the first one and the others. */
static void
expect(int first, int others)
{
	for (unsigned i = 0; i < COUNT; i++) {
		assert_int_equal(keeper_receive(ends[0], m), 1);
		assert_int_equal(m->number, i);
		assert_int_equal(m->result, i == 0 ? first : others);
	}
}

/* One record that cannot be made is that one's trouble. */
static void
test_one(void **state)
{
	struct keystore *ks;
	struct audit *audit;
	struct keeper *k = begin(&ks, &audit, store_path);
	uint64_t last = audit_last(audit);

	(void)state;
	sign_all(k, keystore_epoch(ks));
	fails_at = 1;
	assert_int_equal(keeper_flush(k), 0);
	expect(ERR_AUDIT, 0);
	assert_int_equal(audit_last(audit), last + COUNT - 1);
	assert_int_equal(logged("could not be made"), 1);
	assert_int_equal(logged("could not be written"), 0);
	end(k, ks, audit);
	assert_int_equal(audit_verify(audit_path, audit_key, stderr), last + COUNT - 1);
}

/* One that is written in part, or not at all, is the trouble of all: nobody knows what is there. */
static void
test_broken(void **state)
{
	struct rlimit was, full;
	struct stat st;
	struct keystore *ks;
	struct audit *audit;
	struct keeper *k = begin(&ks, &audit, store_path);

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	assert_int_equal(stat(audit_path, &st), 0);
	full = was;
	full.rlim_cur = (rlim_t)st.st_size + 10;
	sign_all(k, keystore_epoch(ks));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
	assert_int_equal(keeper_flush(k), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	expect(ERR_AUDIT, ERR_AUDIT);
	assert_false(audit_works(audit));
	assert_int_equal(logged("could not be made"), 0);
	assert_int_equal(logged("could not be written"), 1);
	end(k, ks, audit);
}

/* Change the head of the store behind our back; again: as it was. */
static void
change_head(void)
{
	PGconn *c = PQconnectdb(pg_url);
	PGresult *result = PQexec(c, "UPDATE luahsm_head SET sealed = "
	    "set_byte(sealed, 0, get_byte(sealed, 0) # 1)");

	assert_string_equal(PQcmdTuples(result), "1");
	PQclear(result);
	PQfinish(c);
}

/* A shared store's trouble is told when it begins, and when it is over. */
static void
test_trouble(void **state)
{
	struct keystore *ks;
	struct audit *audit;
	struct keeper *k;

	(void)state;
	if (no_pg != NULL) {
		print_message("%s\n", no_pg);
		skip();
	}
	k = begin(&ks, &audit, pg_url);
	assert_int_equal(keeper_refresh(k), 0);
	change_head();
	for (int i = 0; i < 3; i++)
		assert_int_equal(keeper_refresh(k), ERR_STORE);
	sign_all(k, keystore_epoch(ks));
	assert_int_equal(keeper_flush(k), 0);
	expect(ERR_STORE, ERR_STORE);
	assert_int_equal(logged("somebody changed it"), 1);
	pg_pause();
	for (int i = 0; i < 3; i++)
		assert_int_equal(keeper_refresh(k), 0);
	assert_int_equal(logged("\"why\":"), 2);
	assert_int_equal(logged("it is there again"), 0);
	assert_null(pg_resume());
	change_head();
	while (logged("it is there again") == 0) {
		assert_int_equal(keeper_refresh(k), 0);
		usleep(10000);
	}
	assert_int_equal(keeper_refresh(k), 0);
	assert_int_equal(logged("it is there again"), 1);
	assert_int_equal(logged("\"why\":"), 2);
	end(k, ks, audit);
}

/* What goes to standard error is read by the tests. */
static int
setup(void **state)
{
	char path[60];

	(void)state;
	if (secret_init(false) != 0 || mkdtemp(dir) == NULL)
		return -1;
	snprintf(path, sizeof(path), "%s/master.key", dir);
	snprintf(store_path, sizeof(store_path), "%s/keys.db", dir);
	snprintf(audit_path, sizeof(audit_path), "%s/audit.log", dir);
	snprintf(log_path, sizeof(log_path), "%s/stderr", dir);
	master = master_from_file(path, true, stderr);
	m = secret_alloc(sizeof(*m));
	if (master == NULL || m == NULL || freopen(log_path, "a", stderr) == NULL)
		return -1;
	log_open("keeper", -1, LOG_INFO, true);
	signal(SIGXFSZ, SIG_IGN);
	return socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends);
}

static int
teardown(void **state)
{
	char command[COMMAND];

	(void)state;
	secret_free(m);
	master_free(master);
	snprintf(command, sizeof(command), "cat %s; rm -rf %s", log_path, dir);
	return system(command) == 0 && secret_bytes_used() == 0 ? 0 : -1;
}

int
main(void)
{
	static struct rows r;
	int status;

	json_set_alloc_funcs(allocate, free);
	no_pg = pg_start();
	rows_add(&r, "a record that cannot be made", test_one, NULL);
	rows_add(&r, "a log that cannot be written", test_broken, NULL);
	rows_add(&r, "a shared store in trouble", test_trouble, NULL);
	status = rows_run(&r, "keeper_record", setup, teardown);
	pg_stop();
	return status;
}
