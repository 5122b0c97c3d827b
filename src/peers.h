/*
 * peers: which connections there are, as far as the supervisor knows: whose,
 * from where, and how many that is. It never sees what is said on them.
 */
#ifndef LUAHSM_PEERS_H
#define LUAHSM_PEERS_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

struct peers;

/* What the device tells of a connection, in memory that all processes share: for
 * reading, since what the supervisor goes by is its own. */
struct peer_shown {
	uint32_t since;		/* seconds of stats_now, and 1; 0: there is none */
	uint8_t  address[4];	/* IPv4; zeros for IPv6 and for a Unix socket */
	uint16_t port, local_port;
};

enum { PEERS_FULL = -1, PEERS_NOBODY = -1 };

/* At most most of them, at most per_address (0: any number) from one address. NULL: no memory. */
struct peers *peers_new(unsigned most, unsigned per_address);
void          peers_free(struct peers *p);

/* Enter a connection from address (NULL: a Unix socket), still nobody's. Its
 * token, or PEERS_FULL: over a limit. */
int64_t peers_take(struct peers *p, const struct in6_addr *address);

/* Its ports, for those who look at peers_shown. */
void peers_ports(struct peers *p, uint32_t token, uint16_t port, uint16_t local_port);

/* As many as there may be connections; by token. */
const struct peer_shown *peers_shown(const struct peers *p);

/* Worker number has it now. */
void peers_give(struct peers *p, uint32_t token, int worker);

/* It is gone, says worker (PEERS_NOBODY: it was never given); others are not believed. */
void peers_put(struct peers *p, uint32_t token, int worker);

/* The worker is gone, and all its connections. */
void peers_lost(struct peers *p, int worker);

size_t peers_count(const struct peers *p);
size_t peers_of(const struct peers *p, int worker);

#endif
