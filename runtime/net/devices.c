/* devices.c - network devices of the host that become the container's */
#include "runtime/net/devices.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/sys.h"

static int open_namespaces(struct devices *devices, int netns, struct error *err)
{
	int r;

	devices->netns = netns;
	devices->own_netns = sys_open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC, 0);
	if (devices->own_netns < 0)
		return error_errno(err, devices->own_netns, "open /proc/self/ns/net");
	r = rtnl_open(&devices->outside, err);
	if (r == 0)
		r = rtnl_open_in(&devices->inside, netns, devices->own_netns, err);
	if (r < 0)
		return r;
	rtnl_want_words(&devices->outside);
	rtnl_want_words(&devices->inside);
	return 0;
}

/*
 * The kernel would fill the number in, too, but then nobody knows how the device is called.
 * Return: 0; -EEXIST; -ENAMETOOLONG; -errno of netlink(7).
 */
static int choose_name(struct devices *devices, const char *wanted, char name[IF_NAMESIZE],
		       struct error *err)
{
	const char *number = strstr(wanted, "%d");
	struct link_state state;
	int r = 0;

	if (strchr(wanted, '%') && (!number || strchr(wanted, '%') != strrchr(wanted, '%')))
		return error_set(err, EINVAL, "the name \"%s\" can have one \"%%d\", and no other "
					      "\"%%\"", wanted);
	for (unsigned int i = 0; r == 0; i++) {
		int len = number ? snprintf(name, IF_NAMESIZE, "%.*s%u%s", (int)(number - wanted),
					    wanted, i, number + 2) :
				   snprintf(name, IF_NAMESIZE, "%s", wanted);

		if (len >= IF_NAMESIZE)
			return error_set(err, ENAMETOOLONG,
					 "\"%s\" with a number in it is longer than 15 bytes",
					 wanted);
		r = link_find(&devices->inside, name, &state, err);
		if (r == 0 && !number)
			return error_set(err, EEXIST,
					 "the container's network namespace already has a device "
					 "\"%s\"",
					 name);
	}
	return r == -ENODEV ? 0 : r;
}

static int explain_find(int num, const char *name, struct error *err)
{
	if (num == -ENODEV)
		return error_set(err, num, "there is no network device \"%s\" to be moved", name);
	return error_context(err, "look for it");
}

static int explain_move(int num, struct error *err)
{
	return error_context(err, num == -EINVAL ?
					  "it cannot leave its network namespace, as no loopback "
					  "and no bridge can" :
					  "move it into the container's network namespace");
}

/* Where it has been moved, but not been given its name, it comes back by the name that it had. */
static void undo_half_move(struct devices *devices, const struct devices_moved *device)
{
	const char *name = device->spec->device;
	struct link_state state;

	if (link_find(&devices->outside, name, &state, NULL) == -ENODEV &&
	    link_find(&devices->inside, name, &state, NULL) == 0)
		link_move(&devices->inside, state.index, devices->own_netns, name, NULL);
}

static int dress(struct devices *devices, const struct devices_moved *device, struct error *err)
{
	struct link_state state;
	int r = link_find(&devices->inside, device->name, &state, err);

	if (r == 0)
		r = address_add_all(&devices->inside, state.index, device->addresses, err);
	return r < 0 ? r : link_set_up(&devices->inside, state.index, err);
}

static int move_one(struct devices *devices, struct devices_moved *device, struct error *err)
{
	const struct spec_net_device *spec = device->spec;
	int r = link_find(&devices->outside, spec->device, &device->before, err);

	if (r < 0)
		return explain_find(r, spec->device, err);
	r = address_list(&devices->outside, device->before.index, &devices->arena,
			 &device->addresses, err);
	if (r == 0)
		r = choose_name(devices, spec->name ? spec->name : spec->device, device->name, err);
	if (r < 0)
		return r;
	r = link_move(&devices->outside, device->before.index, devices->netns, device->name, err);
	if (r < 0) {
		undo_half_move(devices, device);
		return explain_move(r, err);
	}
	devices->moved_len++;
	return dress(devices, device, err);
}

int devices_move(struct devices *devices, const struct spec_net_device *specs, size_t len,
		 int netns, struct error *err)
{
	int r = open_namespaces(devices, netns, err);

	devices->moved = arena_array(&devices->arena, len, sizeof(*devices->moved));
	for (size_t i = 0; r == 0 && i < len; i++) {
		devices->moved[i].spec = &specs[i];
		r = move_one(devices, &devices->moved[i], err);
		if (r < 0)
			error_context(err, "config.json: /linux/netDevices/%s", specs[i].device);
	}
	if (r < 0)
		devices_return(devices);
	return r;
}

/* The kernel is asked by its new index: another device may have taken the old one meanwhile. */
static int undress(struct devices *devices, const struct devices_moved *device, struct error *err)
{
	struct link_state state;
	int r = link_find(&devices->outside, device->spec->device, &state, err);

	if (r == 0 && device->before.master)
		r = link_set_master(&devices->outside, state.index, device->before.master, err);
	if (r == 0)
		r = address_add_all(&devices->outside, state.index, device->addresses, err);
	if (r == 0 && device->before.is_up)
		r = link_set_up(&devices->outside, state.index, err);
	return r;
}

static int return_one(struct devices *devices, const struct devices_moved *device,
		      struct error *err)
{
	struct link_state state;
	int r = link_find(&devices->inside, device->name, &state, err);

	if (r == 0)
		r = link_move(&devices->inside, state.index, devices->own_netns,
			      device->spec->device, err);
	return r < 0 ? r : undress(devices, device, err);
}

void devices_return(struct devices *devices)
{
	while (devices->moved_len > 0) {
		const struct devices_moved *device = &devices->moved[--devices->moved_len];
		struct error err = { 0 };

		if (return_one(devices, device, &err) < 0)
			log_warning("network device \"%s\" is not back as it was: %s",
				    device->spec->device, err.text);
	}
	devices_close(devices);
}

void devices_close(struct devices *devices)
{
	rtnl_close(&devices->inside);
	rtnl_close(&devices->outside);
	fd_close(&devices->own_netns);
	fd_close(&devices->netns);
	arena_free(&devices->arena);
	devices->moved_len = 0;
}
