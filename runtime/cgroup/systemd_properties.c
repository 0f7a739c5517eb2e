/* systemd_properties.c - limits as properties of a unit: the same tables for create and update */
#include "runtime/cgroup/systemd_properties.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bitlist.h"
#include "base/log.h"
#include "base/number.h"
#include "runtime/cgroup/convert.h"
#include "runtime/cgroup/device_rules.h"
#include "runtime/cgroup/limits.h"

enum {
	USUAL_PERIOD = 100000,      /* microseconds: the kernel's and systemd's */
	VERSION_CPU_IDLE = 252,     /* of systemd: from then on a CPUWeight of 0 is idle */
	VERSION_OOM_POLICY = 253,   /* of scopes */
	VERSION_ZSWAP_MAX = 253,
};

static const uint64_t infinity = UINT64_MAX, second = 1000000, percent = 10000;

struct target {
	const struct systemd_host *host;
	const struct spec_resources *resources;
	struct systemd_properties *properties;
};

/* A table ends with { 0 }. */
struct row {
	const char *member; /* below /linux/resources, or a file of v2 in unified */
	const char *property;

	/* text is the value of unified, else NULL. Return: 0 or -errno. */
	int (*add)(const struct row *row, const struct target *target, const char *text,
		   struct error *err);

	/* For add_limit: where the value is, and how the cgroup's file has it. */
	struct limit_row limit;
	unsigned int version; /* of systemd that knows it; 0: all */
};

/* As files of v2 have it: a number or "max". */
static int add_number(const struct row *row, const struct target *target, const char *text,
		      struct error *err)
{
	uint64_t number = infinity;

	if (strcmp(text, "max") != 0 && number_parse_u64(text, UINT64_MAX, &number) < 0)
		return error_set(err, EINVAL, "\"%.100s\" is neither a number nor \"max\"", text);
	systemd_properties_add(target->properties, row->property, systemd_value_u64(number));
	return 0;
}

static int add_limit(const struct row *row, const struct target *target, const char *text,
		     struct error *err)
{
	auto_buf struct buf converted = { 0 };
	int64_t value;

	(void)text;
	if (!limit_value(&row->limit, target->resources, &value) ||
	    !row->limit.convert(value, &converted))
		return 0;
	return add_number(row, target, converted.data, err);
}

/* Zero would be no task at all, which systemd does not take. */
static int add_tasks(const struct row *row, const struct target *target, const char *text,
		     struct error *err)
{
	return add_number(row, target, strcmp(text, "0") ? text : "1", err);
}

static int add_swap(const struct row *row, const struct target *target, const char *text,
		    struct error *err)
{
	const struct spec_memory *memory = target->resources->memory;
	auto_buf struct buf converted = { 0 };
	int r;

	(void)text;
	if (!memory)
		return 0;
	r = convert_swap(memory, memory->limit ? *memory->limit : 0, &converted, err);
	return r > 0 ? add_number(row, target, converted.data, err) : r;
}

/* Idle and a weight are one property, and one of the two in the kernel as well. */
static int add_weight(const struct row *row, const struct target *target, const char *text,
		      struct error *err)
{
	if (limit_is_idle(target->resources))
		return 0;
	return text ? add_number(row, target, text, err) : add_limit(row, target, text, err);
}

/* Where it is no nice value, the kernel says so. */
static int add_nice(const struct row *row, const struct target *target, const char *text,
		    struct error *err)
{
	uint64_t weight = convert_nice_to_weight(strtol(text, NULL, 10));

	(void)err;
	if (weight && !limit_is_idle(target->resources))
		systemd_properties_add(target->properties, row->property,
				       systemd_value_u64(weight));
	return 0;
}

static int add_idle(const struct row *row, const struct target *target, const char *text,
		    struct error *err)
{
	const struct spec_cpu *cpu = target->resources->cpu;
	bool is_named = text || (cpu && cpu->idle);

	return is_named && limit_is_idle(target->resources) ?
		       add_number(row, target, "0", err) : 0;
}

