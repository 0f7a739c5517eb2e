# runtime/local.mk - the program gocker: main.c and a library that the tests link as well

noinst_LIBRARIES += runtime/libruntime.a
runtime_libruntime_a_SOURCES =

include runtime/linux/local.mk
include runtime/cgroup/local.mk
include runtime/net/local.mk
include runtime/container/local.mk
include runtime/cli/local.mk

# In the order in which they need each other; what libnftnl needs of libmnl is in
# runtime/net/netlink_library.c.
GOCKER_LIBS = runtime/libruntime.a spec/libspec.a base/libbase.a \
	$(YAJL_LIBS) $(SECCOMP_LIBS) $(CAP_LIBS) $(NFTNL_LIBS)

if STATIC_PROGRAM
# All sources once more, with musl, for a start that takes a fifth. What needs a shared library goes
# on as gocker-dynamic: base/library.h.
static_sources = runtime/main.c $(base_musl_sources) $(filter %.c,\
	$(base_libbase_a_SOURCES:/library.c=/library_static.c) \
	$(spec_libspec_a_SOURCES) \
	$(runtime_libruntime_a_SOURCES:/netlink_library.c=/netlink_static.c))
static_objects = $(static_sources:%.c=static/%.o)

STATIC_CPPFLAGS = $(AM_CPPFLAGS) -DDYNAMIC_PROGRAM='"$(pkglibexecdir)/gocker-dynamic"' \
	-I$(top_srcdir)/base/musl/include $(MUSL_CPPFLAGS) $(CPPFLAGS)
STATIC_CFLAGS = -std=c11 -fvisibility=hidden -ffunction-sections -fdata-sections \
	$(WARNING_CFLAGS) $(HARDENING_CFLAGS) $(CFLAGS)

static/%.o: %.c Makefile
	@$(MKDIR_P) $(@D)
	$(AM_V_CC)$(MUSL_CC) $(STATIC_CPPFLAGS) $(STATIC_CFLAGS) -MMD -MP -c -o $@ $<

-include $(static_objects:.o=.d)

# To automake it is no program, as that would have the one compiler that automake knows.
bin_SCRIPTS += gocker
gocker: $(static_objects)
	$(AM_V_CCLD)$(MUSL_CC) $(STATIC_CFLAGS) $(STATIC_BEGIN) -o $@ $(static_objects) \
		$(STATIC_LIBS) $(STATIC_END)

pkglibexec_PROGRAMS += gocker-dynamic
gocker_dynamic_SOURCES = runtime/main.c
gocker_dynamic_LDADD = $(GOCKER_LIBS)

CLEANFILES += gocker
mostlyclean-local:
	rm -rf static
else
bin_PROGRAMS += gocker
gocker_SOURCES = runtime/main.c
gocker_LDADD = $(GOCKER_LIBS)
endif

# The version has the commit, which configure finds out.
runtime/cli/cli.$(OBJEXT) runtime/cli/features.$(OBJEXT): Makefile

runtime_completiondir = $(datadir)/bash-completion/completions
dist_runtime_completion_DATA = runtime/completion/gocker.bash
