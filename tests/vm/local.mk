# tests/vm/local.mk - tests that run in a virtual machine with systemd: "make check-vm"

EXTRA_DIST += tests/vm/check tests/vm/init tests/vm/kernel tests/vm/run \
	tests/vm/systemd.bats tests/vm/systemd_resources.bats \
	tests/vm/user.bats tests/vm/podman.bats

# By how control groups are mounted there. The machine is slow: here is what depends on that. What
# the controllers of v1 do is seen where they are beside an empty v2.
# resources_effect.bats loads BFQ, which has another file for weights, so it comes after the tables.
VM_V2_TESTS = \
	tests/runtime/cgroup_mounts.bats \
	tests/runtime/events.bats \
	tests/runtime/limits.bats \
	tests/runtime/pause.bats \
	tests/runtime/resources.bats \
	tests/vm/systemd_resources.bats \
	tests/runtime/resources_effect.bats \
	tests/runtime/update.bats \
	tests/vm/systemd.bats \
	tests/vm/user.bats \
	$(HOST_TEST)
VM_V1_TESTS = \
	tests/runtime/limits.bats \
	$(HOST_TEST)
VM_HYBRID_TESTS = \
	tests/runtime/limits.bats \
	tests/runtime/pause.bats \
	tests/runtime/resources.bats \
	$(HOST_TEST)

VM_ENGINES_TESTS = tests/vm/podman.bats

# What the tests said there goes through the driver of "make check", so that it is counted.
VM_RESULTS = \
	$(patsubst %,tests/vm/v2/%.tap,$(notdir $(basename $(VM_V2_TESTS)))) \
	$(patsubst %,tests/vm/v1/%.tap,$(notdir $(basename $(VM_V1_TESTS)))) \
	$(patsubst %,tests/vm/hybrid/%.tap,$(notdir $(basename $(VM_HYBRID_TESTS))))
TEST_EXTENSIONS += .tap
TAP_LOG_DRIVER = $(LOG_DRIVER)
TAP_LOG_COMPILER = cat

# Most of the time one processor is busy in each of them.
.PHONY: check-vm check-vm-engines vm-hybrid vm-v1 vm-v2
check-vm: all tests/runtime/syscall_probe tests/runtime/device_probe
	@$(MAKE) $(AM_MAKEFLAGS) -j3 vm-v2 vm-v1 vm-hybrid
	@$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(VM_RESULTS)' TEST_SUITE_LOG=tests/vm/vm.log
# Container engines are programs that take long to start there: not a part of the above.
check-vm-engines: all
	@$(AM_TESTS_ENVIRONMENT) bash $(srcdir)/tests/vm/check v2 $(VM_ENGINES_TESTS)
	@$(MAKE) $(AM_MAKEFLAGS) check-TESTS TEST_SUITE_LOG=tests/vm/engines.log \
		TESTS='$(patsubst %,tests/vm/v2/%.tap,$(notdir $(basename $(VM_ENGINES_TESTS))))'
vm-v2:
	@$(AM_TESTS_ENVIRONMENT) bash $(srcdir)/tests/vm/check v2 $(VM_V2_TESTS)
vm-v1:
	@$(AM_TESTS_ENVIRONMENT) bash $(srcdir)/tests/vm/check v1 $(VM_V1_TESTS)
vm-hybrid:
	@$(AM_TESTS_ENVIRONMENT) bash $(srcdir)/tests/vm/check hybrid $(VM_HYBRID_TESTS)
