/*
 * cli_key_ask: what the daemon is asked for each command, and its answer for people or as JSON.
 */
#include "cli_key.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "kms_key.h"

static struct kms_entry entries[KMS_ENTRIES];	/* too large for the stack */

/* --- what is printed ----------------------------------------------------- */

static json_t *
json_of(const char *name, uint32_t version, const struct algorithm *a, enum kms_state state)
{
	return json_pack("{s:s, s:I, s:s, s:s}", "name", name, "version", (json_int_t)version,
	    "algorithm", a->name, "state", kms_state_name(state));
}

static void
print_json(json_t *value)
{
	json_dumpf(value, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(value);
}

static void
print_key(const struct cli_key_job *job, const struct kms_key *key)
{
	json_t *o;

	if (!job->json) {
		printf("%s@%u %s %s\n", job->name, key->version, key->algorithm->name,
		    kms_state_name(key->state));
		return;
	}
	o = json_of(job->name, key->version, key->algorithm, key->state);
	json_object_set_new(o, "publicKeyPEM", json_stringn((const char *)key->pem.p, key->pem.n));
	print_json(o);
}

/* "2026-11-21T22:06:03Z" */
static const char *
time_text(int64_t seconds, char text[32])
{
	time_t t = (time_t)seconds;
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return text;
}

/* Some more rows of a list; all gathers them for JSON. */
static void
print_entries(const struct cli_key_job *job, size_t n, json_t *all)
{
	char text[32];

	for (const struct kms_entry *e = entries; e < entries + n; e++) {
		time_text(e->created, text);
		if (job->json) {
			json_t *o = json_of(e->name, e->version, e->algorithm, e->state);

			json_object_set_new(o, "created", json_string(text));
			json_array_append_new(all, o);
		} else {
			printf("%-32s %7u  %-13s %-10s %s\n", e->name, e->version,
			    e->algorithm->name, kms_state_name(e->state), text);
		}
	}
}

static void
print_head(const struct cli_key_job *job)
{
	if (!job->json)
		printf("%-32s %7s  %-13s %-10s %s\n", "NAME", "VERSION", "ALGORITHM", "STATE",
		    "CREATED");
}

/* --- what is asked ------------------------------------------------------- */

int
cli_key_create(struct cli_key_job *job)
{
	struct kms_key key;

	kms_begin_key(job->daemon, "Z0", job->name);
	kms_add(job->daemon, "%02u%d", job->algorithm->code, job->strict);
	if (kms_ask_key(job->daemon, job->name, &key) != 0)
		return -1;
	print_key(job, &key);
	return 0;
}

int
cli_key_public(struct cli_key_job *job)
{
	struct kms_key key;

	kms_begin_key(job->daemon, "Z2", job->name);
	kms_add(job->daemon, "%06u", job->version);
	if (kms_ask_key(job->daemon, job->name, &key) != 0)
		return -1;
	if (job->json)
		print_key(job, &key);
	else
		fwrite(key.pem.p, 1, key.pem.n, stdout);
	return 0;
}

static void
begin_manage(struct cli_key_job *job, enum kms_mode mode, const char *name)
{
	kms_begin(job->daemon, "Z8");
	kms_add(job->daemon, "%d%02zX", mode, strlen(name));
	kms_add_bytes(job->daemon, name, strlen(name));
}

int
cli_key_rotate(struct cli_key_job *job)
{
	struct kms_key key;

	begin_manage(job, KMS_ROTATE, job->name);
	if (kms_ask_key(job->daemon, job->name, &key) != 0)
		return -1;
	print_key(job, &key);
	return 0;
}

/* The next keys after the last one, until there are none. */
int
cli_key_list(struct cli_key_job *job)
{
	json_t *all = json_array();
	char after[KMS_NAME_MAX + 1] = "";
	size_t n = 0;

	do {
		begin_manage(job, KMS_LIST, after);
		if (kms_ask_entries(job->daemon, after, entries, &n) != 0) {
			json_decref(all);
			return -1;
		}
		if (after[0] == '\0')
			print_head(job);
		print_entries(job, n, all);
		if (n > 0 && strcmp(entries[n - 1].name, after) <= 0) {
			json_decref(all);
			return kms_fail(job->daemon, "the daemon's list of keys has no end");
		}
		if (n > 0)
			memcpy(after, entries[n - 1].name, sizeof(after));
	} while (n > 0);
	if (job->json)
		print_json(all);
	else
		json_decref(all);
	return 0;
}

int
cli_key_show(struct cli_key_job *job)
{
	json_t *all;
	size_t n;

	begin_manage(job, KMS_DESCRIBE, job->name);
	kms_add(job->daemon, "%06u", job->version);
	if (kms_ask_entries(job->daemon, job->name, entries, &n) != 0)
		return -1;
	all = json_array();
	print_head(job);
	print_entries(job, n, all);
	if (job->json)
		print_json(all);
	else
		json_decref(all);
	return 0;
}

/* Do it, and show how the versions are then. */
static int
set_state(struct cli_key_job *job, enum kms_mode mode)
{
	begin_manage(job, mode, job->name);
	kms_add(job->daemon, "%06u", job->version);
	return kms_ask_done(job->daemon, job->name) == 0 ? cli_key_show(job) : -1;
}

int
cli_key_enable(struct cli_key_job *job)
{
	return set_state(job, KMS_ENABLE);
}

int
cli_key_disable(struct cli_key_job *job)
{
	return set_state(job, KMS_DISABLE);
}

int
cli_key_destroy(struct cli_key_job *job)
{
	return set_state(job, KMS_DESTROY);
}
