/*
 * keeper_proof: a table of keys, each by its private number.
 */
#include "keeper_proof.h"

#include <stdio.h>
#include <string.h>

#include "algorithm.h"
#include "crypto/sign.h"
#include "err.h"
#include "hex.h"
#include "keeper.h"

enum { CREATED = 1700000000, DER_MAX = 128, CODE_P256 = 1, CODE_ED25519 = 31, CODE_ED25519PH = 32 };

/* PKCS#8 in front of the number. */
static const char ed25519_head[] = "302E020100300506032B657004220420";
static const char p256_head[] =
    "3041020100301306072A8648CE3D020106082A8648CE3D030107042730250201010420";

static const char rfc8032_2[] =
    "4CCD089B28FF96DA9DB6C346EC114E0F5B8A319F35ABA624DA8CF6ED4FB8A6FB";

/* By label and version, as a store has them. */
static const struct row {
	const char *label;
	uint32_t    version;
	uint8_t     algorithm, state;
	bool        foreign;
	const char *number;
} rows[] = {
	{ "test/destroyed", 1, CODE_ED25519, STORE_DESTROYED, false, rfc8032_2 },
	{ "test/disabled", 1, CODE_ED25519, STORE_DISABLED, false, rfc8032_2 },
	{ "test/ed25519", 1, CODE_ED25519, STORE_ENABLED, false, rfc8032_2 },
	{ "test/ed25519ph", 1, CODE_ED25519PH, STORE_ENABLED, false,
	    "833FE62409237B9D62EC77587520911E9A759CEC1D19755B7DA901B96DCA3D42" },
	{ "test/foreign", 1, CODE_ED25519, STORE_ENABLED, true, rfc8032_2 },
	{ "test/p256", 1, CODE_P256, STORE_ENABLED, false,
	    "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721" },
	{ "test/p256", 2, CODE_P256, STORE_ENABLED, false,
	    "DC51D3866A15BACDE33D96F992FCA99DA7E6EF0934E7097559C27F1614C88A7F" },
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

/* The version, or for 0 the newest. */
static const struct row *
row_of(const char *label, uint32_t version)
{
	for (int i = ROWS - 1; i >= 0; i--)
		if (strcmp(rows[i].label, label) == 0 &&
		    (version == 0 || rows[i].version == version))
			return &rows[i];
	return NULL;
}

static int
find(struct keeper_message *m, const struct row **found)
{
	const struct row *row = row_of(m->label, m->asked);

	if (row == NULL)
		return row_of(m->label, 0) != NULL ? ERR_NO_VERSION : ERR_NO_KEY;
	*found = row;
	m->version = row->version;
	m->algorithm = row->algorithm;
	m->state = row->state;
	m->created = CREATED;
	return row->foreign ? ERR_CALLER : 0;
}

/* The pair of a row into the answer. 0 or ERR_CRYPTO. */
static int
tell_pair(struct keeper_message *m, const struct row *row, bool private)
{
	const char *head = row->algorithm == CODE_P256 ? p256_head : ed25519_head;
	size_t at = strlen(head) / 2, number = strlen(row->number) / 2, n;
	uint8_t der[DER_MAX];
	struct sign_key *k;
	int r;

	if (hex_decode(span_str(head), der, at) != 0 ||
	    hex_decode(span_str(row->number), der + at, number) != 0 || (k = sign_open(
	    algorithm_coded(row->algorithm), span_of(der, at + number))) == NULL)
		return ERR_CRYPTO;
	r = sign_public(k, (char *)m->public, &n);
	m->public_len = (uint16_t)n;
	if (private) {
		memcpy(m->private, der, at + number);
		m->private_len = (uint16_t)(at + number);
	}
	sign_free(k);
	return r;
}

static int
answer_find(struct keeper_message *m)
{
	const struct row *row;
	bool sign = m->right == POLICY_SIGN;
	int r = find(m, &row);

	if (r != 0)
		return r;
	if (m->state == STORE_DESTROYED || (sign && m->state != STORE_ENABLED))
		return ERR_KEY_STATE;
	return tell_pair(m, row, sign);
}

/* What was made is the first version of a new key, or the next of an old one. */
static int
answer_made(struct keeper_message *m)
{
	const struct row *row = row_of(m->label, 0);

	m->version = row == NULL ? 1 : row->version + 1;
	m->state = STORE_ENABLED;
	m->created = CREATED;
	m->private_len = 0;
	return 0;
}

static int
answer_set_state(struct keeper_message *m)
{
	const struct row *row;
	uint8_t state = m->state;
	int r = find(m, &row);

	if (r == 0 && m->state == STORE_DESTROYED)
		r = ERR_KEY_STATE;
	if (r == 0)
		m->state = state;
	return r;
}

static void
add_entry(struct keeper_message *m, const struct row *row)
{
	char *to = (char *)m->private + m->private_len;

	m->private_len = (uint16_t)(m->private_len + snprintf(to, KEEPER_ENTRY,
	    "%02zX%s%02u%06u%u%010d", strlen(row->label), row->label, row->algorithm,
	    row->version, row->state, CREATED));
	m->count++;
}

static int
answer_entries(struct keeper_message *m)
{
	const struct row *row;
	int r = m->kind == KEEPER_LIST ? 0 : find(m, &row);

	for (int i = 0; r == 0 && i < ROWS; i++) {
		bool newest = row_of(rows[i].label, 0) == &rows[i];

		if (m->kind == KEEPER_LIST && newest && !rows[i].foreign &&
		    strcmp(rows[i].label, m->label) > 0)
			add_entry(m, &rows[i]);
	}
	for (int i = ROWS - 1; r == 0 && m->kind == KEEPER_DESCRIBE && i >= 0; i--)
		if (strcmp(rows[i].label, m->label) == 0 &&
		    (m->asked == 0 || m->asked == rows[i].version))
			add_entry(m, &rows[i]);
	return r;
}

int
keeper_proof(void *arg, struct keeper_message *m)
{
	(void)arg;
	m->epoch = 1;
	switch (m->kind) {
	case KEEPER_FIND:
		m->result = answer_find(m);
		break;
	case KEEPER_CREATE:
	case KEEPER_ROTATE:
		m->result = answer_made(m);
		break;
	case KEEPER_SET_STATE:
		m->result = answer_set_state(m);
		break;
	case KEEPER_LIST:
	case KEEPER_DESCRIBE:
		m->result = answer_entries(m);
		break;
	default:
		m->result = 0;
	}
	return 0;
}
