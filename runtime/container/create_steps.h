/* create_steps.h - the steps of a container's making: what they share, and who has which */
#pragma once
#include "runtime/container/aside.h"
#include "runtime/container/create.h"
#include "runtime/container/filter.h"
#include "runtime/container/hooks.h"
#include "runtime/container/network.h"
#include "runtime/container/plan.h"
#include "runtime/net/devices.h"

struct create {
	const struct create_request *request;
	struct container *container;
	struct serve *serve;
	struct plan plan;
	struct aside aside;
	struct seccomp_filter filter;
	struct buf config_text;
	struct network network;
	struct devices devices;
	struct hooks_output hooks_output;
	struct unit unit;
	int gate;
	bool has_stuck_cgroup; /* its removal has failed: `delete --force` needs the state for it */
};

/* Each is a "run" or an "undo" of steps.h, with a struct create for context. */

/* create_state.c: what is on disk. */
int create_make_state(void *context, struct error *err);
void create_remove_state(void *context);
int create_make_notify_socket(void *context, struct error *err);
int create_make_devices(void *context, struct error *err);

/* create_cgroup.c: what bounds its processes. */
int create_start_unit(void *context, struct error *err);
void create_stop_unit(void *context);
int create_make_cgroup(void *context, struct error *err);
void create_remove_cgroup(void *context);
int create_plan_cgroup_mounts(void *context, struct error *err);
int create_make_resctrl(void *context, struct error *err);
void create_remove_resctrl(void *context);
int create_enter_resctrl(void *context, struct error *err);

/* create_network.c: what connects it. Its process awaits SYNC_NETWORK where that is said. */
bool create_awaits_network(const struct create *create);
int create_plan_network(void *context, struct error *err);
int create_begin_netns(void *context, struct error *err);
void create_abandon_netns(void *context);
int create_take_netns(void *context, struct error *err);
int create_reserve_network(void *context, struct error *err);
void create_release_network(void *context);
int create_move_devices(void *context, struct error *err);
void create_return_devices(void *context);
int create_connect(void *context, struct error *err);
void create_disconnect(void *context);

/* create_process.c: its first process, and the conversation with it. */
int create_clone_init(void *context, struct error *err);
void create_kill_init(void *context);
int create_place(void *context, struct error *err);
int create_set_up(void *context, struct error *err);
int create_finish(void *context, struct error *err);
