/* limits.c - writes the tables of limits */
#include "runtime/cgroup/limits.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "runtime/cgroup/driver.h"
#include "runtime/cgroup/limits_undo.h"

/* Return: where the row's value is, NULL where its object is absent. */
static const void *limit_member(const struct limit_row *row, const struct spec_resources *resources)
{
	const char *object;

	memcpy(&object, (const char *)resources + row->object, sizeof(object));
	return object ? object + row->value : NULL;
}

bool limit_value(const struct limit_row *row, const struct spec_resources *resources,
		 int64_t *value)
{
	const void *member = limit_member(row, resources);
	const void *number = NULL;

	if (member)
		memcpy(&number, member, sizeof(number));
	if (!number)
		return false;
	switch (row->type) {
	case LIMIT_INT64:
		*value = *(const int64_t *)number;
		return true;
	case LIMIT_UINT64:
		*value = *(const uint64_t *)number > INT64_MAX ? INT64_MAX :
			 (int64_t)*(const uint64_t *)number;
		return true;
	case LIMIT_UINT16:
		*value = *(const uint16_t *)number;
		return true;
	case LIMIT_BOOL:
		*value = *(const bool *)number;
		return true;
	case LIMIT_STRING:
		break;
	}
	return false;
}

bool limit_has_file(const struct limit_target *target, const char *file)
{
	return target->hierarchy && !faccessat(target->hierarchy->fd, file, F_OK, 0);
}

/* What most often stands behind a value that the kernel refuses. */
static const struct {
	const char *file;
	int num;
	const char *hint;
} limit_hints[] = {
	{ "cpuset.cpus", ERANGE, "this host has fewer processors" },
	{ "cpuset.cpus", EACCES, "the cgroup above does not have all of these processors" },
	{ "cpuset.mems", ERANGE, "this host has fewer memory nodes" },
	{ "cpuset.mems", EINVAL, "this host has no such memory node" },
	{ "cpuset.mems", EACCES, "the cgroup above does not have all of these memory nodes" },
	{ "cpu.cfs_period_us", EINVAL, "it can be 1000 to 1000000 microseconds" },
	{ "cpu.cfs_quota_us", EINVAL,
	  "it must be 1000 microseconds or more, and no greater share of its period than the "
	  "cgroup above has" },
	{ "cpu.max", EINVAL, "a period is 1000 to 1000000 microseconds, a quota 1000 or more" },
	{ "cpu.cfs_burst_us", EINVAL, "it must not be above the quota" },
	{ "cpu.max.burst", EINVAL, "it must not be above the quota" },
	{ "cpu.shares", EINVAL, "an idle cgroup has no shares" },
	{ "cpu.weight", EINVAL, "an idle cgroup has no shares" },
	{ "cpu.rt_period_us", EINVAL, "the runtime must fit in it" },
	{ "cpu.rt_runtime_us", EINVAL,
	  "it must fit in its period and in what the cgroup above has" },
	{ "cpuset.cpus", EBUSY, "a cgroup below it uses them" },
	{ "cpuset.mems", EBUSY, "a cgroup below it uses them" },
};

static int limit_explain(int num, const char *file, const char *text, const char *path,
			 struct error *err)
{
	char name[ERROR_NAME_SIZE];

	for (size_t i = 0; i < sizeof(limit_hints) / sizeof(*limit_hints); i++)
		if (limit_hints[i].num == -num && !strcmp(limit_hints[i].file, file))
			return error_set(err, num, "write \"%s\" to \"%s/%s\": %s: %s", text, path,
					 file, error_name(num, name), limit_hints[i].hint);
	return error_errno(err, num, "write \"%s\" to \"%s/%s\"", text, path, file);
}

/* Writes a file of the directory, after a look at what it has. Return: 0 or -errno. */
static int limit_write(const struct limit_target *target, const char *file, const char *text)
{
	const struct cgroup_hierarchy *hierarchy = target->hierarchy;
	struct undo_entry *last;
	int ret;

	if (!target->undo)
		return file_set_at(hierarchy->fd, file, text);
	last = target->undo->last;
	limits_undo_remember(target->undo, hierarchy->fd, hierarchy->path, file, text);
	ret = file_set_at(hierarchy->fd, file, text);
	if (ret < 0)
		target->undo->last = last;
	return ret;
}

/* Writes a file that was not there: perhaps it is when its controller is enabled. */
static int limit_enable_and_set(const struct limit_row *row, const struct limit_target *target,
				const char *file, const char *text, struct error *err)
{
	const struct cgroup_hierarchy *hierarchy = target->hierarchy;
	int ret;

	if (!hierarchy)
		return error_set(err, EOPNOTSUPP, "there is no cgroup with the controller \"%s\"",
				 row->controller);
	ret = hierarchy->driver->enable(hierarchy, row->controller, err);
	if (ret < 0)
		return ret;
	ret = limit_write(target, file, text);
	if (ret == -ENOENT)
		return error_set(err, EOPNOTSUPP,
				 "cgroup \"%s\" has no \"%s\": no such file or directory",
				 hierarchy->path, file);
	return ret < 0 ? limit_explain(ret, file, text, hierarchy->path, err) : 0;
}

int limit_set(const struct limit_row *row, const struct limit_target *target, const char *file,
	      const char *text, struct error *err)
{
	int ret = target->hierarchy ? limit_write(target, file, text) : -ENOENT;

	if (ret == -ENOENT)
		ret = limit_enable_and_set(row, target, file, text, err);
	else if (ret < 0)
		limit_explain(ret, file, text, target->hierarchy->path, err);
	return ret < 0 ? error_context(err, "/linux/resources/%s", row->member) : 0;
}

