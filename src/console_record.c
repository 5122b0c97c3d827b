/*
 * console_record: what is done at a console goes into the audit log, by way of the
 * keeper, before anything of it is shown.
 */
#include "console.h"

#include <ctype.h>
#include <sys/socket.h>

#include "config.h"
#include "err.h"
#include "keeper.h"
#include "secret.h"

/* Ask the keeper. 0 or why it is not on disk. */
static int
note(const struct console *c, const char *operation, const char *what, int result)
{
	struct keeper_message *m;
	struct ucred peer = { .pid = -1 };
	socklen_t size = sizeof(peer);
	int r;

	if (c->keeper < 0)
		return ERR_STORE;
	if ((m = secret_alloc(sizeof(*m))) == NULL)
		return ERR_NO_MEMORY;
	m->kind = KEEPER_NOTE;
	m->uid = m->pid = -1;
	if (getsockopt(c->fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.pid > 0) {
		m->uid = peer.uid;
		m->pid = peer.pid;
	}
	snprintf(m->operation, sizeof(m->operation), "%s", operation);
	/* what was typed may be anything; records are JSON */
	for (size_t i = 0; what[i] != '\0' && i < sizeof(m->label) - 1; i++)
		m->label[i] = isprint((unsigned char)what[i]) ? what[i] : '?';
	err_code(result, m->code);
	r = keeper_ask(c->keeper, m, KEEPER_MS);
	if (r == 0)
		r = m->result;
	secret_free(m);
	return r;
}

bool
console_record(struct console *c, const char *operation, const char *what, int result)
{
	bool strict = c->config->profile == PROFILE_STRICT;
	int r = note(c, operation, what, result);

	if (r == 0)
		return true;
	console_say(c, "There is no record of this in the audit log: %s.%s", err_text(r),
	    strict ? " Without one nothing more is done." : "");
	if (r == ERR_SYSTEM || c->keeper < 0)
		console_say(c, "This session has no way to the log any more: QUIT, and begin "
		    "another one.");
	return !strict;
}