static uint64_t quota_per_second(int64_t quota, uint64_t period)
{
	uint64_t usec = (uint64_t)quota > UINT64_MAX / second ?
				infinity / percent * percent :
				(uint64_t)quota * second / (period ? period : USUAL_PERIOD);

	return usec > infinity - percent ? usec : (usec + percent - 1) / percent * percent;
}

int64_t systemd_properties_round_quota(int64_t quota, uint64_t period)
{
	if (quota <= 0 || quota > INT32_MAX || period > UINT32_MAX)
		return quota;
	if (!period)
		period = USUAL_PERIOD;
	return (int64_t)(quota_per_second(quota, period) * period / second);
}

/* A quota of 0 where there is a period is none, as of -1. */
static void add_quota(const struct target *target, int64_t quota, uint64_t period)
{
	uint64_t usec = quota > 0 ? quota_per_second(quota, period) : infinity;

	if (period)
		systemd_properties_add(target->properties, "CPUQuotaPeriodUSec",
				       systemd_value_u64(period));
	if (quota || period)
		systemd_properties_add(target->properties, "CPUQuotaPerSecUSec",
				       systemd_value_u64(usec));
}

static int add_cpu_quota(const struct row *row, const struct target *target, const char *text,
			 struct error *err)
{
	const struct spec_cpu *cpu = target->resources->cpu;

	(void)row;
	(void)text;
	(void)err;
	if (cpu)
		add_quota(target, cpu->quota ? *cpu->quota : 0, cpu->period ? *cpu->period : 0);
	return 0;
}

/* "50000 100000", "max" */
static int add_cpu_max(const struct row *row, const struct target *target, const char *text,
		       struct error *err)
{
	auto_buf struct buf copy = { 0 };
	uint64_t period = USUAL_PERIOD;
	int64_t quota = 0;
	char *rest, *first, *last;

	(void)row;
	buf_puts(&copy, text);
	rest = copy.data;
	first = strsep(&rest, " ");
	last = rest ? rest + strspn(rest, " ") : "";
	if ((strcmp(first, "max") != 0 && number_parse_i64(first, &quota) < 0) ||
	    (*last && number_parse_u64(last, UINT32_MAX, &period) < 0))
		return error_set(err, EINVAL, "\"%.100s\" is no quota with its period", text);
	add_quota(target, quota, period);
	return 0;
}

/* A set of cpus or nodes: bit n of byte n / 8. */
static int add_set(const struct row *row, const struct target *target, const char *text,
		   struct error *err)
{
	struct bitlist list = { 0 };
	struct systemd_value bytes;
	int r = bitlist_parse(text, &list, err);

	if (r < 0)
		return r;
	bytes = systemd_value_container(target->properties->arena, "ay", (list.len + 7) / 8);
	for (size_t i = 0; i < bytes.len; i++) {
		bytes.items[i].signature = "y";
		bytes.items[i].number = list.words[i / sizeof(*list.words)] >>
						i % sizeof(*list.words) * 8 & 0xff;
	}
	systemd_properties_add(target->properties, row->property, bytes);
	return 0;
}

static int add_cpus(const struct row *row, const struct target *target, const char *text,
		    struct error *err)
{
	const struct spec_cpu *cpu = target->resources->cpu;

	(void)text;
	return cpu && cpu->cpus && *cpu->cpus ? add_set(row, target, cpu->cpus, err) : 0;
}

static int add_mems(const struct row *row, const struct target *target, const char *text,
		    struct error *err)
{
	const struct spec_cpu *cpu = target->resources->cpu;

	(void)text;
	return cpu && cpu->mems && *cpu->mems ? add_set(row, target, cpu->mems, err) : 0;
}

static int add_oom_policy(const struct row *row, const struct target *target, const char *text,
			  struct error *err)
{
	(void)err;
	systemd_properties_add(target->properties, row->property,
			       systemd_value_string(strcmp(text, "0") ? "kill" : "continue"));
	return 0;
}

