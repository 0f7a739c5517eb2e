# tests/fuzz/local.mk - inputs that others shape, a target for each: fuzz_x.c is listed as fuzz_x

FUZZ_TARGETS = \
	tests/fuzz/fuzz_config \
	tests/fuzz/fuzz_entry \
	tests/fuzz/fuzz_exec_format \
	tests/fuzz/fuzz_log \
	tests/fuzz/fuzz_mountinfo \
	tests/fuzz/fuzz_mountopt \
	tests/fuzz/fuzz_netlink \
	tests/fuzz/fuzz_network \
	tests/fuzz/fuzz_nft \
	tests/fuzz/fuzz_options \
	tests/fuzz/fuzz_passwd \
	tests/fuzz/fuzz_process \
	tests/fuzz/fuzz_redirect \
	tests/fuzz/fuzz_release \
	tests/fuzz/fuzz_resources \
	tests/fuzz/fuzz_seccomp \
	tests/fuzz/fuzz_state \
	tests/fuzz/fuzz_stats \
	tests/fuzz/fuzz_sync \
	tests/fuzz/fuzz_tables \
	tests/fuzz/fuzz_variant \
	tests/fuzz/fuzz_words
check_PROGRAMS += $(FUZZ_TARGETS) tests/fuzz/dictionary
EXTRA_DIST += tests/fuzz/corpus tests/run_fuzz

# libFuzzer has a main of its own; without it a target runs over its corpus.
check_LIBRARIES = tests/fuzz/libfuzz.a
tests_fuzz_libfuzz_a_SOURCES = tests/fuzz/fuzz.c tests/fuzz/fuzz.h
if !FUZZERS
tests_fuzz_libfuzz_a_SOURCES += tests/fuzz/replay.c
endif
FUZZ_LIBS = $(FUZZER_FLAGS) tests/fuzz/libfuzz.a $(GOCKER_LIBS)
FUZZ_BUNDLE_LIBS = $(FUZZER_FLAGS) tests/fuzz/libfuzz.a $(GOCKER_BUNDLE_LIBS)

tests_fuzz_fuzz_config_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_entry_LDADD = $(FUZZ_BUNDLE_LIBS)
tests_fuzz_fuzz_exec_format_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_log_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_mountinfo_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_mountopt_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_netlink_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_network_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_nft_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_options_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_passwd_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_process_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_redirect_LDADD = $(FUZZ_BUNDLE_LIBS)
tests_fuzz_fuzz_release_LDADD = $(FUZZ_BUNDLE_LIBS)
tests_fuzz_fuzz_resources_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_seccomp_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_state_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_stats_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_sync_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_tables_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_variant_LDADD = $(FUZZ_LIBS)
tests_fuzz_fuzz_words_LDADD = $(FUZZ_LIBS)
tests_fuzz_dictionary_LDADD = $(GOCKER_LIBS)

# Files that are not there: the target has their content.
tests_fuzz_fuzz_log_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=file_write_fd,--wrap=sys_open
tests_fuzz_fuzz_nft_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=netlink_open,--wrap=directory_open
tests_fuzz_fuzz_stats_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=file_read_at

# In a build with --enable-fuzzers: each for $FUZZ_SECONDS.
.PHONY: fuzz
fuzz: $(FUZZ_TARGETS) tests/fuzz/dictionary
	@$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS='$(FUZZ_TARGETS)'
