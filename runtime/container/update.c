/* update.c - changes the limits of a container that exists */
#include "runtime/container/update.h"

#include <errno.h>

#include "base/file.h"
#include "base/log.h"
#include "runtime/cgroup/systemd_bus.h"
#include "runtime/container/container.h"
#include "runtime/container/steps.h"
#include "runtime/container/store.h"
#include "runtime/container/unit.h"
#include "runtime/linux/rdt.h"

/* One update on its way. */
struct update {
	struct container *container;
	const struct update_request *request;
	struct spec_resources wanted, old; /* old: as recorded, zeros where nothing was */
	struct cgroup_undo limits;
	struct buf old_config;
	char *old_l3_cache_schema, *old_memory_bandwidth_schema;
};

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

/* cpu.idle of 0 brings the default weight, not the one that was there before it was 1. */
static void keep_shares(struct spec_resources *wanted, const struct spec_resources *old)
{
	static uint64_t normal = 1024;
	struct spec_cpu *cpu = wanted->cpu, *before = old->cpu;

	if (!cpu || !cpu->idle || *cpu->idle || cpu->shares)
		return;
	if (before && before->idle && *before->idle)
		cpu->shares = before->shares && *before->shares ? before->shares : &normal;
}

static int read_wanted(struct update *update, struct error *err)
{
	const struct update_request *request = update->request;
	struct container *container = update->container;
	const struct spec_linux *linux;
	int r = spec_resources_parse(request->name, request->text, request->len, &container->arena,
				     &update->wanted, err);

	if (r == 0)
		r = container_read_config(container, err);
	if (r < 0)
		return r;
	linux = container->config.linux;
	if (linux && linux->resources)
		update->old = *linux->resources;
	drop_zeros(&update->wanted);
	keep_swap(&update->wanted, &update->old);
	keep_shares(&update->wanted, &update->old);
	unit_round(&update->old, container, &update->wanted);
	return 0;
}

static int set_limits(void *context, struct error *err)
{
	struct update *update = context;
	int r = cgroup_set_limits(&update->container->cgroup, &update->wanted, &update->limits,
				  err);

	if (r < 0)
		cgroup_undo_limits(&update->limits);
	return r;
}

static void unset_limits(void *context)
{
	struct update *update = context;

	cgroup_undo_limits(&update->limits);
}

/*
 * Engines send all of a config's resources along: rules that are the same leave alone what a plugin
 * has done to the devices since.
 */
static bool has_new_rules(const struct update *update)
{
	const struct spec_resources *wanted = &update->wanted, *old = &update->old;

	return wanted->devices && !cgroup_same_devices(wanted->devices, wanted->devices_len,
						       old->devices, old->devices_len);
}

static void unset_devices(void *context)
{
	struct update *update = context;

	if (has_new_rules(update) &&
	    cgroup_set_devices(&update->container->cgroup, update->old.devices,
			       update->old.devices_len, NULL) < 0)
		log_warning("the device rules could not be set back");
}

static int set_devices(void *context, struct error *err)
{
	struct update *update = context;
	int r = 0;

	if (has_new_rules(update))
		r = cgroup_set_devices(&update->container->cgroup, update->wanted.devices,
				       update->wanted.devices_len, err);
	if (r < 0)
		unset_devices(update);
	return r;
}

static void unset_rdt(void *context)
{
	struct update *update = context;
	struct container *container = update->container;
	struct spec_intel_rdt old = {
		.l3CacheSchema = update->old_l3_cache_schema,
		.memBwSchema = update->old_memory_bandwidth_schema,
	};

	if ((old.l3CacheSchema || old.memBwSchema) &&
	    rdt_make(container->state.intelRdt, &old, NULL) < 0)
		log_warning("the schemata of resctrl could not be set back");
}

static int set_rdt(void *context, struct error *err)
{
	struct update *update = context;
	struct container *container = update->container;
	struct spec_intel_rdt *config = container->config.linux ?
						container->config.linux->intelRdt : NULL;
	struct spec_intel_rdt wanted = {
		.l3CacheSchema = (char *)update->request->l3_cache_schema,
		.memBwSchema = (char *)update->request->memory_bandwidth_schema,
	};
	int r;

	if (!wanted.l3CacheSchema && !wanted.memBwSchema)
		return 0;
	if (!container->state.intelRdt || !config)
		return error_set(err, EINVAL, "updating a non-existent Intel RDT configuration is "
					      "not supported");
	if (wanted.l3CacheSchema) {
		update->old_l3_cache_schema = config->l3CacheSchema;
		config->l3CacheSchema = wanted.l3CacheSchema;
	}
	if (wanted.memBwSchema) {
		update->old_memory_bandwidth_schema = config->memBwSchema;
		config->memBwSchema = wanted.memBwSchema;
	}
	r = rdt_make(container->state.intelRdt, &wanted, err);
	if (r < 0)
		unset_rdt(update);
	return r;
}

static void unrecord(void *context)
{
	struct update *update = context;
	const struct buf *text = &update->old_config;

	if (file_replace_at(update->container->entry, store_config_file, text->data, text->len,
			    0600) < 0)
		log_warning("the record of the limits could not be set back");
}

/* What is recorded is what later updates, and the next reader of the container, go by. */
static int record(void *context, struct error *err)
{
	struct update *update = context;
	struct container *container = update->container;
	struct spec_config *config = &container->config;
	int r = file_read_at(container->entry, store_config_file, CONTAINER_CONFIG_SIZE_MAX,
			     &update->old_config);

	if (r < 0)
		return error_errno(err, r, "read %s in the state directory", store_config_file);
	if (!config->linux)
		config->linux = arena_alloc(&container->arena, sizeof(*config->linux));
	if (!config->linux->resources)
		config->linux->resources = arena_alloc(&container->arena,
						       sizeof(*config->linux->resources));
	spec_resources_merge(config->linux->resources, &update->wanted, &container->arena);
	return container_write_config(container, err);
}

/* systemd sets all or none of its properties, so that this has no undo and comes last. */
static int set_unit(void *context, struct error *err)
{
	struct update *update = context;

	return unit_update(update->container, &update->wanted, has_new_rules(update), err);
}

/* All or nothing: what a step has done is undone where a later one fails. */
static const struct step update_steps[] = {
	{ "set limits", true, set_limits, unset_limits },
	{ "set device rules", true, set_devices, unset_devices },
	{ "set schemata", true, set_rdt, unset_rdt },
	{ "record limits", true, record, unrecord },
	{ "set properties of the unit", true, set_unit, NULL },
};

static int run_steps(struct update *update, struct error *err)
{
	int r = update->container->state.systemd ? systemd_bus_load(err) : 0;

	if (r == 0)
		r = container_open_cgroup(update->container, err);
	if (r == 0)
		r = read_wanted(update, err);
	if (r < 0)
		return r;
	if (!update->container->cgroup.len)
		return error_set(err, EOPNOTSUPP, "the container has no cgroup");
	return steps_run(update_steps, sizeof(update_steps) / sizeof(*update_steps), update, err);
}

int update_run(int store, const char *id, const struct update_request *request, struct error *err)
{
	auto_container struct container container = CONTAINER_NONE;
	struct update update = { .container = &container, .request = request };
	int r = container_open(store, id, true, &container, err);

	if (r < 0)
		return r;
	if (container.state.status == SPEC_STATUS_STOPPED)
		return error_set(err, ESRCH, "container not running");
	r = run_steps(&update, err);
	cgroup_undo_free(&update.limits);
	buf_free(&update.old_config);
	return r;
}
