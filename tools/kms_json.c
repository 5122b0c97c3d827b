/*
 * kms_json: requests, by jansson.
 */
#include "kms_json.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>
#include <sodium/utils.h>

#include "kms_time.h"

static int fail(struct kms_request *rq, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static int
fail(struct kms_request *rq, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(rq->error, sizeof(rq->error), format, ap);
	va_end(ap);
	return -1;
}

/* A member by its name, exact or else without regard to case. null is as good as missing. */
static json_t *
member(json_t *object, const char *name)
{
	json_t *found = json_object_get(object, name), *value;
	const char *key;

	if (found == NULL)
		json_object_foreach(object, key, value)
			if (found == NULL && strcasecmp(key, name) == 0)
				found = value;
	return json_is_null(found) ? NULL : found;
}

/* An object, or NULL for a missing one. -1: it is something else. */
static int
get_object(struct kms_request *rq, json_t *in, const char *name, json_t **out)
{
	*out = member(in, name);
	if (*out != NULL && !json_is_object(*out))
		return fail(rq, "%s is not an object", name);
	return 0;
}

/* A text, "" for a missing one. -1: it is something else. */
static int
get_text(struct kms_request *rq, json_t *in, const char *name, const char **out)
{
	json_t *value = member(in, name);

	*out = "";
	if (value == NULL)
		return 0;
	if (!json_is_string(value))
		return fail(rq, "%s is not a string", name);
	*out = json_string_value(value);
	return 0;
}

static int
get_hash(struct kms_request *rq, json_t *in, int *out)
{
	json_t *value = member(in, "hashFunc");

	if (value == NULL)
		return 0;
	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    json_integer_value(value) > 255)
		return fail(rq, "hashFunc is not the number of a hash");
	*out = (int)json_integer_value(value);
	return 0;
}

/* Bytes in base64, padded or not; none for a missing text. -1: not base64, or too many. */
static int
get_bytes(struct kms_request *rq, json_t *in, const char *name, uint8_t *out, size_t room,
    size_t *n)
{
	static const int variants[] = {
		sodium_base64_VARIANT_ORIGINAL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING
	};
	const char *text, *end;

	*n = 0;
	if (get_text(rq, in, name, &text) != 0)
		return -1;
	for (int i = 0; i < 2; i++)
		if (sodium_base642bin(out, room, text, strlen(text), NULL, n, &end,
		    variants[i]) == 0 && *end == '\0')
			return 0;
	return fail(rq, "%s is not base64, or too long", name);
}

/* The earliest of all deadlines counts. */
static int
get_deadline(struct kms_request *rq, json_t *in)
{
	const char *text;
	int64_t ms;

	if (get_text(rq, in, "ctxDeadline", &text) != 0)
		return -1;
	if (text[0] == '\0')
		return 0;
	if (kms_time_read(text, &ms) != 0)
		return fail(rq, "ctxDeadline is not an RFC 3339 time: %.40s", text);
	/* Go's zero time means that there is none */
	if (ms > 0 && (rq->deadline_ms == 0 || ms < rq->deadline_ms))
		rq->deadline_ms = ms;
	return 0;
}

static int
set_version(struct kms_request *rq, const char *text)
{
	uint32_t version = kms_key_version(text);

	if (version == 0)
		return fail(rq, "%.40s is not the version of a key", text);
	if (rq->pinned && rq->version != version)
		return fail(rq, "the key's name says version %u, keyVersion says %u", rq->version,
		    version);
	rq->version = version;
	return 0;
}

static int
get_rpc(struct kms_request *rq, json_t *in)
{
	const char *version;
	json_t *rpc;

	if (get_object(rq, in, "rpcOptions", &rpc) != 0)
		return -1;
	if (rpc == NULL)
		return 0;
	if (get_deadline(rq, rpc) != 0 || get_text(rq, rpc, "keyVersion", &version) != 0)
		return -1;
	/* what a call says comes later, and wins over the client's defaults */
	return version[0] != '\0' ? set_version(rq, version) : 0;
}

/* "luahsm://name@3", or any part of it. */
static int
set_name(struct kms_request *rq, const char *reference)
{
	if (kms_key_named(reference, rq->name, &rq->version, rq->error, sizeof(rq->error)) != 0)
		return -1;
	rq->pinned = rq->version != 0;
	return 0;
}

/* The JSON's own version decides, the argument where it has none. */
static int
read_dialect(struct kms_request *rq, json_t *root, json_t **init)
{
	const char *version;

	if (get_object(rq, root, "initOptions", init) != 0 ||
	    get_text(rq, *init, "protocolVersion", &version) != 0)
		return -1;
	if (version[0] == '\0')
		return 0;
	rq->capitals = strcmp(version, "1") == 0;
	if (!rq->capitals && strcmp(version, "v1") != 0)
		return fail(rq, "unknown protocolVersion %.20s: this program speaks v1", version);
	return 0;
}

