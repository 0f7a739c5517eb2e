/* bitlist.h - sets of small numbers, written as the kernel writes cpus and nodes: "0-3,7" */
#pragma once
#include "base/error.h"

enum { BITLIST_MAX = 65536 }; /* all numbers are below: more cpus or nodes than any kernel takes */

/* Bit n of the words stands for n, as sched_setaffinity(2) and set_mempolicy(2) want it. */
struct bitlist {
	unsigned long words[BITLIST_MAX / (8 * sizeof(unsigned long))];
	unsigned int len;   /* the highest number + 1 */
	unsigned int count; /* how many numbers are in it */
};

/*
 * Reads numbers and ranges between commas. Blanks around them and surplus commas are let through,
 * as runc and the kernel do. Return: 0; -EINVAL where it is no such list or has no number; -ERANGE
 * where a number is too large.
 */
int bitlist_parse(const char *text, struct bitlist *list, struct error *err);
