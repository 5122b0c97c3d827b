#include "crypto/dtab.h"

#include <stdbool.h>
#include <string.h>

#include <sodium.h>

#include "crypto/ibm3624.h"
#include "err.h"
#include "hex.h"
#include "lmk_host.h"
#include "secret.h"

static bool
is_tagged(const struct lmk *lmk)
{
	return lmk_host_block(lmk) != IBM3624_TABLE;
}

size_t
dtab_length(const struct lmk *lmk)
{
	return 2 * lmk_host_block(lmk) + (is_tagged(lmk) ? 1 : 0);
}

int
dtab_open(const struct lmk *lmk, struct span text, struct secret *table)
{
	size_t n = lmk_host_block(lmk), tag = is_tagged(lmk) ? 1 : 0;
	uint8_t behind = 0;
	int r;

	table->len = 0;
	if (text.n != dtab_length(lmk) || (tag != 0 && text.p[0] != DTAB_TAG))
		return ERR_TABLE;
	if ((r = hex_decode(span_sub(text, tag, 2 * n), table->bytes, n)) != 0 ||
	    (r = lmk_host_decrypt(lmk, LMK_TABLES, table->bytes, table->bytes)) != 0)
		return r;
	for (size_t i = IBM3624_TABLE; i < n; i++)
		behind |= table->bytes[i];
	r = ibm3624_table(table);
	return behind != 0 ? ERR_TABLE : r;
}

int
dtab_seal(const struct lmk *lmk, const struct secret *table, char *out)
{
	size_t n = lmk_host_block(lmk);
	uint8_t block[LMK_HOST_BLOCK] = { 0 };
	int r;

	if (table->len != 2 * IBM3624_TABLE)
		return ERR_TABLE;
	for (size_t i = 0; i < IBM3624_TABLE; i++)
		block[i] = (uint8_t)(table->bytes[2 * i] << 4 | table->bytes[2 * i + 1]);
	if ((r = lmk_host_encrypt(lmk, LMK_TABLES, block, block)) == 0) {
		if (is_tagged(lmk))
			*out++ = DTAB_TAG;
		hex_encode(block, n, out);
	}
	sodium_memzero(block, sizeof(block));
	return r;
}
