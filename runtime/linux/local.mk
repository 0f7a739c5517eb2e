# runtime/linux/local.mk - one kernel concern per file

runtime_libruntime_a_SOURCES += \
	runtime/linux/affinity.c runtime/linux/affinity.h \
	runtime/linux/caps.c runtime/linux/caps.h \
	runtime/linux/copy_up.c runtime/linux/copy_up.h \
	runtime/linux/dev.c runtime/linux/dev.h \
	runtime/linux/exec_failure.c runtime/linux/exec_failure.h \
	runtime/linux/exec_format.c runtime/linux/exec_format.h \
	runtime/linux/executable.c runtime/linux/executable.h \
	runtime/linux/fd_sweep.c runtime/linux/fd_sweep.h \
	runtime/linux/idmap.c runtime/linux/idmap.h \
	runtime/linux/ioprio.c runtime/linux/ioprio.h \
	runtime/linux/keyring.c runtime/linux/keyring.h \
	runtime/linux/lsm.c runtime/linux/lsm.h \
	runtime/linux/mask.c runtime/linux/mask.h \
	runtime/linux/mempolicy.c runtime/linux/mempolicy.h \
	runtime/linux/mount.c runtime/linux/mount.h \
	runtime/linux/mount_cgroup.c runtime/linux/mount_cgroup.h \
	runtime/linux/mount_fs.c runtime/linux/mount_fs.h \
	runtime/linux/mountopt.c runtime/linux/mountopt.h \
	runtime/linux/oom.c runtime/linux/oom.h \
	runtime/linux/personality.c runtime/linux/personality.h \
	runtime/linux/privileges.c runtime/linux/privileges.h \
	runtime/linux/procfs.c runtime/linux/procfs.h \
	runtime/linux/rlimit.c runtime/linux/rlimit.h \
	runtime/linux/rootfs.c runtime/linux/rootfs.h \
	runtime/linux/rootfs_move.c runtime/linux/rootfs_move.h \
	runtime/linux/scheduler.c runtime/linux/scheduler.h \
	runtime/linux/self_exe.c runtime/linux/self_exe.h \
	runtime/linux/signals.c runtime/linux/signals.h \
	runtime/linux/sysctl.c runtime/linux/sysctl.h \
	runtime/linux/terminal_relay.c runtime/linux/terminal_relay.h \
	runtime/linux/tty.c runtime/linux/tty.h \
	runtime/linux/user.c runtime/linux/user.h \
	runtime/linux/userns.c runtime/linux/userns.h \
	runtime/linux/uts.c runtime/linux/uts.h
