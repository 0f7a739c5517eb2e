/* mountinfo.h - the mounts that this process sees, proc_pid_mountinfo(5) */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

struct mountinfo_row {
	uint64_t id;
	const char *root;  /* which part of the file system is mounted */
	const char *point; /* where, seen from the root of the process */
	const char *type;
};

struct mountinfo {
	struct mountinfo_row *rows; /* as they were mounted: a later one may lie over others */
	size_t len;
};

/*
 * Reads /proc/self/mountinfo; rows and texts are in the arena.
 * Return: 0 or -errno of open(2), read(2); -EFBIG above 64 MiB.
 */
int mountinfo_read(struct arena *arena, struct mountinfo *info, struct error *err);

/* The same of a text. Lines that lack a field are left out. */
struct mountinfo mountinfo_parse(const char *text, struct arena *arena);
