/* stat.h - musl's, with statx(2) and what else glibc has there */
#pragma once
#include_next <sys/stat.h>

#include <linux/stat.h>

#ifndef ALLPERMS
#define ALLPERMS (S_ISUID | S_ISGID | S_ISVTX | S_IRWXU | S_IRWXG | S_IRWXO)
#endif

int statx(int dirfd, const char *path, int flags, unsigned int mask, struct statx *stat);
