/* download.c - files and texts from a mirror, by http, https and file */
#include "bundles/download.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "base/strv.h"
#include "bundles/hint.h"
#include "bundles/interrupt.h"
#include "bundles/progress.h"
#include "bundles/redirect.h"

enum {
	REDIRECTS_MAX = 5,
	CONNECT_SECONDS = 10,
	STALL_SECONDS = 30,
	FIRST_DELAY_MS = 500,
};

struct transfer {
	CURL *curl;
	const char *url;
	int fd; /* -1: into text */
	struct buf *text;
	uint64_t have, max;
	struct progress progress;
	int failed; /* -errno of what a callback saw, told in err already */
	struct error *err;
	char message[CURL_ERROR_SIZE];
};

static const char elsewhere[] =
	": check the network and --mirror, or use --rootfs-archive FILE or init busybox";

/* How often a failure is worth a try; what is not listed fails at once. */
static const struct {
	CURLcode code;
	int tries;
	int num;
	const char *hint;
} failures[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, 2, EHOSTUNREACH, elsewhere },
	{ CURLE_COULDNT_CONNECT, 2, EHOSTUNREACH, elsewhere },
	{ CURLE_OPERATION_TIMEDOUT, 3, EHOSTUNREACH, elsewhere },
	{ CURLE_PARTIAL_FILE, 5, EIO, ": start again to resume" },
	{ CURLE_RECV_ERROR, 5, EIO, ": start again to resume" },
	{ CURLE_SEND_ERROR, 3, EIO, "" },
	{ CURLE_GOT_NOTHING, 3, EIO, "" },
	{ CURLE_SSL_CONNECT_ERROR, 2, EIO, "" },
	/* The server cannot send the rest only: the whole is asked for. */
	{ CURLE_RANGE_ERROR, 5, EIO, "" },
	{ CURLE_BAD_DOWNLOAD_RESUME, 5, EIO, "" },
	{ CURLE_FILE_COULDNT_READ_FILE, 1, ENOENT, "" },
	{ CURLE_PEER_FAILED_VERIFICATION, 1, EIO, ": is the package ca-certificates installed?" },
	{ CURLE_SSL_CACERT_BADFILE, 1, EIO, ": is the package ca-certificates installed?" },
};

/* The same for what an HTTP server answered. */
static const struct {
	long status;
	int tries;
	int num;
} refusals[] = {
	{ 404, 1, ENOENT }, { 408, 3, EIO }, { 410, 1, ENOENT }, { 416, 5, EIO },
	{ 429, 3, EIO },    { 500, 3, EIO }, { 502, 3, EIO },    { 503, 3, EIO },
	{ 504, 3, EIO },
};

static size_t receive(char *data, size_t size, size_t count, void *user)
{
	struct transfer *transfer = user;
	size_t len = size * count;
	long status = 0;
	int r = 0;

	curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status);
	/* The page that comes with a redirect is none of the file. */
	if (status >= 300)
		return len;
	if (len > transfer->max - transfer->have) {
		transfer->failed = error_set(transfer->err, EFBIG,
					     "download \"%s\": larger than %llu bytes",
					     transfer->url, (unsigned long long)transfer->max);
		return 0;
	}
	if (transfer->fd >= 0)
		r = file_write_fd(transfer->fd, data, len);
	else
		buf_add(transfer->text, data, len);
	if (r < 0) {
		transfer->failed = hint_errno(transfer->err, r, "download \"%s\"",
					      transfer->url);
		return 0;
	}
	transfer->have += len;
	return len;
}

static int watch(void *user, curl_off_t total, curl_off_t now, curl_off_t up_total, curl_off_t up)
{
	struct transfer *transfer = user;

	(void)up_total;
	(void)up;
	if (transfer->fd >= 0 && total > 0)
		progress_update(&transfer->progress, transfer->have,
				transfer->have + (uint64_t)(total - now));
	return interrupt_is_pending();
}

static void set_options(struct transfer *transfer)
{
	CURL *curl = transfer->curl;

	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https,file");
	curl_easy_setopt(curl, CURLOPT_USERAGENT, "gocker-bundle/" PACKAGE_VERSION);
	curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
	curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
	curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)STALL_SECONDS);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, watch);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, transfer);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, transfer->message);
}

/* Drops what was received, for a server that sends whole files only. */
static int start_over(struct transfer *transfer)
{
	transfer->have = 0;
	if (transfer->fd < 0) {
		transfer->text->len = 0;
		return 0;
	}
	if (ftruncate(transfer->fd, 0) < 0 || lseek(transfer->fd, 0, SEEK_SET) < 0)
		return error_errno(transfer->err, errno, "download \"%s\": start again",
				   transfer->url);
	return 0;
}

