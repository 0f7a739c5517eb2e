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

bin_PROGRAMS += gocker
gocker_SOURCES = runtime/main.c
gocker_LDADD = $(GOCKER_LIBS)

# The version has the commit, which configure finds out.
runtime/cli/cli.$(OBJEXT) runtime/cli/features.$(OBJEXT): Makefile

runtime_completiondir = $(datadir)/bash-completion/completions
dist_runtime_completion_DATA = runtime/completion/gocker.bash
