/* unit.c - the container's unit, where systemd makes its cgroup */
#include "runtime/container/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "base/proc.h"
#include "base/sys.h"
#include "runtime/cgroup/systemd_variant.h"

/* Of processes: from there on one more or less does not keep the container from being made. */
enum { SMALL_LIMIT = 3 };

static int open_bus(struct unit *unit, enum unit_bus wanted, bool *user, struct error *err)
{
	struct error cause = { 0 };
	int r;

	*user = wanted == UNIT_BUS_USER || (wanted == UNIT_BUS_AUTO && !proc_is_real_root());
	r = systemd_bus_open(*user, &unit->bus, &cause);
	/* A whole system may run in a user namespace, with a systemd of its own. */
	if (r == -ENOENT && wanted == UNIT_BUS_AUTO && *user && geteuid() == 0) {
		*user = false;
		r = systemd_bus_open(false, &unit->bus, NULL);
	}
	return r < 0 ? error_set(err, r, "%s", cause.text) : 0;
}

/*
 * What systemd would refuse to start is refused before it is written down that it is ours to be
 * stopped.
 */
static int check_unused(const struct unit *unit, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	char *state;
	int r = systemd_bus_read(unit->bus, unit->names.name, "Unit", "ActiveState", &arena, &state,
				 err);

	if (r < 0 || !strcmp(state, "inactive") || !strcmp(state, "failed"))
		return r;
	return error_set(err, EEXIST, "unit \"%s\" exists already: it is %s", unit->names.name,
			 state);
}

static int find_subgroup(struct unit *unit, const struct spec_config *config, struct error *err)
{
	static const char key[] = "run.oci.systemd.subgroup";
	const char *subgroup = spec_config_annotation(config, key);

	unit->subgroup = subgroup ? subgroup : "";
	if (path_has_dotdot(unit->subgroup) || *unit->subgroup == '/')
		return error_set(err, EINVAL, "config.json: /annotations/%s: \"%s\" is no name of "
				 "a cgroup in the unit's", key, subgroup);
	return 0;
}

static int plan_cgroup(struct unit *unit, const struct systemd_manager *manager, bool user,
		       const char *id, struct container *container, struct error *err)
{
	struct cgroup *cgroup = &container->cgroup;
	char *path = arena_printf(&container->arena, "%s%s/%s", manager->cgroup, unit->names.path,
				  unit->subgroup);
	int r = cgroup_plan(path, id, &container->arena, cgroup, err);

	if (r < 0)
		return r;
	if (!cgroup->len)
		return error_set(err, EOPNOTSUPP, "this host has no cgroups");
	unit->host.is_v2 = cgroup_is_pure_v2(cgroup);
	unit->host.version = manager->version;
	if (user && !unit->host.is_v2)
		return error_set(err, EOPNOTSUPP,
				 "cannot use rootless systemd cgroups manager on cgroup v1");
	cgroup->is_kept = true;
	return 0;
}

int unit_plan(struct unit *unit, const char *id, enum unit_bus bus, struct container *container,
	      struct error *err)
{
	const struct spec_config *config = &container->config;
	const char *path = config->linux ? config->linux->cgroupsPath : NULL;
	struct systemd_manager manager;
	struct spec_systemd *state;
	bool user;
	int r = open_bus(unit, bus, &user, err);

	if (r == 0)
		r = systemd_unit_find(path, id, user, &container->arena, &unit->names, err);
	if (r < 0)
		return r == -EINVAL ? error_context(err, "config.json: /linux/cgroupsPath") : r;
	r = find_subgroup(unit, config, err);
	if (r == 0)
		r = systemd_ask_manager(unit->bus, &container->arena, &manager, err);
	if (r == 0)
		r = check_unused(unit, err);
	if (r == 0)
		r = plan_cgroup(unit, &manager, user, id, container, err);
	if (r < 0)
		return r;
	state = arena_alloc(&container->arena, sizeof(*state));
	state->unit = unit->names.name;
	state->bus = arena_strdup(&container->arena, systemd_bus_address(unit->bus));
	container->state.systemd = state;
	return 0;
}

/* Return: the limits, in a copy with the quota as systemd rounds it; NULL for none. */
static struct spec_cpu *round_quota(struct spec_cpu *cpu, const uint64_t *period,
				    struct arena *arena)
{
	struct spec_cpu *copy;

	if (!cpu || !cpu->quota)
		return cpu;
	copy = arena_alloc(arena, sizeof(*copy));
	*copy = *cpu;
	copy->quota = arena_alloc(arena, sizeof(*copy->quota));
	*copy->quota = systemd_properties_round_quota(*cpu->quota, period ? *period : 0);
	return copy;
}

