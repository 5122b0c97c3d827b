/*
 * config_show: the settings as people read them.
 */
#include "config.h"

#include <string.h>

#include "config_table.h"

static void
show_origin(const struct config *c, const struct setting *s, const char *name, FILE *out)
{
	const struct config_origin *o = &c->origin[s - config_table];
	char env[SETTING_ENV_MAX];

	fputs("\t# ", out);
	switch ((enum config_source)o->source) {
	case CONFIG_DEFAULT:
		fputs("default", out);
		break;
	case CONFIG_FILE:
		fputs(c->file, out);
		if (o->line > 0)
			fprintf(out, ":%u", o->line);
		break;
	case CONFIG_ENVIRONMENT:
		config_env_name(name, env);
		fprintf(out, "environment %s", env);
		break;
	case CONFIG_FLAG:
		fputs("command line", out);
		break;
	}
}

static void
show_line(const struct config *c, const struct setting *s, const char *name,
    const char *value, bool origin, FILE *out)
{
	fprintf(out, "%s = ", name);
	if (value != NULL)
		fputs(value, out);
	else
		config_format(c, s, out);
	if (origin)
		show_origin(c, s, name, out);
	fputc('\n', out);
}

void
config_show(const struct config *c, bool origin, FILE *out)
{
	char name[16];

	for (size_t i = 0; i < config_table_count; i++) {
		const struct setting *s = &config_table[i];

		if (s->kind != SETTING_LMK) {
			show_line(c, s, s->name, NULL, origin, out);
			continue;
		}
		for (unsigned id = 0; id < CONFIG_LMKS; id++) {
			snprintf(name, sizeof(name), "lmk.%02u", id);
			if (c->lmk[id][0] != '\0')
				show_line(c, s, name, c->lmk[id], origin, out);
		}
	}
}

void
config_list(FILE *out)
{
	char env[SETTING_ENV_MAX];

	for (size_t i = 0; i < config_table_count; i++) {
		const struct setting *s = &config_table[i];

		config_env_name(s->name, env);
		fprintf(out, "%s\n    %s\n    values: ", s->name, s->help);
		config_values(s, out);
		fprintf(out, "\n    default: %s", s->preset == NULL ? "found out at start" :
		    s->preset[0] != '\0' ? s->preset : "none");
		if (s->strict != NULL)
			fprintf(out, " (strict: %s)", s->strict);
		fprintf(out, "\n    environment: %s\n", env);
	}
}
