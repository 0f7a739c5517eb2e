# plugins/local.mk - what makes container engines know gocker

# These only add a name. The examples are for files that an administrator has already.
containersdir = $(sysconfdir)/containers/containers.conf.d
nodist_containers_DATA = plugins/containers/10-gocker.conf
criodir = $(sysconfdir)/crio/crio.conf.d
nodist_crio_DATA = plugins/crio/10-gocker.conf
examplesdir = $(docdir)/examples
dist_examples_DATA = plugins/examples/kubernetes.yaml
nodist_examples_DATA = \
	plugins/examples/containerd-v2.toml \
	plugins/examples/containerd-v3.toml \
	plugins/examples/docker-daemon.json

PLUGIN_FILES = $(nodist_containers_DATA) $(nodist_crio_DATA) $(nodist_examples_DATA)
EXTRA_DIST += $(PLUGIN_FILES:=.in)
CLEANFILES += $(PLUGIN_FILES)

# The path in them is that which configure was told.
$(PLUGIN_FILES): Makefile
	$(AM_V_GEN)$(MKDIR_P) $(@D) && \
	sed 's|@bindir[@]|$(bindir)|g' $(srcdir)/$@.in >$@.part && mv $@.part $@
plugins/containers/10-gocker.conf: plugins/containers/10-gocker.conf.in
plugins/crio/10-gocker.conf: plugins/crio/10-gocker.conf.in
plugins/examples/containerd-v2.toml: plugins/examples/containerd-v2.toml.in
plugins/examples/containerd-v3.toml: plugins/examples/containerd-v3.toml.in
plugins/examples/docker-daemon.json: plugins/examples/docker-daemon.json.in