/* The limits of the config as they are while the placeholder is there, and as systemd rounds. */
static void make_resources(struct unit *unit, const struct spec_linux *linux, struct arena *arena)
{
	struct spec_resources *resources = &unit->resources;
	const int64_t *limit;

	if (linux && linux->resources)
		*resources = *linux->resources;
	limit = resources->pids ? resources->pids->limit : NULL;
	if (limit && *limit >= 0 && *limit <= SMALL_LIMIT) {
		resources->pids = arena_alloc(arena, sizeof(*resources->pids));
		resources->pids->limit = arena_alloc(arena, sizeof(*limit));
		/* 0 is taken for 1. */
		*resources->pids->limit = *limit ? *limit + 1 : 2;
		unit->is_crowded = true;
	}
	if (resources->cpu)
		resources->cpu = round_quota(resources->cpu, resources->cpu->period, arena);
}

static int make_properties(struct unit *unit, const struct container *container,
			   struct systemd_properties *properties, struct error *err)
{
	const struct spec_config *config = &container->config;
	int r;

	systemd_add_basics(&unit->names, container->state.id, unit->placeholder.pid,
			   unit->host.is_v2, properties);
	r = systemd_variant_annotations(config->annotations, config->annotations_len, properties,
					err);
	if (r < 0)
		return r;
	r = systemd_properties_limits(&unit->host, &unit->resources, properties, err);
	if (r == 0)
		r = systemd_properties_devices(unit->resources.devices, unit->resources.devices_len,
					       properties, err);
	return r < 0 ? error_context(err, "config.json") : 0;
}

/* Return: the hierarchy in which systemd looks for a unit's processes; NULL: none is known. */
static const struct cgroup_hierarchy *find_own(const struct cgroup *cgroup)
{
	const struct cgroup_hierarchy *found = NULL;

	for (size_t i = 0; i < cgroup->len; i++) {
		const struct cgroup_hierarchy *hierarchy = &cgroup->hierarchies[i];

		if (cgroup_is_v2(hierarchy))
			return hierarchy;
		if (!strcmp(hierarchy->controllers, "name=systemd"))
			found = hierarchy;
	}
	return found;
}

/* Limits in a cgroup that systemd does not know as the unit's would hold nobody. */
static int check_place(struct unit *unit, struct container *container, struct error *err)
{
	const struct cgroup_hierarchy *wanted = find_own(&container->cgroup), *actual;
	auto_cgroup struct cgroup cgroup = { 0 };
	const char *path;
	int r = cgroup_of_process(unit->placeholder.pid, &container->arena, &cgroup, err);

	if (r < 0)
		return r;
	actual = find_own(&cgroup);
	if (!wanted || !actual)
		return 0;
	path = path_join(&container->arena, actual->path, unit->subgroup);
	if (!strcmp(path, wanted->path))
		return 0;
	return error_set(err, EXDEV, "systemd has put unit \"%s\" into \"%s\" instead of \"%s\": "
			 "has it another cgroup namespace?", unit->names.name, path, wanted->path);
}

/*
 * A v2 cgroup hands controllers down only while no process is in itself: the placeholder goes where
 * the container will be.
 */
static int enter_subgroup(struct unit *unit, struct container *container, struct error *err)
{
	const struct cgroup_hierarchy *hierarchy = find_own(&container->cgroup);
	char *file, pid[16];
	int r;

	if (!*unit->subgroup || !hierarchy || !cgroup_is_v2(hierarchy))
		return 0;
	r = file_make_directories(hierarchy->path, 0755);
	if (r < 0)
		return error_errno(err, r, "make cgroup \"%s\"", hierarchy->path);
	snprintf(pid, sizeof(pid), "%d", (int)unit->placeholder.pid);
	file = path_join(&container->arena, hierarchy->path, "cgroup.procs");
	r = file_set_at(AT_FDCWD, file, pid);
	return r < 0 ? error_errno(err, r, "write \"%s\" to \"%s\"", pid, file) : 0;
}

static int start(struct unit *unit, struct container *container, struct error *err)
{
	struct systemd_properties properties = { .arena = &container->arena };
	int r = unit->names.is_slice ? 0 : placeholder_start(&unit->placeholder, err);

	make_resources(unit, container->config.linux, &container->arena);
	if (r == 0)
		r = make_properties(unit, container, &properties, err);
	return r < 0 ? r : systemd_start(unit->bus, &unit->names, &properties, err);
}

static int occupy(struct unit *unit, struct container *container, struct error *err)
{
	int r;

	if (unit->names.is_slice)
		return 0;
	r = check_place(unit, container, err);
	return r < 0 ? r : enter_subgroup(unit, container, err);
}

int unit_start(struct unit *unit, struct container *container, bool *stuck, struct error *err)
{
	int r = start(unit, container, err);
	/* Then it is another's. */
	bool may_stop = r != -EEXIST;

	if (r == 0)
		r = occupy(unit, container, err);
	if (r < 0) {
		placeholder_end(&unit->placeholder);
		*stuck = may_stop && systemd_stop(unit->bus, unit->names.name, NULL) < 0;
	}
	/* The container's process, which comes next, would have a copy. */
	systemd_bus_close(&unit->bus);
	return r;
}

