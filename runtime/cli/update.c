/* update.c - gocker update: changes the limits of a container that exists */
#include "runtime/container/update.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/library.h"
#include "base/number.h"
#include "runtime/cli/commands.h"

struct update_options {
	const char *resources, *l3_cache_schema, *memory_bandwidth_schema;
	const char *blkio_weight, *cpu_period, *cpu_quota, *cpu_burst, *cpu_share, *cpu_rt_period;
	const char *cpu_rt_runtime, *cpuset_cpus, *cpuset_mems, *cpu_idle;
	const char *memory, *memory_reservation, *memory_swap, *kernel_memory, *kernel_memory_tcp;
	const char *pids_limit;
};

static const struct option_row rows[] = {
	OPTION_STRING(update_options, resources, "resources", 'r', "FILE",
		      "JSON document with the limits, in place of the options below; - is stdin"),
	OPTION_STRING(update_options, blkio_weight, "blkio-weight", 0, "N",
		      "share of block I/O, 10 to 1000"),
	OPTION_STRING(update_options, cpu_period, "cpu-period", 0, "USEC", "period of the quota"),
	OPTION_STRING(update_options, cpu_quota, "cpu-quota", 0, "USEC",
		      "processor time in each period"),
	OPTION_STRING(update_options, cpu_burst, "cpu-burst", 0, "USEC",
		      "how much of it may be saved for later"),
	OPTION_STRING(update_options, cpu_share, "cpu-share", 0, "N", "share of processor time"),
	OPTION_STRING(update_options, cpu_rt_period, "cpu-rt-period", 0, "USEC",
		      "the same for real-time scheduling"),
	OPTION_STRING(update_options, cpu_rt_runtime, "cpu-rt-runtime", 0, "USEC",
		      "the same for real-time scheduling"),
	OPTION_STRING(update_options, cpuset_cpus, "cpuset-cpus", 0, "LIST",
		      "processors to run on, 0-3,7"),
	OPTION_STRING(update_options, cpuset_mems, "cpuset-mems", 0, "LIST",
		      "memory nodes to allocate from"),
	OPTION_STRING(update_options, cpu_idle, "cpu-idle", 0, "N",
		      "1: run only when nobody else wants to"),
	OPTION_STRING(update_options, memory, "memory", 0, "SIZE", "limit of memory"),
	OPTION_STRING(update_options, memory_reservation, "memory-reservation", 0, "SIZE",
		      "memory that is not taken back"),
	OPTION_STRING(update_options, memory_swap, "memory-swap", 0, "SIZE",
		      "limit of memory and swap together"),
	OPTION_STRING(update_options, kernel_memory, "kernel-memory", 0, "SIZE",
		      "ignored: the kernel's memory is a part of --memory"),
	OPTION_STRING(update_options, kernel_memory_tcp, "kernel-memory-tcp", 0, "SIZE",
		      "limit of buffers of TCP (cgroup v1)"),
	OPTION_STRING(update_options, pids_limit, "pids-limit", 0, "N", "limit of processes"),
	OPTION_STRING(update_options, l3_cache_schema, "l3-cache-schema", 0, "SCHEMA",
		      "resctrl's share of the cache"),
	OPTION_STRING(update_options, memory_bandwidth_schema, "mem-bw-schema", 0, "SCHEMA",
		      "resctrl's share of memory bandwidth"),
	{ 0 },
};

enum { RESOURCES_SIZE_MAX = 1024 * 1024 };

enum limit_kind { LIMIT_NUMBER, LIMIT_SIZE, LIMIT_LIST };