static bool convert_io_weight(int64_t weight, struct buf *text)
{
	return weight && convert_plain((int64_t)convert_blkio_weight((uint16_t)weight), text);
}

/* clang-format off */
#define LIMIT(object, member, property, struct_name, convert) \
	{ #object "/" #member, property, add_limit, \
	  LIMIT_ROW(object, member, NULL, NULL, NULL, struct_name, convert), 0 }
#define SPECIAL(member, property, add) { member, property, add, { 0 }, 0 }

static const struct row v2_rows[] = {
	LIMIT(memory, limit, "MemoryMax", spec_memory, convert_max),
	LIMIT(memory, reservation, "MemoryLow", spec_memory, convert_max),
	SPECIAL("memory/swap", "MemorySwapMax", add_swap),
	{ "cpu/idle", "CPUWeight", add_idle, { 0 }, VERSION_CPU_IDLE },
	{ "cpu/shares", "CPUWeight", add_weight,
	  LIMIT_ROW(cpu, shares, NULL, NULL, NULL, spec_cpu, convert_shares), 0 },
	SPECIAL("cpu/quota", "CPUQuotaPerSecUSec", add_cpu_quota),
	SPECIAL("cpu/cpus", "AllowedCPUs", add_cpus),
	SPECIAL("cpu/mems", "AllowedMemoryNodes", add_mems),
	LIMIT(pids, limit, "TasksMax", spec_pids, convert_pids),
	LIMIT(blockIO, weight, "IOWeight", spec_block_io, convert_io_weight),
	{ 0 },
};

/* The v1 hierarchies know swap, reservation and idle only in files. */
static const struct row v1_rows[] = {
	LIMIT(memory, limit, "MemoryLimit", spec_memory, convert_max),
	LIMIT(cpu, shares, "CPUShares", spec_cpu, convert_nonzero),
	SPECIAL("cpu/quota", "CPUQuotaPerSecUSec", add_cpu_quota),
	SPECIAL("cpu/cpus", "AllowedCPUs", add_cpus),
	SPECIAL("cpu/mems", "AllowedMemoryNodes", add_mems),
	LIMIT(pids, limit, "TasksMax", spec_pids, convert_pids),
	LIMIT(blockIO, weight, "BlockIOWeight", spec_block_io, convert_nonzero),
	{ 0 },
};

/* The files of v2 that unified may name; systemd has no property for the others. */
static const struct row unified_rows[] = {
	SPECIAL("cpu.max", "CPUQuotaPerSecUSec", add_cpu_max),
	SPECIAL("cpu.weight", "CPUWeight", add_weight),
	SPECIAL("cpu.weight.nice", "CPUWeight", add_nice),
	{ "cpu.idle", "CPUWeight", add_idle, { 0 }, VERSION_CPU_IDLE },
	SPECIAL("cpuset.cpus", "AllowedCPUs", add_set),
	SPECIAL("cpuset.mems", "AllowedMemoryNodes", add_set),
	SPECIAL("memory.high", "MemoryHigh", add_number),
	SPECIAL("memory.low", "MemoryLow", add_number),
	SPECIAL("memory.min", "MemoryMin", add_number),
	SPECIAL("memory.max", "MemoryMax", add_number),
	SPECIAL("memory.swap.max", "MemorySwapMax", add_number),
	{ "memory.zswap.max", "MemoryZSwapMax", add_number, { 0 }, VERSION_ZSWAP_MAX },
	{ "memory.oom.group", "OOMPolicy", add_oom_policy, { 0 }, VERSION_OOM_POLICY },
	SPECIAL("pids.max", "TasksMax", add_tasks),
	{ 0 },
};
/* clang-format on */

static int add_row(const struct row *row, const struct target *target, const char *text,
		   struct error *err)
{
	if (row->version > target->host->version) {
		log_debug("systemd %u has no %s for %s", target->host->version, row->property,
			  row->member);
		return 0;
	}
	return row->add(row, target, text, err);
}

