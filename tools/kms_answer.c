/*
 * kms_answer: the answers' half of kms_json.
 */
#include "kms_json.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>
#include <sodium/utils.h>

const char *const kms_methods[] = {
	[KMS_DEFAULT_ALGORITHM]    = "defaultAlgorithm",
	[KMS_SUPPORTED_ALGORITHMS] = "supportedAlgorithms",
	[KMS_CREATE_KEY]           = "createKey",
	[KMS_PUBLIC_KEY]           = "publicKey",
	[KMS_SIGN_MESSAGE]         = "signMessage",
	[KMS_VERIFY_SIGNATURE]     = "verifySignature",
};

/* The one member of a method's answer, or NULL. */
static const char *const members[] = {
	[KMS_DEFAULT_ALGORITHM]    = "defaultAlgorithm",
	[KMS_SUPPORTED_ALGORITHMS] = "supportedAlgorithms",
	[KMS_CREATE_KEY]           = "publicKeyPEM",
	[KMS_PUBLIC_KEY]           = "publicKeyPEM",
	[KMS_SIGN_MESSAGE]         = "signature",
	[KMS_VERIFY_SIGNATURE]     = NULL,
};

/* Names in this program begin small; dialect 1 has them capitalised. */
static const char *
cased(bool capitals, const char *name, char out[32])
{
	snprintf(out, 32, "%s", name);
	if (capitals)
		out[0] = (char)toupper((unsigned char)out[0]);
	return out;
}

static json_t *
base64_of(struct span bytes)
{
	size_t n = sodium_base64_encoded_len(bytes.n, sodium_base64_VARIANT_ORIGINAL);
	char *text = malloc(n);
	json_t *value = NULL;

	if (text != NULL)
		value = json_string(sodium_bin2base64(text, n, bytes.p, bytes.n,
		    sodium_base64_VARIANT_ORIGINAL));
	free(text);
	return value;
}

static json_t *
result_of(const struct kms_request *rq, struct span result)
{
	json_t *all;

	if (rq->method == KMS_DEFAULT_ALGORITHM)
		return json_string(algorithms[0].name);
	if (rq->method != KMS_SUPPORTED_ALGORITHMS)
		return base64_of(result);
	all = json_array();
	for (size_t i = 0; i < algorithms_count; i++)
		json_array_append_new(all, json_string(algorithms[i].name));
	return all;
}

char *
kms_answer(const struct kms_request *rq, struct span result)
{
	const char *member = members[rq->method];
	json_t *root = json_object(), *inner = json_object();
	char name[32], *text = NULL;

	if ((member == NULL || json_object_set_new(inner, cased(rq->capitals, member, name),
	    result_of(rq, result)) == 0) &&
	    json_object_set(root, cased(rq->capitals, kms_methods[rq->method], name), inner) == 0)
		text = json_dumps(root, JSON_COMPACT);
	json_decref(inner);
	json_decref(root);
	return text;
}

char *
kms_answer_error(bool capitals, const char *error)
{
	json_t *root = json_object();
	json_t *value = json_string(error);
	char name[32], *text;

	/* a text that is no UTF-8: from an argument that was cut, say */
	if (value == NULL)
		value = json_string("the request cannot be understood");
	json_object_set_new(root, cased(capitals, "errorMessage", name), value);
	text = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	return text;
}
