# runtime/container/local.mk - what happens, in which order

runtime_libruntime_a_SOURCES += \
	runtime/container/aside.c runtime/container/aside.h \
	runtime/container/bundle.c runtime/container/bundle.h \
	runtime/container/census.c runtime/container/census.h \
	runtime/container/container.c runtime/container/container.h \
	runtime/container/create.c runtime/container/create.h \
	runtime/container/create_cgroup.c \
	runtime/container/create_network.c \
	runtime/container/create_process.c \
	runtime/container/create_state.c runtime/container/create_steps.h \
	runtime/container/delete.c runtime/container/delete.h \
	runtime/container/environment.c runtime/container/environment.h \
	runtime/container/exec.c runtime/container/exec.h \
	runtime/container/exec_spec.c runtime/container/exec_spec.h \
	runtime/container/filter.c runtime/container/filter.h \
	runtime/container/filter_cache.c runtime/container/filter_cache.h \
	runtime/container/gate.c runtime/container/gate.h \
	runtime/container/hooks.c runtime/container/hooks.h \
	runtime/container/hooks_output.c runtime/container/hooks_output.h \
	runtime/container/init.c runtime/container/init.h \
	runtime/container/kill.c runtime/container/kill.h \
	runtime/container/launch.c runtime/container/launch.h \
	runtime/container/mounts.c runtime/container/mounts.h \
	runtime/container/network.c runtime/container/network.h \
	runtime/container/network_link.c \
	runtime/container/network_release.c \
	runtime/container/network_state.c runtime/container/network_state.h \
	runtime/container/notify_socket.c runtime/container/notify_socket.h \
	runtime/container/pause.c runtime/container/pause.h \
	runtime/container/plan.c runtime/container/plan.h \
	runtime/container/plan_cgroup.c runtime/container/plan_cgroup.h \
	runtime/container/plan_device.c runtime/container/plan_device.h \
	runtime/container/plan_idmap.c runtime/container/plan_idmap.h \
	runtime/container/plan_late.c runtime/container/plan_late.h \
	runtime/container/plan_mount.c runtime/container/plan_mount.h \
	runtime/container/process.c runtime/container/process.h \
	runtime/container/rebirth.c runtime/container/rebirth.h \
	runtime/container/resctrl.c runtime/container/resctrl.h \
	runtime/container/serve.c runtime/container/serve.h \
	runtime/container/start.c runtime/container/start.h \
	runtime/container/steps.c runtime/container/steps.h \
	runtime/container/store.c runtime/container/store.h \
	runtime/container/sync.c runtime/container/sync.h \
	runtime/container/unit.c runtime/container/unit.h \
	runtime/container/update.c runtime/container/update.h \
	runtime/container/usage.c runtime/container/usage.h \
	runtime/container/user_network.c runtime/container/user_network.h \
	runtime/container/wait.c runtime/container/wait.h
