/*
 * userstore: one place for each index, behind a lock that survives its owner.
 */
#include "userstore.h"

#include "charset.h"
#include "crypto/keywrap.h"
#include "err.h"
#include "hex.h"
#include "shared.h"

enum { INDEX = 4, SINGLE = 16, BASE = 16 };	/* K and three digits; digits of a single key */

/* Half a block that a dead owner of the lock left is like any that is damaged. */
struct store {
	struct shared_lock lock;
	uint16_t           n[USERSTORE_INDEXES];	/* bytes there; 0: nothing */
	uint8_t            longs[USERSTORE_LONGS][USERSTORE_LONG];
	uint8_t            shorts[USERSTORE_INDEXES - USERSTORE_LONGS][USERSTORE_SHORT];
};

static struct store *store;
static size_t digits;

int
userstore_init(enum userstore_form form)
{
	static const size_t of[] = { 16, 32, 48, 0 };

	digits = of[form];
	if (store != NULL) {
		userstore_clear();
		return 0;
	}
	if ((store = shared_map(sizeof(*store))) == NULL)
		return ERR_NO_MEMORY;
	shared_lock_init(&store->lock);
	return 0;
}

size_t
userstore_digits(void)
{
	return digits;
}

static uint8_t *
place(unsigned index)
{
	return index < USERSTORE_LONGS ? store->longs[index] :
	    store->shorts[index - USERSTORE_LONGS];
}

static void
put(unsigned index, const uint8_t *bytes, size_t n)
{
	memcpy(place(index), bytes, n);
	store->n[index] = (uint16_t)n;
}

/* Returns the length of what is there. */
static size_t
get(unsigned index, uint8_t *out)
{
	memcpy(out, place(index), store->n[index]);
	return store->n[index];
}

void
userstore_clear(void)
{
	shared_lock_take(&store->lock);
	memset(store->n, 0, sizeof(store->n));
	shared_lock_put(&store->lock);
}

/* --- blocks and texts ---------------------------------------------------- */

static int
check_range(unsigned index, unsigned count)
{
	if (digits == 0)
		return ERR_INPUT;
	return count > USERSTORE_COUNT || index + count > USERSTORE_INDEXES ? ERR_INDEX : 0;
}

int
userstore_put(unsigned index, unsigned count, struct span blocks)
{
	int r = check_range(index, count);

	if (r != 0)
		return r;
	if (blocks.n != count * digits || !charset_all(blocks, CHAR_HEX))
		return ERR_INPUT;
	shared_lock_take(&store->lock);
	for (unsigned i = 0; i < count; i++)
		put(index + i, blocks.p + i * digits, digits);
	shared_lock_put(&store->lock);
	return 0;
}

int
userstore_put_text(unsigned index, struct span text)
{
	size_t most = index < USERSTORE_LONGS ? USERSTORE_LONG : USERSTORE_SHORT;

	if (digits != 0 || text.n == 0)
		return ERR_INPUT;
	if (index >= USERSTORE_INDEXES || text.n > most)
		return ERR_INDEX;
	shared_lock_take(&store->lock);
	put(index, text.p, text.n);
	shared_lock_put(&store->lock);
	return 0;
}

int
userstore_get(unsigned index, unsigned count, uint8_t *out, size_t *n)
{
	int r = check_range(index, count);

	*n = 0;
	if (r != 0)
		return r;
	shared_lock_take(&store->lock);
	for (unsigned i = 0; i < count && r == 0; i++) {
		size_t got = get(index + i, out + *n);

		*n += got;
		r = got == 0 ? ERR_NO_STORAGE : 0;
	}
	shared_lock_put(&store->lock);
	return r;
}

int
userstore_get_text(unsigned index, uint8_t out[USERSTORE_LONG], size_t *n)
{
	*n = 0;
	if (digits != 0)
		return ERR_INPUT;
	if (index >= USERSTORE_INDEXES)
		return ERR_INDEX;
	shared_lock_take(&store->lock);
	*n = get(index, out);
	shared_lock_put(&store->lock);
	return *n == 0 ? ERR_NO_STORAGE : 0;
}

/* --- what an index stands for -------------------------------------------- */

/* Digits of the key that a scheme tag announces; 0: it is none. */
static size_t
tagged(uint8_t c)
{
	return c == 'U' || c == 'X' || c == 'T' || c == 'Y' ? 2 * keywrap_length((char)c) : 0;
}

bool
userstore_is_index(struct span field)
{
	size_t tag = field.n == INDEX + 1 && tagged(field.p[0]) != 0 ? 1 : 0;

	return field.n == INDEX + tag && field.p[tag] == 'K' &&
	    charset_all(span_sub(field, tag + 1, INDEX - 1), CHAR_HEX);
}

/* As many blocks as the digits take. */
static int
get_digits(unsigned index, size_t wanted, uint8_t *out, size_t *n)
{
	unsigned count = (unsigned)((wanted + digits - 1) / digits);
	int r = userstore_get(index, count, out, n);

	*n = *n < wanted ? *n : wanted;
	return r;
}

int
userstore_field(struct span field, uint8_t out[USERSTORE_LONG], size_t *n)
{
	size_t tag = field.p[0] == 'K' ? 0 : 1;
	unsigned index = 0;
	int r;

	for (size_t i = tag + 1; i < field.n; i++)
		index = index * BASE + (unsigned)(field.p[i] <= '9' ? field.p[i] - '0' :
		    field.p[i] - 'A' + 10);
	if (digits == 0)
		return userstore_get_text(index, out, n);
	if (tag != 0)
		out[0] = field.p[0];
	r = get_digits(index, tag != 0 ? tagged(field.p[0]) : SINGLE, out + tag, n);
	*n += tag;
	return r;
}

int
userstore_table(unsigned index)
{
	uint8_t text[USERSTORE_COUNT * USERSTORE_BLOCK], bytes[USERSTORE_TABLE];
	bool there[USERSTORE_TABLE] = { false };
	size_t n, at = 0;
	int r;

	if (digits == 0)
		return ERR_INPUT;
	if (index > USERSTORE_HIGHEST)
		return ERR_INDEX;
	while (at < 2 * USERSTORE_TABLE) {
		size_t left = 2 * USERSTORE_TABLE - at;

		if ((r = userstore_get(index++, 1, text + at, &n)) != 0)
			return r;
		at += n < left ? n : left;
	}
	if ((r = hex_decode(span_of(text, at), bytes, sizeof(bytes))) != 0)
		return r;
	for (unsigned i = 0; i < USERSTORE_TABLE; i++) {
		if (there[bytes[i]])
			return ERR_DIEBOLD;
		there[bytes[i]] = true;
	}
	return 0;
}
