/* cgroup_v2.c - the unified hierarchy of version 2 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "base/number.h"
#include "base/sys.h"
#include "runtime/cgroup/controllers.h"
#include "runtime/cgroup/convert.h"
#include "runtime/cgroup/driver.h"
#include "runtime/cgroup/limits.h"

enum {
	V2_FILE_MAX = 1 << 16,
};

static int v2_is_populated(int fd)
{
	auto_buf struct buf events = { 0 };
	int ret = file_read_at(fd, "cgroup.events", V2_FILE_MAX, &events);

	return ret < 0 ? ret : events.data && strstr(events.data, "populated 1");
}

static int v2_set_devices(const struct cgroup *cgroup, const struct cgroup_hierarchy *hierarchy,
			  const struct device_rules *rules, struct error *err)
{
	int ret = device_rules_attach(rules, hierarchy->fd, err);

	(void)cgroup;
	return ret < 0 ? error_context(err, "cgroup \"%s\"", hierarchy->path) : 0;
}

/* Reads a number or "max" (-1). Return: 0, or -errno. */
static int v2_read_number(const struct limit_target *target, const char *file, int64_t *value)
{
	auto_buf struct buf text = { 0 };
	int ret = target->hierarchy ?
		  file_read_at(target->hierarchy->fd, file, V2_FILE_MAX, &text) : -ENOENT;

	if (ret < 0)
		return ret;
	text.data[strcspn(text.data, "\n")] = 0;
	if (!strcmp(text.data, "max")) {
		*value = -1;
		return 0;
	}
	return number_parse_i64(text.data, value);
}

/*
 * v1 refuses a limit below what is in use, v2 takes memory away and kills; checkBeforeUpdate asks
 * for v1's behaviour. Memory and swap together are checked without what is swapped out, as runc
 * does.
 */
static int v2_check_usage(const struct limit_target *target, struct error *err)
{
	const struct spec_memory *memory = target->resources->memory;
	int64_t used;

	if (!memory || !memory->checkBeforeUpdate || !*memory->checkBeforeUpdate ||
	    v2_read_number(target, "memory.current", &used) < 0)
		return 0;
	if (memory->swap && *memory->swap > 0 && *memory->swap < used)
		return error_set(err, EBUSY, "/linux/resources/memory/swap: more than %lld bytes "
				 "are in use", (long long)*memory->swap);
	if (memory->limit && *memory->limit > 0 && *memory->limit < used)
		return error_set(err, EBUSY, "/linux/resources/memory/limit: more than %lld bytes "
				 "are in use", (long long)*memory->limit);
	return 0;
}

static int v2_memory(const struct limit_row *row, const struct limit_target *target,
		     struct error *err)
{
	int ret = v2_check_usage(target, err);

	return ret < 0 ? ret : limit_number(row, target, err);
}

static int v2_swap(const struct limit_row *row, const struct limit_target *target,
		   struct error *err)
{
	const struct spec_memory *memory = target->resources->memory;
	int64_t limit = memory && memory->limit ? *memory->limit : 0;
	auto_buf struct buf text = { 0 };
	int ret;

	if (!memory)
		return 0;
	if (!limit && v2_read_number(target, "memory.max", &limit) < 0)
		limit = 0;
	ret = convert_swap(memory, limit, &text, err);
	if (ret < 0)
		return error_context(err, "/linux/resources/%s", row->member);
	if (!ret)
		return 0;
	/*
	 * A kernel without accounting of swap cannot limit it, and need not to allow or to have
	 * none.
	 */
	if (limit_has_file(target, "memory.max") && !limit_has_file(target, row->file) &&
	    (!strcmp(text.data, "max") || !strcmp(text.data, "0")))
		return 0;
	return limit_set(row, target, row->file, text.data, err);
}

static int v2_cpu_max(const struct limit_row *row, const struct limit_target *target,
		      struct error *err)
{
	const struct spec_cpu *cpu = target->resources->cpu;
	auto_buf struct buf text = { 0 }, current = { 0 };

	if (!cpu || !target->hierarchy ||
	    file_read_at(target->hierarchy->fd, row->file, V2_FILE_MAX, &current) < 0)
		buf_puts(&current, "max");
	if (!cpu || !convert_cpu_max(cpu, current.data, &text))
		return 0;
	return limit_set(row, target, row->file, text.data, err);
}

static int v2_network(const struct limit_row *row, const struct limit_target *target,
		      struct error *err)
{
	const struct spec_network_class *network = target->resources->network;

	if (!network || (!network->priorities_len && (!network->classID || !*network->classID)))
		return 0;
	return error_set(err, EOPNOTSUPP, "/linux/resources/%s: %s", row->member, row->file);
}

/*
 * Files of v2 by their names. Each line of a value is written on its own, as files with a line per
 * device take them.
 */
