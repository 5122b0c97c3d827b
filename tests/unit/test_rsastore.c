/* rsastore: one memory for all processes, also when one dies. */
#include "rsastore.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rows.h"

static uint8_t out[RSASTORE_MAX];

static void
test_places(void **state)
{
	(void)state;
	assert_int_equal(rsastore_get(0, out), 0);
	rsastore_put(0, SPAN("first"));
	rsastore_put(20, SPAN("last"));
	rsastore_put(0, SPAN("one"));
	assert_int_equal(rsastore_get(0, out), 3);
	assert_memory_equal(out, "one", 3);
	assert_int_equal(rsastore_get(20, out), 4);
	assert_int_equal(rsastore_get(19, out), 0);
	rsastore_put(0, span_of(out, RSASTORE_MAX));
	assert_int_equal(rsastore_get(0, out), RSASTORE_MAX);
}

static void
test_processes(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	assert_true(child >= 0);
	if (child == 0) {
		rsastore_put(7, SPAN("from another"));
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(rsastore_get(7, out), 12);
	assert_memory_equal(out, "from another", 12);
}

/* Killed at any moment of its writing, a process leaves no lock behind. */
static void
test_death(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		pid_t child = fork();

		assert_true(child >= 0);
		if (child == 0)
			for (;;)
				rsastore_put(3, SPAN("again and again"));
		usleep((useconds_t)(200 + 37 * i));
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		rsastore_put(3, SPAN("after"));
		assert_int_equal(rsastore_get(3, out), 5);
	}
}

static int
setup(void **state)
{
	(void)state;
	return rsastore_init();
}

int
main(void)
{
	static struct rows r;

	rows_add(&r, "places", test_places, NULL);
	rows_add(&r, "what one process keeps another has", test_processes, NULL);
	rows_add(&r, "a process that is killed leaves no lock", test_death, NULL);
	return rows_run(&r, "rsastore", setup, NULL);
}
