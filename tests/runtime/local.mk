# tests/runtime/local.mk - gocker on real containers

PROGRAM_TESTS += \
	tests/runtime/attributes.bats \
	tests/runtime/bad_input.bats \
	tests/runtime/cgroup_delegated.bats \
	tests/runtime/cgroup_freezer.bats \
	tests/runtime/cgroup_mounts.bats \
	tests/runtime/cgroup_nested.bats \
	tests/runtime/cgroup_owner.bats \
	tests/runtime/cli.bats \
	tests/runtime/conformance.bats \
	tests/runtime/crash.bats \
	tests/runtime/cycles.bats \
	tests/runtime/environment.bats \
	tests/runtime/events.bats \
	tests/runtime/exec.bats \
	tests/runtime/failures.bats \
	tests/runtime/filesystems.bats \
	tests/runtime/idmap.bats \
	tests/runtime/hooks.bats \
	tests/runtime/lifecycle.bats \
	tests/runtime/limits.bats \
	tests/runtime/manual.bats \
	tests/runtime/many.bats \
	tests/runtime/mount_options.bats \
	tests/runtime/mount_root.bats \
	tests/runtime/mounts.bats \
	tests/runtime/mounts_change.bats \
	tests/runtime/nat.bats \
	tests/runtime/namespace_host.bats \
	tests/runtime/namespace_paths.bats \
	tests/runtime/namespaces.bats \
	tests/runtime/net_devices.bats \
	tests/runtime/network.bats \
	tests/runtime/network_command.bats \
	tests/runtime/network_crash.bats \
	tests/runtime/network_many.bats \
	tests/runtime/parallel.bats \
	tests/runtime/pause.bats \
	tests/runtime/propagation.bats \
	tests/runtime/process.bats \
	tests/runtime/resources.bats \
	tests/runtime/resources_effect.bats \
	tests/runtime/rootless.bats \
	tests/runtime/run.bats \
	tests/runtime/seccomp.bats \
	tests/runtime/seccomp_agent.bats \
	tests/runtime/sockets.bats \
	tests/runtime/static.bats \
	tests/runtime/systemd.bats \
	tests/runtime/terminal.bats \
	tests/runtime/top.bats \
	tests/runtime/timings.bats \
	tests/runtime/update.bats \
	tests/runtime/user_network.bats \
	tests/runtime/valgrind.bats
EXTRA_DIST += tests/runtime/helpers.bash tests/runtime/cgroup_nested.sh \
	tests/runtime/console_socket.py tests/runtime/fake_systemd.py \
	tests/runtime/net_peer.py tests/runtime/network.bash \
	tests/runtime/notify_host.py tests/runtime/pty_run.py \
	tests/runtime/seccomp_agent.py tests/runtime/stuck_fs.py tests/runtime/top_screenshot
EXTRA_DIST += tests/runtime/rootless.bash tests/runtime/seccomp.bash

# Runs inside containers, whatever their C library.
check_PROGRAMS += tests/runtime/syscall_probe
tests_runtime_syscall_probe_SOURCES = tests/runtime/syscall_probe.c
tests_runtime_syscall_probe_CFLAGS = -std=c11 $(WARNING_CFLAGS)
tests_runtime_syscall_probe_LDFLAGS = -static
tests_runtime_syscall_probe_LDADD =

EXTRA_DIST += tests/runtime/resources.table tests/runtime/resources_rows.bash \
	tests/runtime/resources_table.sh
check_PROGRAMS += tests/runtime/device_probe
tests_runtime_device_probe_SOURCES = tests/runtime/device_probe.c
tests_runtime_device_probe_CFLAGS = -std=c11 -D_GNU_SOURCE $(WARNING_CFLAGS)
tests_runtime_device_probe_LDFLAGS = -static
tests_runtime_device_probe_LDADD =

# Preloaded into gocker under valgrind; automake has no rule for "-shared".
EXTRA_DIST += tests/runtime/valgrind_calls.c
if HAVE_VALGRIND
check_DATA += tests/runtime/valgrind_calls.so
CLEANFILES += tests/runtime/valgrind_calls.so
tests/runtime/valgrind_calls.so: tests/runtime/valgrind_calls.c
	$(AM_V_CCLD)$(MKDIR_P) tests/runtime && \
	$(CC) -std=c11 -D_GNU_SOURCE -fvisibility=hidden $(WARNING_CFLAGS) $(CFLAGS) \
		-fPIC -shared -o $@ $(srcdir)/tests/runtime/valgrind_calls.c
endif

# Calls what runtime/net makes of published ports, in the network namespace of nat.bats.
check_PROGRAMS += tests/runtime/nat_probe
tests_runtime_nat_probe_SOURCES = tests/runtime/nat_probe.c
tests_runtime_nat_probe_LDADD = $(GOCKER_LIBS)
EXTRA_DIST += tests/runtime/nat_peers.py
