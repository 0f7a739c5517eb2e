/* cgroup_v1.c - hierarchies of version 1: one for each controller or a few of them */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "base/sys.h"
#include "runtime/cgroup/convert.h"
#include "runtime/cgroup/driver.h"
#include "runtime/cgroup/limits.h"
#include "runtime/cgroup/procs.h"

enum { CPUSET_MAX = 1 << 16 };

/*
 * Copies a list of a new cpuset from the directory above, unless it has one
 * (cgroup.clone_children).
 */
static int v1_inherit_cpuset(int fd, const char *path, const char *file, struct error *err)
{
	auto_buf struct buf own = { 0 }, above = { 0 }, parent = { 0 };
	int ret;

	buf_printf(&parent, "../%s", file);
	ret = file_read_at(fd, file, CPUSET_MAX, &own);
	if (ret >= 0 && own.data && own.data[strspn(own.data, "\n")])
		return 0;
	if (ret >= 0)
		ret = file_read_at(fd, parent.data, CPUSET_MAX, &above);
	if (ret >= 0)
		ret = file_set_at(fd, file, above.data ? above.data : "");
	return ret < 0 ? error_errno(err, ret, "set \"%s/%s\"", path, file) : 0;
}

/* A new cpuset has no processors and no memory, and takes no process until it has. */
static int v1_prepare(const struct cgroup_hierarchy *hierarchy, const char *path, bool leaf,
		      struct error *err)
{
	auto_close int fd = -1;
	int ret;

	(void)leaf;
	if (!cgroup_has_controller(hierarchy->controllers, "cpuset") ||
	    !strcmp(path, hierarchy->mount))
		return 0;
	fd = sys_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (fd < 0)
		return error_errno(err, fd, "open cgroup \"%s\"", path);
	ret = v1_inherit_cpuset(fd, path, "cpuset.cpus", err);
	return ret < 0 ? ret : v1_inherit_cpuset(fd, path, "cpuset.mems", err);
}

static int v1_is_populated(int fd)
{
	return procs_is_populated(fd);
}

static int v1_enable(const struct cgroup_hierarchy *hierarchy, const char *controller,
		     struct error *err)
{
	(void)hierarchy;
	(void)controller;
	(void)err;
	return 0;
}

/* Memory and swap together; without accounting of swap "unlimited" is what there is anyway. */
static int v1_swap(const struct limit_row *row, const struct limit_target *target,
		   struct error *err)
{
	const struct spec_memory *memory = target->resources->memory;
	int64_t swap = memory && memory->swap ? *memory->swap : 0;
	auto_buf struct buf text = { 0 };
	int ret;

	if (!swap && memory && memory->limit && *memory->limit < 0)
		swap = -1;
	if (!convert_nonzero(swap, &text) || (swap < 0 && !limit_has_file(target, row->file)))
		return 0;
	ret = limit_set(row, target, row->file, text.data, err);
	if (ret == -EINVAL)
		return error_set(err, ret, "/linux/resources/%s: %s is memory and swap together "
				 "and must not be below the memory limit", row->member, text.data);
	if (ret == -EBUSY)
		return error_set(err, ret, "/linux/resources/%s: more than %s bytes are in use",
				 row->member, text.data);
	return ret;
}

/* The OOM killer is on in a new cgroup. */
static int v1_oom_killer(const struct limit_row *row, const struct limit_target *target,
			 struct error *err)
{
	int64_t disable;

	if (!limit_value(row, target->resources, &disable) ||
	    (!disable && target->hierarchy && target->hierarchy->made))
		return 0;
	return limit_set(row, target, row->file, disable ? "1" : "0", err);
}

/* The kernel would take another number without a word. */
static int v1_shares(const struct limit_row *row, const struct limit_target *target,
		     struct error *err)
{
	const int64_t min = 2, max = 262144;
	int64_t shares;

	if (!limit_value(row, target->resources, &shares) || !shares)
		return 0;
	if (shares < min || shares > max)
		return error_set(err, EINVAL, "/linux/resources/%s: the %s allowed cpu-shares is "
				 "%lld", row->member, shares < min ? "minimum" : "maximum",
				 (long long)(shares < min ? min : max));
	return limit_shares(row, target, err);
}

static int v1_memory(const struct limit_row *row, const struct limit_target *target,
		     struct error *err)
{
	int ret = limit_number(row, target, err);

