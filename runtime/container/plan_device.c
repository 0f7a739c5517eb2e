/* plan_device.c - the device nodes of a plan, and those made for a user namespace */
#include "runtime/container/plan_device.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "runtime/linux/dev.h"

static void add_device(struct plan *plan, const struct spec_device *device)
{
	for (size_t i = 0; i < plan->devices_len; i++)
		if (!strcmp(plan->devices[i].path, device->path)) {
			plan->devices[i] = *device;
			return;
		}
	plan->devices[plan->devices_len++] = *device;
}

/* The usual ones are the host's; what config.json lists is made by plan_device_make. */
static int open_host_nodes(struct plan *plan, struct arena *arena, struct error *err)
{
	plan->device_fds = arena_array(arena, plan->devices_len, sizeof(*plan->device_fds));
	for (size_t i = 0; i < plan->devices_len; i++)
		plan->device_fds[i] = -1;
	for (size_t i = 0; !plan->opens_late && i < plan->listed; i++) {
		const struct spec_device *device = &plan->devices[i];

		if (device->fileMode || device->uid || device->gid)
			continue;
		plan->device_fds[i] = dev_open_host(device, err);
		if (plan->device_fds[i] < 0)
			return plan->device_fds[i];
	}
	return 0;
}

/* Some put /dev/urandom over /dev/random: what is mounted there is the device (runc). */
static bool is_mounted(const struct plan *plan, const char *path)
{
	for (size_t i = 0; i < plan->mounts_len; i++)
		if (!strcmp(plan->mounts[i].spec->destination, path))
			return true;
	return false;
}

int plan_device_all(const struct spec_config *config, struct arena *arena, struct plan *plan,
		    struct error *err)
{
	size_t defaults_len, listed_len = config->linux ? config->linux->devices_len : 0;
	const struct spec_device *defaults = dev_defaults(&defaults_len);

	plan->devices = arena_array(arena, defaults_len + listed_len, sizeof(*plan->devices));
	for (size_t i = 0; i < defaults_len; i++)
		if (!is_mounted(plan, defaults[i].path))
			add_device(plan, &defaults[i]);
	plan->listed = plan->devices_len;
	for (size_t i = 0; i < listed_len; i++)
		add_device(plan, &config->linux->devices[i]);
	return plan->own & CLONE_NEWUSER ? open_host_nodes(plan, arena, err) : 0;
}

/* Return: the host's id, or -EINVAL where the map has none for it. */
static int64_t id_on_host(const struct spec_id_mapping *map, size_t len, const uint32_t *id)
{
	uint32_t inside = id ? *id : 0;

	for (size_t i = 0; i < len; i++)
		if (inside >= map[i].containerID && inside - map[i].containerID < map[i].size)
			return (int64_t)map[i].hostID + (inside - map[i].containerID);
	return -EINVAL;
}

enum { NODE_NAME_SIZE = sizeof("device-18446744073709551615") };

static void name_node(size_t number, char name[NODE_NAME_SIZE])
{
	snprintf(name, NODE_NAME_SIZE, "device-%zu", number);
}

static int make_device(struct plan *plan, const struct spec_linux *linux,
		       const struct spec_device *device, int dir, struct error *err)
{
	char name[NODE_NAME_SIZE];
	int64_t uid = id_on_host(linux->uidMappings, linux->uidMappings_len, device->uid);
	int64_t gid = id_on_host(linux->gidMappings, linux->gidMappings_len, device->gid);
	int r;

	/* A user namespace that is joined may have no maps in config.json. */
	if (!linux->uidMappings_len)
		return dev_open_host(device, err);
	if (uid < 0 || gid < 0)
		return error_set(err, EINVAL,
				 "config.json: /linux/devices: the owner of \"%s\" is in no map of "
				 "the user namespace",
				 device->path);
	name_node(plan->made, name);
	r = dev_make_detached(dir, name, device, (uid_t)uid, (gid_t)gid, err);
	if (r != -EPERM) {
		plan->made++;
		return r;
	}
	*err = (struct error){ 0 };
	return dev_open_host(device, err);
}

int plan_device_make(struct plan *plan, const struct spec_linux *linux, int dir, struct error *err)
{
	if (plan->opens_late)
		return 0;
	for (size_t i = 0; plan->device_fds && i < plan->devices_len; i++) {
		if (plan->device_fds[i] >= 0)
			continue;
		plan->device_fds[i] = make_device(plan, linux, &plan->devices[i], dir, err);
		if (plan->device_fds[i] < 0)
			return plan->device_fds[i];
	}
	return 0;
}

void plan_device_unlink(struct plan *plan, int dir)
{
	char name[NODE_NAME_SIZE];

	while (plan->made) {
		name_node(--plan->made, name);
		unlinkat(dir, name, 0);
	}
}

void plan_device_close(struct plan *plan)
{
	for (size_t i = 0; plan->device_fds && i < plan->devices_len; i++)
		fd_close(&plan->device_fds[i]);
}