/* One transfer over all redirects; transfer->failed where a rule was broken. */
static CURLcode perform(struct transfer *transfer)
{
	auto_string char *url = strdup(transfer->url);

	for (int hop = 0; url; hop++) {
		char *next = NULL;
		CURLcode code;

		curl_easy_setopt(transfer->curl, CURLOPT_URL, url);
		curl_easy_setopt(transfer->curl, CURLOPT_RESUME_FROM_LARGE,
				 (curl_off_t)transfer->have);
		transfer->message[0] = 0;
		code = curl_easy_perform(transfer->curl);
		curl_easy_getinfo(transfer->curl, CURLINFO_REDIRECT_URL, &next);
		if (code != CURLE_OK || !next)
			return code;
		if (hop == REDIRECTS_MAX || !redirect_is_allowed(url, next)) {
			transfer->failed = error_set(transfer->err, EIO,
						     "download \"%s\": refused to be redirected to "
						     "\"%s\": %s",
						     transfer->url, next,
						     hop == REDIRECTS_MAX ?
							     "too many redirects" :
							     "another host, port or protocol; give "
							     "it with --mirror if you trust it");
			return CURLE_OK;
		}
		next = strdup(next);
		free_string(&url);
		url = next;
	}
	return CURLE_OUT_OF_MEMORY;
}

/* Writes the error of a failed transfer. Return: how often such a failure is worth a try. */
static int judge(struct transfer *transfer, CURLcode code)
{
	const char *message = transfer->message[0] ? transfer->message : curl_easy_strerror(code);
	long status = 0;

	curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status);
	if (code == CURLE_HTTP_RETURNED_ERROR) {
		int num = EIO, tries = 1;

		for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++)
			if (refusals[i].status == status) {
				num = refusals[i].num;
				tries = refusals[i].tries;
			}
		error_set(transfer->err, num, "download \"%s\": the server answered %ld%s",
			  transfer->url, status, num == ENOENT ? " (not found)" : "");
		return tries;
	}
	for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++)
		if (failures[i].code == code) {
			error_set(transfer->err, failures[i].num, "download \"%s\": %s%s",
				  transfer->url, message, failures[i].hint);
			return failures[i].tries;
		}
	error_set(transfer->err, EIO, "download \"%s\": %s", transfer->url, message);
	return 1;
}

static bool cannot_resume(struct transfer *transfer, CURLcode code)
{
	long status = 0;

	curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE, &status);
	return code == CURLE_RANGE_ERROR || code == CURLE_BAD_DOWNLOAD_RESUME ||
	       (code == CURLE_HTTP_RETURNED_ERROR && status == 416);
}

static int retry(struct transfer *transfer)
{
	unsigned int delay = FIRST_DELAY_MS;

	for (int attempt = 1;; attempt++) {
		CURLcode code = perform(transfer);
		int tries, r;

		progress_end(&transfer->progress);
		if (interrupt_check(transfer->err) < 0)
			return -EINTR;
		if (code == CURLE_OK || transfer->failed)
			return transfer->failed;
		tries = judge(transfer, code);
		if (attempt >= tries)
			return -transfer->err->num;
		log_debug("%s; attempt %d of %d", transfer->err->text, attempt, tries);
		if (cannot_resume(transfer, code)) {
			r = start_over(transfer);
			if (r < 0)
				return r;
			continue;
		}
		r = interrupt_sleep(delay, transfer->err);
		if (r < 0)
			return r;
		delay *= 2;
	}
}

static int run(struct transfer *transfer)
{
	int r;

	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return error_set(transfer->err, EIO, "download \"%s\": libcurl cannot start",
				 transfer->url);
	transfer->curl = curl_easy_init();
	if (!transfer->curl)
		out_of_memory();
	set_options(transfer);
	r = retry(transfer);
	curl_easy_cleanup(transfer->curl);
	curl_global_cleanup();
	return r;
}

int download_text(const char *url, uint64_t max, struct buf *out, struct error *err)
{
	auto_buf struct buf text = { 0 };
	struct transfer transfer = { .url = url, .fd = -1, .text = &text, .max = max, .err = err };
	int r = run(&transfer);

	if (r == 0)
		buf_add(out, text.data ? text.data : "", text.len);
	return r;
}

int download_file(const char *url, int fd, uint64_t max, struct error *err)
{
	struct transfer transfer = { .url = url, .fd = fd, .max = max, .err = err };
	off_t have = lseek(fd, 0, SEEK_END);

	if (have < 0)
		return error_errno(err, errno, "download \"%s\": look for its end", url);
	transfer.have = (uint64_t)have;
	transfer.progress.label = path_basename(url);
	if (transfer.have > max && start_over(&transfer) < 0)
		return -EIO;
	return run(&transfer);
}
