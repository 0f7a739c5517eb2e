/* download.h - files and texts from a mirror, by http, https and file */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Failures that may pass are tried again after 0.5, 1, 2, 4 seconds, from where the transfer ended.
 * Redirects are followed as redirect.h says. Both return 0, or
 * -ENOENT where the server has no such file (404, 410), -EFBIG where it is larger than max bytes,
 * -EINTR after a signal, -EHOSTUNREACH where there is no connection, -EIO for all else, or -errno
 * of write(2). curl_easy_perform(3).
 */

/* Adds a text of at most max bytes to out. */
int download_text(const char *url, uint64_t max, struct buf *out, struct error *err);

/*
 * Completes the file fd from the bytes that it holds already. What was received stays in the file
 * on failure. max counts the whole file. A bar is shown where stderr is a terminal.
 */
int download_file(const char *url, int fd, uint64_t max, struct error *err);