/* What an option is in the document; those of an object stand together. */
#define LIMIT(member, option, kind, object, key)                                                   \
	{ option, object, key, offsetof(struct update_options, member), LIMIT_##kind }

static const struct limit {
	const char *option, *object, *key;
	size_t offset;
	enum limit_kind kind;
} limits[] = {
	LIMIT(memory, "memory", SIZE, "memory", "limit"),
	LIMIT(memory_reservation, "memory-reservation", SIZE, "memory", "reservation"),
	LIMIT(memory_swap, "memory-swap", SIZE, "memory", "swap"),
	LIMIT(kernel_memory, "kernel-memory", SIZE, "memory", "kernel"),
	LIMIT(kernel_memory_tcp, "kernel-memory-tcp", SIZE, "memory", "kernelTCP"),
	LIMIT(cpu_period, "cpu-period", NUMBER, "cpu", "period"),
	LIMIT(cpu_quota, "cpu-quota", NUMBER, "cpu", "quota"),
	LIMIT(cpu_burst, "cpu-burst", NUMBER, "cpu", "burst"),
	LIMIT(cpu_share, "cpu-share", NUMBER, "cpu", "shares"),
	LIMIT(cpu_rt_period, "cpu-rt-period", NUMBER, "cpu", "realtimePeriod"),
	LIMIT(cpu_rt_runtime, "cpu-rt-runtime", NUMBER, "cpu", "realtimeRuntime"),
	LIMIT(cpuset_cpus, "cpuset-cpus", LIST, "cpu", "cpus"),
	LIMIT(cpuset_mems, "cpuset-mems", LIST, "cpu", "mems"),
	LIMIT(cpu_idle, "cpu-idle", NUMBER, "cpu", "idle"),
	LIMIT(blkio_weight, "blkio-weight", NUMBER, "blockIO", "weight"),
	LIMIT(pids_limit, "pids-limit", NUMBER, "pids", "limit"),
};

static int add_value(const struct limit *limit, const char *text, struct buf *out,
		     struct error *err)
{
	int64_t number;

	if (limit->kind == LIMIT_LIST) {
		if (text[strspn(text, "0123456789,-")])
			return error_set(err, EINVAL, "--%s: \"%s\" is no list like \"0-3,7\"",
					 limit->option, text);
		buf_printf(out, "\"%s\"", text);
		return 0;
	}
	if (limit->kind == LIMIT_SIZE ? number_parse_size(text, &number) < 0 :
					number_parse_i64(text, &number) < 0)
		return error_set(err, EINVAL, "--%s: \"%s\" is no %s", limit->option, text,
				 limit->kind == LIMIT_SIZE ? "size" : "number");
	buf_printf(out, "%lld", (long long)number);
	return 0;
}

/* Writes the options as the document that --resources would be. */
static int format_options(const struct update_options *options, struct buf *out, struct error *err)
{
	const char *object = NULL;

	buf_puts(out, "{");
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		const char *text =
			*(const char *const *)((const char *)options + limits[i].offset);
		int r;

		if (!text || !*text)
			continue;
		if (object && !strcmp(object, limits[i].object))
			buf_puts(out, ",");
		else
			buf_printf(out, "%s\"%s\":{", object ? "}," : "", limits[i].object);
		object = limits[i].object;
		buf_printf(out, "\"%s\":", limits[i].key);
		r = add_value(&limits[i], text, out, err);
		if (r < 0)
			return r;
	}
	buf_puts(out, object ? "}}" : "}");
	return 0;
}

static int read_resources(const char *path, struct buf *text, struct error *err)
{
	int r;

	library_expect();
	r = strcmp(path, "-") ? file_read_at(AT_FDCWD, path, RESOURCES_SIZE_MAX, text) :
			      file_read_fd(STDIN_FILENO, RESOURCES_SIZE_MAX, text);

	return r < 0 ? error_errno(err, r, "read \"%s\"", path) : 0;
}

static int run(const struct cli_call *call, struct error *err)
{
	const struct update_options *options = call->options;
	struct update_request request = {
		.name = !options->resources	      ? "options" :
			strcmp(options->resources, "-") ? options->resources :
							  "standard input",
		.l3_cache_schema = options->l3_cache_schema,
		.memory_bandwidth_schema = options->memory_bandwidth_schema,
	};
	auto_buf struct buf text = { 0 };
	auto_close int store = cli_open_store(call->globals, false, err);
	int r = store;

	if (r >= 0)
		r = options->resources ? read_resources(options->resources, &text, err) :
					 format_options(options, &text, err);
	if (r < 0)
		return r;
	request.text = text.data ? text.data : "";
	request.len = text.len;
	return update_run(store, call->args[0], &request, err);
}

const struct cli_command cli_update = {
	.name = "update",
	.arguments = "ID",
	.summary = "change the limits of a container",
	.rows = rows,
	.options_size = sizeof(struct update_options),
	.args_min = 1,
	.args_max = 1,
	.run = run,
};