const struct spec_resources *unit_resources(const struct unit *unit,
					    const struct spec_resources *resources)
{
	return unit->names.name && resources ? &unit->resources : resources;
}

static int set_properties(struct container *container, const struct spec_resources *resources,
			  bool devices, struct error *err)
{
	const struct spec_systemd *state = container->state.systemd;
	struct systemd_properties properties = { .arena = &container->arena };
	struct systemd_host host = { .is_v2 = cgroup_is_pure_v2(&container->cgroup) };
	auto_systemd_bus struct systemd_bus *bus = NULL;
	struct systemd_manager manager;
	int r = systemd_bus_open_address(state->bus, &bus, err);

	if (r == 0)
		r = systemd_ask_manager(bus, &container->arena, &manager, err);
	if (r < 0)
		return r;
	host.version = manager.version;
	r = systemd_properties_limits(&host, resources, &properties, err);
	if (r == 0 && devices)
		r = systemd_properties_devices(resources->devices, resources->devices_len,
					       &properties, err);
	return r == 0 ? systemd_set(bus, state->unit, &properties, err) : r;
}

/* Sets the limit of processes that the config has. */
static int lower_limit(struct container *container, struct error *err)
{
	struct spec_resources limit = { .pids = container->config.linux->resources->pids };
	int r = set_properties(container, &limit, false, err);

	return r < 0 ? r : cgroup_set_limits(&container->cgroup, &limit, NULL, err);
}

int unit_release(struct unit *unit, struct container *container, struct error *err)
{
	bool is_crowded = unit->is_crowded;

	placeholder_end(&unit->placeholder);
	unit->is_crowded = false;
	return is_crowded ? lower_limit(container, err) : 0;
}

void unit_round(const struct spec_resources *old, struct container *container,
		struct spec_resources *wanted)
{
	const uint64_t *period = wanted->cpu ? wanted->cpu->period : NULL;

	if (!period && old->cpu)
		period = old->cpu->period;
	if (container->state.systemd)
		wanted->cpu = round_quota(wanted->cpu, period, &container->arena);
}

int unit_update(struct container *container, const struct spec_resources *wanted, bool devices,
		struct error *err)
{
	struct spec_resources changed;

	if (!container->state.systemd)
		return 0;
	/* Members depend on each other: a quota on its period, swap on memory. */
	changed = *container->config.linux->resources;
	changed.memory = wanted->memory ? changed.memory : NULL;
	changed.cpu = wanted->cpu ? changed.cpu : NULL;
	changed.pids = wanted->pids ? changed.pids : NULL;
	changed.blockIO = wanted->blockIO ? changed.blockIO : NULL;
	changed.unified = wanted->unified;
	changed.unified_len = wanted->unified_len;
	return set_properties(container, &changed, devices, err);
}

/* Return: what of the container's cgroup is below that of its unit: "", "/payload". */
static const char *find_below(const struct container *container, struct arena *arena)
{
	const struct cgroup_hierarchy *hierarchy = find_own(&container->cgroup);
	const char *name = arena_printf(arena, "/%s", container->state.systemd->unit);
	const char *at = hierarchy ? strstr(hierarchy->path, name) : NULL;

	return at ? at + strlen(name) : "";
}

int unit_attach(const struct container *container, pid_t pid, struct error *err)
{
	const struct spec_systemd *state = container->state.systemd;
	auto_systemd_bus struct systemd_bus *bus = NULL;
	auto_arena struct arena arena = { 0 };
	int r = systemd_bus_open_address(state->bus, &bus, err);

	if (r < 0)
		return r;
	return systemd_attach(bus, state->unit, find_below(container, &arena), pid, err);
}

/*
 * A create may have been killed before it started its unit, and another may have one of that name
 * by now. Return: whether what runs is ours.
 */
static bool is_ours(struct systemd_bus *bus, const struct container *container)
{
	auto_arena struct arena arena = { 0 };
	char *description;

	return !container->cgroup.disowned ||
	       systemd_bus_read(bus, container->state.systemd->unit, "Unit", "Description", &arena,
				&description, NULL) < 0 ||
	       !strcmp(description, systemd_description(container->state.id, &arena));
}

int unit_stop(const struct container *container, struct error *err)
{
	const struct spec_systemd *state = container->state.systemd;
	auto_systemd_bus struct systemd_bus *bus = NULL;
	int r;

	if (!state)
		return 0;
	r = systemd_bus_open_address(state->bus, &bus, err);
	return r == 0 && is_ours(bus, container) ? systemd_stop(bus, state->unit, err) : r;
}

void unit_close(struct unit *unit)
{
	placeholder_end(&unit->placeholder);
	systemd_bus_close(&unit->bus);
}