static int
read_init(struct kms_request *rq, json_t *init)
{
	const char *reference;

	if (get_deadline(rq, init) != 0 || get_hash(rq, init, &rq->client_hash) != 0 ||
	    get_text(rq, init, "keyResourceID", &reference) != 0)
		return -1;
	if (rq->method <= KMS_SUPPORTED_ALGORITHMS)
		return get_rpc(rq, init);
	if (set_name(rq, reference) != 0)
		return -1;
	return get_rpc(rq, init);
}

static int
read_method(struct kms_request *rq, json_t *root, json_t **arguments)
{
	const char *name;
	json_t *in;

	if (get_object(rq, root, "methodArgs", &in) != 0)
		return -1;
	if (in == NULL)
		in = root;
	if (get_text(rq, in, "methodName", &name) != 0)
		return -1;
	for (int i = KMS_DEFAULT_ALGORITHM; i <= KMS_VERIFY_SIGNATURE; i++) {
		if (strcasecmp(name, kms_methods[i]) == 0) {
			rq->method = (enum kms_method)i;
			return get_object(rq, in, kms_methods[i], arguments);
		}
	}
	return name[0] == '\0' ? fail(rq, "no methodName is given") :
	    fail(rq, "unknown method %.40s", name);
}

static int
read_create(struct kms_request *rq, json_t *arguments)
{
	const char *name;
	int n;

	if (get_deadline(rq, arguments) != 0 || get_text(rq, arguments, "algorithm", &name) != 0)
		return -1;
	rq->algorithm = name[0] == '\0' ? &algorithms[0] : algorithm_named(name);
	if (rq->algorithm != NULL)
		return 0;
	n = snprintf(rq->error, sizeof(rq->error), "unknown algorithm %.40s; known are", name);
	for (size_t i = 0; i < algorithms_count; i++)
		n += snprintf(rq->error + n, sizeof(rq->error) - (size_t)n, " %s",
		    algorithms[i].name);
	return -1;
}

static int
read_message(struct kms_request *rq, json_t *options)
{
	uint8_t digest[2 * ALGORITHM_DIGEST_MAX];
	unsigned hash;
	json_t *message;

	if (get_rpc(rq, options) != 0 || get_object(rq, options, "messageOptions", &message) != 0 ||
	    get_hash(rq, message, &rq->hash) != 0 ||
	    get_bytes(rq, message, "digest", digest, sizeof(digest), &rq->digest_len) != 0)
		return -1;
	if (rq->digest_len == 0)
		return 0;
	hash = algorithm_hash_of(rq->digest_len);
	if (hash == HASH_NONE)
		return fail(rq, "bad digest: %zu bytes fit no hash that is served",
		    rq->digest_len);
	if (rq->hash > HASH_NONE && (unsigned)rq->hash != hash)
		return fail(rq, "bad digest: %zu bytes do not fit hashFunc %d", rq->digest_len,
		    rq->hash);
	memcpy(rq->digest, digest, rq->digest_len);
	return 0;
}

static int
read_arguments(struct kms_request *rq, json_t *arguments)
{
	bool sign = rq->method == KMS_SIGN_MESSAGE;
	json_t *options;

	if (rq->method <= KMS_SUPPORTED_ALGORITHMS)
		return 0;
	if (rq->method == KMS_CREATE_KEY)
		return read_create(rq, arguments);
	if (rq->method == KMS_PUBLIC_KEY) {
		if (get_object(rq, arguments, "publicKeyOptions", &options) != 0)
			return -1;
		return get_rpc(rq, options);
	}
	if (!sign && get_bytes(rq, arguments, "signature", rq->signature, sizeof(rq->signature),
	    &rq->signature_len) != 0)
		return -1;
	if (get_object(rq, arguments, sign ? "signOptions" : "verifyOptions", &options) != 0)
		return -1;
	return read_message(rq, options);
}

int
kms_read(const char *dialect, const char *text, bool demo_sha256, struct kms_request *rq)
{
	json_t *root, *init, *arguments = NULL;
	json_error_t where;
	int r = -1;

	memset(rq, 0, sizeof(*rq));
	rq->client_hash = rq->hash = KMS_NO_HASH;
	rq->capitals = strcmp(dialect, "1") == 0;
	if (!rq->capitals && strcmp(dialect, "v1") != 0)
		return fail(rq, "unknown protocol version %.20s: this program speaks v1", dialect);
	/* The seed guards hash tables against other people's names; here are only the caller's. */
	json_object_seed(1);
	if ((root = json_loads(text, 0, &where)) == NULL)
		return fail(rq, "the request is not JSON: %s, column %d", where.text, where.column);
	if (!json_is_object(root))
		fail(rq, "the request is not a JSON object");
	else if (read_dialect(rq, root, &init) == 0 && read_method(rq, root, &arguments) == 0 &&
	    read_init(rq, init) == 0 && read_arguments(rq, arguments) == 0)
		r = 0;
	if (rq->capitals && demo_sha256) {
		if (rq->client_hash == HASH_SHA224)
			rq->client_hash = HASH_SHA256;
		if (rq->hash == HASH_SHA224)
			rq->hash = HASH_SHA256;
	}
	json_decref(root);
	return r;
}
