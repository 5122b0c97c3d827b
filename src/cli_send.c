/*
 * cli_send: one command, or a file of them, to a server; the reply for people.
 */
#include "cli.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client.h"
#include "err.h"
#include "explain.h"
#include "message.h"

enum { HEADER_MAX = 255, HEADER_DIGITS = 12, SECONDS_MAX = 3600, COUNT_MAX = 1000000000 };

enum { OPT_HOST, OPT_HEX, OPT_HEADER, OPT_COUNT, OPT_FILE, OPT_TIMEOUT, OPT_QUIET, OPT_FIELD,
	OPT_DIR };

static const struct cli_option options[] = {
	[OPT_HOST]    = { "host", "HOST", "where the server is (127.0.0.1)" },
	[OPT_HEX]     = { "hex", NULL, "REQUEST is hexadecimal" },
	[OPT_HEADER]  = { "header", "TEXT", "message header, instead of a number" },
	[OPT_COUNT]   = { "count", "N", "send N times; only the raw replies are printed" },
	[OPT_FILE]    = { "file", "FILE", "one request a line; - is standard input" },
	[OPT_TIMEOUT] = { "timeout", "SECONDS", "for connecting and for each reply (10)" },
	[OPT_QUIET]   = { "quiet", NULL, "print the raw reply only" },
	[OPT_FIELD]   = { "field", "NAME", "print this field of the reply only" },
	[OPT_DIR]     = { "plugin-dir", "DIR", "plug-ins to name the fields by" },
	{ NULL, NULL, NULL },
};

static const struct cli_usage usage = {
	.line = "luahsm send [OPTIONS] REQUEST",
	.about = "Send a host command and print the reply: raw, then field by field.",
	.options = options,
	.settings = CLI_CLIENT,
	.more = "REQUEST starts with the command code; length and header are added. It is\n"
	    "  text         luahsm send NC\n"
	    "               luahsm send 'B20003a\\x00b'     \\xHH: any byte, \\\\: a backslash\n"
	    "  hexadecimal  luahsm send --hex '4E 43'\n"
	    "  fields       luahsm send 'M0|2N:00|8B:0102030405060708;'\n"
	    "               length and type of each: A text, N digits, H hexadecimal\n"
	    "               digits, B or C bytes in hexadecimal\n"
	    "In single quotes the shell leaves a backslash alone.\n"
	    "\n"
	    "exit status: 0 error code 00, 1 no reply, 2 usage, 3 configuration,\n"
	    "4 cannot connect, 5 another error code",
};

struct job {
	const char *host, *file, *request, *header, *plugin_dir, *field;
	bool        hex, quiet;
	long        count, timeout_ms;
	size_t      header_length;
	unsigned long number;		/* of the next message: the header, unless one is given */
	int         fd;
	int         status;		/* CLI_OK until a reply says otherwise */
};

static int
read_option(void *arg, int option, const char *value)
{
	struct job *job = arg;

	switch (option) {
	case OPT_HOST:
		job->host = value;
		return 0;
	case OPT_HEX:
		job->hex = true;
		return 0;
	case OPT_HEADER:
		job->header = value;
		return 0;
	case OPT_COUNT:
		return cli_number("count", value, 1, COUNT_MAX, &job->count);
	case OPT_FILE:
		job->file = value;
		return 0;
	case OPT_TIMEOUT:
		if (cli_number("timeout", value, 1, SECONDS_MAX, &job->timeout_ms) != 0)
			return -1;
		job->timeout_ms *= 1000;
		return 0;
	case OPT_QUIET:
		job->quiet = true;
		return 0;
	case OPT_FIELD:
		job->field = value;
		return 0;
	default:
		job->plugin_dir = value;
		return 0;
	}
}

/* Options and configuration. -1: go on; otherwise the exit status. */
static int
read_options(struct job *job, int argc, char **argv, struct config *config)
{
	struct cli_settings settings = { 0 };
	int r = cli_options(&usage, &settings, argc, argv, read_option, job);

	if (r >= 0)
		return r;
	if (job->file == NULL && optind >= argc)
		return cli_mistake(&usage, "what is to be sent? For example: luahsm send NC");
	if (argc - optind > (job->file == NULL ? 1 : 0))
		return cli_mistake(&usage, "one REQUEST%s; put it in quotes when it holds blanks",
		    job->file != NULL ? " or a file" : "");
	job->request = argv[optind];
	if (cli_settings_load(&settings, config) != 0)
		return CLI_CONFIG;
	return -1;
}

/* Fill the header: the text that was given, or the number of the message. */
static int
make_header(struct job *job, uint8_t out[HEADER_MAX], size_t *n)
{
	char number[HEADER_DIGITS + 1];

	if (job->header != NULL)
		return message_parse(job->header, false, out, HEADER_MAX, n, stderr);
	*n = job->header_length;
	memset(out, '0', *n);
	snprintf(number, sizeof(number), "%0*lu", HEADER_DIGITS, job->number % 1000000000000ul);
	for (size_t i = 0; i < *n && i < HEADER_DIGITS; i++)
		out[*n - 1 - i] = (uint8_t)number[HEADER_DIGITS - 1 - i];
	return 0;
}

