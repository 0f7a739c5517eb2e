/* systemd.c - the container's unit of systemd: started, changed, stopped */
#include "runtime/cgroup/systemd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "base/log.h"

int systemd_ask_manager(struct systemd_bus *bus, struct arena *arena,
			struct systemd_manager *manager, struct error *err)
{
	struct systemd_manager found = { 0 };
	char *version;
	int r = systemd_bus_read(bus, NULL, "Manager", "ControlGroup", arena, &found.cgroup, err);

	if (r == 0)
		r = systemd_bus_read(bus, NULL, "Manager", "Version", arena, &version, err);
	if (r < 0)
		return r;
	/* "/" and "" are the root, by version. */
	if (!strcmp(found.cgroup, "/"))
		found.cgroup = "";
	/* "252.39-1~deb12u2", "v245.4-1.fc32" */
	version += strcspn(version, "0123456789");
	found.version = (unsigned int)strtoul(version, NULL, 10);
	*manager = found;
	return 0;
}

static struct systemd_value list_of_one(struct arena *arena, const char *signature,
					struct systemd_value item)
{
	struct systemd_value list = systemd_value_container(arena, signature, 1);

	list.items[0] = item;
	return list;
}

char *systemd_description(const char *id, struct arena *arena)
{
	return arena_printf(arena, "gocker container %s", id);
}

void systemd_add_basics(const struct systemd_unit *unit, const char *id, pid_t pid, bool is_v2,
			struct systemd_properties *properties)
{
	const char *const accounting[] = {
		"MemoryAccounting", "CPUAccounting", "TasksAccounting",
		is_v2 ? "IOAccounting" : "BlockIOAccounting",
	};
	struct arena *arena = properties->arena;
	struct systemd_value slice = systemd_value_string(unit->slice);

	systemd_properties_add(properties, "Description",
			       systemd_value_string(systemd_description(id, arena)));
	if (unit->is_slice) {
		systemd_properties_add(properties, "Wants", list_of_one(arena, "as", slice));
	} else {
		systemd_properties_add(properties, "Slice", slice);
		systemd_properties_add(properties, "Delegate", systemd_value_bool(true));
		systemd_properties_add(properties, "PIDs",
				       list_of_one(arena, "au", systemd_value_u32((uint32_t)pid)));
	}
	for (size_t i = 0; i < sizeof(accounting) / sizeof(*accounting); i++)
		systemd_properties_add(properties, accounting[i], systemd_value_bool(true));
	systemd_properties_add(properties, "DefaultDependencies", systemd_value_bool(false));
}

/* The properties as an argument, "a(sv)". */
static struct systemd_value argument(const struct systemd_properties *properties)
{
	struct arena *arena = properties->arena;
	struct systemd_value list = systemd_value_container(arena, "a(sv)", properties->len);

	for (size_t i = 0; i < properties->len; i++) {
		list.items[i] = systemd_value_container(arena, "(sv)", 2);
		list.items[i].items[0] = systemd_value_string(properties->rows[i].name);
		list.items[i].items[1] = list_of_one(arena, "v", properties->rows[i].value);
	}
	return list;
}

static void log_properties(const char *unit, const struct systemd_properties *properties)
{
	for (size_t i = 0; i < properties->len; i++) {
		auto_buf struct buf text = { 0 };

		systemd_value_print(&properties->rows[i].value, &text);
		log_debug("unit \"%s\": %s=%s", unit, properties->rows[i].name, text.data);
	}
}

static int reset_failed(struct systemd_bus *bus, const char *unit, struct error *err)
{
	const struct systemd_value name = systemd_value_string(unit);

	return systemd_bus_call(bus, "ResetFailedUnit", &name, 1, NULL, NULL, err);
}

/* In the words of runc; why a job has failed is in the unit's own result. */
static int explain_job(struct systemd_bus *bus, const struct systemd_unit *unit, const char *result,
		       struct error *err)
{
	auto_arena struct arena arena = { 0 };
	char *cause = NULL;

	systemd_bus_read(bus, unit->name, unit->is_slice ? "Slice" : "Scope", "Result", &arena,
			 &cause, NULL);
	return error_set(err, EIO, "error creating systemd unit `%s`: got `%s`%s%s", unit->name,
			 result, cause ? ", its result is " : "", cause ? cause : "");
}

/* Makes the job and waits for it. Return: 0 with the result, or -errno. */
static int run_job(struct systemd_bus *bus, const char *method, const struct systemd_value *args,
		   size_t args_len, struct arena *arena, char **result, struct error *err)
{
	char *job;
	int r = systemd_bus_call(bus, method, args, args_len, arena, &job, err);

	return r < 0 ? r : systemd_bus_await_job(bus, job, arena, result, err);
}

int systemd_start(struct systemd_bus *bus, const struct systemd_unit *unit,
		  const struct systemd_properties *properties, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	const struct systemd_value args[] = {
		systemd_value_string(unit->name),
		systemd_value_string("replace"),
		argument(properties),
		systemd_value_container(&arena, "a(sa(sv))", 0), /* no other units */
	};
	char *result;
	int r = systemd_bus_watch_jobs(bus, err);

	log_properties(unit->name, properties);
	if (r == 0)
		r = run_job(bus, "StartTransientUnit", args, 4, &arena, &result, err);
	/* One that has failed keeps its name. */
	if (r == -EEXIST && reset_failed(bus, unit->name, NULL) == 0)
		r = run_job(bus, "StartTransientUnit", args, 4, &arena, &result, err);
	if (r < 0)
		return error_context(err, "start unit \"%s\"", unit->name);
	return strcmp(result, "done") == 0 ? 0 : explain_job(bus, unit, result, err);
}

int systemd_set(struct systemd_bus *bus, const char *unit,
		const struct systemd_properties *properties, struct error *err)
{
	const struct systemd_value args[] = {
		systemd_value_string(unit),
		systemd_value_bool(true), /* until it ends */
		argument(properties),
	};
	int r;

	log_properties(unit, properties);
	r = properties->len ? systemd_bus_call(bus, "SetUnitProperties", args, 3, NULL, NULL, err) :
			      0;
	return r < 0 ? error_context(err, "set properties of unit \"%s\"", unit) : 0;
}

int systemd_attach(struct systemd_bus *bus, const char *unit, const char *subgroup, pid_t pid,
		   struct error *err)
{
	auto_arena struct arena arena = { 0 };
	const struct systemd_value args[] = {
		systemd_value_string(unit),
		systemd_value_string(subgroup),
		list_of_one(&arena, "au", systemd_value_u32((uint32_t)pid)),
	};
	int r = systemd_bus_call(bus, "AttachProcessesToUnit", args, 3, NULL, NULL, err);

	return r < 0 ? error_context(err, "move a process to unit \"%s\"", unit) : 0;
}

int systemd_stop(struct systemd_bus *bus, const char *unit, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	const struct systemd_value args[] = {
		systemd_value_string(unit),
		systemd_value_string("replace"),
	};
	struct error cause = { 0 };
	char *result = "done";
	int r = systemd_bus_watch_jobs(bus, err);

	if (r == 0)
		r = run_job(bus, "StopUnit", args, 2, &arena, &result, &cause);
	if (r < 0 && r != -ENOENT)
		return error_set(err, r, "stop unit \"%s\": %s", unit, cause.text);
	if (r == 0 && strcmp(result, "done") != 0)
		log_warning("stop unit \"%s\": its job has ended with \"%s\"", unit, result);
	/* Where it has not failed there is nothing of it any more, and that is an error. */
	reset_failed(bus, unit, NULL);
	return 0;
}