	if (ret == -EBUSY)
		return error_set(err, ret, "/linux/resources/%s: more than %lld bytes are in use",
				 row->member, (long long)*target->resources->memory->limit);
	if (ret == -EINVAL)
		return error_set(err, ret, "/linux/resources/%s: %lld must not be above the limit "
				 "of memory and swap together", row->member,
				 (long long)*target->resources->memory->limit);
	return ret;
}

static int v1_class(const struct limit_row *row, const struct limit_target *target,
		    struct error *err)
{
	const struct spec_network_class *network = target->resources->network;
	auto_buf struct buf text = { 0 };

	if (!network || !network->classID || !convert_nonzero(*network->classID, &text))
		return 0;
	return limit_set(row, target, row->file, text.data, err);
}

static int v1_priorities(const struct limit_row *row, const struct limit_target *target,
			 struct error *err)
{
	const struct spec_network_class *network = target->resources->network;
	int ret = 0;

	for (size_t i = 0; network && i < network->priorities_len && ret >= 0; i++) {
		auto_buf struct buf text = { 0 };

		buf_printf(&text, "%s %u", network->priorities[i].name,
			   network->priorities[i].priority);
		ret = limit_set(row, target, row->file, text.data, err);
	}
	return ret;
}

/* clang-format off */
static const struct limit_row v1_limits[] = {
	LIMIT_ROW(memory, limit, "memory", "memory.limit_in_bytes", v1_memory, spec_memory,
		  convert_nonzero),
	LIMIT_SPECIAL("memory/swap", "memory", "memory.memsw.limit_in_bytes", v1_swap),
	MEMORY_LIMIT(reservation, "memory.soft_limit_in_bytes", convert_nonzero),
	MEMORY_LIMIT(swappiness, "memory.swappiness", convert_plain),
	LIMIT_ROW(memory, disableOOMKiller, "memory", "memory.oom_control", v1_oom_killer,
		  spec_memory, NULL),
	LIMIT_SPECIAL("memory/useHierarchy", "memory", NULL, limit_hierarchy),
	LIMIT_IGNORED(memory, kernel, "memory", "counted in memory/limit", spec_memory),
	MEMORY_LIMIT(kernelTCP, "memory.kmem.tcp.limit_in_bytes", convert_nonzero),
	LIMIT_ROW(cpu, shares, "cpu", "cpu.shares", v1_shares, spec_cpu, convert_nonzero),
	CPU_LIMIT(period, "cpu.cfs_period_us", convert_nonzero),
	CPU_LIMIT(quota, "cpu.cfs_quota_us", convert_nonzero),
	CPU_LIMIT(burst, "cpu.cfs_burst_us", convert_plain),
	CPU_LIMIT(idle, "cpu.idle", convert_plain),
	CPU_LIMIT(realtimePeriod, "cpu.rt_period_us", convert_nonzero),
	CPU_LIMIT(realtimeRuntime, "cpu.rt_runtime_us", convert_nonzero),
	CPUSET_LIMIT(cpus, "cpuset.cpus"),
	CPUSET_LIMIT(mems, "cpuset.mems"),
	PIDS_LIMIT(limit, "pids.max", convert_pids),
	LIMIT_SPECIAL("blockIO/weight", "blkio", NULL, limit_io_weight),
	LIMIT_SPECIAL("blockIO/weightDevice", "blkio", NULL, limit_io_weight_devices),
	LIMIT_SPECIAL("blockIO", "blkio", NULL, limit_io_throttles),
	LIMIT_SPECIAL("hugepageLimits", "hugetlb", "limit_in_bytes", limit_hugepages),
	LIMIT_SPECIAL("rdma", "rdma", "rdma.max", limit_rdma),
	LIMIT_SPECIAL("network/classID", "net_cls", "net_cls.classid", v1_class),
	LIMIT_SPECIAL("network/priorities", "net_prio", "net_prio.ifpriomap", v1_priorities),
	{ 0 },
};
/* clang-format on */

const struct cgroup_driver cgroup_v1 = {
	.is_v2 = false,
	.mark = "trusted.gocker",
	.prepare = v1_prepare,
	.is_populated = v1_is_populated,
	.set_devices = device_rules_v1_set,
	.enable = v1_enable,
	.limits = v1_limits,
};