int limit_number(const struct limit_row *row, const struct limit_target *target, struct error *err)
{
	auto_buf struct buf text = { 0 };
	int64_t value;

	if (!limit_value(row, target->resources, &value) || !row->convert(value, &text))
		return 0;
	return limit_set(row, target, row->file, text.data, err);
}

bool limit_is_idle(const struct spec_resources *resources)
{
	const struct spec_cpu *cpu = resources->cpu;
	bool is_idle = cpu && cpu->idle && *cpu->idle == 1;

	for (size_t i = 0; i < resources->unified_len; i++)
		if (!strcmp(resources->unified[i].key, "cpu.idle"))
			is_idle = strtol(resources->unified[i].value, NULL, 0) == 1;
	return is_idle;
}

int limit_shares(const struct limit_row *row, const struct limit_target *target, struct error *err)
{
	return limit_is_idle(target->resources) ? 0 : limit_number(row, target, err);
}

int limit_string(const struct limit_row *row, const struct limit_target *target, struct error *err)
{
	const void *member = limit_member(row, target->resources);
	const char *text = NULL;

	if (member)
		memcpy(&text, member, sizeof(text));
	return text && *text ? limit_set(row, target, row->file, text, err) : 0;
}

int limit_refuse(const struct limit_row *row, const struct limit_target *target, struct error *err)
{
	int64_t value;

	/* Engines write zeros for what nobody asked for, and -1 is no limit. */
	if (!limit_value(row, target->resources, &value) || value <= 0)
		return 0;
	return error_set(err, EOPNOTSUPP, "/linux/resources/%s: %s", row->member, row->file);
}

int limit_ignore(const struct limit_row *row, const struct limit_target *target, struct error *err)
{
	int64_t value;

	(void)err;
	if (limit_value(row, target->resources, &value) && value > 0)
		log_warning("/linux/resources/%s: ignored: %s", row->member, row->file);
	return 0;
}

int limit_hierarchy(const struct limit_row *row, const struct limit_target *target,
		    struct error *err)
{
	const struct spec_memory *memory = target->resources->memory;

	(void)err;
	if (memory && memory->useHierarchy && !*memory->useHierarchy)
		log_warning("/linux/resources/%s: ignored: the kernel always counts what is below",
			    row->member);
	return 0;
}

int limit_hugepages(const struct limit_row *row, const struct limit_target *target,
		    struct error *err)
{
	const struct spec_resources *resources = target->resources;

	for (size_t i = 0; i < resources->hugepageLimits_len; i++) {
		const struct spec_hugepage_limit *limit = &resources->hugepageLimits[i];
		auto_buf struct buf text = { 0 }, file = { 0 }, reserved = { 0 };
		int ret;

		buf_printf(&text, "%llu", (unsigned long long)limit->limit);
		buf_printf(&file, "hugetlb.%s.%s", limit->pageSize, row->file);
		buf_printf(&reserved, "hugetlb.%s.rsvd.%s", limit->pageSize, row->file);
		if (strchr(limit->pageSize, '/'))
			return error_set(err, EINVAL, "/linux/resources/%s/%zu/pageSize: \"%s\" is "
					 "no page size", row->member, i, limit->pageSize);
		ret = limit_set(row, target, file.data, text.data, err);
		if (ret >= 0 && limit_has_file(target, reserved.data))
			ret = limit_set(row, target, reserved.data, text.data, err);
		if (ret < 0)
			return ret;
	}
	return 0;
}

int limit_rdma(const struct limit_row *row, const struct limit_target *target, struct error *err)
{
	const struct spec_resources *resources = target->resources;
	int ret = 0;

	for (size_t i = 0; i < resources->rdma_len && ret >= 0; i++) {
		const struct spec_rdma *rdma = &resources->rdma[i];
		auto_buf struct buf text = { 0 };

		buf_puts(&text, rdma->device);
		if (rdma->hcaHandles)
			buf_printf(&text, " hca_handle=%u", *rdma->hcaHandles);
		if (rdma->hcaObjects)
			buf_printf(&text, " hca_object=%u", *rdma->hcaObjects);
		ret = limit_set(row, target, row->file, text.data, err);
	}
	return ret;
}

/*
 * Writes the rows whose controllers are at home in the driver's hierarchy. Limits depend on each
 * other (memory and memory with swap, quota and period): the kernel refuses a value that does not
 * fit yet, so what was refused is tried once more when the rest is written.
 */
static int limits_write_table(const struct cgroup *cgroup, const struct cgroup_driver *driver,
			      const struct spec_resources *resources,
			      struct cgroup_undo *undo, struct error *err)
{
	const struct limit_row *rows = driver->limits;
	uint64_t refused = 0;

	_Static_assert(sizeof(refused) * 8 >= 64, "one bit for each row");
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; rows[i].member; i++) {
			struct limit_target target = { .resources = resources, .undo = undo };
			int ret;

			target.hierarchy = cgroup_find_controller(cgroup, rows[i].controller);
			if (target.hierarchy && target.hierarchy->driver != driver)
				continue;
			if (pass && !(refused & 1ull << i))
				continue;
			ret = rows[i].write(&rows[i], &target, err);
			if (!pass && (ret == -EINVAL || ret == -EBUSY))
				refused |= 1ull << i;
			else if (ret < 0)
				return ret;
		}
	}
	return 0;
}

int cgroup_set_limits(const struct cgroup *cgroup, const struct spec_resources *resources,
		      struct cgroup_undo *undo, struct error *err)
{
	int ret = limits_write_table(cgroup, &cgroup_v1, resources, undo, err);

	return ret < 0 ? ret : limits_write_table(cgroup, &cgroup_v2, resources, undo, err);
}
