/*
 * lua_userstore: user storage for scripts: userstore.put, get, puttext, gettext, table,
 * clear.
 */
#include "err.h"
#include "sandbox.h"
#include "userstore.h"

enum { INDEX_MOST = USERSTORE_INDEXES - 1, COUNT_MOST = 0xFF };

static int
finish(lua_State *L, int r)
{
	return r == 0 ? 0 : lua_raise(L, r, "user storage does not take or have that");
}

/* userstore.put(index, count, blocks): keep blocks from index on. */
static int
l_put(lua_State *L)
{
	unsigned index = (unsigned)value_int(L, 1, 0, INDEX_MOST);
	unsigned count = (unsigned)value_int(L, 2, 0, COUNT_MOST);

	return finish(L, userstore_put(index, count, value_data(L, 3)));
}

/* userstore.get(index, count) -> data: the blocks from index on. */
static int
l_get(lua_State *L)
{
	unsigned index = (unsigned)value_int(L, 1, 0, INDEX_MOST);
	unsigned count = (unsigned)value_int(L, 2, 0, COUNT_MOST);
	uint8_t *out = value_push_data(L, USERSTORE_COUNT * USERSTORE_BLOCK);
	size_t n;
	int r = userstore_get(index, count, out, &n);

	value_cut(L, n);
	return lua_result(L, r);
}

/* userstore.puttext(index, text): keep a text, where storage holds texts. */
static int
l_puttext(lua_State *L)
{
	unsigned index = (unsigned)value_int(L, 1, 0, INDEX_MOST);

	return finish(L, userstore_put_text(index, value_data(L, 2)));
}

/* userstore.gettext(index) -> data. */
static int
l_gettext(lua_State *L)
{
	unsigned index = (unsigned)value_int(L, 1, 0, INDEX_MOST);
	uint8_t *out = value_push_data(L, USERSTORE_LONG);
	size_t n;
	int r = userstore_get_text(index, out, &n);

	value_cut(L, n);
	return lua_result(L, r);
}

/* userstore.table(index): raises 19 unless there is a Diebold table from index on. */
static int
l_table(lua_State *L)
{
	return finish(L, userstore_table((unsigned)value_int(L, 1, 0, INDEX_MOST)));
}

/* userstore.clear(): forget everything. */
static int
l_clear(lua_State *L)
{
	(void)L;
	userstore_clear();
	return 0;
}

const luaL_Reg lua_userstore_functions[] = {
	{ "put",     l_put },
	{ "get",     l_get },
	{ "puttext", l_puttext },
	{ "gettext", l_gettext },
	{ "table",   l_table },
	{ "clear",   l_clear },
	{ NULL, NULL }
};
