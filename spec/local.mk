# spec/local.mk - what the OCI documents say

noinst_LIBRARIES += spec/libspec.a
spec_libspec_a_SOURCES = \
	spec/bridges.c spec/bridges.h \
	spec/check.c spec/check.h \
	spec/config.c spec/config.h \
	spec/config_check.c \
	spec/config_linux.c \
	spec/config_names.c \
	spec/config_process.c \
	spec/config_resources.c \
	spec/config_schema.h \
	spec/config_seccomp.c \
	spec/defaults.c spec/defaults.h \
	spec/features.c spec/features.h \
	spec/id_mapping.c spec/id_mapping.h \
	spec/json.c spec/json.h \
	spec/network.c spec/network.h \
	spec/network_check.c spec/network_check.h \
	spec/network_ports.c spec/network_ports.h \
	spec/network_text.c spec/network_text.h \
	spec/network_values.c spec/network_values.h \
	spec/schema.h \
	spec/schema_kind.c spec/schema_kind.h \
	spec/schema_merge.c \
	spec/schema_read.c \
	spec/schema_write.c \
	spec/state.c spec/state.h \
	spec/stats.c spec/stats.h \
	spec/utf8.c spec/utf8.h
spec_libspec_a_CPPFLAGS = $(AM_CPPFLAGS) $(YAJL_CFLAGS)
