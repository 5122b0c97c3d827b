/*
 * mac: the retail MAC (spec: emv-mac-data.md 2.1).
 */
#include "crypto/mac.h"

#include <string.h>

#include "crypto/des3.h"
#include "err.h"

int
mac_retail(const uint8_t *key, size_t len, enum mac_padding padding, struct span data,
    uint8_t mac[MAC_LEN])
{
	uint8_t last[DES_BLOCK] = { 0 };
	size_t whole = data.n - data.n % DES_BLOCK;
	int r;

	if (len != 8 && len != 16)
		return ERR_KEY_LENGTH;
	/* The last block is the rest of the data; a whole one when nothing is added. */
	if (padding == MAC_PAD_ZEROS && whole == data.n && whole != 0)
		whole -= DES_BLOCK;
	if (data.n != whole)
		memcpy(last, data.p + whole, data.n - whole);
	if (padding == MAC_PAD_BIT)
		last[data.n - whole] = 0x80;
	memset(mac, 0, MAC_LEN);
	if ((r = des3_cbc_once(key, 8, mac, data.p, whole)) != 0)
		return r;
	/* E, D, E on the last block is triple DES with both halves. */
	return des3_cbc_once(key, len, mac, last, sizeof(last));
}