/* Blanks around it are nothing to the kernel either. */
static int add_unified(const struct target *target, const struct spec_pair *pair,
		       struct error *err)
{
	struct arena *arena = target->properties->arena;
	const char *start = pair->value + strspn(pair->value, " \t\n");
	size_t len = strlen(start);

	while (len && strchr(" \t\n", start[len - 1]))
		len--;
	for (const struct row *row = unified_rows; row->member; row++)
		if (!strcmp(row->member, pair->key))
			return add_row(row, target, arena_strndup(arena, start, len), err);
	return 0;
}

int systemd_properties_limits(const struct systemd_host *host,
			      const struct spec_resources *resources,
			      struct systemd_properties *properties, struct error *err)
{
	const struct target target = { host, resources, properties };

	for (const struct row *row = host->is_v2 ? v2_rows : v1_rows; row->member; row++)
		if (add_row(row, &target, NULL, err) < 0)
			return error_context(err, "/linux/resources/%s", row->member);
	for (size_t i = 0; host->is_v2 && i < resources->unified_len; i++)
		if (add_unified(&target, &resources->unified[i], err) < 0)
			return error_context(err, "/linux/resources/unified/%s",
					     resources->unified[i].key);
	return 0;
}

/* Return: the device as systemd.resource-control(5) has it; NULL: it has no words for "*:n". */
static char *device_path(const struct device_rule *rule, struct arena *arena)
{
	const char *kind = rule->types == DEVICE_BLOCK ? "block" : "char";

	if (rule->major < 0)
		return rule->minor < 0 ? arena_printf(arena, "%s-*", kind) : NULL;
	if (rule->minor < 0)
		return arena_printf(arena, "%s-%lld", kind, (long long)rule->major);
	return arena_printf(arena, "/dev/%s/%lld:%lld", kind, (long long)rule->major,
			    (long long)rule->minor);
}

static struct systemd_value device_entry(const struct device_rule *rule, char *path,
					 struct arena *arena)
{
	struct systemd_value entry = systemd_value_container(arena, "(ss)", 2);
	char access[4];

	snprintf(access, sizeof(access), "%s%s%s", rule->access & DEVICE_READ ? "r" : "",
		 rule->access & DEVICE_WRITE ? "w" : "", rule->access & DEVICE_MKNOD ? "m" : "");
	entry.items[0] = systemd_value_string(path);
	entry.items[1] = systemd_value_string(arena_strdup(arena, access));
	return entry;
}

/* Return: whether the rules are a list of what is allowed, and it is in *list, "a(ss)". */
static bool list_devices(const struct device_rules *rules, struct arena *arena,
			 struct systemd_value *list)
{
	struct device_rules exceptions;
	bool is_allowed;

	if (device_rules_flatten(rules, arena, &is_allowed, &exceptions, NULL) < 0 || is_allowed)
		return false;
	*list = systemd_value_container(arena, "a(ss)", exceptions.len);
	for (size_t i = 0; i < exceptions.len; i++) {
		char *path = device_path(&exceptions.rules[i], arena);

		if (!path)
			return false;
		list->items[i] = device_entry(&exceptions.rules[i], path, arena);
	}
	return true;
}

int systemd_properties_devices(const struct spec_device_rule *rules, size_t len,
			       struct systemd_properties *properties, struct error *err)
{
	struct arena *arena = properties->arena;
	struct systemd_value list;
	struct device_rules all;
	int r = device_rules_read(rules, len, arena, &all, err);
	bool is_list;

	if (r < 0)
		return r;
	is_list = list_devices(&all, arena, &list);
	/* An empty list takes away what an earlier one has added. */
	systemd_properties_add(properties, "DeviceAllow",
			       systemd_value_container(arena, "a(ss)", 0));
	systemd_properties_add(properties, "DevicePolicy",
			       systemd_value_string(is_list ? "strict" : "auto"));
	if (is_list)
		systemd_properties_add(properties, "DeviceAllow", list);
	return 0;
}
