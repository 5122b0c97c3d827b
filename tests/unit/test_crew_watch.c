/* crew_watch: who hangs is killed, in a request or outside of any; who was not watched is not. */
#include "crew_member.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"
#include "config.h"
#include "rows.h"
#include "stats.h"

enum { PATIENCE_MS = 200, DEAF_MS = 10000, LOOK_MS = 100, TURNS = 10000 };

static struct config config;
static struct stats *pages;
static struct crew  *crew;
static struct member *m;
static int others_end;

/* A crew of one, which does nothing: a keeper has no links to be given. */
static int
start(void **state)
{
	int ends[2];

	(void)state;
	crew = calloc(1, sizeof(*crew) + sizeof(crew->member[0]));
	if (crew == NULL || channel_pair(ends) != 0)
		return -1;
	config_default(&config);
	config.slow_ms = PATIENCE_MS / 2;
	memset(pages, 0, sizeof(*pages));
	crew->config = &config;
	crew->stats = pages;
	crew->size = 1;
	m = &crew->member[0];
	m->crew = crew;
	m->keeper = true;
	m->channel = ends[0];
	others_end = ends[1];
	if ((m->pid = fork()) == 0) {
		raise(SIGSTOP);		/* one that waits for no processor */
		_exit(0);
	}
	return m->pid > 0 && waitpid(m->pid, NULL, WUNTRACED) == m->pid ? 0 : -1;
}

/* It was killed if it was condemned, and else not. */
static int
stop(void **state)
{
	bool condemned = m->condemned;
	int status = 0;

	(void)state;
	if (!condemned) {
		kill(m->pid, SIGTERM);
		kill(m->pid, SIGCONT);
	}
	if (waitpid(m->pid, &status, 0) != m->pid)
		return -1;
	close(m->channel);
	close(others_end);
	free(crew);
	return WTERMSIG(status) == (condemned ? SIGKILL : SIGTERM) ? 0 : -1;
}

static void
begin_request(void)
{
	atomic_store(&member_page(m)->busy_since, stats_now());
}

/* Look again, as if so much time had passed. */
static void
look_after(unsigned passed)
{
	crew->looked = stats_now() - passed * crew_ms;
	(void)crew_watch(crew);
}

static void
test_request(void **state)
{
	unsigned n = 0;

	(void)state;
	begin_request();
	assert_true(crew_watch(crew));
	for (; !m->condemned && n < TURNS; n++)
		look_after(LOOK_MS / 4);
	assert_true(m->condemned);
	assert_true(m->spent > PATIENCE_MS * crew_ms);
	assert_true(n <= 1 + PATIENCE_MS / (LOOK_MS / 4));
}

/* Another request each time: nobody hangs. */
static void
test_requests(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 100; n++) {
		begin_request();
		look_after(LOOK_MS);
	}
	assert_false(m->condemned);
}

/* However long we did not look, it counts as one look: two of them are not enough. */
static void
test_slept(void **state)
{
	static const unsigned slept[] = { 250, 500, 900, 1500, 60000 };

	(void)state;
	for (size_t i = 0; i < sizeof(slept) / sizeof(slept[0]); i++) {
		begin_request();
		look_after(slept[i]);
		look_after(slept[i]);
		look_after(slept[i]);
		assert_false(m->condemned);
		assert_true(m->spent == PATIENCE_MS * crew_ms);
	}
	look_after(LOOK_MS);
	assert_true(m->condemned);
}

static void
test_lives(void **state)
{
	struct channel_message message;
	unsigned asked = 0;
	int passed;

	(void)state;
	for (unsigned n = 0; n < 5 * DEAF_MS / LOOK_MS; n++) {
		look_after(LOOK_MS);
		for (; channel_receive(others_end, &message, &passed) == 1; asked++)
			atomic_store(&member_page(m)->beat, message.number);
	}
	assert_false(m->condemned);
	assert_int_equal(asked, m->beat);
	assert_true(asked > 5);
}

/* It gives no sign of life: since it was asked, or cannot even be asked. */
static void
test_deaf(void **state)
{
	const struct channel_message message = { .kind = CHANNEL_BEAT };
	bool full = *(bool *)*state;
	unsigned n = 0;

	while (full && channel_send(m->channel, &message, -1) == 0)
		;
	for (; !m->condemned && n < TURNS; n++)
		look_after(LOOK_MS);
	assert_true(m->condemned);
	assert_int_equal(m->beat, !full);
	assert_true(n > DEAF_MS / LOOK_MS && n < 2 * DEAF_MS / LOOK_MS);
}

int
main(void)
{
	static bool full = true, empty = false;
	static struct rows r;

	if ((pages = stats_map()) == NULL)
		return 1;
	rows_add(&r, "a request that does not end", test_request, NULL);
	rows_add(&r, "many requests", test_requests, NULL);
	rows_add(&r, "a time in which nobody looked", test_slept, NULL);
	rows_add(&r, "it gives signs of life", test_lives, NULL);
	rows_add(&r, "it gives none", test_deaf, &empty);
	rows_add(&r, "its channel is full", test_deaf, &full);
	for (size_t i = 0; i < r.n; i++) {
		r.test[i].setup_func = start;
		r.test[i].teardown_func = stop;
	}
	return rows_run(&r, "crew_watch", NULL, NULL);
}
