/* create_network.c - the steps of create that connect the container */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/path.h"
#include "base/sys.h"
#include "runtime/container/create_steps.h"
#include "runtime/container/sync.h"
#include "runtime/container/user_network.h"
#include "runtime/linux/self_exe.h"
#include "runtime/net/netlink.h"

static bool has_devices(const struct create *create)
{
	const struct spec_linux *linux = create->container->config.linux;

	return linux && linux->netDevices_len;
}

bool create_awaits_network(const struct create *create)
{
	return create->network.spec.len || has_devices(create);
}

int create_plan_network(void *context, struct error *err)
{
	struct create *create = context;
	const struct plan *plan = &create->plan;
	int r;

	if (has_devices(create) && !(plan->own & CLONE_NEWNET))
		return error_set(err, EINVAL,
				 "config.json: /linux/netDevices: needs a network namespace of its "
				 "own in /linux/namespaces");
	r = has_devices(create) ? netlink_load(err) : 0;
	if (r < 0)
		return r;
	r = network_plan(create->container, plan->namespaces & CLONE_NEWNET, &create->network, err);
	if (r < 0)
		return r;
	return user_network_check(&create->container->config, plan->namespaces & CLONE_NEWNET, err);
}

/*
 * One that the container's user namespace shall own is made in that, by the birth of its process.
 * Programs of users find theirs by the process's id.
 */
static bool can_begin_netns(const struct create *create)
{
	const struct plan *plan = &create->plan;

	return (plan->namespaces & CLONE_NEWNET) && !(plan->own & CLONE_NEWUSER) &&
	       !plan_joins_first(plan) && !user_network_is_wanted(&create->container->config);
}

int create_begin_netns(void *context, struct error *err)
{
	struct create *create = context;

	(void)err;
	if (can_begin_netns(create))
		aside_start(&create->aside);
	return 0;
}

void create_abandon_netns(void *context)
{
	struct create *create = context;

	aside_abandon(&create->aside);
}

int create_take_netns(void *context, struct error *err)
{
	struct create *create = context;
	int netns;

	/* The kernel lets it wait, as well as what is waited for next. */
	self_exe_finish();
	netns = aside_finish(&create->aside, err);
	if (netns >= 0)
		plan_add_made(&create->plan, CLONE_NEWNET, netns);
	return netns < 0 && netns != -ENOENT ? netns : 0;
}

/* What config.json mounts there itself is what the container shall have. */
static int bind_file(struct create *create, const char *source, const char *destination,
		     struct error *err)
{
	static char *options[] = { "bind", "ro", "nosuid", "nodev", "noexec", NULL };
	struct arena *arena = &create->container->arena;

	if (!source || !(create->plan.own & CLONE_NEWNS))
		return 0;
	for (size_t i = 0; i < create->plan.mounts_len; i++) {
		const char *taken = create->plan.mounts[i].spec->destination;

		if (!strcmp(path_join(arena, "/", taken), destination))
			return 0;
	}
	return plan_add_bind(&create->plan, source, destination, options, arena, err);
}

int create_reserve_network(void *context, struct error *err)
{
	struct create *create = context;
	struct network *network = &create->network;
	int r = network_reserve(network, create->container, err);

	if (r == 0)
		r = bind_file(create, network->hosts, "/etc/hosts", err);
	if (r == 0)
		r = bind_file(create, network->resolver, "/etc/resolv.conf", err);
	if (r < 0)
		create_release_network(create);
	return r;
}

void create_release_network(void *context)
{
	struct create *create = context;
	struct error cause = { 0 };

	if (network_release(create->container, &cause) < 0)
		log_warning("the container's network is left: %s", cause.text);
}

/* That of the process, which it may be about to join only. Return: a descriptor or -errno. */
static int open_netns(const struct create *create, struct error *err)
{
	const struct plan *plan = &create->plan;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", create->serve->pid);
	for (size_t i = 0; i < plan->joined_len; i++)
		if (plan->joined[i].type == CLONE_NEWNET)
			snprintf(path, sizeof(path), "/proc/self/fd/%d", plan->joined[i].fd);
	fd = sys_open(path, O_RDONLY | O_CLOEXEC, 0);
	return fd < 0 ? error_errno(err, fd, "open the container's network namespace") : fd;
}

int create_move_devices(void *context, struct error *err)
{
	struct create *create = context;
	struct spec_net_device *devices;
	size_t len;
	int netns;

	network_list_devices(&create->network, create->container, &devices, &len);
	if (!len)
		return 0;
	netns = open_netns(create, err);
	return netns < 0 ? netns : devices_move(&create->devices, devices, len, netns, err);
}

void create_return_devices(void *context)
{
	struct create *create = context;

	devices_return(&create->devices);
}

static int connect_links(struct create *create, struct error *err)
{
	auto_close int netns = -1;

	if (!create->network.spec.len)
		return 0;
	netns = open_netns(create, err);
	return netns < 0 ? netns :
			   network_connect(&create->network, create->container, netns, err);
}

int create_connect(void *context, struct error *err)
{
	struct create *create = context;
	int r = connect_links(create, err);

	if (r == 0)
		r = user_network_start(create->container, create->serve->pid, err);
	/* Where nobody hears it, the process's error is next. */
	if (r == 0 && create_awaits_network(create))
		sync_send(create->serve->sync, SYNC_NETWORK, 0, NULL, -1);
	return r;
}

void create_disconnect(void *context)
{
	struct create *create = context;

	user_network_stop(create->container, NULL);
}
