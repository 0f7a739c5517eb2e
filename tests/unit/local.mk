# tests/unit/local.mk - cmocka programs, one per module: tests/unit/test_x.c is listed as test_x

UNIT_TESTS = \
	tests/unit/test_bitlist \
	tests/unit/test_bridge \
	tests/unit/test_caps \
	tests/unit/test_census \
	tests/unit/test_cgroup_convert \
	tests/unit/test_cgroup_devices \
	tests/unit/test_cgroup_exhausted \
	tests/unit/test_cgroup_plan \
	tests/unit/test_cgroup_undo \
	tests/unit/test_checksum \
	tests/unit/test_deadline \
	tests/unit/test_entry \
	tests/unit/test_error \
	tests/unit/test_exe_file \
	tests/unit/test_exec_failure \
	tests/unit/test_executable \
	tests/unit/test_fd \
	tests/unit/test_file \
	tests/unit/test_filter_cache \
	tests/unit/test_forwarding \
	tests/unit/test_idmap \
	tests/unit/test_ip \
	tests/unit/test_late_close \
	tests/unit/test_leases \
	tests/unit/test_links \
	tests/unit/test_log \
	tests/unit/test_memory \
	tests/unit/test_mountinfo \
	tests/unit/test_mountopt \
	tests/unit/test_names \
	tests/unit/test_number \
	tests/unit/test_options \
	tests/unit/test_parallel \
	tests/unit/test_path \
	tests/unit/test_pidfs \
	tests/unit/test_proc \
	tests/unit/test_prune \
	tests/unit/test_rdt \
	tests/unit/test_redirect \
	tests/unit/test_release \
	tests/unit/test_rootfs \
	tests/unit/test_rtnl \
	tests/unit/test_seccomp \
	tests/unit/test_seccomp_shrink \
	tests/unit/test_settings \
	tests/unit/test_signals \
	tests/unit/test_spec_config \
	tests/unit/test_spec_documents \
	tests/unit/test_spec_network \
	tests/unit/test_spec_schema \
	tests/unit/test_spec_state \
	tests/unit/test_stats \
	tests/unit/test_steps \
	tests/unit/test_store \
	tests/unit/test_sync \
	tests/unit/test_sysctl \
	tests/unit/test_systemd \
	tests/unit/test_table \
	tests/unit/test_thread \
	tests/unit/test_timestamp \
	tests/unit/test_unix_socket \
	tests/unit/test_top \
	tests/unit/test_user

if HAVE_CMOCKA
check_PROGRAMS += $(UNIT_TESTS)
else
check-local:
	@echo "make check needs cmocka (Debian: libcmocka-dev); install it and configure again" >&2
	@exit 1
endif

LDADD = $(GOCKER_LIBS) $(CMOCKA_LIBS)

# those of bundles/
tests_unit_test_checksum_LDADD = $(GOCKER_BUNDLE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_entry_LDADD = $(GOCKER_BUNDLE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_redirect_LDADD = $(GOCKER_BUNDLE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_release_LDADD = $(GOCKER_BUNDLE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_settings_LDADD = $(GOCKER_BUNDLE_LIBS) $(CMOCKA_LIBS)

EXTRA_DIST += tests/unit/unit.h tests/unit/unit_cgroup.h tests/unit/unit_netns.h
EXTRA_DIST += tests/unit/unit_seccomp.h
EXTRA_DIST += tests/unit/spec_network.table

# the documents that test_spec_documents and test_spec_config read
EXTRA_DIST += tests/spec/bad tests/spec/good
