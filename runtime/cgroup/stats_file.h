/* stats_file.h - pieces of stats.c: how numbers are found in the files of a cgroup */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "runtime/cgroup/cgroup.h"
#include "spec/stats.h"

/*
 * Reads a file of the hierarchy that has the controller. Return: whether it is there, can be read
 * and is not empty.
 */
bool stats_file_read(const struct cgroup *cgroup, const char *controller, const char *file,
		     struct buf *text);

/*
 * Finds a number: of the line that begins with the word field, or all the text; "max" is the
 * largest number. Return: whether there is one.
 */
bool stats_file_number(const char *text, const char *field, uint64_t *value);

/* Where a number is, and where it goes. A table ends with { 0 }. */
struct stats_row {
	bool is_v2; /* the kind of hierarchy that has such a file */
	const char *controller, *file, *field;
	uint64_t factor; /* to runc's unit */
	size_t offset;   /* of the 64 bits in the object */
};

/* Fills in the numbers that the cgroup has; rows of the same file stand together. */
void stats_file_fill(const struct cgroup *cgroup, const struct stats_row *rows, void *object);

/* Return: a file of v2 such as "io.pressure", in the arena; NULL where the kernel has none. */
struct spec_pressures *stats_file_pressure(const struct cgroup *cgroup, const char *file,
					   struct arena *arena);
