/* stdio.h - musl's, with renameat2(2), which glibc has there */
#pragma once
#include_next <stdio.h>

#define RENAME_NOREPLACE (1 << 0)
#define RENAME_EXCHANGE (1 << 1)

int renameat2(int from_dirfd, const char *from, int to_dirfd, const char *to, unsigned int flags);
