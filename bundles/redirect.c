/* redirect.c - which addresses gocker-bundle goes to */
#include "bundles/redirect.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>

static void free_url(CURLU **url)
{
	curl_url_cleanup(*url);
}

static void free_part(char **part)
{
	curl_free(*part);
}

#define auto_url __attribute__((cleanup(free_url)))
#define auto_part __attribute__((cleanup(free_part)))

/* What two addresses must have in common. */
struct place {
	char *scheme, *host, *port;
};

static void free_place(struct place *place)
{
	curl_free(place->scheme);
	curl_free(place->host);
	curl_free(place->port);
}

static bool read_place(const char *text, struct place *place)
{
	auto_url CURLU *url = curl_url();

	return url && curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
	       curl_url_get(url, CURLUPART_SCHEME, &place->scheme, 0) == CURLUE_OK &&
	       curl_url_get(url, CURLUPART_HOST, &place->host, 0) == CURLUE_OK &&
	       curl_url_get(url, CURLUPART_PORT, &place->port, CURLU_DEFAULT_PORT) == CURLUE_OK;
}

bool redirect_is_address(const char *text)
{
	auto_url CURLU *url = curl_url();
	auto_part char *scheme = NULL;
	auto_part char *user = NULL;
	auto_part char *password = NULL;

	if (!url || curl_url_set(url, CURLUPART_URL, text, 0) != CURLUE_OK ||
	    curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK)
		return false;
	/* They would be shown in messages and lists of processes. */
	if (curl_url_get(url, CURLUPART_USER, &user, 0) == CURLUE_OK ||
	    curl_url_get(url, CURLUPART_PASSWORD, &password, 0) == CURLUE_OK)
		return false;
	return !strcmp(scheme, "http") || !strcmp(scheme, "https") || !strcmp(scheme, "file");
}

bool redirect_is_allowed(const char *from, const char *to)
{
	__attribute__((cleanup(free_place))) struct place old = { 0 };
	__attribute__((cleanup(free_place))) struct place new = { 0 };

	/* A file has neither host nor port, so neither side can be one. */
	if (!redirect_is_address(to) || !read_place(from, &old) || !read_place(to, &new) ||
	    strcasecmp(old.host, new.host) != 0)
		return false;
	if (!strcmp(old.scheme, new.scheme))
		return !strcmp(old.port, new.port);
	return !strcmp(old.scheme, "http") && !strcmp(old.port, "80") &&
	       !strcmp(new.scheme, "https") && !strcmp(new.port, "443");
}
