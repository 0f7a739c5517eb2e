/* seccomp_shrink.h - a filter that does the same with fewer instructions */
#pragma once
#include <stdbool.h>

#include "base/buf.h"

/*
 * The kernel's work on a filter grows with its length, at each start of a process with one, and
 * libseccomp compares with each number that a profile names. This asks a program for all that
 * there are, and writes another that searches the intervals of numbers with the same outcome. The
 * new one is followed for all numbers, too: it is taken only where it is shorter, and asks the
 * same of the arguments and answers the same, for each architecture and each number.
 * Return: whether program is another one now.
 */
bool seccomp_shrink(struct buf *program);
