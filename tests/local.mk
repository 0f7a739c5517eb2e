# tests/local.mk - what "make check" runs, and how

# Every test speaks TAP: one line per case, and "# SKIP reason" where one cannot be run here.
TEST_EXTENSIONS = .bats .sh
LOG_DRIVER = AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
if FUZZERS
LOG_COMPILER = $(srcdir)/tests/run_fuzz
else
LOG_COMPILER = $(srcdir)/tests/run_unit
endif
BATS_LOG_DRIVER = $(LOG_DRIVER)
BATS_LOG_COMPILER = $(srcdir)/tests/run_bats
SH_LOG_DRIVER = $(LOG_DRIVER)
AM_SH_LOG_DRIVER_FLAGS = --ignore-exit
SH_LOG_COMPILER = bash

# GOCKER=/usr/bin/gocker GOCKER_BUNDLE=... make check: tests what is installed.
AM_TESTS_ENVIRONMENT = \
	GOCKER=$${GOCKER-$(abs_builddir)/gocker}; export GOCKER; \
	GOCKER_BUNDLE=$${GOCKER_BUNDLE-$(abs_builddir)/gocker-bundle}; export GOCKER_BUNDLE; \
	TEST_SOURCES=$(abs_srcdir); export TEST_SOURCES; \
	TEST_BUILD=$(abs_builddir); export TEST_BUILD; \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	$(SANITIZER_ENVIRONMENT)

# A test may expect gocker to fail, so what the sanitizers find goes to files: host_state.sh looks.
if SANITIZERS
SANITIZER_ENVIRONMENT = \
	ASAN_OPTIONS=log_path=$(abs_builddir)/tests/sanitizer; export ASAN_OPTIONS; \
	UBSAN_OPTIONS=$$ASAN_OPTIONS:print_stacktrace=1; export UBSAN_OPTIONS; \
	SANITIZERS=1; export SANITIZERS;
endif

# Tests of the programs. Each file removes what it makes; host_state.sh, the last of all, holds them
# to it.
PROGRAM_TESTS =
include tests/unit/local.mk
include tests/fuzz/local.mk
include tests/bench/local.mk
include tests/compare/local.mk
include tests/runtime/local.mk
include tests/attacks/local.mk
include tests/bundles/local.mk
include tests/plugins/local.mk
HOST_TEST = tests/host_state.sh
include tests/vm/local.mk

EXTRA_DIST += $(PROGRAM_TESTS) $(HOST_TEST) tests/run_bats tests/run_unit tests/small_bats \
	tests/lint/run.sh
TESTS += $(UNIT_TESTS) $(FUZZ_TARGETS) $(PROGRAM_TESTS) $(HOST_TEST)

.PHONY: host-snapshot lint
host-snapshot:
	@TEST_BUILD=$(abs_builddir) bash $(srcdir)/tests/host_state.sh snapshot
$(PROGRAM_TESTS:.bats=.log): host-snapshot
tests/host_state.log: host-snapshot $(PROGRAM_TESTS:.bats=.log)
clean-local:
	rm -rf tests/host_state tests/vm/v2 tests/vm/v1 tests/vm/hybrid
distclean-local:
	rm -rf tests/vm

# The rules for the sources: not a part of "make check", as a tarball's user cannot break them.
lint:
	@$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS=tests/lint/run.sh \
		TEST_SUITE_LOG=tests/lint/lint.log

EXTRA_DIST += \
	tests/lint/sources.bash \
	tests/lint/path_calls.awk tests/lint/paths.table tests/lint/analyzer.table \
	tests/lint/checks/analyzer \
	tests/lint/checks/conformance \
	tests/lint/checks/cppcheck \
	tests/lint/checks/first_line \
	tests/lint/checks/forbidden \
	tests/lint/checks/format \
	tests/lint/checks/functions \
	tests/lint/checks/layers \
	tests/lint/checks/listed \
	tests/lint/checks/paths \
	tests/lint/checks/printing \
	tests/lint/checks/scripts \
	tests/lint/checks/size \
	tests/lint/checks/tidy \
	tests/lint/checks/width
