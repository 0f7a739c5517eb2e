# tests/attacks/local.mk - what a hostile image, container or neighbour tries

PROGRAM_TESTS += \
	tests/attacks/a01_program.bats \
	tests/attacks/a02_fake_proc.bats \
	tests/attacks/a03_proc_link.bats \
	tests/attacks/a04_mount_race.bats \
	tests/attacks/a05_sizes.bats \
	tests/attacks/a06_capabilities.bats \
	tests/attacks/a07_sysctl.bats \
	tests/attacks/a08_rootless_cgroup.bats \
	tests/attacks/a09_working_directory.bats \
	tests/attacks/a10_mount_points.bats \
	tests/attacks/a11_made_files.bats \
	tests/attacks/a12_masks.bats \
	tests/attacks/a13_terminal.bats \
	tests/attacks/a14_exec_user.bats \
	tests/attacks/a15_dev_link.bats \
	tests/attacks/a16_devices.bats \
	tests/attacks/a17_ids.bats \
	tests/attacks/a18_container_ids.bats \
	tests/attacks/a19_cgroup_path.bats \
	tests/attacks/a20_exhaustion.bats \
	tests/attacks/a21_notify.bats \
	tests/attacks/a22_hostile_init.bats \
	tests/attacks/a23_pid_reuse.bats \
	tests/attacks/a24_environment.bats \
	tests/attacks/a25_state_directory.bats \
	tests/attacks/a26_interfaces.bats \
	tests/attacks/a26_network.bats \
	tests/attacks/a27_archive.bats \
	tests/attacks/rootless.bats
EXTRA_DIST += tests/attacks/helpers.bash

check_PROGRAMS += tests/attacks/flip
tests_attacks_flip_SOURCES = tests/attacks/flip.c
tests_attacks_flip_LDADD =

check_PROGRAMS += tests/attacks/peak
tests_attacks_peak_SOURCES = tests/attacks/peak.c
tests_attacks_peak_LDADD =

# Loaded by whatever program of the host is executed in a container; automake knows no "-shared".
EXTRA_DIST += tests/attacks/intruder.c
check_DATA += tests/attacks/intruder.so
CLEANFILES += tests/attacks/intruder.so
tests/attacks/intruder.so: tests/attacks/intruder.c
	$(AM_V_CCLD)$(MKDIR_P) tests/attacks && \
	$(CC) -std=c11 -D_GNU_SOURCE $(WARNING_CFLAGS) $(CFLAGS) -fPIC -shared -o $@ \
		$(srcdir)/tests/attacks/intruder.c