static int v2_unified(const struct limit_target *parent, const struct spec_pair *pair,
		      struct error *err)
{
	char controller[64], member[128];
	struct limit_row row = { .member = member, .controller = controller };
	size_t len = strcspn(pair->key, ".");
	auto_buf struct buf value = { 0 };
	char *rest = NULL;
	int ret = 0;

	snprintf(member, sizeof(member), "unified/%s", pair->key);
	if (strchr(pair->key, '/') || !len || !pair->key[len] || len >= sizeof(controller))
		return error_set(err, EINVAL, "/linux/resources/%s: is not the name of a cgroup "
				 "file (controller.name)", member);
	memcpy(controller, pair->key, len);
	controller[len] = 0;
	buf_puts(&value, pair->value ? pair->value : "");
	if (!value.len)
		return limit_set(&row, parent, pair->key, "", err);
	for (char *line = strtok_r(value.data, "\n", &rest); line && ret >= 0;
	     line = strtok_r(NULL, "\n", &rest))
		ret = limit_set(&row, parent, pair->key, line, err);
	return ret;
}

/* A partition that cannot be one is no error of the write: the kernel tells when it is read. */
static void v2_warn_of_partition(const struct limit_target *target)
{
	static const char file[] = "cpuset.cpus.partition";
	auto_buf struct buf text = { 0 };

	if (file_read_at(target->hierarchy->fd, file, V2_FILE_MAX, &text) >= 0 && text.data &&
	    strstr(text.data, "invalid"))
		log_warning("/linux/resources/unified/%s: %.*s", file,
			    (int)strcspn(text.data, "\n"), text.data);
}

static int v2_unified_all(const struct limit_row *row, const struct limit_target *target,
			  struct error *err)
{
	const struct spec_resources *resources = target->resources;
	int ret = 0;

	if (resources->unified_len && !target->hierarchy)
		return error_set(err, EOPNOTSUPP, "/linux/resources/%s: this host has no cgroup v2",
				 row->member);
	for (size_t i = 0; i < resources->unified_len && ret >= 0; i++)
		ret = v2_unified(target, &resources->unified[i], err);
	for (size_t i = 0; i < resources->unified_len && ret >= 0; i++)
		if (!strcmp(resources->unified[i].key, "cpuset.cpus.partition"))
			v2_warn_of_partition(target);
	return ret;
}

static const char not_in_v2[] = "cgroup v2 has no such limit";

/* clang-format off */
static const struct limit_row v2_limits[] = {
	LIMIT_SPECIAL("memory/swap", "memory", "memory.swap.max", v2_swap),
	LIMIT_ROW(memory, limit, "memory", "memory.max", v2_memory, spec_memory, convert_max),
	MEMORY_LIMIT(reservation, "memory.low", convert_max),
	LIMIT_IGNORED(memory, kernel, "memory", "counted in memory/limit", spec_memory),
	LIMIT_IGNORED(memory, kernelTCP, "memory", "counted in memory/limit", spec_memory),
	LIMIT_REFUSED(memory, swappiness, "memory", not_in_v2, spec_memory),
	LIMIT_REFUSED(memory, disableOOMKiller, "memory", not_in_v2, spec_memory),
	LIMIT_SPECIAL("memory/useHierarchy", "memory", NULL, limit_hierarchy),
	LIMIT_ROW(cpu, shares, "cpu", "cpu.weight", limit_shares, spec_cpu, convert_shares),
	LIMIT_SPECIAL("cpu/quota", "cpu", "cpu.max", v2_cpu_max),
	CPU_LIMIT(burst, "cpu.max.burst", convert_plain),
	CPU_LIMIT(idle, "cpu.idle", convert_plain),
	LIMIT_REFUSED(cpu, realtimePeriod, "cpu", not_in_v2, spec_cpu),
	LIMIT_REFUSED(cpu, realtimeRuntime, "cpu", not_in_v2, spec_cpu),
	CPUSET_LIMIT(cpus, "cpuset.cpus"),
	CPUSET_LIMIT(mems, "cpuset.mems"),
	PIDS_LIMIT(limit, "pids.max", convert_pids),
	LIMIT_SPECIAL("blockIO/weight", "io", NULL, limit_io_weight),
	LIMIT_SPECIAL("blockIO/weightDevice", "io", NULL, limit_io_weight_devices),
	LIMIT_SPECIAL("blockIO", "io", NULL, limit_io_throttles),
	LIMIT_SPECIAL("hugepageLimits", "hugetlb", "max", limit_hugepages),
	LIMIT_SPECIAL("rdma", "rdma", "rdma.max", limit_rdma),
	LIMIT_SPECIAL("network", "net_cls", not_in_v2, v2_network),
	LIMIT_SPECIAL("unified", "", NULL, v2_unified_all),
	{ 0 },
};
/* clang-format on */

const struct cgroup_driver cgroup_v2 = {
	.is_v2 = true,
	.mark = "user.gocker",
	.prepare = controllers_prepare,
	.is_populated = v2_is_populated,
	.set_devices = v2_set_devices,
	.enable = controllers_enable,
	.limits = v2_limits,
};
