/* checksum.h - SHA-512 of files, and as text */
#pragma once
#include "base/error.h"

enum { CHECKSUM_SIZE = 2 * 64 + 1 }; /* hexadecimal, with its NUL */

/* Takes 128 hexadecimal digits in either case, writes them in lower case. Return: 0 or -EINVAL. */
int checksum_parse(const char *text, char sum[CHECKSUM_SIZE]);

/*
 * Computes the sum of the whole file; its offset stays.
 * Return: 0; -EINTR after a signal; -errno of pread(2); -ENOMEM.
 */
int checksum_of_fd(int fd, char sum[CHECKSUM_SIZE], struct error *err);
