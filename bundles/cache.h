/* cache.h - downloads that are kept, named by their checksum */
#pragma once
#include <stdint.h>

#include "base/error.h"
#include "bundles/checksum.h"

/*
 * Opens the file with the SHA-512 sum, from the cache or by downloading it from url (max bytes at
 * most). In the cache, "sha512-<sum>" is verified, "sha512-<sum>.partial" is a download to be
 * resumed. The cache is $XDG_CACHE_HOME/gocker, else /var/cache/gocker for root, else
 * ~/.cache/gocker. On success *fd (read-only, at offset 0, verified just now) is the caller's.
 * Return: 0; -EBADMSG where the mirror's file has another sum; -EPERM where the cache belongs to
 * another user; or what download_file or the system calls return.
 */
int cache_fetch(const char sum[CHECKSUM_SIZE], const char *url, uint64_t max, int *fd,
		struct error *err);