static int
no_reply(struct job *job, int r)
{
	if (r == ERR_DEADLINE)
		fprintf(stderr, "luahsm: no reply within %ld s\n", job->timeout_ms / 1000);
	else if (errno == 0 || errno == EPIPE || errno == ECONNRESET)
		fprintf(stderr, "luahsm: the server closed the connection; is its "
		    "message.header_length %zu too?\n", job->header_length);
	else
		fprintf(stderr, "luahsm: %s\n", strerror(errno));
	return -1;
}

/* Print one field, as scripts want it: without, there is no value, and the reason is told. */
static void
show_field(struct job *job, struct span request, struct span reply, int r)
{
	if (explain_reply(job->plugin_dir, request, reply, job->field, stdout) >= 0) {
		fflush(stdout);
		return;
	}
	fprintf(stderr, "luahsm: the reply has no field \"%s\": error code %.2s, %s\n",
	    job->field, (const char *)reply.p + 2, err_text(r));
	job->status = CLI_HSM;
}

/* Print what came back (from the reply code on) and note what it means. Does a
 * second reply follow? */
static bool
show(struct job *job, struct span request, struct span reply)
{
	int r = err_parse((const char *)reply.p + 2);
	bool brief = job->quiet || job->count > 1 || job->file != NULL;

	if (r != 0)
		job->status = CLI_HSM;
	if (job->field != NULL) {
		show_field(job, request, reply, r);
		return false;
	}
	message_print(reply, stdout);
	putchar('\n');
	r = brief ? 0 : explain_reply(job->plugin_dir, request, reply, NULL, stdout);
	if (r < 0)
		printf("error code  %.2s  %s\n", (const char *)reply.p + 2,
		    err_text(err_parse((const char *)reply.p + 2)));
	fflush(stdout);
	return r > 0;
}

/* Send one request, as bytes, and show its reply. 0 or -1 after a line. */
static int
exchange(struct job *job, struct span request)
{
	static uint8_t message[FRAME_LIMIT + HEADER_MAX], reply[FRAME_LIMIT];
	size_t header, n;
	int r;

	job->number++;
	if (make_header(job, message, &header) != 0)
		return -1;
	memcpy(message + header, request.p, request.n);
	errno = 0;
	if ((r = client_send(job->fd, span_of(message, header + request.n),
	    (int)job->timeout_ms)) == ERR_TOO_LONG) {
		fputs("luahsm: with its header the request is longer than 65535 bytes\n", stderr);
		return -1;
	}
	if (r != 0 || (r = client_receive(job->fd, reply, &n, (int)job->timeout_ms)) != 0)
		return no_reply(job, r);
	if (n < header + 4 || memcmp(reply, message, header) != 0) {
		fprintf(stderr, "luahsm: this is not the reply: %zu bytes, or with another "
		    "header; is the server's message.header_length %zu?\n", n, header);
		return -1;
	}
	if (!show(job, request, span_of(reply + header, n - header)))
		return 0;
	/* Of a command that prints: the second tells how printing went. */
	if ((r = client_receive(job->fd, reply, &n, (int)job->timeout_ms)) != 0 ||
	    n < header + 4)
		return no_reply(job, r);
	(void)show(job, span_sub(request, 0, 0), span_of(reply + header, n - header));
	return 0;
}

/* Parse and send what a person wrote, count times. 0 or -1. */
static int
send_text(struct job *job, const char *text)
{
	static uint8_t request[FRAME_LIMIT];
	size_t n;

	if (message_parse(text, job->hex, request, sizeof(request), &n, stderr) != 0)
		return -2;
	if (n < 2) {
		fputs("request: it starts with a command code of two characters, as in NC\n",
		    stderr);
		return -2;
	}
	for (long i = 0; i < job->count; i++)
		if (exchange(job, span_of(request, n)) != 0)
			return -1;
	return 0;
}

/* Every line of a file; empty ones and those with # in front are left out. */
static int
send_file(struct job *job)
{
	bool standard = strcmp(job->file, "-") == 0;
	FILE *f = standard ? stdin : fopen(job->file, "r");
	char *line = NULL;
	size_t room = 0, number = 0;
	int r = 0;

	if (f == NULL) {
		fprintf(stderr, "luahsm: %s: %s\n", job->file, strerror(errno));
		return -2;
	}
	while (r == 0 && getline(&line, &room, f) >= 0) {
		number++;
		line[strcspn(line, "\r\n")] = '\0';
		if (line[0] != '\0' && line[0] != '#')
			r = send_text(job, line);
		if (r != 0)
			fprintf(stderr, "luahsm: that was line %zu of %s\n", number, job->file);
	}
	free(line);
	if (!standard)
		fclose(f);
	return r;
}

int
cli_send(int argc, char **argv)
{
	struct job job = { .count = 1, .timeout_ms = CLIENT_MS };
	struct client_target to;
	struct config config = { 0 };
	int r;

	if ((r = read_options(&job, argc, argv, &config)) >= 0)
		return r;
	if (job.plugin_dir == NULL && config.plugin_dir[0] != '\0')
		job.plugin_dir = config.plugin_dir;
	job.header_length = config.header_length;
	/* A request may hold a field that nobody keeps but the slab. */
	if ((r = cli_open_memory(false)) != 0)
		return r;
	client_target(&config, job.host, &to);
	if ((job.fd = client_connect(&to, (int)job.timeout_ms, stderr)) < 0)
		return CLI_CONNECT;
	r = job.file != NULL ? send_file(&job) : send_text(&job, job.request);
	close(job.fd);
	if (r != 0)
		return r == -2 ? CLI_USAGE : CLI_FAILED;
	return job.status;
}
