# runtime/cgroup/local.mk - the container's cgroup

runtime_libruntime_a_SOURCES += \
	runtime/cgroup/cgroup.c runtime/cgroup/cgroup.h \
	runtime/cgroup/cgroup_claim.c \
	runtime/cgroup/cgroup_controllers.c runtime/cgroup/controllers.h \
	runtime/cgroup/cgroup_devices.c \
	runtime/cgroup/cgroup_exhausted.c \
	runtime/cgroup/cgroup_freezer.c runtime/cgroup/freezer.h \
	runtime/cgroup/cgroup_plan.c \
	runtime/cgroup/cgroup_procs.c runtime/cgroup/procs.h \
	runtime/cgroup/cgroup_search.c \
	runtime/cgroup/cgroup_v1.c \
	runtime/cgroup/cgroup_v2.c runtime/cgroup/driver.h \
	runtime/cgroup/convert.c runtime/cgroup/convert.h \
	runtime/cgroup/device_rules.c runtime/cgroup/device_rules.h \
	runtime/cgroup/device_rules_bpf.c \
	runtime/cgroup/device_rules_v1.c \
	runtime/cgroup/limits.c runtime/cgroup/limits.h \
	runtime/cgroup/limits_io.c \
	runtime/cgroup/limits_undo.c runtime/cgroup/limits_undo.h \
	runtime/cgroup/oom_watch.c runtime/cgroup/oom_watch.h \
	runtime/cgroup/placeholder.c runtime/cgroup/placeholder.h \
	runtime/cgroup/stats.c runtime/cgroup/stats.h \
	runtime/cgroup/stats_file.c runtime/cgroup/stats_file.h \
	runtime/cgroup/stats_hugetlb.c \
	runtime/cgroup/stats_io.c \
	runtime/cgroup/systemd.c runtime/cgroup/systemd.h \
	runtime/cgroup/systemd_bus.c runtime/cgroup/systemd_bus.h \
	runtime/cgroup/systemd_properties.c runtime/cgroup/systemd_properties.h \
	runtime/cgroup/systemd_unit.c runtime/cgroup/systemd_unit.h \
	runtime/cgroup/systemd_value.c runtime/cgroup/systemd_value.h \
	runtime/cgroup/systemd_variant.c runtime/cgroup/systemd_variant.h
