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
#include "runtime/cgroup/convert.h"
#include "runtime/cgroup/driver.h"
#include "runtime/cgroup/limits.h"

enum {
	V2_FILE_MAX = 1 << 16,
	V2_PROCS_MAX = 1 << 26,
};

/* Return: whether the list, separated by blanks, has the word. */
static bool v2_has_word(const char *list, const char *word, size_t len)
{
	for (const char *at = list; at; at = strchr(at, ' ')) {
		at += *at == ' ';
		if (!strncmp(at, word, len) && (!at[len] || at[len] == ' ' || at[len] == '\n'))
			return true;
	}
	return false;
}

/* Adds "+name" for each of the usual controllers that a directory has and does not hand down. */
static int v2_find_disabled(int fd, struct buf *wanted)
{
	static const char *const usual[] = { "cpuset", "cpu", "io", "memory", "pids" };
	auto_buf struct buf have = { 0 }, enabled = { 0 };
	int ret = file_read_at(fd, "cgroup.controllers", V2_FILE_MAX, &have);

	if (ret >= 0)
		ret = file_read_at(fd, "cgroup.subtree_control", V2_FILE_MAX, &enabled);
	for (size_t i = 0; ret >= 0 && i < sizeof(usual) / sizeof(*usual); i++) {
		size_t len = strlen(usual[i]);

		if (v2_has_word(have.data, usual[i], len) &&
		    !v2_has_word(enabled.data, usual[i], len))
			buf_printf(wanted, "+%s ", usual[i]);
	}
	return ret;
}

/*
 * Return: whether a directory other than the root has processes of its own. It must not get a
 * controller for its children then: most are refused, and the few that are not turn it into a
 * threaded cgroup, below which there is no place for a container (cgroups(7), "Thread mode").
 */
static bool v2_is_inhabited(int fd)
{
	auto_buf struct buf procs = { 0 };

	return !faccessat(fd, "cgroup.type", F_OK, 0) &&
	       file_read_at(fd, "cgroup.procs", V2_PROCS_MAX, &procs) >= 0 && procs.len;
}

/*
 * Gives a directory's children the usual controllers, so that there are statistics even without
 * limits; the others come when a limit needs them (v2_enable). It must not fail: a parent may not
 * allow it (a real-time process keeps "cpu" away, a cgroup with processes keeps all), and then a
 * limit tells why.
 */
static int v2_prepare(const struct cgroup_hierarchy *hierarchy, const char *path, bool leaf,
		      struct error *err)
{
	auto_close int fd = leaf ? -1 : sys_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	auto_buf struct buf wanted = { 0 };
	char *rest = NULL;
	int ret;

	(void)hierarchy;
	if (leaf)
		return 0;
	ret = fd < 0 ? fd : v2_find_disabled(fd, &wanted);
	if (ret < 0)
		return error_errno(err, ret, "read cgroup \"%s\"", path);
	if (!wanted.len || v2_is_inhabited(fd) ||
	    file_set_at(fd, "cgroup.subtree_control", wanted.data) >= 0)
		return 0;
	for (char *name = strtok_r(wanted.data, " ", &rest); name;
	     name = strtok_r(NULL, " ", &rest))
		file_set_at(fd, "cgroup.subtree_control", name);
	return 0;
}

static int v2_is_populated(int fd)
{
	auto_buf struct buf events = { 0 };
	int ret = file_read_at(fd, "cgroup.events", V2_FILE_MAX, &events);

	return ret < 0 ? ret : events.data && strstr(events.data, "populated 1");
}

/*
 * Return: 0 where the directory has the controller for those below it, else -errno with the reason.
 */
static int v2_enable_in(const char *path, const char *controller, struct error *err)
{
	auto_close int fd = sys_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	auto_buf struct buf have = { 0 }, enabled = { 0 }, text = { 0 };
	int ret = fd < 0 ? fd : file_read_at(fd, "cgroup.controllers", V2_FILE_MAX, &have);

	if (ret >= 0)
		ret = file_read_at(fd, "cgroup.subtree_control", V2_FILE_MAX, &enabled);
	if (ret < 0)
		return error_errno(err, ret, "read cgroup \"%s\"", path);
	if (!v2_has_word(have.data, controller, strlen(controller)))
		return error_set(err, EOPNOTSUPP, "the requested cgroup controller `%.50s` is not "
				 "available: cgroup \"%s\" does not have it", controller, path);
	if (v2_has_word(enabled.data, controller, strlen(controller)))
		return 0;
	if (v2_is_inhabited(fd))
		return error_set(err, EBUSY, "cgroup \"%s\" cannot give the controller \"%s\" to "
				 "those below it while processes are in it", path, controller);
	buf_printf(&text, "+%s", controller);
	ret = file_set_at(fd, "cgroup.subtree_control", text.data);
	return ret < 0 ? error_errno(err, ret, "enable controller \"%s\" in cgroup \"%s\"",
				     controller, path) : 0;
}

static int v2_enable(const struct cgroup_hierarchy *hierarchy, const char *controller,
		     struct error *err)
{
	auto_arena struct arena arena = { 0 };
	char *path = arena_strdup(&arena, hierarchy->path);
	char *end = path + strlen(hierarchy->mount);
	int ret = 0;

	while (*end && ret >= 0) {
		*end = 0;
		ret = v2_enable_in(path, controller, err);
		*end = '/';
		end = strchrnul(end + 1, '/');
	}
	return ret;
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
	const struct spec_network *network = target->resources->network;

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
	CPU_LIMIT(shares, "cpu.weight", convert_shares),
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
	.prepare = v2_prepare,
	.is_populated = v2_is_populated,
	.set_devices = v2_set_devices,
	.enable = v2_enable,
	.limits = v2_limits,
};
