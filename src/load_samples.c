/*
 * load_samples: keys under the published variant test LMK; all succeed.
 */
#include "load_samples.h"

#include <stddef.h>
#include <string.h>

#define TPK "U1750CDFB0757D3B3994430636DBB281B"
#define ZPK "UBA0C82D683A300B310E32C91077B362C"

const struct load_sample load_samples[] = {
	{ "NC", "NC", true },
	{ "B2", "B20005hello", true },
	{ "CA", "CA" TPK ZPK "1221B97251DB63358D0101123456789012", true },
	{ "CC", "CCU1EF828AA8F6B80EB83E19FBC373F3A85X9BC454EF0BFFCEBA4FF77BB997F0A680"
	    "12D73AC0C1D5DD42E30201000025321987", true },
	{ "DC", "DC5A8DD21A017B0DE9XE06EF33F87759DC6E26F5122AB0072C31B17702866096AAF4"
	    "752053394450255464", true },
	{ "EC", "ECU1EF828AA8F6B80EB83E19FBC373F3A85X367930344805B1FAD6146EF4ED7502B3"
	    "91DDDA0A7C12CFAA0155000002532114402", true },
	{ "CW", "CWU9B4934384B19946B040CD702B4D581454123456789012345;8701101", true },
	{ "CY", "CY0A61E674E88C6A7EEABC38C2B2BB492F5614123456789012345;8701101", true },
	{ "BU", "BU011U063A0E7C0F2124E56192A4510F395ED7", true },
	{ "FA", "FAU1457FF6ADF6250C66C368416B4C9D3832B930A07119F93A8;XZ1", true },
	{ "HC", "HC" TPK ";UU1", false },
	{ "A0", "A00001U", false },
	{ "KQ", "KQ20U7475636CC30B93B493CF5EA53799EBCC4Vx\\x90\\x124V\\x00\\x00\\x1CR\\xBFE"
	    "\\x85)\\xCC\\xA1Z\\xE6e\\xFA.00", true },
	{ NULL, NULL, false },
};

const struct load_sample *
load_sample_find(const char *command)
{
	for (const struct load_sample *s = load_samples; s->command != NULL; s++)
		if (strcmp(s->command, command) == 0)
			return s;
	return NULL;
}
