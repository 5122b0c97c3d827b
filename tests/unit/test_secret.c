/* secret: slots, long-lived pieces and libcrypto's memory, all zero when given back. */
#include "secret.h"

#include <openssl/crypto.h>

#include <sys/wait.h>
#include <unistd.h>

#include "rows.h"

static int
setup(void **state)
{
	(void)state;
	return secret_init(false);
}

static int
all_zero(const void *p, size_t n)
{
	const uint8_t *b = p;

	while (n > 0 && b[n - 1] == 0)
		n--;
	return n == 0;
}

static void
test_slots(void **state)
{
	struct secret *first = secret_take(), *second = secret_take();

	(void)state;
	assert_true(secret_holds(first) && secret_holds(second));
	assert_int_equal((uintptr_t)first % 16, 0);
	assert_ptr_not_equal(first, second);
	assert_int_equal(secret_slots_used(), 2);
	memset(first, 0x5A, sizeof(*first));
	memset(second, 0xA5, sizeof(*second));
	secret_put_all();
	assert_int_equal(secret_slots_used(), 0);
	assert_true(all_zero(first, sizeof(*first)) && all_zero(second, sizeof(*second)));
	assert_ptr_equal(secret_take(), first);
	secret_put_all();
}

static void
test_slots_end(void **state)
{
	size_t n = 0;

	(void)state;
	while (secret_take() != NULL)
		n++;
	assert_true(n >= 1024);
	assert_int_equal(secret_slots_used(), n);
	secret_put_all();
	assert_non_null(secret_take());
	secret_put_all();
}

static const struct size {
	const char *name;
	size_t      size;
	size_t      used;	/* 0: refused */
} sizes[] = {
	{ "no bytes are refused",        0,        0 },
	{ "one byte takes a unit",       1,        64 },
	{ "a whole unit",                64,       64 },
	{ "a byte more than a unit",     65,       128 },
	{ "a libcrypto context",         584,      640 },
	{ "more than there is",          1 << 24,  0 },
	{ "a size that would overflow",  SIZE_MAX, 0 },
};

static void
test_size(void **state)
{
	const struct size *row = *state;
	size_t before = secret_bytes_used();
	void *p = secret_alloc(row->size);

	assert_int_equal(secret_bytes_used() - before, row->used);
	assert_int_equal(p != NULL, row->used != 0);
	if (p != NULL) {
		assert_true(secret_holds(p) && all_zero(p, row->used));
		memset(p, 0x77, row->size);
	}
	secret_free(p);
	assert_int_equal(secret_bytes_used(), before);
	assert_true(p == NULL || all_zero(p, row->used));
}

/* Pieces of odd sizes, given back in another order, leave nothing behind and never overlap. */
static void
test_pieces(void **state)
{
	uint8_t *p[100];
	size_t before = secret_bytes_used();

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < 100; i++) {
			p[i] = secret_alloc(1 + i * 37 % 500);
			assert_non_null(p[i]);
			memset(p[i], (int)i + 1, 1 + i * 37 % 500);
		}
		for (size_t i = 0; i < 100; i += 2) {
			secret_free(p[i]);
			p[i] = secret_alloc(1 + i * 37 % 300);
			assert_non_null(p[i]);
			memset(p[i], (int)i + 1, 1 + i * 37 % 300);
		}
		for (size_t i = 0; i < 100; i++) {
			assert_int_equal(p[i][0], i + 1);
			assert_int_equal(p[i][i * 37 % (i % 2 == 0 ? 300 : 500)], i + 1);
		}
		for (size_t i = 0; i < 100; i++)
			secret_free(p[i * 7 % 100]);
		assert_int_equal(secret_bytes_used(), before);
	}
}

static void
test_full(void **state)
{
	size_t before = secret_bytes_used(), n = 0;
	static void *p[30000];

	(void)state;
	while (n < 30000 && (p[n] = secret_alloc(64)) != NULL)
		n++;
	assert_true(n > 1000 && n < 30000);
	secret_free(p[n / 2]);
	assert_ptr_equal(secret_alloc(64), p[n / 2]);
	while (n > 0)
		secret_free(p[--n]);
	assert_int_equal(secret_bytes_used(), before);
}

/* libcrypto's memory is in the slab inside enter and leave, outside it otherwise. */
static void
test_libcrypto(void **state)
{
	size_t before = secret_bytes_used();
	uint8_t *out = OPENSSL_malloc(100), *in;

	(void)state;
	assert_false(secret_holds(out));
	secret_enter();
	in = OPENSSL_malloc(100);
	secret_leave();
	assert_true(secret_holds(in));
	memset(in, 1, 100);
	memset(out, 2, 100);
	/* A piece stays where it is from, and brings its bytes along. */
	in = OPENSSL_realloc(in, 1000);
	out = OPENSSL_realloc(out, 1000);
	assert_true(secret_holds(in) && !secret_holds(out));
	assert_true(in[0] == 1 && in[99] == 1 && in[999] == 0 && out[0] == 2 && out[99] == 2);
	in = OPENSSL_realloc(in, 10);
	assert_true(secret_holds(in) && in[9] == 1);
	OPENSSL_free(in);
	assert_true(all_zero(in, 64));
	OPENSSL_free(out);
	assert_null(OPENSSL_malloc(0));
	assert_int_equal(secret_bytes_used(), before);
}

/* The read-only part is zero at first, and keeps what was put there while it was open. */
static void
test_fixed(void **state)
{
	uint8_t *p = secret_fixed(true);

	(void)state;
	assert_non_null(p);
	assert_true(secret_holds(p) && secret_holds(p + SECRET_FIXED - 1));
	assert_true(all_zero(p, SECRET_FIXED));
	p[0] = p[SECRET_FIXED - 1] = 1;
	assert_ptr_equal(secret_fixed(false), p);
	assert_true(p[0] == 1 && p[SECRET_FIXED - 1] == 1);
	assert_true((uint8_t *)secret_take() >= p + SECRET_FIXED);
	secret_put_all();
}

static void
test_holds(void **state)
{
	int here;

	(void)state;
	assert_false(secret_holds(NULL));
	assert_false(secret_holds(&here));
	assert_false(secret_holds((void *)UINTPTR_MAX));
}

/* A child locks the slab anew and changes nothing of its parent's. */
static void
test_fork(void **state)
{
	struct secret *s = secret_take();
	int status;
	pid_t pid;

	(void)state;
	s->bytes[0] = 7;
	if ((pid = fork()) == 0) {
		int r = secret_relock(false);

		s->bytes[0]++;
		_exit(r == 0 && s->bytes[0] == 8 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(s->bytes[0], 7);
	secret_put_all();
}

int
main(void)
{
	static struct rows r;

	rows_add(&r, "slots are zero when put back", test_slots, NULL);
	rows_add(&r, "slots end with NULL", test_slots_end, NULL);
	ROWS(&r, sizes, test_size);
	rows_add(&r, "pieces never overlap", test_pieces, NULL);
	rows_add(&r, "a full slab says so", test_full, NULL);
	rows_add(&r, "libcrypto's memory", test_libcrypto, NULL);
	rows_add(&r, "the read-only part", test_fixed, NULL);
	rows_add(&r, "what lies outside", test_holds, NULL);
	rows_add(&r, "a forked child", test_fork, NULL);
	return rows_run(&r, "secret", setup, NULL);
}
