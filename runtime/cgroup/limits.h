/* limits.h - limits as tables: member of /linux/resources -> controller -> file -> conversion */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "runtime/cgroup/cgroup.h"
#include "spec/config.h"

enum limit_type {
	LIMIT_INT64, /* behind pointers: NULL is absent */
	LIMIT_UINT64,
	LIMIT_UINT16,
	LIMIT_BOOL,
	LIMIT_STRING,
};

struct limit_target;

/* A table ends with { 0 }. Rows are written in their order. */
struct limit_row {
	const char *member;     /* below /linux/resources: "memory/limit" */
	const char *controller; /* without it the row cannot be written */
	const char *file;       /* in the directory; of limit_refuse, limit_ignore: the reason */

	/* Return: 0 (also where nothing is to be written) or -errno with the member in err. */
	int (*write)(const struct limit_row *row, const struct limit_target *target,
		     struct error *err);

	/* For limit_number: where the value is, and how it is written (false: not at all). */
	size_t object, value;
	enum limit_type type;
	bool (*convert)(int64_t value, struct buf *text);
};

struct limit_target {
	const struct cgroup_hierarchy *hierarchy; /* NULL: the host does not have the controller */
	const struct spec_resources *resources;
	struct cgroup_undo *undo; /* NULL: there was nothing before */
};

/* clang-format off */
#define LIMIT_TYPE(struct_name, member) \
	_Generic(&((struct struct_name *)0)->member, int64_t **: LIMIT_INT64, \
		 uint64_t **: LIMIT_UINT64, uint16_t **: LIMIT_UINT16, bool **: LIMIT_BOOL, \
		 char **: LIMIT_STRING)

#define LIMIT_ROW(object, member, controller, file, write, struct_name, convert) \
	{ #object "/" #member, controller, file, write, offsetof(struct spec_resources, object), \
	  offsetof(struct struct_name, member), LIMIT_TYPE(struct_name, member), convert }

/* The rows of a table. LIMIT_SPECIAL: its writer knows where the values are. */
#define MEMORY_LIMIT(member, file, convert) \
	LIMIT_ROW(memory, member, "memory", file, limit_number, spec_memory, convert)
#define CPU_LIMIT(member, file, convert) \
	LIMIT_ROW(cpu, member, "cpu", file, limit_number, spec_cpu, convert)
#define CPUSET_LIMIT(member, file) \
	LIMIT_ROW(cpu, member, "cpuset", file, limit_string, spec_cpu, NULL)
#define PIDS_LIMIT(member, file, convert) \
	LIMIT_ROW(pids, member, "pids", file, limit_number, spec_pids, convert)
#define LIMIT_REFUSED(object, member, controller, reason, struct_name) \
	LIMIT_ROW(object, member, controller, reason, limit_refuse, struct_name, NULL)
#define LIMIT_IGNORED(object, member, controller, reason, struct_name) \
	LIMIT_ROW(object, member, controller, reason, limit_ignore, struct_name, NULL)
#define LIMIT_SPECIAL(member, controller, file, write) \
	{ member, controller, file, write, 0, 0, LIMIT_INT64, NULL }
/* clang-format on */

/* Writers for rows of the macros above. */
int limit_number(const struct limit_row *row, const struct limit_target *target, struct error *err);
int limit_string(const struct limit_row *row, const struct limit_target *target, struct error *err);
int limit_refuse(const struct limit_row *row, const struct limit_target *target, struct error *err);
int limit_ignore(const struct limit_row *row, const struct limit_target *target, struct error *err);

/* Return: whether the resources make the cgroup idle. Then it has no weight and takes none. */
bool limit_is_idle(const struct spec_resources *resources);

/* cpu/shares; nothing in an idle cgroup. */
int limit_shares(const struct limit_row *row, const struct limit_target *target, struct error *err);

/* memory/useHierarchy: Linux has nothing else since 5.11. */
int limit_hierarchy(const struct limit_row *row, const struct limit_target *target,
		    struct error *err);

/* Writers that v1 and v2 share. The file of hugepages is what follows the size in its name. */
int limit_hugepages(const struct limit_row *row, const struct limit_target *target,
		    struct error *err);
int limit_rdma(const struct limit_row *row, const struct limit_target *target, struct error *err);
int limit_io_weight(const struct limit_row *row, const struct limit_target *target,
		    struct error *err);
int limit_io_weight_devices(const struct limit_row *row, const struct limit_target *target,
			    struct error *err);
int limit_io_throttles(const struct limit_row *row, const struct limit_target *target,
		       struct error *err);

/* Return: whether the cgroup's directory has the file. */
bool limit_has_file(const struct limit_target *target, const char *file);

/*
 * Writes text into a file of the cgroup. Return: 0, or -errno with the member and text in err:
 * -EOPNOTSUPP where the controller is missing.
 */
int limit_set(const struct limit_row *row, const struct limit_target *target, const char *file,
	      const char *text, struct error *err);

/* Return: the value of a number row, clipped to the range of int64_t; false: absent. */
bool limit_value(const struct limit_row *row, const struct spec_resources *resources,
		 int64_t *value);
