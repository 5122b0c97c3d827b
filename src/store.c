/*
 * store: the choice of implementation, and the calls through its table.
 */
#include "store.h"

#include <stdarg.h>
#include <string.h>

struct store *
store_open(const char *where, FILE *err)
{
	if (strncmp(where, "postgresql://", strlen("postgresql://")) == 0 ||
	    strncmp(where, "postgres://", strlen("postgres://")) == 0)
		return store_open_pg(where, err);
	return store_open_sqlite(where, err);
}

void
store_close(struct store *s)
{
	if (s != NULL)
		s->calls->close(s);
}

const char *
store_error(const struct store *s)
{
	return s->error;
}

int
store_fail(struct store *s, int r, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(s->error, sizeof(s->error), format, ap);
	va_end(ap);
	/* servers' messages end with a line break */
	s->error[strcspn(s->error, "\r\n")] = '\0';
	return r;
}

int
store_begin(struct store *s)
{
	return s->calls->begin(s);
}

int
store_commit(struct store *s)
{
	return s->calls->commit(s);
}

void
store_rollback(struct store *s)
{
	s->calls->rollback(s);
}

int
store_head_get(struct store *s, struct store_head *head)
{
	return s->calls->head_get(s, head);
}

int
store_head_put(struct store *s, const struct store_head *head, uint64_t was)
{
	return s->calls->head_put(s, head, was);
}

int
store_row_get(struct store *s, const char *label, uint32_t version, struct store_row *row)
{
	return s->calls->row_get(s, label, version, row);
}

int
store_row_put(struct store *s, const struct store_row *row, bool fresh)
{
	return s->calls->row_put(s, row, fresh);
}

int
store_walk(struct store *s, store_visit *visit, void *arg)
{
	return s->calls->walk(s, visit, arg);
}
