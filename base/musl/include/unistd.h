/* unistd.h - musl's, with close_range(2), which glibc has there */
#pragma once
#include_next <unistd.h>

int close_range(unsigned int first, unsigned int last, int flags);
