/* update.c - changes the limits of a container that exists */
#include "runtime/container/update.h"

#include <errno.h>

#include "base/log.h"
#include "runtime/container/container.h"
#include "runtime/container/store.h"
#include "runtime/linux/rdt.h"

/* Zero is what docker sends for a limit that is not to be changed. */
#define DROP_ZERO(number) ((number) = (number) && !*(number) ? NULL : (number))

static void drop_zeros(struct spec_resources *resources)
{
	struct spec_memory *memory = resources->memory;
	struct spec_cpu *cpu = resources->cpu;

	if (memory) {
		DROP_ZERO(memory->limit);
		DROP_ZERO(memory->reservation);
		DROP_ZERO(memory->swap);
		DROP_ZERO(memory->kernel);
		DROP_ZERO(memory->kernelTCP);
	}
	if (cpu) {
		DROP_ZERO(cpu->shares);
		DROP_ZERO(cpu->quota);
		DROP_ZERO(cpu->period);
		DROP_ZERO(cpu->realtimeRuntime);
		DROP_ZERO(cpu->realtimePeriod);
	}
	if (resources->blockIO)
		DROP_ZERO(resources->blockIO->weight);
}

/*
 * memory.swap.max of v2 is without memory: it changes when only the memory limit does. With memory
 * unlimited, both together are as well.
 */
static void keep_swap(struct spec_resources *wanted, const struct spec_resources *old)
{
	struct spec_memory *memory = wanted->memory;

	if (!memory || !memory->limit || memory->swap)
		return;
	if (*memory->limit < 0)
		memory->swap = memory->limit;
	else if (old->memory && old->memory->swap && *old->memory->swap > 0)
		memory->swap = old->memory->swap;
}

static int read_wanted(const struct update_request *request, struct arena *arena,
		       struct spec_resources *wanted, struct error *err)
{
	int r = spec_resources_parse(request->name, request->text, request->len, arena, wanted,
				     err);

	if (r < 0)
		return r;
	if (wanted->devices_len)
		log_debug("update: device rules are not changed");
	wanted->devices_len = 0;
	drop_zeros(wanted);
	return 0;
}

/* What holds where a config says nothing, for the members that are to be changed. */
static void find_defaults(const struct spec_resources *wanted, struct arena *arena,
			  struct spec_resources *defaults)
{
	static int64_t unlimited = -1, normal = 0;
	static uint64_t shares = 1024;
	const struct spec_memory *memory = wanted->memory;
	const struct spec_cpu *cpu = wanted->cpu;

	if (memory) {
		defaults->memory = arena_alloc(arena, sizeof(*memory));
		defaults->memory->limit = memory->limit ? &unlimited : NULL;
		defaults->memory->reservation = memory->reservation ? &unlimited : NULL;
		defaults->memory->swap = memory->swap ? &unlimited : NULL;
	}
	if (cpu) {
		defaults->cpu = arena_alloc(arena, sizeof(*cpu));
		defaults->cpu->quota = cpu->quota ? &unlimited : NULL;
		defaults->cpu->shares = cpu->shares ? &shares : NULL;
		defaults->cpu->idle = cpu->idle ? &normal : NULL;
	}
	if (wanted->pids) {
		defaults->pids = arena_alloc(arena, sizeof(*defaults->pids));
		defaults->pids->limit = unlimited;
	}
}

/* old: read anew by every caller, as merging shares objects. Return: 0 or -errno. */
static int read_old(struct container *container, struct spec_resources *old, struct error *err)
{
	int r = container_read_config(container, err);

	if (r == 0 && container->config.linux && container->config.linux->resources)
		*old = *container->config.linux->resources;
	return r;
}

static void set_back(struct container *container, const struct spec_resources *wanted)
{
	struct spec_resources defaults = { 0 }, old = { 0 };

	find_defaults(wanted, &container->arena, &defaults);
	if (read_old(container, &old, NULL) < 0)
		return;
	old.devices_len = 0;
	spec_resources_merge(&defaults, &old, &container->arena);
	if (cgroup_set_limits(&container->cgroup, &defaults, NULL) < 0)
		log_warning("update: not all limits could be set back");
}

static int update_rdt(struct container *container, const struct update_request *request,
		      struct error *err)
{
	struct spec_intel_rdt *config = container->config.linux ?
						container->config.linux->intelRdt : NULL;
	struct spec_intel_rdt wanted = {
		.l3CacheSchema = (char *)request->l3_cache_schema,
		.memBwSchema = (char *)request->memory_bandwidth_schema,
	};
	int r;

	if (!wanted.l3CacheSchema && !wanted.memBwSchema)
		return 0;
	if (!container->state.intelRdt || !config)
		return error_set(err, EINVAL, "updating a non-existent Intel RDT configuration is "
					      "not supported");
	r = rdt_make(container->state.intelRdt, &wanted, err);
	if (r < 0)
		return r;
	if (wanted.l3CacheSchema)
		config->l3CacheSchema = wanted.l3CacheSchema;
	if (wanted.memBwSchema)
		config->memBwSchema = wanted.memBwSchema;
	return 0;
}

/* What is recorded is what later updates, and the next reader of the container, go by. */
static int record(struct container *container, const struct spec_resources *wanted,
		  struct error *err)
{
	struct spec_config *config = &container->config;

	if (!config->linux)
		config->linux = arena_alloc(&container->arena, sizeof(*config->linux));
	if (!config->linux->resources)
		config->linux->resources = arena_alloc(&container->arena,
						       sizeof(*config->linux->resources));
	spec_resources_merge(config->linux->resources, wanted, &container->arena);
	return container_write_config(container, err);
}

static int update(struct container *container, const struct update_request *request,
		  struct error *err)
{
	struct spec_resources wanted = { 0 }, old = { 0 };
	int r = read_wanted(request, &container->arena, &wanted, err);

	if (r == 0)
		r = read_old(container, &old, err);
	if (r == 0)
		r = container_open_cgroup(container, err);
	if (r < 0)
		return r;
	if (!container->cgroup.len)
		return error_set(err, EOPNOTSUPP, "the container has no cgroup");
	keep_swap(&wanted, &old);
	r = cgroup_set_limits(&container->cgroup, &wanted, err);
	if (r == 0)
		r = update_rdt(container, request, err);
	if (r == 0)
		r = record(container, &wanted, err);
	if (r < 0)
		set_back(container, &wanted);
	return r;
}

int update_run(int store, const char *id, const struct update_request *request, struct error *err)
{
	auto_container struct container container = CONTAINER_NONE;
	int r = container_open(store, id, true, &container, err);

	if (r < 0)
		return r;
	if (container.state.status == SPEC_STATUS_STOPPED)
		return error_set(err, ESRCH, "container not running");
	return update(&container, request, err);
}
