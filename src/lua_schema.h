/*
 * lua_schema: reading a plug-in's request and response tables into schemas.
 *
 * Called once per load, protected: whatever is wrong in a table is raised as
 * a text that names the field. A typo must not be a default, so an unknown
 * type, option or entry is an error.
 */
#ifndef LUAHSM_LUA_SCHEMA_H
#define LUAHSM_LUA_SCHEMA_H

#include "lua_compat.h"
#include "schema.h"

/*
 * Read the list of fields at index i into *s. request: the schema whose fields
 * conditions name; s itself when s is the request, else response fields may be
 * conditioned on it. s must be zeroed; schema_free it also after an error.
 */
void lua_schema_read(lua_State *L, int i, struct schema *s, const struct schema *request);

#endif
