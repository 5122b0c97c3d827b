#include "request.h"

#include <stdlib.h>
#include <unistd.h>

#include <sodium.h>

#include "authority.h"
#include "command.h"
#include "err.h"
#include "key.h"
#include "secret.h"

int
request_init(struct request *rq, const struct config *config)
{
	*rq = (struct request){ .config = config, .number = 1, .own = geteuid() };
	if ((rq->arena = calloc(1, REQUEST_ARENA)) == NULL)
		return ERR_NO_MEMORY;
	return 0;
}

void
request_free(struct request *rq)
{
	if (rq->arena != NULL)
		sodium_memzero(rq->arena, REQUEST_ARENA);
	free(rq->arena);
	*rq = (struct request){ 0 };
}

void
request_begin(struct request *rq, const struct origin *from, bool authorised)
{
	if (++rq->number == 0)
		rq->number = 1;
	rq->lmk = NULL;
	rq->uid = from != NULL ? from->uid : -1;
	rq->pid = from != NULL ? from->pid : -1;
	rq->next = 0;
	rq->authorised = authorised && !authority_revoked();
	rq->fault = (struct fault){ 0 };
	rq->doom = 0;
	rq->parts = 0;
	rq->chain = (struct chain){ .headers = false };
}

bool
request_may(const struct request *rq, const char *category, const char *sub)
{
	return rq->authorised || authority_allows(AUTHORITY_HOST, category, sub);
}

void
request_end(struct request *rq)
{
	if (rq->used != 0)
		sodium_memzero(rq->arena, rq->used);
	rq->used = 0;
	rq->logged = 0;
	rq->lmk = NULL;
	secret_put_all();
	key_put_all();
}

uint8_t *
request_bytes(struct request *rq, size_t n)
{
	uint8_t *p;

	if (n > REQUEST_ARENA - rq->used)
		return NULL;
	p = rq->arena + rq->used;
	rq->used += n;
	return p;
}

int
request_fail(struct request *rq, int r, const char *rule)
{
	if (rq->fault.rule == NULL)
		rq->fault.rule = rule;
	return r;
}
