#include "charset.h"

#define ANY    CHAR_ANY
#define PRINT  (CHAR_ANY | CHAR_PRINT)
#define HEX    (PRINT | CHAR_HEX)
#define DIGIT  (HEX | CHAR_DIGIT)
#define TEN(x) x, x, x, x, x, x, x, x, x, x
#define SIX(x) x, x, x, x, x, x
#define ROW(x) TEN(x), SIX(x)

const uint8_t charset[256] = {
	ROW(ANY), ROW(ANY),					/* 00-1F */
	ROW(PRINT),						/* 20-2F */
	TEN(DIGIT), SIX(PRINT),					/* 0-9 */
	PRINT, SIX(HEX), PRINT, PRINT, PRINT, SIX(PRINT),	/* @ A-F G-O */
	ROW(PRINT), ROW(PRINT),					/* P-o */
	TEN(PRINT), PRINT, PRINT, PRINT, PRINT, PRINT, ANY,	/* p-~ DEL */
	ROW(ANY), ROW(ANY), ROW(ANY), ROW(ANY),
	ROW(ANY), ROW(ANY), ROW(ANY), ROW(ANY)
};
